"""Which reports are owed: for each, the last periods that ended and the one that runs, with the day it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from detainer.report.definitions import Definition, Version, add_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True)
class Owed:
    """A report over one period that its law names; `due` is None where no day is known."""

    report: Definition
    version: Version
    start: date
    end: date
    due: date | None

    def over(self, today: date) -> bool:
        """Whether the period has ended."""
        return self.end < today


def owed(reports: Iterable[Definition], today: date, back: int = 2) -> list[Owed]:
    """For each report its last `back` periods that ended and the one that runs, the latest first."""
    found = []
    for report in reports:
        all_of_it = list(periods(report, date(today.year - back - 1, 1, 1), date(today.year + 1, 12, 31)))
        found += [one for one in all_of_it if one.over(today)][-back:]
        found += [one for one in all_of_it if one.start <= today <= one.end]
    return sorted(found, key=lambda one: (one.due or one.end, one.report.id), reverse=True)


def periods(report: Definition, first: date, last: date) -> Iterator[Owed]:
    """The periods that the report's versions name and that lie, in part at least, between two days; in order."""
    for version in report.versions:
        for year in range(first.year, last.year + 2):
            for end in version.period.ends_in(year):
                whole = add_months(end + timedelta(days=1), -version.period.months)
                start = max(whole, version.period.first_starts or whole)
                inside = version.start <= end <= version.until and start >= version.counts_from
                if inside and start <= end and end >= first and start <= last and version.period.is_named(start, end):
                    yield Owed(report, version, start, end, version.due.after(end) if version.due else None)
