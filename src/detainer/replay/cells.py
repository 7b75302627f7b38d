"""From rows to cells: rows that say the same of month, day of the law and mapped columns, counted.

The day of a row matters only by the edition of the law in force on it, unless a fact is dated: then it matters itself.
A facility is no part of a cell, or there would be as many cells as rows: facilities are counted once it is known which
columns the answers hang on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from detainer.replay.dialect import DUCK, Duck
from detainer.replay.mapping import Mapping
from detainer.replay.table import Left, Source

BEGINNING = date(1900, 1, 1)  # the day that stands for all days before the first edge of a law
PLACED = "r.facility IS NOT DISTINCT FROM p.facility AND r.state IS NOT DISTINCT FROM p.state"


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
    valued: Sequence[str]  # the columns of the mapping whose values are read
    edges: Sequence[date]
    by_day: bool
    period: Period
    order: str  # how files write a day, where it is said; empty: as the mapping says, or as a file shows
    latest: date

    @property
    def values(self) -> list[str]:
        """What the valued columns are called in a query."""
        return [f"v{number}" for number in range(len(self.valued))]

    @property
    def last(self) -> date:
        """The last day that a row may have."""
        return min(self.mapping.day.latest or self.latest, self.latest)

    def order_of(self, source: Source) -> str:
        """How a source writes days."""
        return source.order or self.order or self.mapping.day.format

    def select(self, source: Source, sql: Duck = DUCK, *, numbered: bool = False) -> str:
        """The query that gives, for each row of a source, its day, its place and its values; its number if wanted."""
        rules = self.mapping
        cells = {f"v{number}": self.cell(source, column, sql) for number, column in enumerate(self.valued)}
        repeats = "false"
        if rules.duplicates:
            marks = ", ".join(sql.text(value.casefold()) for value in rules.duplicates.values)
            repeats = f"coalesce(lower({self.cell(source, rules.duplicates.column, sql)}) IN ({marks}), false)"
        inner = ", ".join(
            [
                f"{self.day(source, sql)} AS told",
                f"{self.cell(source, rules.place.column, sql)} AS facility",
                f"{self.cell(source, rules.place.state, sql)} AS state",
                *(f"{cell} AS {name}" for name, cell in cells.items()),
                f"{repeats} AS repeats",
                f"{self.cell(source, rules.day.column, sql)} AS written",
                *([f"{source.row_number} AS number"] if numbered else []),
            ]
        )
        days = f"CASE WHEN told BETWEEN DATE '{rules.day.earliest}' AND DATE '{self.last}' THEN told END AS day"
        chosen = ["facility", "state", *self.values, "repeats", "written", *(["number"] if numbered else []), days]
        reads = source.numbered(sql) if numbered else source.scan(sql)
        return f"SELECT {', '.join(chosen)} FROM (SELECT {inner} FROM {reads}) one"  # noqa: S608

    def cell(self, source: Source, column: str, sql: Duck = DUCK) -> str:
        """A column as text: the first of its names that has a value, NULL where the source has none of them."""
        names = [sql.column(source.stored[number]) for number in source.holds(self.mapping, column)]
        found = [f"CAST({name} AS STRING)" for name in names]
        if not found:
            return "CAST(NULL AS STRING)"
        if len(found) == 1:
            return found[0]
        empty = self.mapping.empty
        return f"coalesce({', '.join(f'CASE WHEN NOT {sql.empty(one, empty)} THEN {one} END' for one in found)})"

    def day(self, source: Source, sql: Duck = DUCK) -> str:
        """The day that a cell holds; a moment holds its day."""
        found = source.find(self.mapping.columns[self.mapping.day.column])
        if len(found) == 1 and found[0] in source.dated:
            return f"CAST({sql.column(source.stored[found[0]])} AS DATE)"
        return sql.day(self.cell(source, self.mapping.day.column, sql), self.order_of(source))

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
        first, last = self.period.first or BEGINNING, self.period.last or self.latest
        return f"(day IS NULL OR day BETWEEN DATE '{first}' AND DATE '{last}')"

    def types(self, keys: Sequence[str]) -> dict[str, str]:
        """The columns of a table of cells that are also told apart by `keys`, such as the facility, and their types."""
        texts = dict.fromkeys([*keys, *self.values], "VARCHAR")
        return {"month": "INTEGER", "act": "DATE", **texts, "repeats": "BOOLEAN", "wanted": "BOOLEAN", "n": "BIGINT"}

    def grouped(self, source: Source, keys: Sequence[str] = (), sql: Duck = DUCK) -> str:
        """The query that counts the rows of each cell of a source; the key `agency` is looked up in `places`."""
        rows = f"({self.select(source, sql)}) r"
        if "agency" in keys:
            rows += f" LEFT JOIN places p ON {PLACED}"
        chosen = ", ".join([*(f"p.{key}" if key == "agency" else f"r.{key}" for key in keys), *self.values, "repeats"])
        month = "CAST(year(day) * 12 + month(day) - 1 AS INT)"
        return (
            f"SELECT {month} AS month, {self.act} AS act, {chosen}, {self.wanted} AS wanted, count(*) AS n "  # noqa: S608
            f"FROM {rows} GROUP BY ALL"
        )

    def placed(self, source: Source, by: Sequence[str], sql: Duck = DUCK, *, agency: bool, repeats: bool) -> str:
        """The query that counts the decided rows of each facility by some columns of their cells.

        `agency` looks each row's agency up in `places`, which then names only those whose rows are decided. What is
        left out is left out of the count and not of the rows: a filter would read each day that is a text many times.
        """
        rows = f"({self.select(source, sql)}) r"
        if agency:
            rows += f" JOIN places p ON {PLACED}"
        names = {"act": f"{self.act} AS act", "agency": "p.agency"}
        chosen = ", ".join(["r.facility", "r.state", *(names.get(one, one) for one in by)])
        kept = f"day IS NOT NULL AND {self.wanted}{'' if repeats else ' AND NOT repeats'}"
        counted = f"SELECT {chosen}, count(*) FILTER (WHERE {kept}) AS n FROM {rows} GROUP BY ALL"  # noqa: S608
        return f"SELECT * FROM ({counted}) counted WHERE n > 0"  # noqa: S608
