"""The rows of a CSV file, one at a time, each with its line; a row that cannot be read is a row with a reason."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detainer.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_RECORD = 200  # lines one quoted row may span before its quote counts as never closed
LONGEST_LINE = 1_000_000  # bytes; a longer line is no table
DELIMITERS = ",;\t|"
MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"PK\x03\x04": "a zip archive or spreadsheet", b"%PDF": "PDF"}


@dataclass(frozen=True)
class Row:
    """One row as the file has it: the line it starts on and its cells, or why it could not be read.

    `typed`: the file itself says what is a day, and a day stands as ISO whatever form the mapping names.
    """

    line: int
    cells: tuple[str, ...] = ()
    why: str = ""
    typed: bool = False


def digest(path: Path) -> str:
    """SHA-256 of the file's bytes in hex; UserError if it is no readable file."""
    if path.exists() and not path.is_file():
        raise UserError(f"is {'a directory' if path.is_dir() else 'no regular file'}, not a CSV file", where=str(path))
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"cannot be read: {(error.strerror or str(error)).lower()}", where=str(path)) from error


@dataclass(frozen=True)
class _Line:
    """One physical line, numbered from 1, and what is wrong with its characters, if anything."""

    number: int
    text: str
    fault: str


def read(path: Path) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The header's cells and the rows after it, streamed; empty lines are passed over.

    The delimiter is the one of `, ; tab |` that the header uses most. UserError if the file is empty, is
    no UTF-8 text, or its header cannot be read; a later row with such a fault comes as a Row with `why`.
    A spreadsheet (XLSX) and a JSON file are read too, told by what they begin with and by their name.
    """
    from detainer.intake import tables

    if path.suffix.lower() == ".json":
        return tables.objects(path)
    if path.suffix.lower() in (".xlsx", ".xlsm") and path.is_file():
        return tables.spreadsheet(path)
    lines = _lines(path)
    head = next((line for line in lines if line.text.strip() or line.fault), None)
    if head is None:
        raise UserError("is empty", where=str(path))
    delimiter = max(DELIMITERS, key=head.text.count)
    cells = _cells(head.text, delimiter)
    fault = head.fault or ("" if cells else "opens a quote and never closes it")
    if fault:
        raise UserError(f"the header cannot be read: it {fault}", where=f"{path}:{head.number}")
    return cells, _rows(lines, delimiter, len(cells))


def _lines(path: Path) -> Iterator[_Line]:
    with path.open("rb") as raw:
        start = raw.read(4)
    for mark, what in MARKS.items():
        if start.startswith(mark):
            raise UserError(f"is {what}, not CSV in UTF-8", where=str(path), fix="Save it as CSV (UTF-8).")
    # Bytes that are no UTF-8 come as lone surrogates, so that only their row is lost.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        number = 0
        while line := text.readline(LONGEST_LINE):
            number += 1
            too_long = len(line) == LONGEST_LINE and not line.endswith(("\n", "\r"))
            rest = line if too_long else ""
            while rest and not rest.endswith(("\n", "\r")):
                rest = text.readline(LONGEST_LINE)
            yield _Line(number, line, "is too long for a line of a table" if too_long else _fault(line))


def _fault(text: str) -> str:
    """Why these characters cannot be text of a table, or nothing."""
    if "\0" in text:
        return "has a NUL character"
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"is not UTF-8: byte 0x{ord(text[error.start]) - 0xDC00:02X}"
    return ""


def _rows(lines: Iterator[_Line], delimiter: str, width: int) -> Iterator[Row]:
    """Rows of `width` cells; a row that fails costs only its own first line: reading goes on with the next."""
    waiting: list[_Line] = []
    while True:
        if not waiting and (found := next(lines, None)):
            waiting.append(found)
        if not waiting:
            return
        taken, row = _record(waiting, lines, delimiter, width)
        if row is not None:
            yield row
        del waiting[:taken]


def _record(waiting: list[_Line], lines: Iterator[_Line], delimiter: str, width: int) -> tuple[int, Row | None]:
    """How many of the waiting lines the first row takes, and that row (None for an empty line)."""
    first, text, used = waiting[0], waiting[0].text, 1
    while text.count('"') % 2:
        if used == len(waiting):
            more = next(lines, None) if used < LONGEST_RECORD else None
            if more is None:
                return 1, Row(first.number, why="a quote is opened and never closed")
            waiting.append(more)
        text += waiting[used].text
        used += 1
    if fault := next((line.fault for line in waiting[:used] if line.fault), ""):
        return used, Row(first.number, why=fault)
    cells = _cells(text, delimiter)
    if (cells and not any(cells)) or not text.strip():
        return used, None
    if len(cells) > width and not any(cells[width:]):
        cells = cells[:width]
    if len(cells) == width:
        return used, Row(first.number, cells)
    if used > 1:  # one line's stray quote has swallowed others: give those back
        return 1, Row(first.number, why="a quote is in the wrong place or never closed")
    why = f"has {len(cells)} cells where the header has {width}" if cells else "a quote is in the wrong place"
    return 1, Row(first.number, why=why)


def _cells(text: str, delimiter: str) -> tuple[str, ...]:
    """The cells of one record, trimmed, or none if its quoting is wrong."""
    try:
        records = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return ()
    return tuple(cell.strip() for cell in records[0]) if len(records) == 1 else ()
