"""Moments in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from detainer.desk.wording.clockwords import day, long_day, moment, remaining

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def test_a_moment_has_its_weekday_and_local_time_and_a_year_only_when_it_is_another() -> None:
    assert moment(datetime(2026, 11, 27, 15, tzinfo=UTC), NEW_YORK, now=NOW) == "Fri 27 Nov, 10:00"
    assert moment(datetime(2015, 1, 2, 3, 4, tzinfo=UTC), NEW_YORK, now=NOW) == "Thu 1 Jan 2015, 22:04"
    assert day(datetime(2026, 11, 27, 3, tzinfo=UTC), NEW_YORK) == "26 Nov 2026"


@pytest.mark.parametrize(
    ("off", "words"),
    [
        (timedelta(hours=2, minutes=14), "in 2 h 14 min"),
        (timedelta(minutes=52, seconds=59), "in 52 min"),
        (timedelta(hours=3), "in 3 h"),
        (timedelta(seconds=40), "now"),
        (timedelta(minutes=-11), "11 min ago"),
        (timedelta(days=3, hours=4), "in 3 days 4 h"),
        (timedelta(days=1), "in 1 day"),
        (timedelta(days=-40, hours=-5), "40 days ago"),
    ],
)
def test_how_far_off_a_moment_is(off: timedelta, words: str) -> None:
    assert remaining(NOW + off, now=NOW) == words


def test_a_long_day_is_written_as_its_language_writes_it() -> None:
    first = date(2026, 9, 1)
    with translation.override("es"):
        assert long_day(first) == "1 de septiembre de 2026"
    assert long_day(first) == "1 September 2026"
