"""Published tables as they lie about: CSV plain or packed, spreadsheets with several sheets, Parquet.

Each becomes one or several Parquet files with the columns of the mapping found by any of their names, wherever the
header stands; what is Parquet already is read where it lies.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from detainer.errors import UserError
from detainer.replay.dialect import DUCK, Duck
from detainer.replay.mapping import Mapping

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MARK = "no_row"  # the column of a file of ours that says of a line why it is no row
TOLD = 12  # columns that an error lists
_WIDE = 40  # signs of the name of such a column
# How files begin that hold tables and are not read.
_OTHERS = {
    b"<stata_dta": "a Stata file",
    b"$fl2": "an SPSS file",
    b"$fl3": "an SPSS file",
    b"arrow1": "an Arrow or Feather file",
    b"fea1": "a Feather file",
    b"sqlite format": "an SQLite database",
    b"<!doctype": "a web page",
    b"<html": "a web page",
    b"%pdf": "a PDF",
    b"{": "JSON",
    b"[{": "JSON",
}


@dataclass(frozen=True)
class Broken:
    """The lines of a CSV that are no rows: how many there are, the first of them, and what is wrong with it."""

    count: int
    line: int
    kind: str


@dataclass(frozen=True)
class Source:
    """One table to be read: its name, the Parquet file that holds it, its columns, and the number of its first row.

    `dated` are the columns that hold days as such, `skipped` the numbers of lines that are no rows (the first of them),
    `no_rows` how many lines are marked as no rows, by what they are instead,
    `order` how it writes days where it shows that itself.
    """

    name: str
    file: str
    columns: Sequence[str]  # as the table calls them
    stored: Sequence[str]  # as the Parquet file does; nothing for those that no mapping reads
    first: int
    dated: frozenset[int] = frozenset()
    skipped: tuple[int, ...] = ()
    no_rows: Mapped[str, int] = field(default_factory=dict)
    broken: Broken | None = None
    order: str = ""
    notes: tuple[str, ...] = ()

    def find(self, names: Sequence[str]) -> list[int]:
        """Where the columns of these names stand, in the order of the names."""
        there = [plain(column) for column in self.columns]
        return [number for one in names for number, column in enumerate(there) if column == plain(one)]

    def holds(self, mapping: Mapping, column: str) -> list[int]:
        """Where a column of the mapping stands, or what may stand for it where the table has none of its names."""
        return self.find(mapping.columns[column]) or self.find(mapping.instead.get(column, ()))

    def scan(self, sql: Duck = DUCK) -> str:
        """Its rows, as what is selected from."""
        return self._rows(sql.scan(self.file))

    def numbered(self, sql: Duck = DUCK) -> str:
        """The same with the number of each row in the Parquet file, counted from 0, as `nth`."""
        return self._rows(sql.numbered(self.file))

    def _rows(self, lines: str) -> str:
        return f"(SELECT * FROM {lines} WHERE {MARK} IS NULL)" if self.no_rows else lines  # noqa: S608

    @property
    def row_number(self) -> str:
        """The expression for the number of a row in the table, from the one in the Parquet file."""
        number = f"nth + {self.first}"
        for at, line in enumerate(self.skipped):
            number += f" + CASE WHEN nth >= {line - self.first - at} THEN 1 ELSE 0 END"
        return number


@dataclass(frozen=True)
class Left:
    """A table that could not be read, and why."""

    name: str
    why: str


def plain(column: str) -> str:
    """A column's name as it is compared: capitals, spaces and signs make no difference."""
    return re.sub(r"[\W_]+", "", column).casefold()


def digest(path: Path) -> str:
    """SHA-256 of the file's bytes; UserError if it is no readable file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"cannot be read: {(error.strerror or str(error)).lower()}", where=str(path)) from error


def sources(db: DuckDBPyConnection, path: Path, mapping: Mapping, spill: Path) -> Iterator[Source | Left]:
    """The tables in a file that have the mapping's columns, and those that do not with the reason.

    What is no Parquet is written to `spill` as Parquet first.
    """
    try:
        yield from _opened(db, path, mapping, spill)
    except OSError as error:
        yield Left(str(path), f"cannot be read: {(error.strerror or str(error)).lower()}")
    except UserError as error:
        yield Left(str(path), error.line().removeprefix(f"{path}: ").rstrip("."))


def _opened(db: DuckDBPyConnection, path: Path, mapping: Mapping, spill: Path) -> Iterator[Source | Left]:
    from detainer.replay import archives, delimited, sheets

    with path.open("rb") as file:
        start = file.read(16)
    kind = path.suffix.lower()
    if not start:
        raise UserError("is empty", where=str(path))
    if start.startswith(b"PAR1") or kind == ".parquet":
        yield _parquet(db, path, mapping)
    elif kind in sheets.KINDS and not start.lstrip().startswith(b"<"):
        yield from sheets.sources(db, path, mapping, spill)
    elif other := next((name for mark, name in _OTHERS.items() if start.lower().startswith(mark)), ""):
        raise UserError(f"is {other}, which is not read", where=str(path), fix="Save it as CSV, XLSX or Parquet.")
    elif start.startswith(b"PK\x03\x04"):
        yield from archives.sources(db, path, mapping, spill)
    else:
        yield delimited.source(db, path, mapping, spill)


def missing(columns: Sequence[str], mapping: Mapping) -> str:
    """Why a line is not the header of a table of this kind, in words; nothing where it is.

    It is where it names the column of the day and one more of those that the mapping requires.
    """
    there = {plain(column) for column in columns}
    absent = [one for one in mapping.required if not there & {plain(name) for name in mapping.names(one)}]
    if mapping.day.column not in absent and len(absent) < max(len(mapping.required) - 1, 1):
        return ""
    more = f" and {len(columns) - TOLD} more" if len(columns) > TOLD else ""
    lacking = ", ".join(named(mapping.columns[one]) for one in absent)
    return (
        f"has no column {lacking}; it has {', '.join(column[:_WIDE] or '(unnamed)' for column in columns[:TOLD])}{more}"
    )


def named(names: Sequence[str]) -> str:
    """A column as it is told: its name, and in brackets the others that it may have."""
    return f"{names[0]} ({', '.join(names[1:])})" if names[1:] else names[0]


def _parquet(db: DuckDBPyConnection, path: Path, mapping: Mapping) -> Source:
    import duckdb

    try:
        types = {row[0]: row[1] for row in db.execute(f"DESCRIBE SELECT * FROM {DUCK.scan(str(path))}").fetchall()}  # noqa: S608
    except duckdb.Error as error:
        raise UserError(f"is no whole Parquet file: {brief(error)}", where=str(path)) from None
    if lacks := missing(list(types), mapping):
        raise UserError(lacks, where=str(path))
    dated = frozenset(number for number, kind in enumerate(types.values()) if kind.startswith(("DATE", "TIMESTAMP")))
    return Source(str(path), str(path), list(types), list(types), 1, dated)


def brief(error: Exception) -> str:
    """What an engine says was wrong, in one short line."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return line.split(": ", 1)[-1][:160]
