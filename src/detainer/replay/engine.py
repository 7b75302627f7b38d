"""Who carries out the queries over whole tables: the embedded engine, or Spark where a table outgrows the machine.

Either fills small tables of counts in one embedded database, so that all else is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from detainer.errors import UserError
from detainer.replay import coding, duck
from detainer.replay.cells import Plan
from detainer.replay.coding import Coded
from detainer.replay.dialect import DUCK, Duck
from detainer.replay.table import Source, brief

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Tell = Callable[[str], None]


class Unreadable(Exception):
    """A table could not be read to its end; the text says why."""


class Engine(Protocol):
    """Who carries out queries, written in its own dialect."""

    sql: Duck

    def insert(self, table: str, query: str, what: str, tell: Tell) -> None:
        """Append what a query finds to a table of the embedded database; Unreadable where the source cannot be read."""

    def share(self, table: str, texts: Sequence[str] = ()) -> None:
        """Let queries use a small table of the embedded database; `texts` are columns that are only handed on."""

    def coded(self, plan: Plan, source: Source, tell: Tell, into: str, *, agencies: bool) -> Coded | None:
        """Count a source's cells into a table by small numbers, where that is a gain; Unreadable as for `insert`."""

    def write(self, queries: Sequence[str], into: Path, tell: Tell) -> None:
        """Write what queries find as Parquet; UserError where that cannot be done."""

    def close(self) -> None:
        """Let go of what it holds."""


class Embedded:
    """DuckDB within this process."""

    sql = DUCK

    def __init__(self, db: DuckDBPyConnection) -> None:
        self._db = db

    def insert(self, table: str, query: str, what: str, tell: Tell) -> None:
        """Append what a query finds to a table; Unreadable where the source cannot be read."""
        import duckdb

        try:
            duck.watched(self._db, f"INSERT INTO {table} {query}", what, tell)
        except duckdb.Error as error:
            raise Unreadable(brief(error)) from None

    def coded(self, plan: Plan, source: Source, tell: Tell, into: str, *, agencies: bool) -> Coded | None:
        """Count a source's cells into a table by small numbers, where that is a gain; Unreadable as for `insert`."""
        import duckdb

        try:
            return coding.coded(self._db, plan, source, tell, into, agencies=agencies)
        except duckdb.Error as error:
            raise Unreadable(brief(error)) from None

    def share(self, table: str, texts: Sequence[str] = ()) -> None:
        """Keep texts that are only handed on as enumerations: numbers are joined and written, no text for each row."""
        for column in texts:
            asked = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY 1"  # noqa: S608
            known = [DUCK.text(text) for (text,) in self._db.execute(asked).fetchall()]
            self._db.execute(f"ALTER TABLE {table} ALTER {column} TYPE ENUM({', '.join(known or [DUCK.text('')])})")

    def write(self, queries: Sequence[str], into: Path, tell: Tell) -> None:
        """Write what queries find as one Parquet file."""
        import duckdb

        union = " UNION ALL ".join(queries)
        try:
            duck.watched(self._db, f"COPY ({union}) TO {DUCK.text(str(into))} (FORMAT parquet)", "writing rows", tell)
        except duckdb.Error as error:
            raise UserError(f"cannot be written: {brief(error)}", where=str(into)) from None

    def close(self) -> None:
        """Nothing to do: whoever opened the database closes it."""
