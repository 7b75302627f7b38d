"""The demonstration into the record, through the same steps as any real request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from detainer.clock import now
from detainer.demo.present import present
from detainer.demo.sheriffs import SHERIFFS, ten
from detainer.demo.story import AGENCY, past
from detainer.record import journal
from detainer.record.agencies import book
from detainer.record.models import Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from detainer.demo.tale import Step, Tale

MAPPING = "demonstration"


@dataclass(frozen=True)
class Authors:
    """Who enters the steps and who approves: two different accounts, since a hold takes two people."""

    officer: str = "demo:officer"
    reviewer: str = "demo:reviewer"


@dataclass(frozen=True)
class Loaded:
    """How many requests were entered now, and how many were there already."""

    added: int
    already: int


def load(
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    *,
    authors: Authors | None = None,
    at: datetime | None = None,
) -> Loaded:
    """Load the demonstration, whole or not at all; what was loaded before is left as it stands.

    `progress` hears how many requests of how many are done. UserError if the record holds real requests.
    """
    tales = [(AGENCY, tale) for tale in (*past(), *present(at or now()))]
    return _enter(tales, authors or Authors(), progress)


def load_sheriffs(*, authors: Authors | None = None, at: datetime | None = None) -> Loaded:
    """Load the second demonstration: the same ten requests before each sheriff. UserError as for `load`."""
    moment = (at or now()).replace(second=0, microsecond=0)
    tales = [(agency, tale) for agency in SHERIFFS for _, tale in ten(moment)]
    return _enter(tales, authors or Authors(), lambda _done, _of: None)


def _enter(tales: list[tuple[str, Tale]], authors: Authors, progress: Callable[[int, int], None]) -> Loaded:
    added = 0
    with journal.batch():
        journal.open_record(demonstration=True)
        agencies = {agency for agency, _ in tales}
        rows = Request.objects.filter(agency__in=agencies, source=MAPPING).values_list("agency", "source_key")
        known = set(rows)
        for done, (agency, tale) in enumerate(tales, start=1):
            if (agency, journal.source_key(MAPPING, tale.key)) not in known:
                tell(agency, tale, authors)
                added += 1
            progress(done, len(tales))
    return Loaded(added=added, already=len(tales) - added)


def tell(agency: str, tale: Tale, authors: Authors) -> None:
    """Enter one request of an agency and all that was done about it."""
    request = journal.receive(
        agency,
        tale.facts,
        happened=tale.received,
        author=authors.officer,
        person={"name": tale.person.name, "born": tale.person.date_of_birth},
        source={"mapping": MAPPING, "key": tale.key},
    )
    for step in tale.steps:
        _take(request, step, authors)


def _take(request: Request, step: Step, authors: Authors) -> None:
    author = authors.reviewer if step.who == "reviewer" else authors.officer
    if step.kind == "facts":
        journal.record_facts(request, step.detail or {}, happened=step.at, author=author)
    elif step.kind == "decide":
        journal.decide(request, book(), at=step.at, author=author)
    else:
        approver = authors.reviewer if step.kind in ("held", "transferred") else None
        journal.act(request, step.kind, happened=step.at, author=author, approved_by=approver, detail=step.detail)
