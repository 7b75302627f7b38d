"""A table judged before use, and counted over time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from published import HEADER, row, write

from detainer.errors import UserError
from detainer.law.files import parse_documents
from detainer.replay import mapping
from detainer.replay.cells import Period
from detainer.replay.checking import check
from detainer.replay.mapping import Mapping, names, validated
from detainer.replay.series import compared, series

TODAY = date(2026, 11, 24)
FILES = Path(mapping.__file__).parent / "mappings"
ARRESTS = (
    "apprehension_date",
    "apprehension_criminality",
    "apprehension_method",
    "apprehension_aor",
    "duplicate_likely",
)
NEW_YORK = "New York City Area of Responsibility"


def test_every_shipped_mapping_is_sound() -> None:
    assert names() == ["ddp-arrests", "ddp-detainers", "ice-foia-2015"]
    for name in names():
        document = next(parse_documents((FILES / f"{name}.yaml").read_text(encoding="utf-8"), name))
        assert Mapping.load(name) == validated(document, name)
        assert Mapping.load(name).id == name


def test_a_check_names_unknown_values_empty_cells_and_days_out_of_range(tmp_path: Path) -> None:
    rows = [row(), row(form="I-999"), row("1999-01-01"), row(facility="NA")]
    found = check([write(tmp_path / "a.csv", *rows)], Mapping.load("ice-foia-2015"), TODAY)
    assert not found.sound
    assert found.rows == 4
    assert found.unlisted == [{"column": "detainer_type", "value": "I-999", "rows": 1}]
    assert found.days == {"first": "2015-03-02", "last": "2015-03-02", "not_readable": 1}
    assert {column["column"]: column["empty"] for column in found.columns}["facility"] == pytest.approx(0.25)
    march = next(month for month in found.months if month["month"] == "2015-03")
    assert march == {"month": "2015-03", "rows": 3, "published": 8081}


def test_a_check_says_of_each_column_that_becomes_no_fact_why(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", (*row(), "Lifted", "x"), header=(*HEADER, "lift_reason", "colour"))
    found = check([file], Mapping.load("ice-foia-2015"), TODAY)
    assert found.ignored["lift_reason"].startswith("What ICE noted afterwards.")
    assert found.ignored["colour"] == "The mapping does not speak of it."


def test_a_series_by_criminality_in_two_periods_without_marked_repeats(tmp_path: Path) -> None:
    def arrests(day: str, crime: str, times: int, repeat: str = "FALSE") -> list[tuple[str, ...]]:
        return [(day, crime, "Located", NEW_YORK, repeat)] * times

    rows = [
        *arrests("2016-05-01", "1 Convicted Criminal", 10),
        *arrests("2016-05-01", "3 Other Immigration Violator", 4),
        *arrests("2017-05-01", "1 Convicted Criminal", 12),
        *arrests("2017-05-01", "2 Pending Criminal Charges", 3),
        *arrests("2017-05-01", "3 Other Immigration Violator", 10),
        *arrests("2017-05-01", "3 Other Immigration Violator", 5, repeat="TRUE"),
    ]
    file, rules = write(tmp_path / "a.csv", *rows, header=ARRESTS), Mapping.load("ddp-arrests")
    then, now = (
        series([file], rules, "criminality", Period(date(year, 1, 1), date(year, 12, 31)), TODAY, area=NEW_YORK)
        for year in (2016, 2017)
    )
    assert {group: (before, after) for group, before, after, _ in compared(then, now)} == {
        "all": (14, 25),
        "convicted": (10, 12),
        "pending charges only": (0, 3),
        "neither": (4, 10),
    }
    assert list(now.rows) == ["all", "convicted", "pending charges only", "neither"]
    changes = {group: change for group, _, _, change in compared(then, now)}
    assert changes["neither"] == pytest.approx(1.5)
    assert changes["pending charges only"] is None
    assert now.left_out == {"outside the period": 14, "marked as a repeat": 5}


def test_a_series_across_a_break_names_it(tmp_path: Path) -> None:
    rows = [
        (day, "1 Convicted Criminal", how, "", "")
        for day, how in (("2025-06-01", "CAP Local Incarceration"), ("2025-07-02", "Custodial Arrest"))
    ]
    file = write(tmp_path / "a.csv", *rows, header=ARRESTS)
    rules = Mapping.load("ddp-arrests")
    assert list(series([file], rules, "method", Period(), TODAY).breaks) == [date(2025, 7, 1)]
    assert series([file], rules, "method", Period(None, date(2025, 6, 30)), TODAY).breaks == {}
    with pytest.raises(UserError, match="no series by colour"):
        series([file], rules, "colour", Period(), TODAY)


def test_a_table_of_counts_is_not_sound(tmp_path: Path) -> None:
    rows = [("2016-03-01", "I247D - Immigration Detainer - Request for Action", "JAIL", "NEW YORK", "12")]
    for name, sound in (("colour", True), ("count", False)):
        file = write(tmp_path / "a.csv", *rows, header=(*HEADER, name))
        found = check([file], replace(Mapping.load("ice-foia-2015"), published=None), TODAY)
        assert found.sound is sound
