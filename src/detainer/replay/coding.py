"""Rows of a large Parquet file grouped by small numbers: a text becomes its number once for each of its dictionaries.

A column of few texts is grouped as an enumeration, a day as the number of its slot: the days of one month under one
edition of the law. What the first rows show is enough to begin with; whether every row had its number is then checked
against the count of empty cells that the file itself states, and the column is read whole where one had not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from detainer.replay import duck
from detainer.replay.cells import BEGINNING, Plan
from detainer.replay.dialect import DUCK
from detainer.replay.table import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS = 500_000  # fewer are grouped as fast without
SHOWN = 200_000  # rows that show which texts a column has
_FEW = 100  # texts that a column may have
_REPEATS = "repeats"


@dataclass
class Coded:
    """One source under a plan, as numbers."""

    plan: Plan
    source: Source
    texts: dict[str, list[str]]  # what a column is called in a query → its texts
    first: date
    slots: list[tuple[int, date, bool]]  # month, act and whether it is wanted of each slot
    slot_of: list[int]  # the slot of each day from the first
    all_days: bool = field(default=False)  # whether every row has a day that is wanted

    @property
    def slot(self) -> str:
        """The slot of a row's day, NULL where the day cannot be read."""
        kind = "UTINYINT" if len(self.slots) < 1 << 8 else "USMALLINT"
        return _listed(self.plan.day(self.source), self.first, self.slot_of, kind)

    def number(self, name: str) -> str:
        """The expression for a column as an enumeration, NULL for a text that it does not have."""
        texts = ", ".join(map(DUCK.text, self.texts[name] or [""]))
        return f"TRY_CAST({_cells(self.plan, self.source)[name]} AS ENUM({texts}))"

    def grouped(self) -> str:
        """The query that counts the rows of each slot and each set of texts."""
        numbers = ", ".join(f"{self.number(name)} AS {name}" for name in self.texts)
        return f"SELECT {self.slot} AS slot, {numbers}, count(*) AS n FROM {DUCK.scan(self.source.file)} GROUP BY ALL"  # noqa: S608

    def cells(self, table: str) -> str:
        """The query that makes of what `grouped` found the cells that Plan.grouped makes."""
        texts = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in self.plan.values)
        # Beyond the plan's days a row has no slot, no day, and lies in every period.
        return (
            f"SELECT s.month, s.act, {texts}, {self._marked} AS repeats, coalesce(s.wanted, true) AS wanted, "  # noqa: S608
            f"sum(n)::BIGINT AS n FROM {table} c LEFT JOIN slots s ON c.slot = s.slot GROUP BY ALL"
        )

    def placed(self, by: Sequence[str], *, repeats: bool) -> str:
        """The query that Plan.placed makes, over numbers."""
        plan, source = self.plan, self.source
        names = {"act": f"{_listed(plan.day(source), self.first, self._act_of, 'DATE')} AS act"}
        names |= {name: f"{self.number(name)} AS {name}" for name in plan.values}
        kept = [] if self.all_days else [_listed(plan.day(source), self.first, self._wanted_of, "BOOLEAN")]
        if not repeats and plan.mapping.duplicates:
            kept.append(f"NOT {self._marked.replace(_REPEATS, self.number(_REPEATS))}")
        places = (plan.mapping.place.column, plan.mapping.place.state)
        chosen = [*(f"{plan.cell(source, one)} AS p{at}" for at, one in enumerate(places)), *(names[one] for one in by)]
        rows = f"{DUCK.scan(source.file)}{' WHERE ' + ' AND '.join(kept) if kept else ''}"
        return f"SELECT {', '.join(chosen)}, count(*) AS n FROM {rows} GROUP BY ALL"  # noqa: S608

    @property
    def _marked(self) -> str:
        rules = self.plan.mapping.duplicates
        marks = [text for text in self.texts[_REPEATS] if rules and text.lower() in map(str.casefold, rules.values)]
        return f"coalesce({_REPEATS} IN ({', '.join(map(DUCK.text, marks))}), false)" if marks else "false"

    @property
    def _act_of(self) -> list[str]:
        return [f"'{self.slots[slot][1]}'" for slot in self.slot_of]

    @property
    def _wanted_of(self) -> list[bool]:
        return [self.slots[slot][2] for slot in self.slot_of]


def coded(db: DuckDBPyConnection, plan: Plan, source: Source, tell: duck.Tell, into: str) -> Coded | None:
    """Count a source's cells into the table `into` by numbers; None where that is no gain or its file forbids it.

    Raises what DuckDB raises where the file cannot be read.
    """
    days = set(source.find(plan.mapping.columns[plan.mapping.day.column]))
    if plan.by_day or len(days) != 1 or not days <= source.dated:
        return None
    filled = _filled(db, plan, source)
    scan, day = DUCK.scan(source.file), plan.day(source)
    rows, first, last = db.execute(f"SELECT count(*), min({day}), max({day}) FROM {scan}").fetchall()[0]  # noqa: S608
    if rows < ROWS or first is None:
        return None
    first, last = max(first, plan.mapping.day.earliest), min(last, plan.last)
    shown = f"(SELECT * FROM {scan} LIMIT {SHOWN})"  # noqa: S608
    columns = _cells(plan, source)
    texts = {name: _texts(db, cell, shown if name in filled else scan) for name, cell in columns.items()}
    found = Coded(plan, source, texts, first, *_slots(plan, first, last))
    if any(len(some) > _FEW for some in texts.values()):
        return None
    _counted(db, found, source, tell)
    if lacking := [name for name, n in filled.items() if _count(db, f"{name} IS NOT NULL") != n]:
        found.texts |= {name: _texts(db, columns[name], scan) for name in lacking}
        if any(len(some) > _FEW for some in found.texts.values()):
            return None
        _counted(db, found, source, tell)
    slots = [(at, *one) for at, one in enumerate(found.slots)]
    duck.table(db, "slots", {"slot": "INTEGER", "month": "INTEGER", "act": "DATE", "wanted": "BOOLEAN"}, slots)
    found.all_days = all(wanted for *_, wanted in found.slots) and not _count(db, "slot IS NULL")
    db.execute(f"INSERT INTO {into} {found.cells('coded')}")
    return found


def _counted(db: DuckDBPyConnection, found: Coded, source: Source, tell: duck.Tell) -> None:
    duck.watched(db, f"CREATE OR REPLACE TABLE coded AS {found.grouped()}", f"reading {Path(source.name).name}", tell)


def _count(db: DuckDBPyConnection, condition: str) -> int:
    return int(db.execute(f"SELECT coalesce(sum(n), 0)::BIGINT FROM coded WHERE {condition}").fetchall()[0][0])  # noqa: S608


def _cells(plan: Plan, source: Source) -> dict[str, str]:
    """The expression of each column that is grouped by, as text."""
    rules = plan.mapping.duplicates
    repeats = plan.cell(source, rules.column) if rules else "CAST(NULL AS STRING)"
    return {name: plan.cell(source, one) for name, one in zip(plan.values, plan.valued, strict=True)} | {
        _REPEATS: repeats
    }


def _texts(db: DuckDBPyConnection, cell: str, rows: str) -> list[str]:
    """The texts of a column, or one more than too many of them."""
    asked = f"SELECT DISTINCT {cell} AS text FROM {rows} WHERE {cell} IS NOT NULL LIMIT {_FEW + 1}"  # noqa: S608
    return sorted(text for (text,) in db.execute(asked).fetchall())


def _filled(db: DuckDBPyConnection, plan: Plan, source: Source) -> dict[str, int]:
    """How many cells of a column are not empty, as the file states, of columns that have one name in it."""
    asked = (
        f"SELECT path_in_schema, sum(num_values)::BIGINT, sum(stats_null_count)::BIGINT FROM parquet_metadata("  # noqa: S608
        f"{DUCK.text(source.file)}) GROUP BY ALL HAVING count(*) = count(stats_null_count)"
    )
    stated = {path: (values, empty) for path, values, empty in db.execute(asked).fetchall()}
    named = dict(zip(plan.values, plan.valued, strict=True))
    if plan.mapping.duplicates:
        named[_REPEATS] = plan.mapping.duplicates.column
    found = {}
    for name, column in named.items():
        at = source.find(plan.mapping.columns[column])
        if len(at) == 1 and source.stored[at[0]] in stated:
            values, empty = stated[source.stored[at[0]]]
            found[name] = values - empty
    return found


def _slots(plan: Plan, first: date, last: date) -> tuple[list[tuple[int, date, bool]], list[int]]:
    """The slots of the days between two, and the slot of each of those days."""
    edges = sorted(plan.edges)
    begin, end = plan.period.first or BEGINNING, plan.period.last or plan.latest
    slots: dict[tuple[int, date, bool], int] = {}
    slot_of = []
    for number in range((last - first).days + 1):
        day = first + timedelta(number)
        act = max((edge for edge in edges if edge <= day), default=BEGINNING)
        key = day.year * 12 + day.month - 1, act, begin <= day <= end
        slot_of.append(slots.setdefault(key, len(slots)))
    return list(slots), slot_of


def _listed(day: str, first: date, values: Sequence[object], kind: str) -> str:
    """The expression for what a list says of each day from the first; NULL for a day before or after."""
    if len(set(values)) == 1 and kind == "DATE":
        return f"CAST({values[0]} AS DATE)"
    number = f"greatest(({day} - DATE '{first}')::INTEGER + 1, 0)"  # a number below 0 would count from the end
    return f"list_extract([{', '.join(map(str, values))}]::{kind}[], {number})"
