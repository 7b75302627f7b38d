"""Counting over the record: a report over a period, from every event up to now or up to an earlier checkpoint."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from detainer.clock import now
from detainer.errors import UserError
from detainer.record.agencies import book
from detainer.record.models import Checkpoint
from detainer.report import definitions, kept, tally
from detainer.report.figures import Agency, Basis, Report

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import Q

    from detainer.record.models import Request
    from detainer.report.definitions import Definition
    from detainer.report.lives import Life

PAGE: Final = 200  # requests behind a figure that are told at once


def run(name: str, start: date, end: date, *, size: int | None = None) -> Report:
    """The report `name` over start to end, both included, from every event up to now.

    With `size`, from the first so many events, which must be a checkpoint's: the same checkpoint gives the same count
    for ever. UserError if there is no such report or checkpoint, if the period does not fit its law, or if the record
    holds nothing of it.
    """
    report = known(name)
    report.version(start, end)
    agency = reporter(report)
    zones = {one: book().agency(one).timezone for one in report.agencies}
    if size is not None:
        checkpoint = _checkpoint(size)
        return tally.tally(report, agency, kept.read(zones, size), (start, end), _basis(checkpoint))
    with transaction.atomic():
        basis = _basis(kept.catch_up(zones))
        marks, beyond = kept.marks(zones, start, end), kept.beyond(zones)
        today = basis.as_of.astimezone(ZoneInfo(agency.timezone)).date()
        return replace(_counted(report, agency, (start, end), today, marks, beyond), basis=basis)


@lru_cache(maxsize=32)
def _counted(
    report: Definition, agency: Agency, period: tuple[date, date], today: date, marks: object, beyond: tally.Beyond
) -> Report:
    """What the period counts, on a basis of that day; the same until an event touches the period, as `marks` tell."""
    noon = datetime.combine(today, time(12), ZoneInfo(agency.timezone))
    lives = kept.within(report.agencies, *period)
    return tally.tally(report, agency, lives, period, Basis(noon, 0, ""), beyond)


def _basis(checkpoint: Checkpoint) -> Basis:
    return Basis(as_of=now(), size=checkpoint.size, root=checkpoint.note.split("\n")[2])


def behind(
    name: str,
    item: str,
    start: date,
    end: date,
    *,
    whose: Iterable[str],
    only: Q | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int = PAGE,
) -> list[Request]:
    """The requests that a figure counts, of the agencies `whose` and `only` such, in the order in which they came.

    At most `limit` of them, those after the one that came at a moment with an id; UserError for an unknown item.
    """
    report = known(name)
    found = next((one for one in report.items if one.id == item), None)
    if found is None:
        raise UserError("the report has no item {item}", where="{report}", item=repr(item), report=name)
    zones = {one: book().agency(one).timezone for one in report.agencies if one in set(whose)}

    def counted(life: Life) -> bool:
        return tally.behind(found, life, start, end)

    return kept.requests(zones, counted, only=only, after=after, limit=limit, between=(start, end))


def known(name: str) -> Definition:
    """The report of that name; UserError naming those that there are."""
    found = definitions.load(book().root)
    if name not in found:
        raise UserError(
            "there is no report {name}", fix="Known: {known}.", name=repr(name), known=", ".join(sorted(found))
        )
    return found[name]


def reporter(report: Definition) -> Agency:
    """Whoever makes the report, with the clock that its days are told by."""
    first = book().agency(report.agencies[0])
    if report.reporter:
        return Agency(report.agency, report.reporter, first.timezone)
    return Agency(first.id, first.name, first.timezone)


def _checkpoint(size: int) -> Checkpoint:
    found = Checkpoint.objects.filter(size=size).first()
    if found is None:
        raise UserError(
            "no checkpoint stands over {size} events",
            where="--at",
            fix="`detainer checkpoint` shows the last one.",
            size=size,
        )
    return found
