"""The papers that come with a form: an officer's warrant, and what may be a judge's, which only a person can say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from detainer.intake.paper import kinds
from detainer.intake.paper.filling import take
from detainer.intake.paper.form import Form, Read
from detainer.intake.paper.shapes import Print
from detainer.intake.paper.signature import signature
from detainer.intake.paper.wordings import DROPPED

_READ = ("subject_name", "file_number", "form_date", "officer_name", "date_of_birth")
_MOST = 0.5  # the score of what a court's paper seems to say
_COURT = r"district court|court of|bankruptcy court"
_JUDGE = r"(?:magistrate|district|circuit|u\.?s\.?|federal) judge"
_ORDERS = r"command|arrest and bring|deliver|hereby order"
_CAPTION = r"\W*(?:judge'?s? signature|signature of (?:the )?judge|printed name and title|signature)\W*"
_NAMED = r"(?:arrest(?: and bring.*?)?|person|defendant)[^A-Z]{0,60}\(?name[^)]*\)?\W+(.{3,60})|^\s*v\.\s+(.{3,60})"


def fill(form: Form, reads: Sequence[Read]) -> None:
    """What a warrant says of itself, and what a person must see to."""
    for one in reads:
        for found in one.found:
            if found.field in _READ:
                take(form, one, found)
        form.hidden += [
            {"page": one.page.number, "box": found.box.as_list()} for found in one.found if found.field == DROPPED
        ]
    if form.form in kinds.ADMINISTRATIVE:
        signature(form, reads)
        form.problems.append("is an administrative warrant, signed by an immigration officer; it is not a judge's")
        return
    first = reads[0]
    for kept in form.fields.values():
        kept["score"] = min(_MOST, kept["score"])
    for name, pattern in (("court", _COURT), ("judge", _JUDGE), ("orders", _ORDERS)):
        found_line = _line(first.page.prints, pattern)
        if found_line:
            text = " ".join(found_line.text.split())
            form.put(name, text, first.page.number, found_line.box, min(_MOST, found_line.score), found_line.source)
    if "subject_name" not in form.fields:
        _named(form, first)
    form.problems.append(
        "may be a federal judge's warrant: a person must confirm the court, the judge, the signature, the person named"
        " and what it orders"
    )


def _line(prints: Sequence[Print], pattern: str) -> Print | None:
    """The first line that says it and is no caption."""
    return next(
        (
            line
            for line in prints
            if re.search(pattern, line.text, re.IGNORECASE) and not re.fullmatch(_CAPTION, line.text, re.IGNORECASE)
        ),
        None,
    )


def _named(form: Form, one: Read) -> None:
    for line in one.page.prints:
        if hit := re.search(_NAMED, line.text):
            said = (hit[1] or hit[2]).strip(" _,")
            form.put("subject_name", said, one.page.number, line.box, _MOST, line.source)
            return
