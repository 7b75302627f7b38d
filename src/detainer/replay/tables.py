"""Several tables read into cells, with what was left out and what is worth saying of each."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from detainer.errors import UserError
from detainer.replay import cells, duck, table
from detainer.replay.cells import Plan, Reading

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Tables:
    """Tables under one plan, and the database that holds their cells; close it to remove what it spilled."""

    def __init__(self, plan: Plan, memory: str = "") -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="detainer-replay-")
        self.db: DuckDBPyConnection = duck.connect(Path(self._spill.name), memory)
        self.plan, self.rules = plan, plan.mapping
        self.reading = Reading()
        self.sources: list[table.Source] = []
        cells.make(self.db, plan)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove everything that was read."""
        self.db.close()
        self._spill.cleanup()

    def read(self, paths: Sequence[Path], progress: Callable[[str], None] = lambda _: None) -> dict[str, str]:
        """Read the tables into cells; each file's SHA-256. UserError where not one table can be read."""
        files: dict[str, str] = {}
        for path in paths:
            progress(f"reading {path.name}")
            try:
                files[str(path)] = table.digest(path)
            except UserError as error:
                self.reading.left.append(table.Left(str(path), error.what))
                continue
            for found in table.sources(self.db, path, self.rules, Path(self._spill.name)):
                if isinstance(found, table.Left):
                    self.reading.left.append(found)
                elif cells.add(self.db, self.plan, found, self.reading):
                    self.sources.append(found)
        if not self.sources:
            first = self.reading.left[0]
            raise UserError(first.why, where=first.name)
        return files

    def note_days(self) -> None:
        """Say where the first row stands whose day cannot be read, and what it says."""
        column, form = self.rules.columns[self.rules.day.column][0], self.plan.order
        for source in self.sources:
            if found := self.first(source, "day IS NULL"):
                row, written = found
                said = "is empty, not" if written is None else f"{written[:60]!r} is no"
                self.reading.notes.append(
                    f"{source.name}: row {row}: {column} {said} day written {form} between {self.rules.day.earliest} "
                    f"and {self.plan.last}; rows like it are left out (--dates says how a file writes days)"
                )

    def unlisted(self) -> list[tuple[int, str, str, int]]:
        """The values that the mapping does not list: the column's number, the value, how it is written, its rows."""
        found = []
        for number, column in enumerate(self.rules.valued):
            totals: Counter[str] = Counter()
            written: dict[str, str] = {}
            asked = f"SELECT v{number}, sum(n)::BIGINT FROM cells WHERE v{number} IS NOT NULL GROUP BY ALL"  # noqa: S608
            for value, n in self.db.execute(asked).fetchall():
                clean = self.rules.clean(value)
                if clean is not None and not self.rules.lists(column, clean):
                    totals[clean] += n
                    written[clean] = value
            found += [(number, value, written[value], n) for value, n in totals.most_common()]
        return found

    def note_unlisted(self) -> None:
        """Say which values the mapping does not list, in how many rows, and where the first stands."""
        for number, value, written, n in self.unlisted():
            places = ((source, self.first(source, f"v{number} = {duck.text(written)}")) for source in self.sources)
            at = next((f"{source.name}: row {found[0]}" for source, found in places if found), self.rules.id)
            rows = "1 row" if n == 1 else f"{n:,} rows"
            self.reading.notes.append(
                f"{at}: {self.rules.columns[self.rules.valued[number]][0]} {value[:60]!r} is not in the mapping; "
                f"in {rows} it is read as not known"
            )

    def first(self, source: table.Source, condition: str) -> tuple[int, str | None] | None:
        """The number in its file of the first row that meets a condition, and how its day is written."""
        self.db.execute("SET preserve_insertion_order = true")  # else the numbers would be those of no file
        found = self.db.execute(
            f"SELECT row, written FROM ({self.plan.select(source, numbered=True)}) "  # noqa: S608
            f"WHERE {condition} ORDER BY row LIMIT 1"
        ).fetchone()
        self.db.execute("SET preserve_insertion_order = false")
        return (found[0], found[1]) if found else None
