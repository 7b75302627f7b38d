"""Spreadsheets and JSON are read as CSV is: the same rows, the same keys; formulas, locks and bombs are told."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import released
import xlsxwriter

from detainer.errors import UserError
from detainer.intake import csvfile, rows
from detainer.record.models import Request

POLICE = "us-ny-nyc-police"


def workbook(path: Path, table: list[list[Any]], *, formula: str = "") -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for y, row in enumerate(table):
        for x, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(y, x, cell, day)
            else:
                sheet.write(y, x, cell)
    if formula:
        sheet.write_formula(formula, "=1+1", value=2)
    book.close()
    return path


def read(path: Path) -> tuple[tuple[str, ...], list[rows.Row]]:
    header, found = rows.read(path)
    return header, list(found)


def test_a_spreadsheets_days_numbers_and_words_are_read_as_they_mean(tmp_path: Path) -> None:
    table = [["day", "n", "said"], [date(2015, 1, 2), 7, "A"], [], [date(2015, 1, 3), 1.5, True]]
    header, found = read(workbook(tmp_path / "t.xlsx", table))
    assert header == ("day", "n", "said")
    assert [(row.line, row.cells) for row in found] == [
        (2, ("2015-01-02", "7", "A")),
        (4, ("2015-01-03", "1.5", "TRUE")),
    ]


def test_a_row_with_a_formula_is_told_by_its_cell_and_the_rest_is_read(tmp_path: Path) -> None:
    header, found = read(workbook(tmp_path / "t.xlsx", [["a", "b"], ["1", "2"], ["3", "4"]], formula="B2"))
    assert header == ("a", "b")
    assert [row.why for row in found] == ["cell B2 is a formula; paste the column as values", ""]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 rubbish", "is damaged"),
        (b"day,place\n", "is damaged"),
        (b"", "is damaged"),
    ],
    ids=["a broken archive", "CSV by another name", "nothing"],
)
def test_what_is_no_spreadsheet_is_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(content)
    with pytest.raises(UserError, match=words):
        read(path)


def test_a_spreadsheet_that_unpacks_to_a_flood_is_left_alone(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"\0" * (201 * 1024**2))
    path = tmp_path / "t.xlsx"
    path.write_bytes(out.getvalue())
    with pytest.raises(UserError, match="unpacks to more than any table holds"):
        read(path)


def test_json_is_a_list_of_objects_or_an_object_a_line(tmp_path: Path) -> None:
    said = [{"a": "1", "b": None}, {"b": True, "c": 3}]
    for content in (json.dumps(said), "\n".join(json.dumps(one) for one in said)):
        path = tmp_path / "t.json"
        path.write_text(content)
        header, found = read(path)
        assert header == ("a", "b", "c")
        assert [row.cells for row in found] == [("1", "", ""), ("", "TRUE", "3")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "is no JSON"),
        (b"[1, 2]", "is no list of objects"),
        (b"[]", "is no list of objects"),
        (b"[" * 100_000, "is nested too deep"),
        ('[{"a": "é"}]'.encode("latin-1"), "is not UTF-8 text"),
        ('[{"a": "b"}]'.encode("utf-16"), "is not UTF-8 text"),
    ],
    ids=["cut off", "no objects", "empty", "nested", "Latin-1", "UTF-16"],
)
def test_what_is_no_json_table_is_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "t.json"
    path.write_bytes(content)
    with pytest.raises(UserError, match=words):
        read(path)


def test_a_json_row_that_holds_more_than_values_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text('[{"a": [1]}, {"a": "2"}]')
    assert [row.why for row in read(path)[1]] == ["a is a list or an object, not a value", ""]


@pytest.mark.django_db
def test_the_same_rows_are_the_same_requests_whatever_they_were_saved_as(tmp_path: Path) -> None:
    table = released.write(
        tmp_path / "t.csv", *(released.row(day) for day in ("2015-01-02", "2015-01-02", "2015-02-03"))
    )
    header, found = read(table)
    first = csvfile.read(table, POLICE, "ice-foia-2015")
    assert first.added == Request.objects.count() > 0
    lines = [list(row.cells) for row in found]
    for other in (
        workbook(tmp_path / "t.xlsx", [list(header), *lines]),
        tmp_path / "t.json",
    ):
        if other.suffix == ".json":
            other.write_text(json.dumps([dict(zip(header, line, strict=True)) for line in lines]))
        again = csvfile.read(other, POLICE, "ice-foia-2015")
        assert (again.added, again.already, again.bad) == (0, first.added, first.bad)
