// Swaps a fresh copy of the form into the page without touching what somebody is typing: elements are matched by id;
// those marked data-keep stay as they are, and only the texts in them that the server speaks (data-says) are renewed.
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
        if ("nested" in there.dataset) merge(there, child);
        else renew(there, child);
        if (there === next) next = there.nextElementSibling;
        else old.insertBefore(there, next);
      }
    }
  }

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
