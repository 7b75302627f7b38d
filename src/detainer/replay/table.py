"""Tables of published rows as they lie about: CSV plain or packed, spreadsheets with several sheets, Parquet.

Each becomes one or several sources that DuckDB can read, with the columns of the mapping found by any of their names,
wherever the header stands.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detainer.errors import UserError
from detainer.replay import duck
from detainer.replay.mapping import Mapping

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DELIMITERS = ",;\t|"
HEADER_WITHIN = 40  # lines in which a header is looked for
BEGINNING = 1 << 18  # bytes read to find it
TOLD = 12  # columns that an error lists
_SHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True)
class Source:
    """One table that DuckDB can read: its name, how to read it, its columns, and the first row's number in it.

    `numbered` reads it with the number of each row, counted from 0 and called `nth`; `dated` are the columns of days.
    """

    name: str
    reads: str
    columns: Sequence[str]  # as the file calls them
    refers: Sequence[str]  # as the query calls them
    numbered: str
    first: int = 2
    dated: frozenset[str] = frozenset()

    @property
    def own_numbers(self) -> bool:
        """Whether the file itself knows the number of each row."""
        return "file_row_number" in self.numbered

    def find(self, names: Sequence[str]) -> list[int]:
        """Where the columns of these names stand, in the order of the names."""
        there = [plain(column) for column in self.columns]
        return [number for one in names for number, column in enumerate(there) if column == plain(one)]


@dataclass(frozen=True)
class Left:
    """A table that could not be read, and why."""

    name: str
    why: str


def plain(column: str) -> str:
    """A column's name as it is compared."""
    return re.sub(r"[\s_\-]+", "", column).casefold()


def digest(path: Path) -> str:
    """SHA-256 of the file's bytes; UserError if it is no readable file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"cannot be read: {(error.strerror or str(error)).lower()}", where=str(path)) from error


def sources(db: DuckDBPyConnection, path: Path, mapping: Mapping, spill: Path) -> Iterator[Source | Left]:
    """The tables in a file that have the mapping's columns, and those that do not with the reason.

    Spreadsheets are written to `spill` as CSV first.
    """
    try:
        yield from _opened(db, path, mapping, spill)
    except OSError as error:
        yield Left(str(path), f"cannot be read: {(error.strerror or str(error)).lower()}")
    except UserError as error:
        yield Left(str(path), error.line().removeprefix(f"{path}: "))


def _opened(db: DuckDBPyConnection, path: Path, mapping: Mapping, spill: Path) -> Iterator[Source | Left]:
    with path.open("rb") as file:
        start = file.read(4)
    kind = path.suffix.lower()
    if not start:
        raise UserError("is empty", where=str(path))
    if start == b"PAR1" or kind == ".parquet":
        yield _parquet(db, path, mapping)
    elif kind in _SHEETS:
        yield from _sheets(path, mapping, spill)
    elif start == b"PK\x03\x04":
        raise UserError("is a zip archive, no table", where=str(path), fix="Unpack it, or name it .xlsx if it is one.")
    else:
        yield _csv(path, mapping)


def missing(columns: Sequence[str], mapping: Mapping) -> str:
    """What the header lacks that the mapping requires, in words; nothing where all is there."""
    there = {plain(column) for column in columns}
    lacking = [
        " or ".join(mapping.columns[column])
        for column in mapping.required
        if not there & {plain(one) for one in mapping.columns[column]}
    ]
    if not lacking:
        return ""
    more = f" and {len(columns) - TOLD} more" if len(columns) > TOLD else ""
    return f"has no column {', '.join(lacking)}; it has {', '.join(columns[:TOLD])}{more}"


def _parquet(db: DuckDBPyConnection, path: Path, mapping: Mapping) -> Source:
    import duckdb

    reads = f"read_parquet({duck.text(str(path))})"
    try:
        types = {row[0]: row[1] for row in db.execute(f"DESCRIBE SELECT * FROM {reads}").fetchall()}  # noqa: S608
    except duckdb.Error as error:
        raise UserError(f"is no whole Parquet file: {brief(error)}", where=str(path)) from None
    if lacks := missing(list(types), mapping):
        raise UserError(lacks, where=str(path))
    numbered = (
        f"(SELECT * EXCLUDE (file_row_number), file_row_number AS nth FROM {reads[:-1]}, file_row_number = true))"  # noqa: S608
    )
    dated = frozenset(duck.name(column) for column, kind in types.items() if kind.startswith(("DATE", "TIMESTAMP")))
    return Source(str(path), reads, list(types), [duck.name(column) for column in types], numbered, 1, dated)


def _csv(path: Path, mapping: Mapping) -> Source:
    beginning, packed = _beginning(path)
    at, columns, delimiter = _header(beginning, mapping, str(path))
    return _read_csv(str(path), path, at, columns, delimiter, packed=packed)


def _read_csv(
    name: str, path: Path, at: int, columns: Sequence[str], delimiter: str, *, packed: bool = False
) -> Source:
    refers = [f"c{number}" for number in range(len(columns))]
    types = ", ".join(f"{column}: 'VARCHAR'" for column in refers)
    reads = (
        f"read_csv({duck.text(str(path))}, columns = {{{types}}}, auto_detect = false, header = true, skip = {at}, "
        f"delim = {duck.text(delimiter)}, quote = '\"', escape = '\"', store_rejects = true, max_line_size = 4000000"
        f"{', compression = ' + duck.text('gzip') if packed else ''})"
    )
    numbered = f"(SELECT *, row_number() OVER () - 1 AS nth FROM {reads})"  # noqa: S608
    return Source(name, reads, columns, refers, numbered, first=at + 2)


def _beginning(path: Path) -> tuple[str, bool]:
    """The first lines of a CSV file, and whether it is packed with gzip."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            start = file.read(BEGINNING)
    except (EOFError, gzip.BadGzipFile):
        raise UserError("is packed with gzip but not whole", where=str(path)) from None
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UserError("is UTF-16, not UTF-8", where=str(path), fix="Save it as CSV (UTF-8).")
    try:
        return start.decode("utf-8-sig"), packed
    except UnicodeDecodeError as error:
        if error.start > len(start) - 4:  # a character cut in two by the end of what was read
            return start[: error.start].decode("utf-8-sig"), packed
        line = start.count(b"\n", 0, error.start) + 1
        raise UserError(f"is not UTF-8 at line {line}", where=str(path), fix="Save it as CSV (UTF-8).") from None


def _header(beginning: str, mapping: Mapping, where: str) -> tuple[int, list[str], str]:
    """The lines before the header, its cells, and what separates them; UserError if no line is the header."""
    lines = beginning.splitlines()[:HEADER_WITHIN]
    best: tuple[int, list[str]] | None = None
    for at, line in enumerate(lines):
        for delimiter in DELIMITERS:
            cells = [cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=delimiter), [])]
            if not missing(cells, mapping):
                return at, cells, delimiter
            if best is None or len(cells) > len(best[1]):
                best = at, cells
    if best is None:
        raise UserError("is empty", where=where)
    raise UserError(missing(best[1], mapping), where=f"{where}:{best[0] + 1}")


def _sheets(path: Path, mapping: Mapping, spill: Path) -> Iterator[Source | Left]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise UserError(f"is no whole spreadsheet: {brief(error)}", where=str(path)) from None
    for number, sheet in enumerate(book.sheet_names):
        where = f"{path}[{sheet}]"
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        heads = [[_cell(cell).strip() for cell in row] for row in rows[:HEADER_WITHIN]]
        at = next((at for at, cells in enumerate(heads) if not missing(cells, mapping)), None)
        if at is None:
            widest = max(heads, key=lambda cells: sum(map(bool, cells)), default=[])
            yield Left(where, missing([cell for cell in widest if cell], mapping) if widest else "is empty")
            continue
        file = spill / f"sheet-{number}-{hashlib.sha256(where.encode()).hexdigest()[:12]}.csv"
        with file.open("w", encoding="utf-8", newline="") as text:
            written = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
            written.writerow(heads[at])
            written.writerows(
                [_cell(cell) for cell in row] for row in rows[at + 1 :] if any(cell != "" for cell in row)
            )
        yield replace(_read_csv(where, file, 0, heads[at], ","), first=at + 2)


def _cell(value: Any) -> str:
    """A cell of a spreadsheet as text: a day as 2015-05-08, a whole number without a point."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return "YES" if value else "NO"
    return str(value)


def brief(error: Exception) -> str:
    """What an engine says was wrong, in one short line."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return line.split(": ", 1)[-1][:160]
