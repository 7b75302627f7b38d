"""What leaves the desk as a file, and why: one person's file, or a list; every cell a text, never a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from detainer.desk.request.known import Known
from detainer.desk.request.timeline import Entry
from detainer.desk.wording import people
from detainer.desk.wording.outcome import says
from detainer.desk.wording.words import tr
from detainer.errors import UserError
from detainer.record import export
from detainer.record.models import Request

REASONS = (
    ("court-order", "An order of a court, or a subpoena"),
    ("own-request", "The person’s own request, or their counsel’s"),
    ("public-records", "A public-records request"),
    ("audit", "An audit or inspection"),
    ("litigation", "A lawsuit that the agency is party to"),
    ("other-law", "Another law that orders it"),
)
COLUMNS = (
    "number agency received form asks from state outcome name born file_number booking_number"
    " releasable held told transferred declined released withdrawn"
).split()
MOST = 2000
_REFERENCE = re.compile(r"(?=[^\s]*[0-9])[A-Za-z0-9][A-Za-z0-9._:/-]{0,39}")
# What begins a formula; the wide and the small ones too, as some spreadsheets read them alike.
_LIVE = "=+\\-@＝＋－＠﹦﹢﹣﹫"
# At the head of a cell, whatever is not seen before it; and after what another spreadsheet takes for a cell's end.
_FORMULA = re.compile(rf"""(?:(?P<head>^[^\w;,|"'(\[{{<«“‘]*?)|(?P<after>[;,|]["'\s]*))(?=[{_LIVE}])""")
_FIXED = (1980, 1, 1, 0, 0, 0)
README = """One request as the agency's record holds it.

steps.csv   every step: when it happened, who did what, what was noted, its entry in the ledger
facts.csv   every fact that is known, with who recorded it
proof.json  every step with its personal data and the proof that it stands in the ledger; verify.py checks it:
            python verify.py proof.json --key verifiers.txt
"""


def why(reason: str, reference: str, persons: Iterable[Mapping[str, Any] | None] = ()) -> dict[str, str]:
    """The reason of an export and the number it is known by; UserError where either is missing or names somebody."""
    if reason not in dict(REASONS):
        raise UserError(tr("Say why it is exported"))
    if not _REFERENCE.fullmatch(reference):
        fix = tr("Without blanks, like FOIL-2026-117.")
        raise UserError(tr("Give the number of the order, request or case"), fix=fix)
    names = " ".join(str((one or {}).get(people.NAME, "")) for one in persons)
    named = {word for word in re.split(r"[^\w]+", names.casefold()) if len(word) > 2}
    if named & {word.casefold() for word in re.split(r"[^A-Za-z]+", reference)}:
        fix = tr("Leave the name out: it would stand in the record for ever.")
        raise UserError(tr("The number holds a name"), fix=fix)
    return {"reason": reason, "reference": reference}


def safe(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula, nor a part of it, whatever it divides the cells by."""
    text = " ".join(str(cell).split()) if cell is not None else ""
    return _FORMULA.sub(lambda found: f"'{found[0]}" if found["after"] is None else f"{found[0]}'", text)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file with a mark of its encoding, so that a spreadsheet reads the letters right."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def listing(found: Sequence[Request], zones: Mapping[str, ZoneInfo]) -> bytes:
    """A list of requests with the people in it."""
    persons = people.persons([one.id for one in found])
    return table(COLUMNS, (_row(one, persons.get(one.id) or {}, zones[one.agency]) for one in found))


def _row(one: Request, person: Mapping[str, Any], zone: ZoneInfo) -> list[object]:
    def local(name: str) -> str:
        when = getattr(one, f"{name}_at")
        return when.astimezone(zone).isoformat(timespec="minutes") if when else ""

    own = [person.get(key, "") for key in (people.NAME, people.BORN, people.FILE, people.BOOKING)]
    steps = [local(name) for name in COLUMNS[12:]]
    about = [one.number, one.agency, local("received"), one.form, " ".join(one.asks), one.from_, one.state, says(one)]
    return [*about, *own, *steps]


def person_file(found: Request, steps: Iterable[Entry], facts: Iterable[Known]) -> bytes:
    """One request with everything the record holds of it, as one file; the same content gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in (
            ("README.txt", README.encode()),
            ("steps.csv", table(("when", "iso", "who", "what", "note", "entered", "entry"), map(_step, steps))),
            ("facts.csv", table(("question", "answer", "parts", "source"), map(_fact, facts))),
            ("proof.json", export.as_text(export.proof(found, personal=True)).encode()),
        ):
            made.writestr(zipfile.ZipInfo(name, _FIXED), content)
    return out.getvalue()


def _step(one: Entry) -> tuple[object, ...]:
    return one.when, one.iso, one.who, one.what, one.note, one.entered, one.leaf


def _fact(one: Known) -> tuple[object, ...]:
    return one.asks, one.answer, "; ".join(one.parts), one.source
