"""Pages become forms: each with its fields, where each was found, how surely, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from detainer.intake.paper import kinds, marks, place, values
from detainer.intake.paper.kinds import Kind
from detainer.intake.paper.labels import DROPPED, OTHER, Label, labels_of
from detainer.intake.paper.marks import Marked
from detainer.intake.paper.place import Candidate, Found
from detainer.intake.paper.shapes import Box, Page, Print, around

FORMS = ("I-247A", "I-247D", "I-247N", "I-247X", "I-247")
NAMES = (
    "subject_name",
    "date_of_birth",
    "sex",
    "file_number",
    "event_number",
    "subject_id",
    "form_date",
    "to_agency",
    "from_office",
    "probable_cause",
    "asks",
    "resume_custody",
    "cancels_form_of",
    "officer_name",
    "officer_signed",
    "served_on",
    "served_how",
)
_CAUSES = ("final_order", "proceedings", "biometrics", "statements")
_ASKS = ("hold", "notify", "transfer")
# What the printed words ask for where no box stands before them.
_PRINTED_ASKS = (
    ("hold", r"maintaincustody"),
    (
        "notify",
        (
            r"notifydhs|notifythisofficeofthetime|providenoti"
            r"|(?:notify|notification).{0,60}(?:before|ofthetimeof|priorto).{0,30}release"
        ),
    ),
    (
        "transfer",
        (
            r"transfer(?:the)?(?:subject|alien|individual|person)?(?:intothe|intothecustody|tothecustody|custody|todhs|toice)"
            r"|voluntarytransfer"
        ),
    ),
)
_SKIPPED = frozenset({DROPPED, OTHER, "officer_signed"})


@dataclass
class Form:
    """One form, or one warrant, of a file."""

    form: str
    pages: list[int] = field(default_factory=list)
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    hidden: list[dict[str, Any]] = field(default_factory=list)  # places that no picture may show
    sizes: dict[int, list[float]] = field(default_factory=dict)  # width and height of each page, in points

    def put(self, name: str, value: Any, page: int, box: Box | None, score: float, source: str) -> None:
        """Keep a value where none surer is kept."""
        before = self.fields.get(name)
        if before is None or before["score"] < score:
            at = box.as_list() if box else None
            self.fields[name] = {"value": value, "page": page, "box": at, "score": round(score, 3), "source": source}

    def as_json(self, file: str) -> dict[str, Any]:
        """The form as an object of plain values, fields in the order of the form."""
        ordered = {name: self.fields[name] for name in (*NAMES, *self.fields) if name in self.fields}
        return {
            "file": file,
            "pages": self.pages,
            "form": self.form or None,
            "fields": ordered,
            "problems": self.problems,
        }


@dataclass
class Read:
    """One page read: its kind, values, boxes and what no label took."""

    page: Page
    kind: Kind
    labels: list[Label]
    found: list[Found]
    marked: list[Marked]
    rest: list[Candidate]


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
        form.sizes = {one.page.number: [round(one.page.width, 1), round(one.page.height, 1)] for one in reads}
        _fill_any(form, reads)
    return [form for form, _ in forms]


def _fill_any(form: Form, reads: Sequence[Read]) -> None:
    if not form.form:
        form.problems += [
            f"page {number} is no form that is known; look at it and type what it says" for number in form.pages
        ]
    elif form.form in FORMS:
        _fill(form, reads)
    else:
        _fill_warrant(form, reads)


def _fill(form: Form, reads: Sequence[Read]) -> None:
    for one in reads:
        for found in one.found:
            _take(form, one, found)
        form.hidden += [
            {"page": one.page.number, "box": found.box.as_list()} for found in one.found if found.field == DROPPED
        ]
    _signature(form, reads)
    _boxes(form, reads)
    _asks(form, reads)
    _missing(form, reads)


def _take(form: Form, one: Read, found: Found) -> None:
    name = found.field
    if name in _SKIPPED or found.empty:
        return
    if found.value is None:
        form.problems.append(
            f"page {one.page.number}: {name} reads “{found.raw[:40]}”, no {values.WHAT.get(name, 'such value')}"
        )
        return
    score = found.score
    if name == "file_number" and re.search(r"[OoIlSB]", found.value[2:]):
        score *= 0.6
    form.put(name, found.value, one.page.number, found.box, score, found.source)


def _signature(form: Form, reads: Sequence[Read]) -> None:
    """Signed where print, ink or a signature field stands over the caption or right of it."""
    for one in reads:
        for label in one.labels:
            if label.field != "officer_signed":
                continue
            box = label.box
            over = Box(box.x0 - 4, box.y0 - 30, max(box.x1, box.x0 + 130), box.y0 - 3)
            beside = Box(box.x1 + 3, box.y0 - 10, min(box.x1 + 200, one.page.width - 20), box.y1 - 1)
            by = [mark for mark in one.page.signed if over.over(mark) > 0 and -45 < mark.middle - box.middle < 45]
            printed = [found for found in one.found if found.field == "officer_signed" and found.value]
            places = [over]
            if not any(other.box.x0 > box.x1 and other.box.beside(box) > 0.3 for other in one.labels):
                places.append(beside)
            if by:
                form.put("officer_signed", True, one.page.number, by[0], 1.0, "field")
            elif printed:
                form.put("officer_signed", True, one.page.number, printed[0].box, printed[0].score, printed[0].source)
            else:
                dark = [(_scribble(one.page, area), area) for area in places]
                most, area = max(dark, key=lambda pair: pair[0])
                certain = 0.9 if most > 0.012 or most < 0.002 else 0.6
                source = "scan" if one.page.scanned else "ink"
                form.put("officer_signed", most > 0.005, one.page.number, area, certain, source)


def _scribble(page: Page, area: Box) -> float:
    """How much of a place is inked, leaving out ruled lines and print."""
    height = 1.5
    total, rows = 0.0, 0
    y = area.y0
    while y + height <= area.y1:
        strip = Box(area.x0, y, area.x1, y + height)
        y += height
        if any(line.box.over(strip) > 0 and line.box.y0 < strip.y1 and strip.y0 < line.box.y1 for line in page.prints):
            continue
        dark = page.ink(strip)
        rows += 1
        total += dark if dark < 0.45 else 0.0
    return total / rows if rows else 0.0


def _boxes(form: Form, reads: Sequence[Read]) -> None:
    pairs = [(one, marked) for one in reads for marked in one.marked]
    for _, marked in pairs:
        if marked.tick.ticked is None:
            form.problems.append(
                f"the box “{_short(marked.words)}” is both ticked and not: its field and its picture differ"
            )
    causes = [(one, marked) for one, marked in pairs if marked.field == "probable_cause"]
    ticked = [(one, marked) for one, marked in causes if marked.tick.ticked]
    chosen = [cause for cause in _CAUSES if any(marked.value == cause for _, marked in ticked)]
    if causes and not any(marked.tick.ticked is None for _, marked in causes):
        shown = ticked or causes
        score = min(marked.tick.score for _, marked in causes)
        if len({marked.value for _, marked in causes}) < len(_CAUSES):
            score *= 0.8
        box = around([marked.tick.box for one, marked in shown if one is shown[0][0]])
        form.put("probable_cause", chosen, shown[0][0].page.number, box, score, shown[0][1].tick.source)
    resume = [
        (one, marked) for one, marked in pairs if marked.field == "resume_custody" and marked.tick.ticked is not None
    ]
    if resume:
        one, marked = next(((one, marked) for one, marked in resume if marked.tick.ticked), resume[0])
        form.put(
            "resume_custody",
            bool(marked.tick.ticked),
            one.page.number,
            marked.tick.box,
            marked.tick.score,
            marked.tick.source,
        )
        if marked.tick.ticked and chosen:
            form.problems.append("boxes 1 and 2 are both ticked; the form takes one or the other")
    if causes and not chosen and not any(marked.tick.ticked for _, marked in resume):
        form.problems.append("no basis is ticked, neither in box 1 nor in box 2")
    _cancel(form, pairs)
    _one_of(form, "served_how", pairs)
    if "sex" not in form.fields:
        _one_of(form, "sex", pairs)


def _cancel(form: Form, pairs: Sequence[tuple[Read, Marked]]) -> None:
    boxes = [marked for _, marked in pairs if marked.field == "cancels_form_of"]
    kept = form.fields.get("cancels_form_of")
    if not boxes or any(marked.tick.ticked is None for marked in boxes):
        return
    if any(marked.tick.ticked for marked in boxes):
        if not kept:
            form.problems.append(
                "the box that cancels an earlier detainer is ticked, but no date of that one can be read"
            )
        else:
            kept["score"] = round(min(kept["score"], max(marked.tick.score for marked in boxes)), 3)
    elif kept:
        form.problems.append(
            f"a date of an earlier detainer stands there ({kept['value']}), but the box that cancels it is not ticked"
        )
        del form.fields["cancels_form_of"]


def _one_of(form: Form, name: str, pairs: Sequence[tuple[Read, Marked]]) -> None:
    offered = [(one, marked) for one, marked in pairs if marked.field == name]
    ticked = [(one, marked) for one, marked in offered if marked.tick.ticked]
    if len({marked.value for _, marked in ticked}) > 1:
        form.problems.append(f"{name}: more than one box is ticked ({', '.join(marked.value for _, marked in ticked)})")
    elif ticked:
        one, marked = ticked[0]
        score = min(other.tick.score for _, other in offered)
        form.put(name, marked.value, one.page.number, marked.tick.box, score, marked.tick.source)


def _asks(form: Form, reads: Sequence[Read]) -> None:
    """What is asked: by boxes where the printing has them, else by its words."""
    boxed = [(one, marked) for one in reads for marked in one.marked if marked.field == "asks"]
    clear = [(one, marked) for one, marked in boxed if marked.tick.ticked is not None]
    asked = {marked.value for _, marked in clear if marked.tick.ticked}
    score = min((marked.tick.score for _, marked in clear), default=1.0)
    places: list[tuple[int, Box]] = [(one.page.number, marked.tick.box) for one, marked in clear if marked.tick.ticked]
    source = clear[0][1].tick.source if clear else ""
    with_box = {marked.value for _, marked in boxed}
    for one in reads:
        for ask, pattern in _PRINTED_ASKS:
            if ask in with_box or (ask == "transfer" and form.form not in ("I-247X", "")):
                continue
            hit = re.search(pattern, one.page.squeezed)
            line = _line_of(one.page, pattern)
            if hit and not (ask == "hold" and form.form == "I-247N"):
                asked.add(ask)
                source = source or ("scan" if one.page.scanned else "text")
                places.append((one.page.number, line.box if line else Box(0, 0, one.page.width, one.page.height)))
    usual = {
        "I-247A": {"hold", "notify"},
        "I-247N": {"notify"},
        "I-247D": {"hold", "notify"},
        "I-247X": {"transfer"},
    }.get(form.form)
    if not asked and not clear and usual:
        asked, score, source = set(usual), 0.6, "form"
        form.problems.append("what it asks for could not be read; given as its kind of form asks")
    if asked or clear:
        number = places[0][0] if places else reads[0].page.number
        box = around([at for page, at in places if page == number]) if places else None
        expected = usual is None or not (usual - asked) or bool(clear)
        form.put(
            "asks", [ask for ask in _ASKS if ask in asked], number, box, score if expected else 0.7, source or "text"
        )
    if clear and not asked:
        form.problems.append("none of the boxes that say what is asked is ticked")


def _line_of(page: Page, pattern: str) -> Print | None:
    return next((line for line in page.prints if re.search(pattern, line.squeezed[0])), None)


def _missing(form: Form, reads: Sequence[Read]) -> None:
    """Say which of the fields that a request cannot do without could not be read."""
    for name, words in (
        ("subject_name", "the name"),
        ("date_of_birth", "the date of birth"),
        ("form_date", "the date of the form"),
    ):
        if name not in form.fields and not any(name in problem for problem in form.problems):
            form.problems.append(f"{words} ({name}) could not be read")


def _fill_warrant(form: Form, reads: Sequence[Read]) -> None:
    """A paper that comes with a form: what it says of itself, and what a person must see to."""
    for one in reads:
        for found in one.found:
            if found.field in ("subject_name", "file_number", "form_date", "officer_name", "date_of_birth"):
                _take(form, one, found)
        form.hidden += [
            {"page": one.page.number, "box": found.box.as_list()} for found in one.found if found.field == DROPPED
        ]
    if form.form in kinds.ADMINISTRATIVE:
        _signature(form, reads)
        form.problems.append("is an administrative warrant, signed by an immigration officer; it is not a judge's")
        return
    first = reads[0]
    for name, pattern in (
        ("court", r"district court"),
        ("judge", r"(?:magistrate|district) judge|judge's"),
        ("orders", r"commanded|arrest and bring|deliver"),
    ):
        lines = [line for line in first.page.prints if re.search(pattern, line.text, re.IGNORECASE)]
        if lines:
            form.put(
                name,
                " ".join(lines[0].text.split()),
                first.page.number,
                lines[0].box,
                min(0.5, lines[0].score),
                lines[0].source,
            )
    if "subject_name" not in form.fields:
        _named(form, first)
    form.problems.append(
        "may be a federal judge's warrant: a person must confirm the court, the judge, the signature, the person named"
        " and what it orders"
    )


def _named(form: Form, one: Read) -> None:
    for line in one.page.prints:
        hit = re.search(
            r"(?:arrest(?: and bring.*?)?|person|defendant)[^A-Z]{0,60}\(?name[^)]*\)?\W+(.{3,60})|^\s*v\.\s+(.{3,60})",
            line.text,
        )
        if hit:
            form.put("subject_name", (hit[1] or hit[2]).strip(" _,"), one.page.number, line.box, 0.5, line.source)
            return


def _short(words: str) -> str:
    return words if len(words) <= 48 else f"{words[:47]}…"
