"""An offense list is read row by row; a section counts on its days, within its limits, whatever its capitals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from slugs import slug

from detainer.errors import UserError
from detainer.law.offenses import COLUMNS, Offense, OffenseList, parts, read_offenses, split_section

ROWS = """\
us-zz,PC,1.10-a,2;3(b),Robbery § 1,B,grave old,2020-01-01,2021-12-31,A,CODE; MORE,only in part
us-zz,PC,1.10-a,,Robbery,A,,2022-01-01,,B,CODE,
us-yy,PC,1.10-a,,Robbery elsewhere,,,,,,,
"""


def read(folder: Path, rows: str) -> OffenseList:
    path = folder / "offenses.csv"
    path.write_text(",".join(COLUMNS) + "\n" + rows, encoding="utf-8")
    return read_offenses(path, "grave")


def test_a_row_is_read_whole(tmp_path: Path) -> None:
    listed = read(tmp_path, ROWS)
    assert listed.name == "grave"
    assert listed.all()[0] == Offense(
        jurisdiction="us-zz",
        law="PC",
        section="1.10-a",
        subdivisions=(("2",), ("3", "b")),
        title="Robbery § 1",
        offense_class="B",
        marks=frozenset({"grave", "old"}),
        first=date(2020, 1, 1),
        last=date(2021, 12, 31),
        grade="A",
        source="CODE; MORE",
        note="only in part",
        line=2,
    )
    assert [row.line for row in listed.all()] == [2, 3, 4]
    assert (listed.all()[2].first, listed.all()[2].last, listed.all()[2].marks) == (None, None, frozenset())


@pytest.mark.parametrize("section", ["1.10-a", "1.10-A", " 1.10-a "], ids=slug)
def test_a_section_is_found_whatever_its_capitals(tmp_path: Path, section: str) -> None:
    listed = read(tmp_path, ROWS)
    assert len(listed.rows_for("pc", section)) == 3
    assert len(listed.rows_for(" PC ", section)) == 3
    assert listed.rows_for("PL", section) == ()


@pytest.mark.parametrize("section", ["1.10", "1.1", "1.10-b", "1.10a", ""], ids=slug)
def test_a_section_that_only_looks_like_it_is_another(tmp_path: Path, section: str) -> None:
    assert read(tmp_path, ROWS).rows_for("PC", section) == ()


def test_a_row_counts_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    row = read(tmp_path, ROWS).all()[0]
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2021, 12, 31), date(2022, 1, 1)]
    assert [row.listed_on(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("subdivision", "covered"),
    [
        ("2", True),
        ("2(a)", True),
        ("3(b)", True),
        ("3 (B)", True),
        ("3(b)(ii)", True),
        ("3", None),
        ("3(a)", False),
        ("1", False),
        ("22", False),
        ("", None),
        (None, None),
    ],
    ids=slug,
)
def test_a_row_with_limits_covers_these_and_what_lies_within(
    tmp_path: Path, subdivision: str | None, covered: bool | None
) -> None:
    assert read(tmp_path, ROWS).all()[0].covers(subdivision) is covered


def test_a_row_without_limits_covers_every_subdivision(tmp_path: Path) -> None:
    assert [read(tmp_path, ROWS).all()[1].covers(one) for one in ("1", "", None)] == [True, True, True]


def test_one_section_may_stand_again_from_the_day_after_and_not_on_the_last_day(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"csv:3: PC 1\.10-a is listed twice for one day with different limits"):
        read(tmp_path, ROWS.replace("2022-01-01", "2021-12-31").replace("grave old", ""))
    with pytest.raises(UserError, match=r"csv:3: .* twice"):
        read(tmp_path, "us-zz,PC,1,,A,,,,2020-01-01,,,\nus-zz,pc,1,,A,,,2020-01-01,,,,\n")
    with pytest.raises(UserError, match=r"csv:3: .* twice for one day with the same limits \(also line 2\)"):
        read(tmp_path, "us-zz,PC,1,,A,,,,,,,\nus-zz,PC,1,,A,,,,,,,\n")
    assert len(read(tmp_path, "us-zz,PC,1,,A,,,,2020-01-01,,,\nus-zz,PC,1,,A,,,2020-01-02,,,,\n").all()) == 2


def test_one_day_is_a_span(tmp_path: Path) -> None:
    row = read(tmp_path, "us-zz,PC,1,,A,,,2020-01-01,2020-01-01,,,\n").all()[0]
    assert row.listed_on(date(2020, 1, 1))


def test_a_bad_first_day_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read(tmp_path, "us-zz,PC,1,,A,,,1 January,,,,\n")
    line = caught.value.line().removeprefix(str(tmp_path))
    assert line == "/offenses.csv:2: '1 January' is no date. Write it as 2014-12-14."


def test_a_file_that_is_no_csv_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"offenses\.csv:2: not readable as CSV: field larger than"):
        read(tmp_path, f"us-zz,PC,{'1' * 140_000},,A,,,,,,,\n")


def test_letters_of_any_language_are_read_whatever_the_machine_prefers(tmp_path: Path) -> None:
    assert read(tmp_path, "us-zz,PC,1,,Überfall – räuberisch,,,,,,,\n").all()[0].title == "Überfall – räuberisch"
    (tmp_path / "offenses.csv").write_bytes(b"\xff")
    with pytest.raises(UserError, match=r"offenses\.csv: cannot be read"):
        read_offenses(tmp_path / "offenses.csv", "grave")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PL 135.65(2)(b)", ("PL", "135.65", "(2)(b)")),
        ("135.65", ("", "135.65", "")),
        ("  PL   160.15 ", ("PL", "160.15", "")),
        ("8-USC 1326(b)(2)", ("8-USC", "1326", "(b)(2)")),
    ],
    ids=slug,
)
def test_a_reference_is_split_into_law_section_and_subdivision(text: str, found: tuple[str, str, str]) -> None:
    law, section, subdivision = split_section(text)
    assert (law.strip(), section, subdivision) == found


def test_a_subdivision_is_its_parts() -> None:
    assert [parts(text) for text in ("2(b)", "2 (B)", "(a)(ii)", "", "4-a")] == [
        ("2", "b"),
        ("2", "b"),
        ("a", "ii"),
        (),
        ("4-a",),
    ]
