"""A table judged before it is used: its columns, its values, its days, its months beside what was published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from detainer.replay.cells import Period, Plan
from detainer.replay.dialect import DUCK
from detainer.replay.duck import Tell
from detainer.replay.mapping import Mapping
from detainer.replay.table import Left, Source, plain
from detainer.replay.tables import Tables, mapped, tallies


@dataclass
class Check:
    """What a check found of one file or several under one mapping; `sound` if nothing stands against using them."""

    mapping: str
    files: dict[str, str]
    rows: int
    columns: list[dict[str, Any]] = field(default_factory=list)  # each mapped column: its name here, its empty cells
    ignored: dict[str, str] = field(default_factory=dict)  # columns of the file that become no fact, and why
    unlisted: list[dict[str, Any]] = field(default_factory=list)
    days: dict[str, Any] = field(default_factory=dict)
    months: list[dict[str, Any]] = field(default_factory=list)
    repeats: int = 0
    broken: dict[str, int] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counted: bool = False  # whether a column looks like a count of the rows that a line stands for

    @property
    def sound(self) -> bool:
        """Whether every row was read and is one, every value is listed and every month has the published count."""
        differs = any(month.get("published", month["rows"]) != month["rows"] for month in self.months)
        return not (self.unlisted or self.broken or self.left or self.counted or differs or self.days["not_readable"])

    def as_json(self) -> dict[str, Any]:
        """The whole check as one JSON object."""
        return {
            "mapping": self.mapping,
            "files": [{"path": path, "sha256": digest} for path, digest in self.files.items()],
            "sound": self.sound,
            "rows": self.rows,
            "columns": self.columns,
            "no_fact": self.ignored,
            "not_in_mapping": self.unlisted,
            "days": self.days,
            "months": self.months,
            "marked_as_repeats": self.repeats,
            "left_out": self.broken,
            "not_read": [{"table": left.name, "why": left.why} for left in self.left],
            "notes": self.notes,
        }

    def as_text(self) -> Iterator[str]:
        """The check in lines for people."""
        yield f"{', '.join(self.files)} under {self.mapping}: {self.rows:,} rows"
        width = max(len(column["column"]) for column in self.columns)
        for column in self.columns:
            named = ", ".join(column["called"]) or "not in the file: not known of any row"
            yield f"  {column['column']:{width}}  {column['empty']:7.1%} empty  {named}"
        for value in self.unlisted:
            yield f"  not in the mapping: {value['column']} {value['value']!r}, {value['rows']:,} rows"
        span = f"{self.days['first']} to {self.days['last']}"
        yield f"  days {span}; {self.days['not_readable']:,} not readable or out of range"
        for why, n in self.broken.items():
            yield f"  {why}: {n:,}"
        if self.repeats:
            yield f"  {self.repeats:,} rows are marked as repeats"
        for month in self.months:
            beside = ""
            if "published" in month:
                same = "as published" if month["published"] == month["rows"] else f"published: {month['published']:,}"
                beside = f"  {same}"
            yield f"  {month['month']}  {month['rows']:>9,}{beside}"
        for name, why in self.ignored.items():
            yield f"  becomes no fact: {name}. {why}"
        yield "Nothing stands against using it." if self.sound else "Look at the above before using it."


def check(
    paths: Sequence[Path], rules: Mapping, latest: date, order: str = "", progress: Tell = lambda _: None
) -> Check:
    """Judge tables under a mapping; UserError where not one of them can be read."""
    plan = Plan(rules, rules.valued, (), False, Period(), order, latest)
    with Tables(plan) as tables:
        tables.open(paths, progress)
        tables.lay(tell=progress)
        whole = sum(n for (n,) in tables.db.execute("SELECT n FROM cells").fetchall())
        found = Check(rules.id, tables.digests(), whole + sum(tables.reading.left_out.values()))
        found.broken, found.left = tables.reading.left_out, tables.reading.left
        tables.note_days()
        found.notes = tables.reading.notes
        found.counted = any(tallies(source, rules) for source in tables.sources)
        found.columns = list(_columns(tables))
        found.ignored = _ignored(tables.sources, rules)
        found.unlisted = [
            {"column": rules.columns[rules.valued[number]][0], "value": value, "rows": n}
            for number, value, _, n in tables.unlisted()
        ]
        found.repeats = _one(tables, "SELECT coalesce(sum(n), 0)::BIGINT FROM cells WHERE repeats")
        found.days = _days(tables)
        found.months = _months(tables, rules)
    return found


def _one(tables: Tables, query: str) -> Any:
    row = tables.db.execute(query).fetchone()
    return row[0] if row else None


def _columns(tables: Tables) -> Iterator[dict[str, Any]]:
    """Each column of the mapping: what the files call it, and the share of its cells that are empty."""
    rules = tables.rules
    cells: list[tuple[int, list[int]]] = []
    for source in tables.sources:
        counts = ", ".join(
            f"count(*) FILTER ({DUCK.empty(tables.plan.cell(source, column), rules.empty)})" for column in rules.columns
        )
        row = tables.db.execute(f"SELECT count(*), {counts} FROM {source.scan()}").fetchone()  # noqa: S608
        if row:
            cells.append((row[0], list(row[1:])))
    rows = sum(count for count, _ in cells)
    for number, column in enumerate(rules.columns):
        called = {
            " ".join(source.columns[at].split()) for source in tables.sources for at in source.holds(rules, column)
        }
        empty = sum(counts[number] for _, counts in cells)
        yield {"column": column, "called": sorted(called), "empty": empty / rows if rows else 0.0}


def _ignored(sources: Sequence[Source], rules: Mapping) -> dict[str, str]:
    """The columns of the files that the mapping reads nothing from, with its reason where it gives one."""
    known = mapped(rules)
    reasons = {plain(name): why for name, why in rules.unread.items()}
    return {
        column: reasons.get(plain(column), "The mapping does not speak of it.")
        for source in sources
        for column in source.columns
        if plain(column) not in known
    }


def _days(tables: Tables) -> dict[str, Any]:
    row = None
    for source in tables.sources:
        asked = f"SELECT min(day), max(day), count(*) - count(day) FROM ({tables.plan.select(source)})"  # noqa: S608
        one = tables.db.execute(asked).fetchone()
        if one is not None:
            row = one if row is None else (_least(row[0], one[0]), _most(row[1], one[1]), row[2] + one[2])
    first, last, unread = row or (None, None, 0)
    return {"first": first and str(first), "last": last and str(last), "not_readable": unread}


def _least(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day), default=None)


def _most(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day), default=None)


def _months(tables: Tables, rules: Mapping) -> list[dict[str, Any]]:
    """The rows of each month, beside the published count where the mapping states one for the months it covers."""
    found: dict[str, dict[str, Any]] = {}
    asked = "SELECT month, sum(n)::BIGINT FROM cells WHERE month IS NOT NULL GROUP BY month ORDER BY month"
    for month, n in tables.db.execute(asked).fetchall():
        name = f"{month // 12}-{month % 12 + 1:02}"
        found[name] = {"month": name, "rows": n}
    for name, n in rules.published.months.items() if rules.published else ():
        found.setdefault(name, {"month": name, "rows": 0})["published"] = n
    return [found[name] for name in sorted(found)]
