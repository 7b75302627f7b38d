"""What the site tells of the record: the five facts by year and by month, and every report that a law names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from detainer import clock
from detainer.errors import UserError
from detainer.record.agencies import book
from detainer.record.models import Request
from detainer.report import count, definitions, dues, kept, tally
from detainer.report.figures import Agency, Basis, Figure, Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from detainer.report.definitions import Definition, Item
    from detainer.report.lives import Life

# The kinds of year, by the day on which they end, as figures elsewhere use them too. Never mixed in one series.
YEARS: Final = {"calendar year": (12, 31), "year to June": (6, 30), "year to September": (9, 30)}
FACTS: Final = ("received", "lodged", "permitted", "held", "transferred", "told", "not_honored")


@dataclass(frozen=True)
class Year:
    """One year of one kind; `figures` are empty where the record holds no event of it, which is a gap and no zero."""

    kind: str
    start: date
    end: date
    figures: tuple[Figure, ...]
    over: bool

    @property
    def words(self) -> str:
        """`2016`, or `year to June 2017`."""
        return str(self.end.year) if self.kind == "calendar year" else f"{self.kind} {self.end.year}"

    def figure(self, item: str) -> Figure | None:
        """The figure of an item; None in a gap."""
        return next((figure for figure in self.figures if figure.item.id == item), None)


@dataclass(frozen=True)
class Told:
    """All that is told of one agency."""

    agency: Agency
    items: tuple[Item, ...]
    years: tuple[Year, ...]
    months: dict[str, dict[str, int]]  # item id → month → count, months without any left out
    first: date
    last: date

    def of_kind(self, kind: str) -> list[Year]:
        """The years of one kind, in order."""
        return [year for year in self.years if year.kind == kind]


@dataclass(frozen=True)
class Material:
    """Everything that the pages are made of, all of it at one checkpoint."""

    basis: Basis
    note: str
    demonstration: bool
    agencies: tuple[Told, ...]
    reports: tuple[Report, ...]


def gather() -> Material:
    """Read the record once; UserError where it is empty."""
    from detainer.record import journal

    known = definitions.load(book().root)
    present = set(Request.objects.order_by().values_list("agency", flat=True).distinct())
    zones = {agency: book().agency(agency).timezone for agency in sorted(present)}
    checkpoint, lives = kept.lives(zones)
    basis = Basis(clock.now(), checkpoint.size, checkpoint.note.split("\n")[2])
    today = basis.as_of.date()
    agencies = []
    for agency in zones:
        annual = known.get(f"{agency}/annual")
        own = [life for life in lives if life.agency == agency and life.days]
        if annual and own:
            agencies.append(_told(annual, own, today))
    return Material(
        basis, checkpoint.note, journal.is_demo(), tuple(agencies), tuple(_reports(known, lives, basis, today))
    )


def _told(annual: Definition, lives: Sequence[Life], today: date) -> Told:
    items = tuple(item for name in FACTS for item in annual.items if item.id == name)
    days = [day for life in lives for day in life.days.values()]
    first, last = min(days), min(max(days), today)
    years = tuple(
        Year(kind, start, end, tally.span(items, lives, start, end), over=end < today)
        for kind in YEARS
        for start, end in _years(kind, first, last)
    )
    months = {item.id: tally.monthly(item, lives) for item in items}
    return Told(count.reporter(annual), items, years, months, first, last)


def _years(kind: str, first: date, last: date) -> Iterator[tuple[date, date]]:
    """The years of a kind from the one with the first day to the one with the last."""
    month, day = YEARS[kind]
    for number in range(first.year, last.year + 2):
        end = date(number, month, day)
        start = date(number - 1, month, day) + timedelta(days=1)
        if end >= first and start <= last:
            yield start, end


def _reports(known: dict[str, Definition], lives: Sequence[Life], basis: Basis, today: date) -> Iterator[Report]:
    """Every report that a law names over a period that is over and of which the record holds an event."""
    for report in known.values():
        own = [life for life in lives if life.agency in report.agencies]
        days = [day for life in own for day in life.days.values()]
        for one in dues.periods(report, min(days), min(max(days), today)) if days else ():
            if not one.over(today):
                continue
            try:
                yield tally.tally(report, count.reporter(report), own, (one.start, one.end), basis)
            except UserError:
                continue  # nothing of it in the record: no report, and no zero
