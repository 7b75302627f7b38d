"""Counting over the record: a report over a period, from every event up to now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from detainer.clock import now
from detainer.errors import UserError
from detainer.record import ledger
from detainer.record.agencies import book
from detainer.record.models import Event
from detainer.report import definitions
from detainer.report.figures import Agency, Basis, Report
from detainer.report.lives import READ, Life, local_day
from detainer.report.tally import tally

if TYPE_CHECKING:
    from datetime import date

CHUNK = 10_000


def run(name: str, start: date, end: date) -> Report:
    """The report `name` over start to end, both included, from every event up to now.

    UserError if there is no such report, if the period does not fit its law, or if the record holds nothing of it.
    """
    known = definitions.load(book().root)
    if name not in known:
        raise UserError(f"there is no report {name!r}", fix=f"Known: {', '.join(sorted(known))}.")
    report = known[name]
    report.version(start, end)
    found = book().agency(report.agency)
    agency = Agency(found.id, found.name, found.timezone)
    basis = _basis()
    return tally(report, agency, lives(agency, basis.size), (start, end), basis)


def lives(agency: Agency, size: int) -> list[Life]:
    """The agency's requests as the first `size` events of the ledger tell them."""
    zone = ZoneInfo(agency.timezone)
    found: dict[str, Life] = {}
    events = Event.objects.filter(agency=agency.id, kind__in=READ, seq__lt=size).order_by("seq")
    for request, kind, happened, public in events.values_list("request_id", "kind", "happened", "public").iterator(
        CHUNK
    ):
        life = found.setdefault(request, Life())
        life.take(kind, local_day(happened, zone), json.loads(public), zone)
    return list(found.values())


def _basis() -> Basis:
    """Everything up to the last checkpoint, which commits to every event there is; UserError in an empty record."""
    _, size, root, *_ = ledger.latest().note.splitlines()
    return Basis(as_of=now(), size=int(size), root=root)
