"""Tables written line by line: commas, semicolons, tabs or bars, packed or not, in whatever encoding."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import shutil
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from detainer.errors import UserError
from detainer.replay.dialect import DUCK
from detainer.replay.mapping import Mapping
from detainer.replay.table import MARK, Broken, Source, brief, missing

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DELIMITERS = ",;\t|"
HEADER_WITHIN = 40  # lines in which a header is looked for
_BEGINNING = 1 << 18  # bytes read to find it
KEPT = 200  # lines that are no rows whose numbers are kept
_OTHER = {
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}  # what a file may be written in beside UTF-8


def source(db: DuckDBPyConnection, path: Path, mapping: Mapping, spill: Path) -> Source:
    """The table of a text file; UserError where it has no header of this kind or cannot be read to its end."""
    encoding = _encoding(path)
    while True:
        text = path if encoding == "utf-8" else _rewritten(path, encoding, spill)
        at, columns, delimiter = _header(_beginning(text), mapping, str(path))
        found = spilled(db, str(path), text, (at, columns, delimiter), mapping, spill)
        if encoding != "utf-8":
            note = f"{path}: is not UTF-8; read as {_OTHER[encoding]}"
            return replace(found, notes=(note,))
        if not (found.broken and found.broken.kind.startswith("invalid")):
            return found
        encoding = "cp1252"  # what is not UTF-8 stands further down than was looked at


def spilled(
    db: DuckDBPyConnection,
    name: str,
    text: Path,
    form: tuple[int, Sequence[str], str],
    mapping: Mapping,
    spill: Path,
) -> Source:
    """A CSV written as Parquet in the order of its rows, the mapped columns alone; its broken lines are told.

    `form` is the lines before the header, its cells, and what separates them. Where the header ends in columns without
    a name, lines may end before them.
    """
    at, columns, delimiter = form
    into = spill / f"{len(list(spill.iterdir()))}.parquet"
    mapped = Source(name, str(into), columns, [f"c{number}" for number in range(len(columns))], at + 2)
    types = ", ".join(f"{column}: 'VARCHAR'" for column in mapped.stored)
    reads = (
        f"{DUCK.text(str(text))}, columns = {{{types}}}, auto_detect = false, header = true, skip = {at}, "
        f"delim = {DUCK.text(delimiter)}, quote = '\"', escape = '\"', store_rejects = true, max_line_size = 4000000"
        f"{', compression = ' + DUCK.text('gzip') if _packed(text) else ''}"
    )
    _copy(db, mapped, mapping, reads)
    # With padding a quote that is never closed is not seen, so it comes second.
    if not columns[-1] and _kinds(db) == {"MISSING COLUMNS"}:
        _copy(db, mapped, mapping, f"{reads}, null_padding = true, parallel = false")
    return _without_broken(db, _without_marked(db, mapped))


def _copy(db: DuckDBPyConnection, source: Source, mapping: Mapping, reads: str) -> None:
    """Write the mapped columns of a CSV as the Parquet file of its source; UserError where that cannot be done."""
    import duckdb

    read = sorted({number for column in mapping.columns for number in source.find(mapping.names(column))})
    chosen = ", ".join([*(source.stored[number] for number in read), _mark(source, mapping, read)])
    db.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    db.execute("SET preserve_insertion_order = true")  # the rows keep their numbers
    try:
        db.execute(f"COPY (SELECT {chosen} FROM read_csv({reads})) TO {DUCK.text(source.file)} (FORMAT parquet)")  # noqa: S608
    except duckdb.Error as error:
        why = f"cannot be read to its end, so none of it is counted: {brief(error)}"
        raise UserError(why, where=source.name) from None
    finally:
        db.execute("SET preserve_insertion_order = false")


def _kinds(db: DuckDBPyConnection) -> set[str]:
    """What is wrong with the lines of the CSV just read that are no rows."""
    return {str(kind) for (kind,) in db.execute("SELECT DISTINCT error_type FROM reject_errors").fetchall()}


def _mark(source: Source, mapping: Mapping, read: Sequence[int]) -> str:
    """The expression that says of a line why it is no row: all cells that are read are empty, or it is the header."""
    every = ", ".join(source.stored[number] for number in read)
    days = [(source.stored[at], source.columns[at]) for at in source.find(mapping.columns[mapping.day.column])]
    no_day = " AND ".join(f"({cell} IS NULL OR trim({cell}) = '')" for cell, _ in days)
    again = " OR ".join(f"{cell} = {DUCK.text(name)}" for cell, name in days)
    empty = f"CASE WHEN trim(concat({every})) = '' THEN 'empty row' END"  # asked of few rows, as it takes long
    return f"CASE WHEN {no_day} THEN {empty} WHEN {again} THEN 'header again' END AS {MARK}"


def _without_marked(db: DuckDBPyConnection, source: Source) -> Source:
    """The source, with how many of its lines are marked as no rows."""
    asked = f"SELECT {MARK}, count(*) FROM {DUCK.scan(source.file)} WHERE {MARK} IS NOT NULL GROUP BY ALL"  # noqa: S608
    return replace(source, no_rows=dict(db.execute(asked).fetchall()))


def _without_broken(db: DuckDBPyConnection, source: Source) -> Source:
    """The source, with the lines of the CSV just read that are no rows."""
    # A quote that is never closed takes every line to the end of the file.
    lost = "length(rtrim(csv_line, chr(10))) - length(replace(rtrim(csv_line, chr(10)), chr(10), ''))"
    taken = f"CASE WHEN error_type = 'UNQUOTED VALUE' THEN {lost} ELSE 0 END"
    asked = f"SELECT line, min(error_type), max({taken}) FROM reject_errors GROUP BY line ORDER BY line"  # noqa: S608
    found = db.execute(asked).fetchall()
    if not found:
        return source
    kinds = [str(kind).lower().replace("_", " ") for _, kind, _ in found]
    first = next((kind for kind in kinds if kind.startswith("invalid")), kinds[0])
    lines = [int(line) for line, _, _ in found]
    count = len(lines) + sum(int(more) for _, _, more in found)
    kind = "a quote is not closed" if first == "unquoted value" else first
    return replace(source, skipped=tuple(lines[:KEPT]), broken=Broken(count, lines[0], kind))


def _packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _open(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path, "rb")) if _packed(path) else path.open("rb")


def _start(path: Path) -> bytes:
    try:
        with _open(path) as file:
            return file.read(_BEGINNING)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise UserError("is packed with gzip but not whole", where=str(path)) from None


def _encoding(path: Path) -> str:
    """What a file is written in, as far as its beginning shows."""
    start = _start(path)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if encoding := _wide(start):
        return encoding
    if b"\0" in start:
        raise UserError("is no text, so no table", where=str(path))
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)  # which may end within a character
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _wide(start: bytes) -> str:
    """UTF-16 without a mark: nearly every other byte is zero, as in English text."""
    for encoding, zeros, others in (("utf-16-le", start[1::2], start[::2]), ("utf-16-be", start[::2], start[1::2])):
        if zeros.count(0) > len(zeros) * 0.9 and not others.count(0):
            return encoding
    return ""


def _rewritten(path: Path, encoding: str, spill: Path) -> Path:
    """The file in UTF-8."""
    into = spill / f"{len(list(spill.iterdir()))}.csv"
    try:
        with (
            _open(path) as raw,
            io.TextIOWrapper(raw, encoding, errors="replace", newline="") as text,
            into.open("w", encoding="utf-8", newline="") as out,
        ):
            shutil.copyfileobj(text, out)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise UserError("is packed with gzip but not whole", where=str(path)) from None
    return into


def _beginning(text: Path) -> str:
    return _start(text).decode("utf-8-sig", errors="ignore")


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
    if best is None or not any(best[1]):
        raise UserError("is empty", where=where)
    raise UserError(missing(best[1], mapping), where=where)
