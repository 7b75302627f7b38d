"""Spreadsheets: every sheet that has the header is a table of its own, however many lines stand before it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detainer.errors import UserError
from detainer.replay.delimited import HEADER_WITHIN, KEPT, spilled
from detainer.replay.mapping import Mapping
from detainer.replay.table import Left, Source, brief, missing

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_DAY = re.compile(r"\d{1,4}[-/. ]?([A-Za-z]{3,9}|\d{1,2})[-/. ]?\d{1,4}( .*)?")  # what may be a day
KINDS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def sources(db: DuckDBPyConnection, path: Path, mapping: Mapping, spill: Path) -> Iterator[Source | Left]:
    """The sheets that have the header, and those that do not with the reason; UserError for what is no spreadsheet."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise UserError(f"is no whole spreadsheet: {brief(error)}", where=str(path)) from None
    before: list[str] = []  # the header of the sheet before, which a sheet without one may carry on
    for number, sheet in enumerate(book.sheet_names):
        where = f"{path}[{sheet}]"
        try:
            rows = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
        except (CalamineError, OSError) as error:
            yield Left(where, f"cannot be read: {brief(error)}")
            continue
        heads = [[_cell(cell).strip() for cell in row] for row in rows[:HEADER_WITHIN]]
        at = next((at for at, cells in enumerate(heads) if not missing(cells, mapping)), None)
        if at is None and (start := _carries_on(heads, before, mapping)) is not None:
            found = _spilled(db, where, rows[start:], (start - 1, before), mapping, spill)
            yield replace(found, notes=(f"{where}: has no header; read under that of the sheet before it",))
            continue
        if at is None:
            widest = [cell for cell in max(heads, key=lambda cells: sum(map(bool, cells)), default=[]) if cell]
            yield Left(where, missing(widest, mapping) if widest else "is empty")
            continue
        before = heads[at]
        yield _spilled(db, where, rows[at + 1 :], (at, heads[at]), mapping, spill)


def _carries_on(rows: list[list[str]], header: list[str], mapping: Mapping) -> int | None:
    """The first row of a sheet, if it has a day in the column of days of another's header and no cell beyond it."""
    start = next((at for at, row in enumerate(rows) if any(row)), None)
    if start is None or not header or any(rows[start][len(header) :]):
        return None
    days = Source("", "", header, (), 0).find(mapping.columns[mapping.day.column])
    return start if any(at < len(rows[start]) and _DAY.fullmatch(rows[start][at]) for at in days) else None


def _spilled(
    db: DuckDBPyConnection,
    where: str,
    rows: list[list[Any]],
    head: tuple[int, list[str]],
    mapping: Mapping,
    spill: Path,
) -> Source:
    at, columns = head
    first = at + 2
    blank = [number for number, row in enumerate(rows, start=first) if all(cell == "" for cell in row)]
    file = spill / f"{len(list(spill.iterdir()))}.csv"
    with file.open("w", encoding="utf-8", newline="") as text:
        written = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
        written.writerow(columns)
        written.writerows([_cell(cell) for cell in row] for row in rows if any(cell != "" for cell in row))
    # A quoted cell may hold line ends, so the rows are numbered by the sheet and never by lines.
    return replace(
        spilled(db, where, file, (0, columns, ","), mapping, spill), first=first, skipped=tuple(blank[:KEPT])
    )


def _cell(value: Any) -> str:
    """A cell of a spreadsheet as text: a day as 2015-05-08, a whole number without a point."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "YES" if value else "NO"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
