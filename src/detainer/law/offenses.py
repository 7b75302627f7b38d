"""Offense lists: which sections a law names, since when, and with which limits.

A list is a CSV file beside the law. Sections are compared as text, in capitals or not ("130.65-A" is "130.65-a" and
neither is "130.65"); a row that names subdivisions covers only these, and a conviction whose subdivision is not known
is then neither on nor off the list.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from detainer.errors import UserError

COLUMNS = (
    "jurisdiction",
    "law",
    "section",
    "subdivisions",
    "title",
    "class",
    "marks",
    "from",
    "to",
    "grade",
    "source",
    "note",
)
_PART = re.compile(r"[0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class Offense:
    """One row: a section, the subdivisions it is limited to, its marks and the days from and to which it is listed."""

    jurisdiction: str
    law: str
    section: str
    subdivisions: tuple[tuple[str, ...], ...]
    title: str
    offense_class: str
    marks: frozenset[str]
    first: date | None
    last: date | None
    grade: str
    source: str
    note: str
    line: int

    @property
    def limits(self) -> tuple[str, ...]:
        """The subdivisions that it is limited to, as people cite them; none where all of the section is meant."""
        return tuple(limit[0] + "".join(f"({part})" for part in limit[1:]) for limit in self.subdivisions)

    def listed_on(self, day: date) -> bool:
        """Whether the row is in force on this day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def covers(self, subdivision: str | None) -> bool | None:
        """Whether a subdivision falls under the row's limits; None when it is not precise enough to tell."""
        if not self.subdivisions:
            return True
        if not subdivision:
            return None
        given = parts(subdivision)
        if any(given[: len(limit)] == limit for limit in self.subdivisions):
            return True
        return None if any(limit[: len(given)] == given for limit in self.subdivisions) else False


@dataclass(frozen=True)
class OffenseList:
    """A named list of offenses, by section."""

    name: str
    rows: Mapping[tuple[str, str], Sequence[Offense]]

    def rows_for(self, law: str, section: str) -> Sequence[Offense]:
        """The rows that name this section."""
        return self.rows.get((_name(law), _name(section)), ())

    def all(self) -> Sequence[Offense]:
        """Every row, in the order of the file."""
        return sorted((row for rows in self.rows.values() for row in rows), key=lambda row: row.line)


def parts(subdivision: str) -> tuple[str, ...]:
    """A subdivision as its parts: "2(b)" is 2, b."""
    return tuple(part.lower() for part in _PART.findall(subdivision))


def split_section(text: str) -> tuple[str, str, str]:
    """Law, section and subdivision of a text such as PL 135.65(2)(b); the law is empty when only a section is given."""
    law, _, rest = text.strip().rpartition(" ")
    section, bracket, tail = rest.partition("(")
    return law, section, bracket + tail


def read_offenses(path: Path, name: str) -> OffenseList:
    """Read an offense list.

    Raises UserError naming file and line for a wrong header, a bad date, or a section listed twice with different
    limits on one day.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot be read: {error}", where=str(path)) from None
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise UserError(f"the columns must be {', '.join(COLUMNS)}", where=f"{path}:1")
    rows: dict[tuple[str, str], list[Offense]] = {}
    for line, row in _rows(reader, path):
        offense = _offense(row, f"{path}:{line}", line)
        known = rows.setdefault((_name(offense.law), _name(offense.section)), [])
        for other in known:
            _once(other, offense, f"{path}:{line}")
        known.append(offense)
    return OffenseList(name, rows)


def _rows(reader: csv.DictReader[str], path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows with their lines; UserError for one that has not a cell for each column."""
    try:
        for row in reader:
            cells = sum(cell is not None for cell in row.values())
            if None in row or cells < len(COLUMNS):
                raise UserError(
                    f"there is not one cell for each of {len(COLUMNS)} columns", where=f"{path}:{reader.line_num}"
                )
            yield reader.line_num, row
    except csv.Error as error:
        raise UserError(f"not readable as CSV: {error}", where=f"{path}:{reader.line_num + 1}") from None


def _once(one: Offense, two: Offense, where: str) -> None:
    """Refuse a section that one list names twice for one day."""
    if one.jurisdiction != two.jurisdiction or one.marks != two.marks:
        return
    first, last = max(one.first or date.min, two.first or date.min), min(one.last or date.max, two.last or date.max)
    if first <= last:
        limits = "different limits" if one.subdivisions != two.subdivisions else "the same limits"
        raise UserError(
            f"{two.law} {two.section} is listed twice for one day with {limits} (also line {one.line})",
            where=where,
            fix="Keep one row, or give them days that do not overlap.",
        )


def _offense(row: Mapping[str, str], where: str, line: int) -> Offense:
    for key in ("jurisdiction", "law", "section", "title"):
        if not row.get(key):
            raise UserError(f"{key} is empty", where=where)
    first, last = _day(row["from"], where), _day(row["to"], where)
    if first and last and last < first:
        raise UserError("the last day lies before the first", where=where)
    return Offense(
        jurisdiction=row["jurisdiction"],
        law=row["law"],
        section=row["section"].strip(),
        subdivisions=tuple(parts(limit) for limit in row["subdivisions"].split(";") if limit.strip()),
        title=row["title"],
        offense_class=row["class"],
        marks=frozenset(row["marks"].split()),
        first=first,
        last=last,
        grade=row["grade"],
        source=row["source"],
        note=row["note"],
        line=line,
    )


def _day(text: str, where: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UserError(f"{text!r} is no date", where=where, fix="Write it as 2014-12-14.") from None


def _name(law: str) -> str:
    return law.strip().upper()
