"""Figures of others: with period and source or not at all, gaps as gaps, three kinds of year never mixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from detainer.errors import UserError
from detainer.report import published

HEAD = ",".join(published.COLUMNS)
ROW = "a,Police,2016-01-01,2016-12-31,received,80,stands,high,A report,,"


def load(tmp_path: Path, *rows: str) -> dict[str, published.Published]:
    file = tmp_path / "figures.csv"
    file.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    return published.load(file, published.measures(published.DATA / "measures.csv"))


def test_the_article_s_figures_are_shipped_with_their_source() -> None:
    found = published.shipped()
    assert (found["police_received_2016"].value, found["police_received_2017"].value) == (80, 1526)
    assert found["police_honored_2016"].period == "calendar 2016"
    assert all(figure.source for figure in found.values())


def test_a_report_whose_number_nobody_knows_is_a_gap() -> None:
    gaps = [figure for figure in published.shipped().values() if figure.state == "gap"]
    assert gaps
    assert all(figure.value is None for figure in gaps)


@pytest.mark.parametrize(
    ("span", "kind"),
    [
        (("2016-01-01", "2016-12-31"), "calendar year"),
        (("2016-07-01", "2017-06-30"), "year to June"),
        (("2016-10-01", "2017-09-30"), "year to September"),
        (("2016-01-01", "2017-12-31"), "another span"),
        (("2016-10-01", "2018-09-30"), "another span"),
        (("2017-01-01", "2017-04-03"), "another span"),
    ],
)
def test_three_kinds_of_year_are_told_apart(tmp_path: Path, span: tuple[str, str], kind: str) -> None:
    row = f"a,Police,{span[0]},{span[1]},received,80,stands,high,A report,,"
    assert load(tmp_path, row)["a"].kind_of_period == kind


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (ROW.replace("2016-01-01", ""), "figures.csv:2: a figure without period: 'from' is ''"),
        (ROW.replace("A report", ""), "figures.csv:2: a figure without source"),
        (ROW.replace("Police", ""), "figures.csv:2: a figure without agency"),
        (ROW.replace("2016-12-31", "2015-12-31"), "ends on 2015-12-31, before it starts"),
        (ROW.replace("received", "seen"), "nobody defined what 'seen' counts"),
        (ROW.replace("80", "eighty"), "'eighty' is no number"),
        (ROW.replace("80", ""), "a gap has no value"),
        (ROW.replace("80,stands,high", "0,gap,"), "a gap has no value"),
        (ROW.replace("high", ""), "how sure is it?"),
        (ROW.replace("stands", "replaced"), "a replaced figure names the one that replaced it"),
        (ROW.replace("a,", "a b,", 1), "'a b' is no id"),
        (ROW + ",more", "too many or too few cells"),
        (f"{ROW}\n{ROW}", "figures.csv:3: the figure 'a' is there twice"),
    ],
)
def test_a_bad_row_is_named_with_its_line(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(UserError) as told:
        load(tmp_path, row)
    assert says in told.value.line()


def test_a_table_with_other_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    file.write_text("id,value\na,1\n")
    with pytest.raises(UserError, match="its columns are other ones"):
        published.load(file, {})
