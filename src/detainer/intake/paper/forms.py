"""Pages become forms: each with its fields, where each was found, how surely, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from detainer.intake.paper import filling, kinds, marks, place, warrants
from detainer.intake.paper.form import FORMS, Form, Read
from detainer.intake.paper.labels import labels_of
from detainer.intake.paper.shapes import Box, Page

__all__ = ["FORMS", "Form", "Read", "forms_of", "read_page"]


def read_page(page: Page) -> Read:
    """Everything on a page, each on its own."""
    labels = labels_of(page)
    found, rest = place.read(page, labels)
    return Read(page, kinds.kind_of(page, labels), labels, found, marks.read(page), rest)


def forms_of(pages: Iterable[Page]) -> list[Form]:
    """The forms of a file in order; pages that are none that is known stand among them as one without a form."""
    forms: list[tuple[Form, list[Read]]] = []
    for page in pages:
        one = read_page(page)
        name = one.kind.name
        if one.kind.first and name != kinds.STRANGE:
            forms.append((Form(name), [one]))
            if one.kind.doubt:
                forms[-1][0].problems.append(f"page {page.number} {one.kind.doubt}")
            continue
        if forms and forms[-1][1][0].kind.doubt and not forms[-1][1][0].kind.number and one.kind.number:
            forms[-1][0].form = one.kind.number  # its foot stands on a later page
            forms[-1][0].problems.clear()
        if name == kinds.CONTINUED and forms and forms[-1][0].form in FORMS:
            forms[-1][1].append(one)
        elif name in (kinds.STRANGE, kinds.CONTINUED):
            if not forms or forms[-1][0].form:
                forms.append((Form(""), []))
            forms[-1][1].append(one)
    for form, reads in forms:
        form.pages = [one.page.number for one in reads]
        form.sizes = {one.page.number: [round(side, 1) for side in one.page.size] for one in reads}
        form.turns = {one.page.number: one.page.turn for one in reads if one.page.turn}
        _fill_any(form, reads)
        _as_shown(form, {one.page.number: one.page for one in reads})
    return [form for form, _ in forms]


def _fill_any(form: Form, reads: Sequence[Read]) -> None:
    if not form.form:
        form.problems += [
            f"page {one.page.number} {one.page.unread or 'is no form that is known; look at it and type what it says'}"
            for one in reads
        ]
    elif form.form in FORMS:
        filling.fill(form, reads)
    else:
        warrants.fill(form, reads)


def _as_shown(form: Form, pages: Mapping[int, Page]) -> None:
    """Turn places on pages that were read level into places on the pages as they are shown."""
    for said in (*form.fields.values(), *form.hidden):
        if said["box"]:
            said["box"] = pages[said["page"]].shown(Box(*said["box"])).as_list()
