"""Which records a retention rule would have gone, and what keeps one back although its time is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from detainer.errors import UserError
from detainer.record import duties, journal
from detainer.record.models import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

ENDS = ("released_at", "transferred_at", "withdrawn_at", "declined_at")
OTHERS = "*"


@dataclass(frozen=True, slots=True)
class Due:
    """A record whose time is over: the rule, since when it is settled, and what keeps it back ("" where nothing)."""

    request: Request
    rule: str
    settled: datetime
    kept: str = ""


def due(rules: Sequence[str], now: datetime, agency: str = "") -> Iterator[Due]:
    """Every record whose time is over under these rules, such as "us-ny-nyc-police=5y", oldest receipt first."""
    by_agency = dict(rule.split("=", 1) for rule in rules)
    found = Request.objects.filter(state="settled", expunged_at=None).order_by("received_at", "id")
    for request in (found.filter(agency=agency) if agency else found).iterator():
        named = request.agency if request.agency in by_agency else OTHERS
        settled = max((when for name in ENDS if (when := getattr(request, name))), default=None)
        if named in by_agency and settled and settled <= before(by_agency[named], now):
            yield Due(request, f"{named}={by_agency[named]}", settled, _kept(request))


def before(period: str, now: datetime) -> datetime:
    """The moment so long before now: whole years by the calendar, or days."""
    number, unit = int(period[:-1]), period[-1]
    if unit == "d":
        return now - timedelta(days=number)
    year = now.year - number
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=year, day=day)


def expunge(one: Due, author: str, second: str, now: datetime) -> None:
    """Expunge by two people under the rule, as if at the desk; Refused or UserError where that cannot be."""
    if one.kept:
        raise UserError(f"is kept: {one.kept}", where=one.request.number)
    order = {"ground": "retention", "by": "retention", "order": one.rule, "dated": now.date().isoformat()}
    with journal.batch():
        if one.request.story().erasure is None:
            journal.act(one.request, "asked", happened=now, author=author, detail={"for": "expunged", **order})
        journal.act(one.request, "expunged", happened=now, author=second)


def _kept(request: Request) -> str:
    """Why a record is kept although its time is over: a hold, a duty or a question is open, or somebody asked."""
    if request.held_at and not (request.released_at or request.transferred_at):
        return "the end of its hold is not on record"
    story = request.story()
    if story.for_counsel():
        return "a question waits for counsel"
    if any(one.done is None and not one.waits for one in duties.of(request)):
        return "a paper that the law prescribes is not on record"
    if story.erasure:
        return "expunging was asked for at the desk and waits there"
    return ""
