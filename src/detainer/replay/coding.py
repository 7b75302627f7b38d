"""Rows of a large Parquet file grouped by small numbers: a text becomes its number once for each of its dictionaries.

A column of few texts is grouped as an enumeration, a day as the number of its slot: the days of one month under one
edition of the law. What the first rows show is enough to begin with: an empty cell has a number of its own, so that a
row without one holds a text that was not shown, and the texts of its column are then sought in all rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from detainer.replay import duck
from detainer.replay.cells import BEGINNING, PLACED, Plan
from detainer.replay.dialect import DUCK
from detainer.replay.table import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS = 500_000  # fewer are grouped as fast without
SHOWN = 200_000  # rows that show which texts a column has
_FEW = 100  # texts that a column may have
_NAMES = 10_000  # names of facilities or states that are counted as numbers
_DAYS = 20_000  # texts that a column of days may have
_REPEATS = "repeats"


@dataclass
class Coded:
    """One source under a plan, as numbers; `days` is the table of what each of its days is."""

    plan: Plan
    source: Source
    days: str
    texts: dict[str, list[str]]  # what a column is called in a query → its texts
    agencies: bool  # whether rows are told apart by the agency that `places` gives their facility
    places: dict[str, list[str]] = field(default_factory=dict)  # the names of facilities and states, unless too many
    all_days: bool = field(default=False)  # whether every row has a day that is wanted

    def too_many(self) -> bool:
        """Whether a column has more texts than are grouped as numbers."""
        return any(len(texts) > _FEW for texts in self.texts.values())

    def grouped(self) -> str:
        """The query that counts the rows of each slot and each set of texts."""
        chosen = ["d.slot", *(f"r.{name}" for name in self.texts)]
        of = ["told", *(["facility", "state"] if self.agencies else []), *self.texts]
        rows = f"({self._rows(of)}) r LEFT JOIN {self.days} d ON d.key = r.told"
        if self.agencies:
            chosen.append("p.agency")
            rows += f" LEFT JOIN {self._agencies}"
        return f"SELECT {', '.join(chosen)}, count(*) AS n FROM {rows} GROUP BY ALL"  # noqa: S608

    def cells(self, table: str) -> str:
        """The query that makes of what `grouped` found the cells that Plan.grouped makes."""
        keys = "CAST(c.agency AS VARCHAR) AS agency, " if self.agencies else ""
        texts = ", ".join(_as_text(name) for name in self.plan.values)
        # Beyond the plan's days a row has no slot, no day, and lies in every period.
        slots = f"(SELECT DISTINCT slot, month, act, wanted FROM {self.days}) s"  # noqa: S608
        return (
            f"SELECT s.month, s.act, {keys}{texts}, {self._marked} AS repeats, coalesce(s.wanted, true) AS wanted, "  # noqa: S608
            f"sum(n)::BIGINT AS n FROM {table} c LEFT JOIN {slots} ON c.slot = s.slot GROUP BY ALL"
        )

    def placed(self, by: Sequence[str], *, repeats: bool) -> str:
        """The query that Plan.placed makes, over numbers; where rows are told apart by agency, of those in `places`."""
        marked = [_REPEATS] if not repeats and self.plan.mapping.duplicates else []
        dated = ["told"] if "act" in by or not self.all_days else []
        texts = [one for one in by if one in self.texts]
        rows = f"({self._rows(['facility', 'state', *texts, *marked, *dated])}) r"
        if dated:
            rows += f" JOIN {self.days} d ON d.key = r.told AND d.wanted"
        if self.agencies:
            rows += f" JOIN {self._agencies}"
        names = {"act": "d.act", "agency": "p.agency"}
        chosen = ", ".join(["r.facility", "r.state", *(names.get(one, f"r.{one}") for one in by)])
        kept = f" WHERE NOT {self._marked}" if marked else ""
        told = ", ".join(one if one in names else _as_text(one) for one in ("facility", "state", *by))
        return f"SELECT {told}, n FROM (SELECT {chosen}, count(*) AS n FROM {rows}{kept} GROUP BY ALL)"  # noqa: S608

    @property
    def _agencies(self) -> str:
        """What gives each row its agency."""
        if not self.places:
            return f"places p ON {PLACED}"
        facility, state = (f"{_number(one, self.places[one])} AS {one}" for one in ("facility", "state"))
        distinct = f"(SELECT DISTINCT {facility}, {state}, agency FROM places)"  # noqa: S608
        return f"{distinct} p ON r.facility = p.facility AND r.state = p.state"

    def _rows(self, names: Sequence[str]) -> str:
        """The query that gives columns of each row by the names that they have here, those of few texts as numbers."""
        plan, source = self.plan, self.source
        cells = _cells(plan, source) | {"told": _told(plan, source)}
        for name, texts in (self.texts | self.places).items():
            cells[name] = _number(cells[name], texts)
        return f"SELECT {', '.join(f'{cells[one]} AS {one}' for one in names)} FROM {source.scan()}"  # noqa: S608

    @property
    def _marked(self) -> str:
        rules = self.plan.mapping.duplicates
        marks = [text for text in self.texts[_REPEATS] if rules and text.lower() in map(str.casefold, rules.values)]
        return f"coalesce({_REPEATS} IN ({', '.join(map(DUCK.text, marks))}), false)" if marks else "false"


def coded(
    db: DuckDBPyConnection, plan: Plan, source: Source, tell: duck.Tell, into: str, *, agencies: bool
) -> Coded | None:
    """Count a source's cells into the table `into` by numbers; None where that is no gain.

    With `agencies` they are also told apart by the agency that the table `places` gives their facility. Raises what
    DuckDB raises where the file cannot be read.
    """
    scan = source.scan()
    if _one(db, f"SELECT count(*) FROM {scan}") < ROWS:  # noqa: S608
        return None
    columns = _cells(plan, source)
    named = {name: columns.pop(name) for name in ("facility", "state")}
    tables = _one(db, "SELECT count(*) FROM duckdb_tables()")
    days = f"days_{tables}"
    found = Coded(plan, source, days, _shown(db, columns, f"(SELECT * FROM {scan} LIMIT {SHOWN})"), agencies)  # noqa: S608
    if found.too_many() or not _lay_days(db, found):
        return None
    places = {
        name: _texts(db, name if agencies else cell, "places" if agencies else scan, _NAMES)
        for name, cell in named.items()
    }
    if all(len(texts) <= _NAMES for texts in places.values()):
        found.places = places
    _count(db, found, tell)
    if lacking := [name for name in columns if _counted(db, f"{name} IS NULL")]:
        found.texts |= {name: _texts(db, columns[name], scan, _FEW) for name in lacking}
        if found.too_many():
            return None
        _count(db, found, tell)
    unwanted = f"slot IS NULL OR slot IN (SELECT slot FROM {days} WHERE NOT wanted)"  # noqa: S608
    found.all_days = not _counted(db, unwanted)
    db.execute(f"INSERT INTO {into} {found.cells('coded')}")
    return found


def _count(db: DuckDBPyConnection, found: Coded, tell: duck.Tell) -> None:
    what = f"reading {Path(found.source.name).name}"
    duck.watched(db, f"CREATE OR REPLACE TABLE coded AS {found.grouped()}", what, tell)


def _counted(db: DuckDBPyConnection, condition: str) -> int:
    return _one(db, f"SELECT coalesce(sum(n), 0)::BIGINT FROM coded WHERE {condition}")  # noqa: S608


def _one(db: DuckDBPyConnection, query: str) -> int:
    return int(db.execute(query).fetchall()[0][0])


def _number(cell: str, texts: Sequence[str]) -> str:
    """The expression of a text as its number, NULL where it is none of `texts`; an empty cell has a number too.

    It is made of functions of the cell alone, which the engine works out once for each text of a dictionary.
    """
    return f"TRY_CAST(concat({cell}, '') AS ENUM({', '.join(map(DUCK.text, ('', *texts)))}))"


def _as_text(name: str) -> str:
    """A column of numbers as the texts for which they stand."""
    return f"nullif(CAST({name} AS VARCHAR), '') AS {name}"


def _cells(plan: Plan, source: Source) -> dict[str, str]:
    """The expression of each column that is grouped by, as text."""
    rules = plan.mapping
    repeats = plan.cell(source, rules.duplicates.column) if rules.duplicates else "CAST(NULL AS STRING)"
    places = {"facility": plan.cell(source, rules.place.column), "state": plan.cell(source, rules.place.state)}
    valued = {name: plan.cell(source, one) for name, one in zip(plan.values, plan.valued, strict=True)}
    return valued | {_REPEATS: repeats} | places


def _shown(db: DuckDBPyConnection, cells: Mapping[str, str], rows: str) -> dict[str, list[str]]:
    """The texts of columns that a few rows show."""
    lists = ", ".join(f"list(DISTINCT {cell})" for cell in cells.values())
    found = db.execute(f"SELECT {lists} FROM {rows}").fetchall()[0]  # noqa: S608
    return {name: sorted(filter(None, texts or ())) for name, texts in zip(cells, found, strict=True)}


def _texts(db: DuckDBPyConnection, cell: str, rows: str, most: int) -> list[str]:
    """The texts of a column, or one more than the most of them."""
    asked = f"SELECT DISTINCT {cell} AS text FROM {rows} WHERE {cell} <> '' LIMIT {most + 1}"  # noqa: S608
    return sorted(text for (text,) in db.execute(asked).fetchall())


def _as_days(plan: Plan, source: Source) -> bool:
    """Whether the one column of days holds days or moments, and no texts."""
    found = source.find(plan.mapping.columns[plan.mapping.day.column])
    return len(found) == 1 and found[0] in source.dated


def _told(plan: Plan, source: Source) -> str:
    """The day of a row, or how it is written."""
    return plan.day(source) if _as_days(plan, source) else plan.cell(source, plan.mapping.day.column)


def _lay_days(db: DuckDBPyConnection, found: Coded) -> bool:
    """Make the table of what each day of a source is, by the day itself or as it is written; False if too many are."""
    plan, source = found.plan, found.source
    scan, told = source.scan(), _told(plan, source)
    begin, end = plan.mapping.day.earliest, plan.last
    if _as_days(plan, source):
        first, last = db.execute(f"SELECT min({told}), max({told}) FROM {scan}").fetchall()[0]  # noqa: S608
        first, last = (max(first, begin), min(last, end)) if first else (end, begin)
        days = [(day, day) for day in (first + timedelta(at) for at in range((last - first).days + 1))]
        kind = "DATE"
    else:
        read = DUCK.day("key", plan.order_of(source))
        asked = f"SELECT key, {read} FROM (SELECT DISTINCT {told} AS key FROM {scan} LIMIT {_DAYS + 1})"  # noqa: S608
        written = db.execute(asked).fetchall()
        if len(written) > _DAYS:
            return False
        days, kind = [(key, day) for key, day in written if day and begin <= day <= end], "VARCHAR"
    columns = {"key": kind, "slot": "USMALLINT", "month": "INTEGER", "act": "DATE", "wanted": "BOOLEAN"}
    duck.table(db, found.days, columns, list(_slots(plan, days)))
    return True


def _slots(plan: Plan, days: Sequence[tuple[object, date]]) -> Iterator[tuple[object, int, int, date, bool]]:
    """What each day is: its slot, and the month and act of the slot and whether it is wanted."""
    edges = sorted(plan.edges)
    begin, end = plan.period.first or BEGINNING, plan.period.last or plan.latest
    slots: dict[tuple[int, date, bool], int] = {}
    for key, day in days:
        act = day if plan.by_day else max((edge for edge in edges if edge <= day), default=BEGINNING)
        slot = day.year * 12 + day.month - 1, act, begin <= day <= end
        yield key, slots.setdefault(slot, len(slots)), *slot
