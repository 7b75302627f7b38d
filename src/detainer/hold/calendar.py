"""The reviewed calendar: which days are holidays on which list.

The file is data that a person has reviewed (`laws/us/holidays.csv`); nothing computes a holiday when a hold is
decided. A year that the file does not cover is an error, never "no holidays".
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from detainer.errors import UserError

COLUMNS = ("day", "list", "name")


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day on one list, by the name that the list gives it; `where` is the file and line that say so."""

    day: date
    list: str
    name: str
    where: str = ""


@dataclass(frozen=True)
class Calendar:
    """The holiday lists of a reviewed file.

    `version` is the first twelve hex digits of the file's SHA-256; it is kept with every end that is computed.
    """

    days: Mapping[str, frozenset[date]]
    version: str

    @classmethod
    def read(cls, path: Path) -> Calendar:
        """Read a calendar file with the columns day, list and name.

        Raises UserError naming file and line for wrong columns, a bad date, an empty name or a day given twice.
        """
        try:
            raw = path.read_bytes()
            reader = csv.DictReader(raw.decode("utf-8").splitlines())
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"cannot be read: {error}", where=str(path)) from None
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise UserError(f"the columns must be {', '.join(COLUMNS)}", where=f"{path}:1")
        found = [_holiday(row, f"{path}:{reader.line_num}") for row in reader]
        if not found:
            raise UserError("the calendar names no holiday", where=str(path))
        return cls.of(found, hashlib.sha256(raw).hexdigest()[:12])

    @classmethod
    def of(cls, holidays: Iterable[Holiday], version: str) -> Calendar:
        """A calendar of these holidays; raises UserError when one is given twice."""
        days: dict[str, set[date]] = {}
        for holiday in holidays:
            known = days.setdefault(holiday.list, set())
            if holiday.day in known:
                raise UserError(
                    f"{holiday.day} stands twice on the list {holiday.list}",
                    where=holiday.where,
                    fix="Keep one of the two lines.",
                )
            known.add(holiday.day)
        return cls({name: frozenset(listed) for name, listed in days.items()}, version)

    @cached_property
    def years(self) -> Mapping[str, frozenset[int]]:
        """For each list the years that it covers: those of which it names a day."""
        return {name: frozenset(day.year for day in listed) for name, listed in self.days.items()}

    def on_every(self, lists: Iterable[str], day: date) -> bool:
        """Whether the day stands on each of the lists; raises UserError outside the reviewed years."""
        return all(day in self._list(name, day) for name in lists)

    def on_any(self, lists: Iterable[str], day: date) -> bool:
        """Whether the day stands on at least one of the lists; raises UserError outside the reviewed years."""
        return any(day in listed for listed in [self._list(name, day) for name in lists])

    def _list(self, name: str, day: date) -> frozenset[date]:
        if name not in self.days:
            raise UserError(f"there is no holiday list {name}", fix=f"Lists: {', '.join(sorted(self.days))}.")
        if day.year not in self.years[name]:
            raise UserError(
                f"the reviewed holidays of {name} cover {_spans(self.years[name])}, not {day.year}",
                fix="Add the year to laws/us/holidays.csv.",
            )
        return self.days[name]


def _spans(years: frozenset[int]) -> str:
    """Years in words: "2012 to 2040", "2012 to 2014, 2016"."""
    spans: list[list[int]] = []
    for year in sorted(years):
        if spans and spans[-1][-1] == year - 1:
            spans[-1][1:] = [year]
        else:
            spans.append([year])
    return ", ".join(" to ".join(map(str, span)) for span in spans)


def _holiday(row: Mapping[str, str | None], where: str) -> Holiday:
    try:
        day = date.fromisoformat(row.get("day") or "")
    except ValueError:
        raise UserError(f"{row.get('day')!r} is no date", where=where, fix="Write it as 2026-11-26.") from None
    if not row.get("list") or not row.get("name"):
        raise UserError("a holiday needs the name of its list and its own name", where=where)
    return Holiday(day, str(row["list"]), str(row["name"]), where)
