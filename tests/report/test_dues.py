"""Which reports are owed on a day, in every version of the law."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from detainer.report import definitions, dues

KNOWN = definitions.load(Path(__file__).parents[2] / "laws")


def test_the_last_two_years_and_the_one_that_runs_are_owed_with_their_days() -> None:
    found = dues.owed([KNOWN["us-ny-nyc-police/annual"]], date(2026, 11, 24))
    assert [(one.start, one.end, one.due) for one in found] == [
        (date(2026, 7, 1), date(2027, 6, 30), date(2027, 9, 1)),
        (date(2025, 7, 1), date(2026, 6, 30), date(2026, 9, 1)),
        (date(2024, 7, 1), date(2025, 6, 30), date(2025, 9, 1)),
    ]
    assert [one.over(date(2026, 11, 24)) for one in found] == [False, True, True]


def test_the_years_change_their_end_with_the_law() -> None:
    all_of_it = dues.periods(KNOWN["us-ny-nyc-correction/annual"], date(2014, 10, 1), date(2019, 6, 30))
    assert [(one.start, one.end) for one in all_of_it] == [
        (date(2014, 10, 1), date(2015, 9, 30)),
        (date(2015, 10, 1), date(2016, 9, 30)),
        (date(2016, 10, 1), date(2017, 9, 30)),
        (date(2017, 7, 1), date(2018, 6, 30)),
        (date(2018, 7, 1), date(2019, 6, 30)),
    ]


def test_the_first_periods_of_probation_and_of_the_quarters_are_the_laws_own() -> None:
    first = next(dues.periods(KNOWN["us-ny-nyc-probation/annual"], date(2017, 1, 1), date(2019, 1, 1)))
    assert (first.start, first.end) == (date(2018, 1, 30), date(2018, 6, 30))
    quarters = list(dues.periods(KNOWN["us-ny-nyc/quarterly"], date(2018, 1, 1), date(2018, 12, 31)))
    assert [(one.start, one.end) for one in quarters][:2] == [
        (date(2018, 1, 30), date(2018, 3, 31)),
        (date(2018, 4, 1), date(2018, 6, 30)),
    ]
    assert {one.due for one in quarters} == {None}
