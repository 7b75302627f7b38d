"""Reading a CSV file costs nothing but the rows that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from detainer.errors import UserError
from detainer.intake import rows

if TYPE_CHECKING:
    from pathlib import Path


def _read(tmp_path: Path, content: bytes) -> tuple[tuple[str, ...], list[rows.Row]]:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    header, found = rows.read(path)
    return header, list(found)


@pytest.mark.parametrize(
    "content",
    [
        b"day,place\n2015-01-02,A\n",
        b"\xef\xbb\xbfday,place\n2015-01-02,A\n",
        b"day,place\r\n2015-01-02,A\r\n",
        b"day,place\r2015-01-02,A\r",
        b"\n\nday,place\n\n2015-01-02,A\n\n,\n",
        b"day;place\n2015-01-02;A\n",
        b"day\tplace\n2015-01-02\tA",
        b'"day","place"\n"2015-01-02"," A "\n',
        b"day,place\n2015-01-02,A,,\n",
    ],
    ids=[
        "plain",
        "BOM",
        "CRLF",
        "CR",
        "empty lines",
        "semicolons",
        "tabs, no last newline",
        "quoted",
        "empty cells after",
    ],
)
def test_the_same_table_is_read_however_it_was_saved(tmp_path: Path, content: bytes) -> None:
    header, found = _read(tmp_path, content)
    assert header == ("day", "place")
    assert [row.cells for row in found] == [("2015-01-02", "A")]
    assert not any(row.why for row in found)


def test_a_quoted_cell_may_hold_newlines_quotes_and_commas(tmp_path: Path) -> None:
    _, found = _read(tmp_path, b'a,b\n"one\r\ntwo","say ""x"", y"\n3,4\n')
    assert [(row.line, row.cells) for row in found] == [(2, ("one\r\ntwo", 'say "x", y')), (4, ("3", "4"))]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b"caf\xe9,x", "is not UTF-8: byte 0xE9"),
        (b"nul\0,x", "has a NUL character"),
        (b"only one", "has 1 cells where the header has 2"),
        (b"1,2,3", "has 3 cells where the header has 2"),
        (b'x,"never closed', "a quote is opened and never closed"),
        (b'a "b" c,"x"y', "a quote is in the wrong place"),
        (b"x" * (rows.LONGEST_LINE + 5) + b",y", "is too long for a line of a table"),
    ],
    ids=["latin-1", "NUL", "short", "long", "open quote", "stray quotes", "endless line"],
)
def test_a_bad_row_is_named_with_its_line_and_costs_no_other(tmp_path: Path, bad: bytes, why: str) -> None:
    _, found = _read(tmp_path, b"a,b\n1,2\n" + bad + b"\n3,4\n5,6\n")
    assert [row.cells for row in found if not row.why] == [("1", "2"), ("3", "4"), ("5", "6")]
    assert [(row.line, row.why) for row in found if row.why] == [(3, why)]


def test_a_stray_quote_closed_on_a_later_line_loses_no_whole_row_between(tmp_path: Path) -> None:
    _, found = _read(tmp_path, b'a,b\n1,"2\n3,4\n5,"6\n7,8\n')
    assert [row.cells for row in found if not row.why] == [("3", "4"), ("7", "8")]
    assert [row.line for row in found if row.why] == [2, 4]


def test_line_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    _, found = _read(tmp_path, b'\na,b\n\n"x\ny",1\nz\n')
    assert [(row.line, bool(row.why)) for row in found] == [(4, False), (6, True)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n  \n", "is empty"),
        ("a,b\n1,2\n".encode("utf-16"), "is UTF-16, not CSV in UTF-8"),
        ("a,b\n1,2\n".encode("utf-16-le"), "the header cannot be read: it has a NUL character"),
        (b"PK\x03\x04rest", "is a zip archive or spreadsheet, not CSV in UTF-8"),
        (b"%PDF-1.7", "is PDF, not CSV in UTF-8"),
        (b"\xe9t\xe9,b\n1,2\n", "the header cannot be read: it is not UTF-8: byte 0xE9"),
        (b'"a,b\n1,2\n', "the header cannot be read: it opens a quote and never closes it"),
    ],
    ids=["empty", "blank", "UTF-16", "UTF-16 without mark", "spreadsheet", "PDF", "latin-1 header", "open quote"],
)
def test_a_file_that_is_no_table_is_one_clear_error(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(UserError) as told:
        _read(tmp_path, content)
    assert says in told.value.line()
    assert "table.csv" in told.value.line()
    assert "\n" not in told.value.line()


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    assert _read(tmp_path, b"a,b\n") == (("a", "b"), [])


def test_a_directory_and_a_missing_file_are_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a directory"):
        rows.digest(tmp_path)
    with pytest.raises(UserError, match="no such file"):
        rows.digest(tmp_path / "none.csv")


def test_reading_streams(tmp_path: Path) -> None:
    """The first row is there before the file is read to its end."""
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n1,2\n")
        file.truncate(50_000_000)  # the rest is a hole of NUL characters
    _, found = rows.read(path)
    assert next(found).cells == ("1", "2")
