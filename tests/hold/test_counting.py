"""Hours are counted on counted days only, in elapsed time, whatever the clocks on the wall do.

Held against a second way of counting that walks minute by minute, and against what must hold of any count.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detainer.errors import UserError
from detainer.hold import Calendar, Holiday, count_hours, end_of_day, window

ZONES = ["America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "America/Phoenix", "America/St_Johns"]
# Clocks that change at midnight, so that a day begins at one o'clock, or twice.
ODD_ZONES = ["America/Havana", "America/Santiago", "Atlantic/Azores", "Africa/Cairo"]
MINUTE = timedelta(minutes=1)

zones = st.sampled_from(ZONES + ODD_ZONES).map(ZoneInfo)
starts = st.integers(0, 28 * 365 * 1440).map(lambda minutes: datetime(2012, 1, 1, tzinfo=UTC) + minutes * MINUTE)
near_a_change = st.builds(
    lambda year, month, day, minutes: datetime(year, month, day, tzinfo=UTC) + timedelta(minutes=minutes),
    st.integers(2013, 2039),
    st.sampled_from([3, 11]),
    st.integers(1, 14),
    st.integers(0, 1439),
)
moments = starts | near_a_change
days_off = st.frozensets(st.integers(0, 9), max_size=6)


def left_out_days(start: datetime, zone: ZoneInfo, offsets: frozenset[int]) -> Callable[[date], bool]:
    """Saturdays, Sundays, and the days that lie so many days after the start."""
    first = start.astimezone(zone).date()
    off = {first + timedelta(days=offset) for offset in offsets}
    return lambda day: day.weekday() >= 5 or day in off


def by_the_minute(start: datetime, minutes: int, zone: ZoneInfo, left_out: Callable[[date], bool]) -> datetime:
    """The end found by going forward a minute at a time, and counting those that begin on a counted day."""
    moment = start
    while minutes:
        if not left_out(moment.astimezone(zone).date()):
            minutes -= 1
        moment += MINUTE
    return moment


@given(moments, st.integers(1, 48), zones, days_off)
def test_the_end_is_the_one_found_minute_by_minute(
    start: datetime, hours: int, zone: ZoneInfo, offsets: frozenset[int]
) -> None:
    left_out = left_out_days(start, zone, offsets)
    assert count_hours(start, hours, zone, left_out) == by_the_minute(start, hours * 60, zone, left_out)


def counted(start: datetime, end: datetime, zone: ZoneInfo, left_out: Callable[[date], bool]) -> timedelta:
    """The elapsed time between two moments on days that count, added up day by day."""
    total, moment = timedelta(), start.astimezone(UTC)
    while moment < end:
        day = moment.astimezone(zone).date()
        midnight = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        if not left_out(day):
            total += min(midnight, end.astimezone(UTC)) - moment
        moment = midnight
    return total


@given(moments, st.floats(0.25, 100), zones, days_off)
def test_exactly_so_many_hours_are_counted(
    start: datetime, hours: float, zone: ZoneInfo, offsets: frozenset[int]
) -> None:
    left_out = left_out_days(start, zone, offsets)
    end = count_hours(start, hours, zone, left_out)
    assert counted(start, end, zone, left_out) == timedelta(hours=hours)


@given(moments, zones, days_off)
def test_the_end_lies_on_a_counted_day_or_at_its_last_midnight(
    start: datetime, zone: ZoneInfo, offsets: frozenset[int]
) -> None:
    left_out = left_out_days(start, zone, offsets)
    end = count_hours(start, 48, zone, left_out)
    assert not left_out((end.astimezone(UTC) - timedelta(microseconds=1)).astimezone(zone).date())


@given(moments, zones, days_off)
def test_no_hold_ends_later_than_the_days_left_out_can_make_it(
    start: datetime, zone: ZoneInfo, offsets: frozenset[int]
) -> None:
    """At least 48 hours, and at most those and 25 hours for each day that is left out."""
    left_out = left_out_days(start, zone, offsets)
    end = count_hours(start, 48, zone, left_out)
    first = start.astimezone(zone).date()
    days = [first + timedelta(days=number) for number in range((end.date() - first).days + 1)]
    assert start + timedelta(hours=48) <= end <= start + timedelta(hours=48 + 25 * sum(map(left_out, days)))


@given(moments, st.integers(1, 10_000), zones, days_off)
def test_a_later_start_never_gives_an_earlier_end(
    start: datetime, minutes: int, zone: ZoneInfo, offsets: frozenset[int]
) -> None:
    left_out = left_out_days(start, zone, offsets)
    later = start + timedelta(minutes=minutes)
    assert count_hours(start, 48, zone, left_out) <= count_hours(later, 48, zone, left_out)


@given(moments, zones)
def test_the_shortest_reading_never_ends_after_the_longest_and_the_plain_one_never_after_either(
    start: datetime, zone: ZoneInfo
) -> None:
    ends = window(start, 48, zone, two_lists(start, zone), holidays=["one", "two"])
    assert ends.flat <= ends.until <= ends.outer_limit
    assert ends.alarm == ends.flat


def two_lists(start: datetime, zone: ZoneInfo) -> Calendar:
    """A day on both lists, and one on each alone."""
    first = start.astimezone(zone).date()
    days = [first + timedelta(days=number) for number in (0, 1, 2)]
    years = {day.year + more for day in days for more in (-1, 0, 1)}
    far = [Holiday(date(year, 7, 4), name, "far") for year in years for name in ("one", "two")]
    near = [Holiday(days[0], "one", "a"), Holiday(days[1], "one", "b"), Holiday(days[1], "two", "b")]
    near.append(Holiday(days[2], "two", "c"))
    return Calendar.of({(one.day, one.list): one for one in far + near}.values(), "test")


@given(moments, zones)
def test_only_days_on_both_lists_are_left_out_of_the_shortest_and_days_on_either_of_the_longest(
    start: datetime, zone: ZoneInfo
) -> None:
    calendar = two_lists(start, zone)
    one, two = calendar.days["one"], calendar.days["two"]
    ends = window(start, 48, zone, calendar, holidays=["one", "two"])
    assert ends.until == count_hours(start, 48, zone, lambda day: day.weekday() >= 5 or day in one & two)
    assert ends.outer_limit == count_hours(start, 48, zone, lambda day: day.weekday() >= 5 or day in one | two)


@given(moments, zones)
def test_the_end_of_a_day_is_the_last_minute_of_the_local_day(start: datetime, zone: ZoneInfo) -> None:
    end = end_of_day(start, zone)
    assert (end.date(), end.hour, end.minute, end.tzinfo) == (start.astimezone(zone).date(), 23, 59, zone)


def test_a_list_that_is_not_there_is_told_with_those_that_are() -> None:
    days = [Holiday(date(2026, 7, 4), name, "Independence Day") for name in ("us-ny", "us-federal")]
    calendar = Calendar.of(days, "test")
    with pytest.raises(UserError, match=r"there is no holiday list us-federl\. Lists: us-federal, us-ny\."):
        window(datetime(2026, 7, 1, tzinfo=UTC), 48, ZoneInfo("UTC"), calendar, holidays=["us-federl"])
