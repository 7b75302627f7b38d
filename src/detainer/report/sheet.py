"""A report as a workbook: the table of the CSV, and the months; every text a text, never a formula."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlsxwriter

from detainer.report import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.workbook import Workbook

    from detainer.report.figures import Report

AS_WRITTEN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
WIDEST = 60


def xlsx(report: Report) -> bytes:
    """The workbook's bytes; an unknown number is an empty cell. The same report gives the same bytes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, AS_WRITTEN) as book:
        book.set_properties({"title": report.definition.title, "created": report.basis.as_of.replace(tzinfo=None)})
        _table(book, "Figures", render.CSV_COLUMNS, render.rows(report))
        counted = [figure.item for figure in report.items if figure.item.id in report.months]
        if counted:
            months = report.months[counted[0].id]
            _table(
                book,
                "Months",
                ["month", *(item.id for item in counted)],
                [[month, *(report.months[item.id][month] for item in counted)] for month in months],
            )
    return out.getvalue()


def _table(book: Workbook, name: str, head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    sheet, bold = book.add_worksheet(name), book.add_format({"bold": True, "bottom": 1})
    for column, word in enumerate(head):
        sheet.write_string(0, column, word, bold)
    widest = [len(word) for word in head]
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, column, cell)
            elif cell:
                sheet.write_string(number, column, cell)
            widest[column] = max(widest[column], len(str(cell)))
    for column, width in enumerate(widest):
        sheet.set_column(column, column, min(width, WIDEST) + 1)
    sheet.freeze_panes(1, 0)
