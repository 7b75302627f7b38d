"""From rows to cells: rows that say the same of month, facility, day of the law and mapped columns, counted.

The day of a row matters only by the edition of the law in force on it, unless a fact is dated: then it matters itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from detainer.replay import duck
from detainer.replay.mapping import Mapping
from detainer.replay.table import Left, Source, brief

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BEGINNING = date(1900, 1, 1)  # the day that stands for all days before the first edge of a law
_PATTERNS = {"YYYY-MM-DD": "%Y-%m-%d", "MM/DD/YYYY": "%m/%d/%Y", "DD/MM/YYYY": "%d/%m/%Y", "DD.MM.YYYY": "%d.%m.%Y"}


@dataclass(frozen=True)
class Period:
    """The days whose rows are wanted; None is without end."""

    first: date | None = None
    last: date | None = None


@dataclass
class Reading:
    """What came of reading the tables: rows read, rows left out by reason, files left out, and what is worth saying."""

    rows: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def bad(self) -> bool:
        """Whether rows were left out because they could not be read."""
        return bool({"broken line", "day not readable"} & set(self.left_out))


@dataclass(frozen=True)
class Plan:
    """How a mapping is laid over a source: the expressions for day, facility, state and each valued column."""

    mapping: Mapping
    edges: Sequence[date]
    by_day: bool
    period: Period
    order: str  # how the file writes a day
    latest: date

    @property
    def keys(self) -> list[str]:
        """The columns of a cell, beside its count: what was read of a row as far as it matters."""
        return ["month", "act", "facility", "state", *self.values, "repeats"]

    @property
    def values(self) -> list[str]:
        """What the mapping's valued columns are called in a query."""
        return [f"v{number}" for number in range(len(self.mapping.valued))]

    @property
    def last(self) -> date:
        """The last day that a row may have."""
        return min(self.mapping.day.latest or self.latest, self.latest)

    def select(self, source: Source, *, numbered: bool = False) -> str:
        """The query that gives, for each row of a source, its day and the keys of its cell; its number if wanted."""
        rules = self.mapping
        cells = {f"v{number}": self.cell(source, column) for number, column in enumerate(rules.valued)}
        repeats = "false"
        if rules.duplicates:
            marks = ", ".join(duck.text(value.casefold()) for value in rules.duplicates.values)
            repeats = f"coalesce(lower({self.cell(source, rules.duplicates.column)}) IN ({marks}), false)"
        inner = ", ".join(
            [
                f"{self._day(source)} AS read",
                f"{self.cell(source, rules.place.column)} AS facility",
                f"{self.cell(source, rules.place.state)} AS state",
                *(f"{cell} AS {name}" for name, cell in cells.items()),
                f"{repeats} AS repeats",
                f"{self.cell(source, rules.day.column)} AS written",
                *([f"nth + {source.first} AS row"] if numbered else []),
            ]
        )
        keep = f"CASE WHEN read BETWEEN DATE '{rules.day.earliest}' AND DATE '{self.last}' THEN read END AS day"
        reads = source.numbered if numbered else source.reads
        return f"SELECT * EXCLUDE (read), {keep} FROM (SELECT {inner} FROM {reads})"  # noqa: S608

    def cell(self, source: Source, column: str) -> str:
        """A column as text: the first of its names that has a value, NULL where the source has none of them."""
        found = [f"CAST({source.refers[number]} AS VARCHAR)" for number in source.find(self.mapping.columns[column])]
        if not found:
            return "CAST(NULL AS VARCHAR)"
        if len(found) == 1:
            return found[0]
        empty = ", ".join(duck.text(text) for text in sorted(self.mapping.empty))
        return (
            f"coalesce({', '.join(f'CASE WHEN lower(trim({one})) NOT IN ({empty}) THEN {one} END' for one in found)})"
        )

    def _day(self, source: Source) -> str:
        """The day that a cell holds; a moment holds its day."""
        found = [source.refers[number] for number in source.find(self.mapping.columns[self.mapping.day.column])]
        if len(found) == 1 and found[0] in source.dated:
            return f"CAST({found[0]} AS DATE)"
        written = self.cell(source, self.mapping.day.column)
        if self.order == "YYYY-MM-DD":
            return f"TRY_CAST(left({written}, 10) AS DATE)"
        return f"CAST(try_strptime(split_part({written}, ' ', 1), '{_PATTERNS[self.order]}') AS DATE)"

    @property
    def act(self) -> str:
        """The day that stands for a row's day: the day itself, or the first day of the edition in force on it."""
        if self.by_day or not self.edges:
            return "day" if self.by_day else f"DATE '{BEGINNING}'"
        steps = " ".join(f"WHEN day >= DATE '{edge}' THEN DATE '{edge}'" for edge in sorted(self.edges, reverse=True))
        return f"CASE WHEN day IS NULL THEN NULL {steps} ELSE DATE '{BEGINNING}' END"

    @property
    def wanted(self) -> str:
        """The condition that a row lies in the period."""
        first, last = self.period.first or date.min, self.period.last or date.max
        return f"(day IS NULL OR day BETWEEN DATE '{first}' AND DATE '{last}')"

    def grouped(self, source: Source) -> str:
        """The query that counts the rows of each cell of a source."""
        keys = ", ".join(self.keys[2:])
        return (
            f"SELECT year(day) * 12 + month(day) - 1 AS month, {self.act} AS act, {keys}, {self.wanted} AS wanted, "  # noqa: S608
            f"count(*) AS n FROM ({self.select(source)}) GROUP BY ALL"
        )


def make(db: DuckDBPyConnection, plan: Plan) -> None:
    """Make the empty table of cells."""
    values = ", ".join(f"{value} VARCHAR" for value in plan.values)
    db.execute(
        "CREATE TABLE cells (month INTEGER, act DATE, facility VARCHAR, state VARCHAR, "
        f"{values + ', ' if values else ''}repeats BOOLEAN, wanted BOOLEAN, n BIGINT)"
    )


def add(db: DuckDBPyConnection, plan: Plan, source: Source, reading: Reading) -> bool:
    """Count the rows of a source into the cells; False, with a note, where the source cannot be read to its end."""
    import duckdb

    db.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    try:
        db.execute(f"INSERT INTO cells {plan.grouped(source)}")
    except duckdb.Error as error:
        reading.left.append(Left(source.name, f"cannot be read to its end, so none of it is counted: {brief(error)}"))
        return False
    _rejected(db, source, reading)
    for column in plan.mapping.columns:
        if not source.find(plan.mapping.columns[column]):
            reading.notes.append(f"{source.name}: has no column {' or '.join(plan.mapping.columns[column])}")
    return True


def _rejected(db: DuckDBPyConnection, source: Source, reading: Reading) -> None:
    """Note the lines of a CSV that are no rows."""
    if "read_csv" not in source.reads:
        return
    found = db.execute(
        "SELECT count(DISTINCT line), min(line), arg_min(error_type, line) FROM reject_errors"
    ).fetchone()
    if found and found[0]:
        count, line, kind = found
        reading.rows += count
        reading.left_out["broken line"] = reading.left_out.get("broken line", 0) + count
        reading.notes.append(
            f"{source.name}:{line}: {'1 line is' if count == 1 else f'{count:,} lines, this the first, are'} "
            f"no whole row ({str(kind).lower().replace('_', ' ')}), left out"
        )
