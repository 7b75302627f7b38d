"""Whatever bytes come after a header, reading ends in rows and in rows with a reason."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from detainer.intake import rows

# Text as a person types it: no characters that files of text do not have, blanks only inside.
CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('",;\t|\n'), max_size=12).map(str.strip)


def _read(content: bytes) -> tuple[tuple[str, ...], list[rows.Row]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        path.write_bytes(content)
        header, found = rows.read(path)
        return header, list(found)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_what_a_spreadsheet_writes_is_read_back(table: list[list[str]], ends: str) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator=ends).writerows([["one", "two", "three"], *table])
    _, found = _read(out.getvalue().encode())
    assert [row.why for row in found if row.why] == []
    written = [tuple(row) for row in table if any(row)]
    assert [row.cells for row in found] == written


@given(
    st.binary(max_size=200) | st.lists(st.sampled_from([b'"', b",", b"\n", b"\r", b"a", b"\xff", b"\0"])).map(b"".join)
)
def test_no_bytes_are_too_odd_to_be_told_about(content: bytes) -> None:
    header, found = _read(b"a,b\n" + content)
    assert header == ("a", "b")
    assert all(len(row.cells) == 2 or row.why for row in found)
    lines = [row.line for row in found]
    assert lines == sorted(set(lines))


@given(st.lists(st.sampled_from(["1,2", '"3","4"', '5,"6', "7,8,9", 'x"y,z']), max_size=12))
def test_a_row_that_can_be_read_is_never_lost_to_a_bad_one(lines: list[str]) -> None:
    """Only a quote that a later line closes into a whole row may take lines with it, and here none can."""
    _, found = _read("\n".join(["a,b", *lines]).encode())
    good = [row.line for row in found if not row.why]
    assert good == [number for number, line in enumerate(lines, start=2) if line in ("1,2", '"3","4"')]
