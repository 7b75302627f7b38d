"""The cells of a spreadsheet, read where papers are read: in a process that may do nothing else.

A formula's cell holds what some program made of it last, which need not be what its row says now; so it is told apart.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time
from typing import Any

from detainer.intake.paper.pdf import Unreadable

MOST_CELLS = 3_000_000
MOST_BYTES = 200 * 1024**2  # of what is packed inside
_FORMULA = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f\b')


def read(data: bytes) -> dict[str, Any]:
    """`{"rows": [[cell, …], …], "formulas": {"row": "column", …}, "sheets"}` of the first sheet, rows from 1.

    Days are ISO. Unreadable where it is no spreadsheet that can be read.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    formulas = _formulas(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if not book.sheet_names:
            raise Unreadable("has no sheet")
        sheet = book.get_sheet_by_index(0)
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            raise Unreadable(f"has more than {MOST_CELLS:,} cells; save the rows that are needed")
        rows = [[_cell(one) for one in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, OSError, ValueError):
        raise Unreadable("is no spreadsheet that can be read; save it as CSV (UTF-8)") from None
    return {"rows": rows, "formulas": formulas, "sheets": len(book.sheet_names)}


def _formulas(data: bytes) -> dict[str, str]:
    """The rows of the first sheet that hold a formula, each with the first column that does."""
    found: dict[str, str] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            inside = packed.infolist()
            if sum(one.file_size for one in inside) > MOST_BYTES:
                raise Unreadable("unpacks to more than any table holds; it was left alone")
            if any(one.flag_bits & 1 for one in inside):
                raise Unreadable("is locked with a password; save it without one")
            sheets = sorted(
                (one.filename for one in inside if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", one.filename)),
                key=lambda name: (len(name), name),
            )
            for name in sheets:
                for hit in _FORMULA.finditer(packed.read(name)):
                    found.setdefault(hit[2].decode(), hit[1].decode())
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        raise Unreadable("is damaged: it begins like a spreadsheet but cannot be opened") from None
    return found


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
