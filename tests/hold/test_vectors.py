"""The ends of a hold that were computed by hand for the city's law, and one for each thing that bends a count."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from detainer.hold import Calendar, window
from detainer.law.book import shipped

NEW_YORK = ZoneInfo("America/New_York")
BOTH = ("us-federal", "us-ny")


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar.read(shipped() / "us" / "holidays.csv")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "until", "outer", "flat"),
    [
        pytest.param(
            "2026-11-24T10:00-05:00",
            "2026-11-27T10:00-05:00",
            "2026-11-27T10:00-05:00",
            "2026-11-26T10:00-05:00",
            id="H1 Thanksgiving is on both lists",
        ),
        pytest.param(
            "2026-03-06T12:00-05:00",
            "2026-03-10T12:00-04:00",
            "2026-03-10T12:00-04:00",
            "2026-03-08T13:00-04:00",
            id="H4 the clocks go forward on the Sunday",
        ),
        pytest.param(
            "2026-12-05T03:00-05:00",
            "2026-12-09T00:00-05:00",
            "2026-12-09T00:00-05:00",
            "2026-12-07T03:00-05:00",
            id="H5 a start on a Saturday",
        ),
        pytest.param(
            "2026-02-11T09:00-05:00",
            "2026-02-13T09:00-05:00",
            "2026-02-17T09:00-05:00",
            "2026-02-13T09:00-05:00",
            id="H7 Lincoln's Birthday is on one list",
        ),
        pytest.param(
            "2026-12-07T09:15-05:00",
            "2026-12-09T09:15-05:00",
            "2026-12-09T09:15-05:00",
            "2026-12-09T09:15-05:00",
            id="H10 nothing is left out",
        ),
        pytest.param(
            "2026-10-30T12:00-04:00",
            "2026-11-03T12:00-05:00",
            "2026-11-04T12:00-05:00",
            "2026-11-01T11:00-05:00",
            id="the clocks go back on the Sunday; general election day on one list",
        ),
        pytest.param(
            "2028-02-28T12:00-05:00",
            "2028-03-01T12:00-05:00",
            "2028-03-01T12:00-05:00",
            "2028-03-01T12:00-05:00",
            id="29 February counts as a day",
        ),
        pytest.param(
            "2026-12-07T00:00-05:00",
            "2026-12-09T00:00-05:00",
            "2026-12-09T00:00-05:00",
            "2026-12-09T00:00-05:00",
            id="a start at midnight",
        ),
        pytest.param(
            "2026-12-04T23:59-05:00",
            "2026-12-08T23:59-05:00",
            "2026-12-08T23:59-05:00",
            "2026-12-06T23:59-05:00",
            id="one counted minute before a weekend",
        ),
        pytest.param(
            "2026-11-26T15:00-05:00",
            "2026-12-01T00:00-05:00",
            "2026-12-01T00:00-05:00",
            "2026-11-28T15:00-05:00",
            id="a start on a holiday before a Friday and a weekend",
        ),
    ],
)
def test_a_hold_ends_when_a_person_counts_it_to_end(
    calendar: Calendar, start: str, until: str, outer: str, flat: str
) -> None:
    ends = window(at(start), 48, NEW_YORK, calendar, holidays=BOTH)
    assert (ends.until, ends.outer_limit, ends.flat) == (at(until), at(outer), at(flat))


def test_the_ends_are_told_in_the_agencys_own_time(calendar: Calendar) -> None:
    ends = window(at("2026-11-24T15:00+00:00"), 48, NEW_YORK, calendar, holidays=BOTH)
    assert [end.tzinfo for end in (ends.until, ends.outer_limit, ends.flat)] == [NEW_YORK] * 3
    assert ends.until.isoformat() == "2026-11-27T10:00:00-05:00"


def test_the_alarm_is_the_earliest_end(calendar: Calendar) -> None:
    ends = window(at("2026-11-24T10:00-05:00"), 48, NEW_YORK, calendar, holidays=BOTH)
    assert ends.alarm == at("2026-11-26T10:00-05:00")


def test_the_version_of_the_calendar_is_kept_with_the_ends(calendar: Calendar) -> None:
    assert window(at("2026-11-24T10:00-05:00"), 48, NEW_YORK, calendar, holidays=BOTH).calendar == calendar.version
    assert len(calendar.version) == 12


def test_without_weekends_and_holidays_left_out_every_hour_counts(calendar: Calendar) -> None:
    ends = window(at("2026-11-25T10:00-05:00"), 48, NEW_YORK, calendar, weekends=False)
    assert ends.until == ends.outer_limit == ends.flat == at("2026-11-27T10:00-05:00")


def test_weekends_left_out_and_holidays_not(calendar: Calendar) -> None:
    ends = window(at("2026-11-25T10:00-05:00"), 48, NEW_YORK, calendar)
    assert ends.until == ends.outer_limit == at("2026-11-27T10:00-05:00")


def test_holidays_left_out_and_weekends_not(calendar: Calendar) -> None:
    ends = window(at("2026-11-25T10:00-05:00"), 48, NEW_YORK, calendar, weekends=False, holidays=["us-federal"])
    assert ends.until == at("2026-11-28T10:00-05:00")
