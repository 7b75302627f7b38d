"""The reply to the requester as a PDF/UA-1 and PDF/A-3a file: the same request gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import typst

from detainer import clock
from detainer.answer import letter
from detainer.answer.letter import Letter
from detainer.errors import UserError
from detainer.record import agencies, journal, ledger

if TYPE_CHECKING:
    from detainer.record.models import Request
    from detainer.record.story import Determination

TEMPLATE = Path(__file__).parent / "templates" / "reply.typ"
_DEMONSTRATION = "Demonstration. Every person and every request in it is made up. This is no letter of any agency."
_AS_YOU_SPELL_IT = "as your request spells it"
_AFTER_LATIN = 0x250
_ACTS = ("held", "told", "transferred")


def pdf(request: Request, determination: Determination | None) -> bytes:
    """The reply to a request under a determination.

    Raises UserError while something that was asked for is neither declined, nor forbidden, nor done.
    """
    return typeset(compose(request, determination, written=clock.now()))


def compose(request: Request, determination: Determination | None, *, written: datetime) -> Letter:
    """The letter in words; it names neither the moment of release nor a charge, whatever is on record."""
    if determination is None or determination.answer is None:
        raise UserError("the law has not been asked yet", fix="Ask the law first; then reply.")
    done = [act for act in _ACTS if getattr(request, f"{act}_at")]
    asks: Sequence[str] = list(request.asks) or ["hold", "notify"]
    agency = agencies.book().agency(request.agency)
    decisions = determination.answer["decisions"]
    said = letter.answers(asks, decisions, done, declined=request.declined_at is not None)
    basis = letter.basis([decisions[name] for name in asks if name in decisions], agency.laws)
    zone = agency.zone
    return Letter(
        title="Reply to your request",
        agency=agency.name,
        number=request.number,
        date=written.astimezone(zone).date(),
        about=_about(request, zone, written),
        answers=said,
        basis=basis,
        proof=_proof(determination),
        notice=_DEMONSTRATION if journal.is_demo() else "",
        closing=letter.SILENCE[1:] if done else letter.SILENCE,
    )


def typeset(words: Letter) -> bytes:
    """The letter as a file. All words reach the typesetter as data, so that none is read as markup.

    A name in letters that the typeface lacks is not spelt out: the standards allow no gap in its place.
    """
    try:
        return _typeset(words)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    about = tuple((term, text if _latin(text) else _AS_YOU_SPELL_IT) for term, text in words.about)
    return _typeset(replace(words, about=about))


def _latin(text: str) -> bool:
    return all(ord(sign) < _AFTER_LATIN for sign in text)


def _typeset(words: Letter) -> bytes:
    return typst.compile(
        TEMPLATE,
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["ua-1", "a-3a"],
        sys_inputs={"letter": json.dumps(words.as_data(), ensure_ascii=False)},
    )


def _about(request: Request, zone: ZoneInfo, written: datetime) -> tuple[tuple[str, str], ...]:
    """What the reply is about: only what the requester's own form says."""
    person: Mapping[str, Any] = request.person() or {}
    form = "Your request" if request.form in ("other", "none", "") else f"Form {request.form}"
    rows = (
        ("To", letter.sender(request.from_)),
        ("Date", letter.on_day(written.astimezone(zone)).split(",")[0]),
        ("Our number", request.number),
        ("What came", f"{form}, received {letter.on_day(request.received_at.astimezone(zone))}"),
        ("Person named in it", str(person.get("name", ""))),
        ("Your file number", str(person.get("file_number", ""))),
    )
    return tuple((term, text) for term, text in rows if text)


def _cite(law: str) -> str:
    """How a law is cited; one that is no longer shipped keeps its id."""
    found = agencies.book().laws.get(law)
    return found.cite if found else law


def _proof(determination: Determination) -> tuple[tuple[str, str], ...]:
    """The laws that were asked, and the checkpoint of the record that this reply stands on."""
    origin, size, root = ledger.latest().note.split("\n")[:3]
    laws = "; ".join(
        f"{_cite(layer['law'])}, version of {layer['version']}" for layer in determination.laws if layer["version"]
    )
    return (
        ("Law asked", laws),
        ("Digest of the law files", determination.digest),
        ("Checkpoint of our record", f"{origin}, {size} entries, root {root}"),
    )
