// Swaps a fresh copy of the form into the page without touching what somebody is typing: elements are matched by id;
// those marked data-keep stay as they are, and only the texts in them that the server speaks (data-says) are renewed.
// A part folds as the server says, unless somebody folded or opened it by hand or is at work in it.
(() => {
  "use strict";

  const added = [];

  function place(parent, node, before) {
    parent.insertBefore(node, before);
    added.push(node);
  }

  function renew(old, fresh) {
    for (const said of fresh.querySelectorAll("[data-says]")) {
      const there = said.id && old.querySelector(`#${CSS.escape(said.id)}`);
      if (there && there.innerHTML !== said.innerHTML) there.innerHTML = said.innerHTML;
    }
    for (const input of fresh.querySelectorAll("[aria-describedby]")) {
      const there = input.id && old.querySelector(`#${CSS.escape(input.id)}`);
      if (there) there.toggleAttribute("aria-invalid", input.hasAttribute("aria-invalid"));
      if (there && input.hasAttribute("aria-invalid")) there.setAttribute("aria-invalid", "true");
    }
  }

  function merge(old, fresh) {
    const wanted = new Set([...fresh.children].map((child) => child.id).filter(Boolean));
    for (const child of [...old.children]) {
      if (!child.id || !wanted.has(child.id)) child.remove();
    }
    let next = old.firstElementChild;
    for (const child of [...fresh.children]) {
      const there = child.id && [...old.children].find((one) => one.id === child.id);
      if (!there) {
        place(old, child, next);
      } else if (!("keep" in there.dataset)) {
        if (there === next) next = there.nextElementSibling;
        place(old, child, next);
        there.remove();
      } else {
        if (there.tagName === "DETAILS" && !("hand" in there.dataset) && !there.contains(document.activeElement)) there.open = child.open;
        if ("nested" in there.dataset) merge(there, child);
        else renew(there, child);
        if (there === next) next = there.nextElementSibling;
        else old.insertBefore(there, next);
      }
    }
  }

  document.addEventListener("click", (event) => {
    const summary = event.target.closest("#entry-doing summary");
    if (summary) summary.parentElement.dataset.hand = "";
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat || event.isComposing) return;
    const button = document.querySelector('#entry-buttons [name="do"][value="record"]');
    if (!button) return;
    event.preventDefault();
    button.form.requestSubmit(button);
  });

  for (const told of document.querySelectorAll(".with-script")) told.classList.remove("with-script");

  htmx.defineExtension("keep", {
    isInlineSwap: () => false,
    handleSwap: (style, target, fragment) => {
      const fresh = fragment.querySelector(`#${CSS.escape(target.id)}`);
      if (style !== "keep" || !fresh) return false;
      added.length = 0;
      merge(target, fresh);
      return [...added];
    },
  });
})();
