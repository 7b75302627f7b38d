"""Several tables opened and laid into cells, with what was left out and what is worth saying of each."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from detainer.errors import UserError
from detainer.replay import duck, table
from detainer.replay.cells import Plan, Reading
from detainer.replay.coding import Coded
from detainer.replay.dialect import DUCK, PATTERNS
from detainer.replay.engine import Embedded, Engine, Unreadable
from detainer.replay.mapping import Mapping

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MOST = 0.75  # the share of a file's days that another order than its mapping's must read to be taken
_TEXTS = 50_000  # of days that are read once for all rows
_FEW = 12  # columns of a table that may be one of counts
_TALLY = re.compile(
    "(row|detainer|arrest)?s?(n|(count|total|number|num|rows|freq|frequency|sum|cases)s?)(of)?(rows|detainers|arrests)?"
    "|detainers|arrests"
)
ORDERS = ("YYYY-MM-DD", *PATTERNS)


class Tables:
    """Tables under one plan, and the database that holds their cells; close it to remove what it spilled."""

    def __init__(self, plan: Plan, memory: str = "", engine: Callable[[DuckDBPyConnection], Engine] = Embedded) -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="detainer-replay-")
        with ExitStack() as undone:
            undone.callback(self._spill.cleanup)
            self.db: DuckDBPyConnection = duck.connect(Path(self._spill.name), memory)
            undone.callback(self.db.close)
            self.engine = engine(self.db)
            undone.pop_all()
        self.plan, self.rules = plan, plan.mapping
        self.reading = Reading()
        self.sources: list[table.Source] = []
        self.coded: dict[str, Coded] = {}  # the sources whose cells were counted by small numbers
        self._beside = ThreadPoolExecutor(1)
        self._digests: dict[str, Future[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove everything that was read."""
        self._beside.shutdown(cancel_futures=True)
        self.engine.close()
        self.db.close()
        self._spill.cleanup()

    def open(self, paths: Sequence[Path], tell: duck.Tell = lambda _: None, *, digested: bool = True) -> None:
        """Find the tables in the files, of folders every Parquet file; UserError where there is not one table.

        The files are digested while they are read, where that is wanted: see `digests`.
        """
        for path in _files(paths):
            tell(f"opening {path.name}")
            if digested:
                self._digests[str(path)] = self._beside.submit(table.digest, path)
            for found in table.sources(self.db, path, self.rules, Path(self._spill.name)):
                if isinstance(found, table.Left):
                    self.reading.left.append(found)
                else:
                    self.sources.append(found)
        self._some()
        self.sources = [self._as_it_writes_days(source) for source in self.sources]

    def digests(self) -> dict[str, str]:
        """The SHA-256 of each file; one that cannot be read has none, and is told among those left out."""
        return {path: one.result() for path, one in self._digests.items() if one.exception() is None}

    def lay(self, keys: Sequence[str] = (), tell: duck.Tell = lambda _: None) -> None:
        """Count the rows of every table into `cells`; see Plan.grouped. UserError where not one can be read."""
        types = ", ".join(f"{column} {kind}" for column, kind in self.plan.types(keys).items())
        self.db.execute(f"CREATE TABLE cells ({types})")
        for source in list(self.sources):
            try:
                found = None
                if set(keys) <= {"agency"}:
                    found = self.engine.coded(self.plan, source, tell, "cells", agencies=bool(keys))
                if found:
                    self.coded[source.name] = found
                else:
                    self.insert("cells", self.plan.grouped(source, keys, self.engine.sql), source, tell)
            except Unreadable as error:
                why = f"cannot be read to its end, so none of it is counted: {error}"
                self.reading.left.append(table.Left(source.name, why))
                self.sources.remove(source)
        self._some()
        for source in self.sources:
            self._note(source)

    def insert(self, into: str, query: str, source: table.Source, tell: duck.Tell) -> None:
        """Let the engine append what a query finds in a source to a table; Unreadable where it cannot be read."""
        self.engine.insert(into, query, f"reading {Path(source.name).name}", tell)

    def _some(self) -> None:
        if not self.sources:
            first = self.reading.left[0]
            raise UserError(first.why, where=first.name)

    def _note(self, source: table.Source) -> None:
        """What is worth saying of a table: broken lines, columns that it does not have, how it is written."""
        reading = self.reading
        reading.notes += source.notes
        if broken := source.broken:
            reading.rows += broken.count
            reading.left_out["broken line"] = reading.left_out.get("broken line", 0) + broken.count
            are = "1 line is" if broken.count == 1 else f"{broken.count:,} lines, this the first, are"
            reading.notes.append(f"{source.name}:{broken.line}: {are} no whole row ({broken.kind}), left out")
        for why, n in source.no_rows.items():
            reading.rows += n
            reading.left_out[why] = reading.left_out.get(why, 0) + n
        reading.notes += _unread_marks(source, self.rules)
        reading.notes += [
            f"{source.name}: {column} looks like a count: each line is read as one row, whatever number stands there"
            for column in tallies(source, self.rules)
        ]
        absent = []
        for column, names in self.rules.columns.items():
            if source.find(names):
                continue
            if other := [source.columns[at] for at in source.holds(self.rules, column)]:
                named = table.named(names)
                reading.notes.append(f"{source.name}: has no column {named}; {', '.join(other)} is read instead")
            else:
                absent.append(names)
        if len(absent) == 1:
            reading.notes.append(f"{source.name}: has no column {table.named(absent[0])}")
        elif absent:
            reading.notes.append(f"{source.name}: has no columns {', '.join(names[0] for names in absent)}")

    def _as_it_writes_days(self, source: table.Source) -> table.Source:
        """The source with the order in which it writes days, where that is not its mapping's.

        Another order is taken only where it alone reads the most: 03/04/2015 could be either of two days.
        """
        plan = self.plan
        if plan.order or set(source.find(self.rules.columns[self.rules.day.column])) & source.dated:
            return source
        written = plan.cell(source, self.rules.day.column)
        within = f"BETWEEN DATE '{self.rules.day.earliest}' AND DATE '{plan.last}'"
        counted = ", ".join(f"count(*) FILTER ({DUCK.day('w', order)} {within})" for order in ORDERS)
        full, *found = self.db.execute(
            f"SELECT count(*) FILTER (NOT {DUCK.empty('w', self.rules.empty)}), {counted} "  # noqa: S608
            f"FROM (SELECT DISTINCT {written} AS w FROM {source.scan()})"
        ).fetchall()[0]
        counts = dict(zip(ORDERS, found, strict=True))
        best = max(counts.values())
        fits = [order for order in ORDERS if counts[order] == best]
        few = best < _MOST * full or not best
        if counts[self.rules.day.format] == best or few or len({PATTERNS.get(order) for order in fits}) > 1:
            return source
        note = f"{source.name}: writes days {fits[0]}, not {self.rules.day.format}; read so"
        return replace(source, order=fits[0], notes=(*source.notes, note))

    def note_days(self) -> None:
        """Say where the first row stands whose day cannot be read, and what it says."""
        column = self.rules.columns[self.rules.day.column][0]
        for source in self.sources:
            if found := self.first(source, "day IS NULL"):
                row, written = found
                said = f"{written[:60]!r} is no" if written and written.strip() else "is empty, not"
                form = self.plan.order_of(source)
                self.reading.notes.append(
                    f"{source.name}: row {row}: {column} {said} day written {form} between {self.rules.day.earliest} "
                    f"and {self.plan.last}; rows like it are left out (--dates says how a file writes days)"
                )

    def unlisted(self) -> Iterator[tuple[int, str, str, int]]:
        """The values that the mapping does not list: the column's number, the value, how it is written, its rows.

        Rows without a day, such as a sum at the end, are no part of it: they are left out and told anyhow.
        """
        for number, column in enumerate(self.plan.valued):
            totals: Counter[str] = Counter()
            written: dict[str, str] = {}
            asked = (
                f"SELECT v{number}, sum(n)::BIGINT FROM cells WHERE v{number} IS NOT NULL AND month IS NOT NULL "  # noqa: S608
                "GROUP BY ALL"
            )
            for value, n in self.db.execute(asked).fetchall():
                clean = self.rules.clean(value)
                if clean is not None and not self.rules.lists(column, clean):
                    totals[clean] += n
                    written[clean] = value
            yield from ((number, value, written[value], n) for value, n in totals.most_common())

    def note_unlisted(self, most: int = 20) -> None:
        """Say which values the mapping does not list, in how many rows, and where the first stands."""
        found = list(self.unlisted())
        for number, value, written, n in found[:most]:
            said = f"v{number} = {DUCK.text(written)} AND day IS NOT NULL"
            places = ((source, self.first(source, said)) for source in self.sources)
            at = next((f"{source.name}: row {place[0]}" for source, place in places if place), self.rules.id)
            rows = "1 row" if n == 1 else f"{n:,} rows"
            self.reading.notes.append(
                f"{at}: {self.rules.columns[self.plan.valued[number]][0]} {value[:60]!r} is not in the mapping; "
                f"in {rows} it is read as not known"
            )
        if len(found) > most:
            self.reading.notes.append(f"{len(found) - most:,} more values are not in the mapping")

    def days_written(self, source: table.Source) -> str:
        """The name of a table of the days that the texts of a source write; nothing where it holds days, or too many.

        A day is read once for each text, and not once for each row.
        """
        plan, column = self.plan, self.rules.day.column
        if set(source.find(self.rules.columns[column])) & source.dated:
            return ""
        day = DUCK.day("text", plan.order_of(source))
        asked = f"SELECT DISTINCT {plan.cell(source, column)} AS text FROM {source.scan()} LIMIT {_TEXTS + 1}"  # noqa: S608
        found = self.db.execute(f"SELECT text, {day} FROM ({asked})").fetchall()  # noqa: S608
        if len(found) > _TEXTS:
            return ""
        name = f"written_{self.sources.index(source)}"
        within = ((text, day) for text, day in found if day and self.rules.day.earliest <= day <= plan.last)
        duck.table(self.db, name, {"text": "VARCHAR", "day": "DATE"}, list(within))
        self.engine.share(name)
        return name

    def first(self, source: table.Source, condition: str) -> tuple[int, str | None] | None:
        """The number in its table of the first row that meets a condition, and how its day is written."""
        found = self.db.execute(
            f"SELECT number, written FROM ({self.plan.select(source, numbered=True)}) "  # noqa: S608
            f"WHERE {condition} ORDER BY number LIMIT 1"
        ).fetchone()
        return (found[0], found[1]) if found else None


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files, and of every folder its Parquet files."""
    for path in paths:
        inside = sorted(path.rglob("*.parquet")) if path.is_dir() else []
        yield from inside or [path]


def tallies(source: table.Source, rules: Mapping) -> list[str]:
    """The columns that seem to say how many rows a line stands for, in a table of few columns."""
    few = len(source.columns) <= _FEW
    return [
        one
        for one in source.columns
        if few and _TALLY.fullmatch(table.plain(one)) and table.plain(one) not in mapped(rules)
    ]


def _unread_marks(source: table.Source, rules: Mapping) -> Iterator[str]:
    """What is told of columns that mark rows as repeats in a way that the mapping does not read."""
    for column in source.columns:
        name = table.plain(column)
        if ("duplicate" in name or "repeat" in name) and name not in mapped(rules):
            yield f"{source.name}: {column} is not read: the rows that it marks are counted like any other"


def mapped(rules: Mapping) -> set[str]:
    """Every name that the mapping gives a column, as names are compared."""
    return {table.plain(name) for column in rules.columns for name in rules.names(column)}
