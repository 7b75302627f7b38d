"""A claim about a rise, judged from rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from published import write

from detainer.errors import UserError
from detainer.replay.cells import Period
from detainer.replay.judging import Claim, Judged, judge
from detainer.replay.mapping import Mapping
from detainer.replay.series import series

HEADER = ("arrest_date", "criminality", "arrest_method")
CONVICTED, PENDING, NEITHER = "1 Convicted Criminal", "2 Pending Criminal Charges", "3 Other Immigration Violator"
THEN, NOW = Period(date(2016, 1, 1), date(2016, 3, 31)), Period(date(2017, 1, 1), date(2017, 3, 31))
NINE = [f"{year}-0{month}-15" for year in (2016, 2017) for month in (1, 2, 3)]


def _judged(home: Path, claim: str, counts: dict[str, tuple[int, int]], days: list[str] = NINE) -> Judged:
    """Judge a claim over made-up arrests: of each value so many in January of 2016 and in March of 2017."""
    rows = [(day, CONVICTED, "Located") for day in days]
    for value, (then, now) in counts.items():
        rows += [(days[0], value, "Located")] * then + [(days[-1], value, "Located")] * now
    file, rules = write(home / "a.csv", *rows, header=HEADER), Mapping.load("ddp-arrests")
    before, after = (series([file], rules, "criminality", period, date(2026, 11, 24)) for period in (THEN, NOW))
    return judge(Claim.read(claim), before, after)


def test_a_number_that_fits_another_series_is_no_proof_of_the_claim(tmp_path: Path) -> None:
    """As of 2017: all arrests up by two fifths, those of people with neither conviction nor charge up far more."""
    judged = _judged(tmp_path, "neither: 40", {CONVICTED: (87, 117), NEITHER: (10, 20)})
    assert judged.verdict == "does not fit"
    assert judged.least == pytest.approx(100)
    assert judged.fitting == ("all",)


def test_groups_are_added_and_a_number_may_be_five_points_off(tmp_path: Path) -> None:
    judged = _judged(tmp_path, "neither + pending charges only: 40 %", {PENDING: (50, 50), NEITHER: (50, 94)})
    assert judged.verdict == "fits"
    assert judged.least == pytest.approx(44)
    assert _judged(tmp_path, "neither: 40", {NEITHER: (100, 146)}).verdict == "does not fit"


def test_rows_that_do_not_say_may_leave_a_claim_open(tmp_path: Path) -> None:
    judged = _judged(tmp_path, "neither: 40", {NEITHER: (100, 130), "NA": (0, 20)})
    assert judged.verdict == "cannot be told"
    assert (judged.least, judged.most) == (pytest.approx(30), pytest.approx(50))
    assert "20 rows do not say" in judged.why


def test_months_without_a_row_are_named_and_nothing_is_told(tmp_path: Path) -> None:
    judged = _judged(tmp_path, "neither: 40", {NEITHER: (100, 140)}, ["2016-01-15", *NINE[3:]])
    assert judged.verdict == "cannot be told"
    assert judged.why == "There are no rows of 2016-02 to 2016-03."


def test_across_a_break_nothing_is_told(tmp_path: Path) -> None:
    rows = [(f"{year}-{month}-15", CONVICTED, "Located") for year in (2024, 2025) for month in (10, 11)]
    file, rules = write(tmp_path / "a.csv", *rows, header=HEADER), Mapping.load("ddp-arrests")
    before, after = (
        series([file], rules, "method", Period(date(year, 10, 1), date(year, 11, 30)), date(2026, 11, 24))
        for year in (2024, 2025)
    )
    judged = judge(Claim.read("at large: 0"), before, after)
    assert judged.verdict == "cannot be told"
    assert "breaks on 2025-07-01" in judged.why


@pytest.mark.parametrize(("text", "told"), [("neither", "is no claim"), ("nobody: 40", "has no group 'nobody'")])
def test_a_claim_that_is_none_is_one_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        _judged(tmp_path, text, {})
