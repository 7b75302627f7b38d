"""Figures from outside the record: each with its agency, period, definition, source, and how sure it is.

A figure whose number is not known is a gap, and stays one: nothing is ever computed from it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from detainer.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA: Final = Path(__file__).parent / "data"
COLUMNS: Final = ("id", "agency", "from", "to", "measure", "value", "state", "sure", "source", "see", "note")
STATES: Final = {
    "stands": "",
    "gap": "not known",
    "replaced": "replaced by a later release",
    "withdrawn": "withdrawn by its source",
}
ROWS: Final = "ICE's rows of "
SURE: Final = ("high", "medium", "low")
# The agencies of the record as these figures name them.
OURS: Final = {
    "us-ny-nyc-police": "New York City police",
    "us-ny-nyc-correction": "New York City correction",
    "us-ny-nyc-probation": "New York City probation",
}
# Items of the record → the measures under which others published the same, the nearest first.
SAME: Final = {
    "received": ("received",),
    "lodged": ("received",),
    "permitted": ("met_criteria",),
    "held": ("held", "honored"),
    "transferred": ("transferred",),
    "not_honored": ("not_honored",),
}
YEARS: Final = {
    (1, 1, 12, 31): "calendar year",
    (7, 1, 6, 30): "year to June",
    (10, 1, 9, 30): "year to September",
}


@dataclass(frozen=True)
class Measure:
    """What a figure counts, in a few words and in full."""

    id: str
    label: str
    definition: str


@dataclass(frozen=True)
class Published:
    """One figure that somebody published; `value` is None for a gap. `see` names the figure that replaced it."""

    id: str
    agency: str
    start: date
    end: date
    measure: Measure
    value: float | None
    state: str
    sure: str
    source: str
    see: str
    note: str

    @property
    def kind_of_period(self) -> str:
        """Calendar year, year to June, year to September; or another span. Only figures of one kind make a series."""
        ends = (self.start.month, self.start.day, self.end.month, self.end.day)
        whole = self.start.year == self.end.year if ends == (1, 1, 12, 31) else self.start.year + 1 == self.end.year
        return YEARS.get(ends, "another span") if whole else "another span"

    @property
    def counted_in_rows(self) -> bool:
        """Whether it was counted in rows that ICE released, and is no number that an agency gave."""
        return self.source.startswith(ROWS)

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days + 1

    @property
    def period(self) -> str:
        """The period in words: `calendar 2016`, `year to June 2019`, `2017-01-01 to 2017-04-03`."""
        if self.end == date.max:
            return f"since {self.start}"
        kind = self.kind_of_period
        if kind == "calendar year":
            return f"calendar {self.start.year}"
        return f"{kind} {self.end.year}" if kind != "another span" else f"{self.start} to {self.end}"


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Published]:
    """The figures that come with the program, by id."""
    return load(DATA / "figures.csv", measures(DATA / "measures.csv"))


def beside(agency: str, item: str, start: date, end: date) -> Published | None:
    """What others published of an agency of the record, for an item over exactly that period; None where nobody did."""
    name = OURS.get(agency, "")
    for measure in SAME.get(item, ()):
        for one in shipped().values():
            same = (one.agency, one.measure.id, one.start, one.end) == (name, measure, start, end)
            if same and one.value is not None and one.state == "stands":
                return one
    return None


def measures(path: Path) -> dict[str, Measure]:
    """What figures may count, by id."""
    return {row["measure"]: Measure(row["measure"], row["label"], row["definition"]) for _, row in _rows(path, ())}


def load(path: Path, known: Mapping[str, Measure]) -> dict[str, Published]:
    """The figures of a file, by id; UserError naming the line of a row without period, source or a known measure."""
    found: dict[str, Published] = {}
    for line, row in _rows(path, COLUMNS):
        where = f"{path.name}:{line}"
        figure = _figure(row, known, where)
        if figure.id in found:
            raise UserError(f"the figure {figure.id!r} is there twice", where=where)
        found[figure.id] = figure
    for figure in found.values():
        if (figure.state == "replaced") != bool(figure.see) or (figure.see and figure.see not in found):
            raise UserError("a replaced figure names the one that replaced it, and no other does", where=figure.id)
    return found


def _rows(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            head = tuple(reader.fieldnames or ())
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"cannot be read: {error}", where=str(path)) from None
    if columns and head != columns:
        raise UserError("its columns are other ones", where=str(path), fix=f"They are {', '.join(columns)}.")
    for line, row in rows:
        if None in row or None in row.values():
            raise UserError("has too many or too few cells", where=f"{path.name}:{line}")
    return rows


def _figure(row: Mapping[str, str], known: Mapping[str, Measure], where: str) -> Published:
    for name in ("id", "agency", "source"):
        if not row[name].strip():
            raise UserError(f"a figure without {name}", where=where)
    if not row["id"].isidentifier():
        raise UserError(f"{row['id']!r} is no id", where=where, fix="Small letters, digits and _ make one.")
    start, end = (_day(row[name], name, where) for name in ("from", "to"))
    if end < start:
        raise UserError(f"the period ends on {end}, before it starts on {start}", where=where)
    if row["measure"] not in known:
        raise UserError(f"nobody defined what {row['measure']!r} counts", where=where)
    value, state = _value(row["value"], where), row["state"]
    if state not in STATES or (value is None) != (state == "gap"):
        raise UserError("a gap has no value, and all else has one", where=where, fix=f"States: {', '.join(STATES)}.")
    if (row["sure"] not in SURE) if value is not None else row["sure"]:
        raise UserError(f"how sure is it? {row['sure']!r} is none of {', '.join(SURE)}", where=where)
    return Published(
        row["id"],
        row["agency"],
        start,
        end,
        known[row["measure"]],
        value,
        state,
        row["sure"],
        row["source"],
        row["see"],
        row["note"],
    )


def _day(text: str, name: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"a figure without period: {name!r} is {text!r}", where=where) from None


def _value(text: str, where: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise UserError(f"{text!r} is no number", where=where) from None
    return int(value) if value.is_integer() else value
