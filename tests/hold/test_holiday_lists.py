"""The reviewed holiday file holds the days that the rules give, written out here a second time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import holidays
import pytest

from detainer.hold import Calendar
from detainer.law.book import shipped

YEARS = range(2011, 2041)
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar.read(shipped() / "us" / "holidays.csv")


def of_year(calendar: Calendar, name: str, year: int) -> list[date]:
    return sorted(day for day in calendar.days[name] if day.year == year)


@pytest.mark.parametrize("year", YEARS)
def test_the_federal_list_is_that_of_the_package_holidays(calendar: Calendar, year: int) -> None:
    """5 U.S.C. § 6103(a), (b): a day on a Saturday moves to the Friday, one on a Sunday to the Monday.

    The package lists days that move beside those they move from; government offices rest on the day moved to.
    """
    around = holidays.country_holidays("US", years=[year - 1, year, year + 1], categories=("public",))
    moved_from = {
        day for day, name in around.items() if day.weekday() in (SATURDAY, SUNDAY) and not name.endswith("(observed)")
    }
    assert of_year(calendar, "us-federal", year) == sorted(
        day for day in around if day.year == year and day not in moved_from
    )


@pytest.mark.parametrize("year", YEARS)
def test_the_new_york_list_follows_general_construction_law_24(calendar: Calendar, year: int) -> None:
    assert of_year(calendar, "us-ny", year) == sorted(set(new_york(year)))


def new_york(year: int) -> Iterator[date]:
    """N.Y. Gen. Constr. Law § 24: the public holidays; one on a Sunday, save Flag Day, is kept on the Monday."""
    yield the_nth(year, 1, MONDAY, 3)  # Dr. Martin Luther King, Jr.
    yield the_nth(year, 2, MONDAY, 3)  # Washington's Birthday
    yield the_last(year, 5, MONDAY)  # Memorial Day
    yield the_nth(year, 6, SUNDAY, 2)  # Flag Day
    yield the_nth(year, 9, MONDAY, 1)  # Labor Day
    yield the_nth(year, 10, MONDAY, 2)  # Columbus Day
    yield the_nth(year, 11, MONDAY, 1) + timedelta(days=1)  # general election day, Tuesday after the first Monday
    yield the_nth(year, 11, THURSDAY, 4)  # Thanksgiving
    fixed = [(1, 1), (2, 12), (7, 4), (11, 11), (12, 25)] + ([(6, 19)] if year >= FIRST_JUNETEENTH else [])
    for month, number in fixed:
        day = date(year, month, number)
        yield day + timedelta(days=1) if day.weekday() == SUNDAY else day


FIRST_JUNETEENTH = 2021  # L. 2020 ch. 251, of October, came after that year's


def the_nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def the_last(year: int, month: int, weekday: int) -> date:
    return max(day for nth in (4, 5) if (day := the_nth(year, month, weekday, nth)).month == month)


def test_the_day_after_thanksgiving_is_on_neither_list(calendar: Calendar) -> None:
    for year in YEARS:
        assert not calendar.on_any(["us-federal", "us-ny"], the_nth(year, 11, THURSDAY, 4) + timedelta(days=1))
