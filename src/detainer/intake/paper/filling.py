"""The fields of a form of the I-247 family from what was read on its pages, and what contradicts itself on it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from detainer.intake.paper import looks, values
from detainer.intake.paper.form import Form, Read
from detainer.intake.paper.marks import Marked
from detainer.intake.paper.place import Found
from detainer.intake.paper.shapes import SUREST_OF_SCANS, Box, Page, Print, around
from detainer.intake.paper.signature import signature
from detainer.intake.paper.wordings import DROPPED, OTHER

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
# The same for print that was read with mistakes.
_NEAR_ASKS = {
    "hold": ("maintaincustody", "maintaincustodyforaperiodnottoexceed48hours"),
    "notify": ("notifydhsbefore", "notifydhsbeforerelease", "notifydhsasearlyaspracticable"),
    "transfer": ("transferthepersontothecustody",),
}
_SKIPPED = frozenset({DROPPED, OTHER, "officer_signed"})


def fill(form: Form, reads: Sequence[Read]) -> None:
    """Every field of a form, and its problems."""
    for one in reads:
        for found in one.found:
            take(form, one, found)
        form.hidden += [
            {"page": one.page.number, "box": found.box.as_list()} for found in one.found if found.field == DROPPED
        ]
    signature(form, reads)
    _boxes(form, reads)
    _asks(form, reads)
    _missing(form, reads)


def take(form: Form, one: Read, found: Found) -> None:
    """Keep a value that was found; what stands there and is no such value is a problem."""
    name = found.field
    if name in _SKIPPED or found.empty:
        return
    if one.page.again:
        found = looks.settled(found, one.page.again)
    if found.value is None:
        form.problems.append(
            f"page {one.page.number}: {name} reads “{found.raw[:40]}”, no {values.WHAT.get(name, 'such value')}"
        )
        return
    score = found.score
    if name == "file_number" and re.search(r"[OoIlSB]", found.value[2:]):
        score *= 0.6
    form.put(name, found.value, one.page.number, found.box, score, found.source)


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
            hit: object = re.search(pattern, one.page.squeezed)
            line = _line_of(one.page, pattern)
            if not hit and one.page.scanned:
                hit = line = _line_near(one.page, *_NEAR_ASKS[ask])
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
    if any(one.page.scanned for one in reads):
        score = min(score, SUREST_OF_SCANS)
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


def _line_near(page: Page, *wordings: str) -> Print | None:
    near = (
        line for line in page.prints for wording in wordings
        if len(line.squeezed[0]) >= len(wording) - 1 and fuzz.partial_ratio(wording, line.squeezed[0]) >= 84
    )  # fmt: skip
    return next(near, None)


def _missing(form: Form, reads: Sequence[Read]) -> None:
    """Say which of the fields that a request cannot do without could not be read."""
    for name, words in (
        ("subject_name", "the name"),
        ("date_of_birth", "the date of birth"),
        ("form_date", "the date of the form"),
    ):
        if name not in form.fields and not any(name in problem for problem in form.problems):
            form.problems.append(f"{words} ({name}) could not be read")


def _short(words: str) -> str:
    return words if len(words) <= 48 else f"{words[:47]}…"
