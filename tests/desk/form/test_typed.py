"""Dates and times as people type them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from detainer.desk.form.typed import not_future, read_day, read_moment, show_moment
from detainer.desk.wording.clockwords import long_day, moment
from detainer.errors import UserError

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)  # 10:00 in New York


@pytest.mark.parametrize(
    "text",
    ["11/24/2026", "2026-11-24", "11/24/26", "24 Nov 2026", "Nov 24, 2026", "Tue 24 Nov 2026", " 24  november 2026 "],
)
def test_a_day_is_read_however_it_is_commonly_written(text: str) -> None:
    assert read_day(text) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24 nov 2026", date(2026, 11, 24)),
        ("mar 24 nov 2026", date(2026, 11, 24)),
        ("martes, 24 de noviembre de 2026", date(2026, 11, 24)),
        ("24 de Noviembre de 2026", date(2026, 11, 24)),
        ("mié 1 ene 2025", date(2025, 1, 1)),
        ("sábado 5 abr 2025", date(2025, 4, 5)),
        ("1 ago 2025", date(2025, 8, 1)),
        ("15 dic 2025", date(2025, 12, 15)),
        ("3 mar 2026", date(2026, 3, 3)),
        ("mar 3 mar 2026", date(2026, 3, 3)),
        ("3 de marzo de 2026", date(2026, 3, 3)),
        ("Mar 3, 2026", date(2026, 3, 3)),
        ("March 3 2026", date(2026, 3, 3)),
        ("Mon 3 Mar 2025", date(2025, 3, 3)),
        ("1 sept 2026", date(2026, 9, 1)),
    ],
)
def test_a_day_is_read_as_the_pages_of_either_language_write_it(text: str, day: date) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize("month", range(1, 13))
def test_each_day_that_a_page_shows_can_be_typed_back(month: int) -> None:
    when = datetime(2026, month, 3, 15, tzinfo=UTC)
    for language in ("en", "es"):
        with translation.override(language):
            shown = moment(when, NEW_YORK, now=datetime(2025, 1, 1, tzinfo=UTC))
            assert read_moment(shown, NEW_YORK, now=NOW) == when, shown
            assert read_day(long_day(when.date())) == when.date()


@pytest.mark.parametrize("text", ["02/30/2026", "13/01/2026", "yesterday", "", "2026-11", "<b>1</b>", "31 Feb 2026"])
def test_a_day_that_does_not_exist_is_one_clear_line(text: str) -> None:
    with pytest.raises(UserError, match="is not a date") as told:
        read_day(text)
    assert "\n" not in told.value.line()


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("11/24/2026 02:10", 2, 10),
        ("2026-11-24T02:10", 2, 10),
        ("02:10", 2, 10),
        ("2:10 pm", 14, 10),
        ("12:05 AM", 0, 5),
    ],
)
def test_a_time_alone_is_todays_and_local(text: str, hour: int, minute: int) -> None:
    local = read_moment(text, NEW_YORK, now=NOW).astimezone(NEW_YORK)
    assert (local.date(), local.hour, local.minute) == (date(2026, 11, 24), hour, minute)


def test_today_is_the_agencys_day_and_not_the_servers() -> None:
    late = datetime(2026, 11, 25, 3, tzinfo=UTC)  # still the 24th in New York
    assert read_moment("22:30", NEW_YORK, now=late) == datetime(2026, 11, 25, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["11/24/2026", "11/24/2026 25:00", "13:00 pm", "0:30 am", "24:00", "noon", "11/24/2026 10:61"]
)
def test_a_time_that_does_not_exist_is_one_clear_line(text: str) -> None:
    with pytest.raises(UserError, match="time of day"):
        read_moment(text, NEW_YORK, now=NOW)


def test_an_hour_that_the_clocks_skipped_is_refused() -> None:
    with pytest.raises(UserError, match="did not exist: the clocks went forward"):
        read_moment("03/08/2026 02:30", NEW_YORK, now=NOW)


def test_an_hour_that_came_twice_must_say_which() -> None:
    with pytest.raises(UserError, match=r"came twice.*Add EDT or EST"):
        read_moment("11/01/2026 01:30", NEW_YORK, now=NOW)
    assert read_moment("11/01/2026 01:30 EDT", NEW_YORK, now=NOW) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert read_moment("11/01/2026 01:30 est", NEW_YORK, now=NOW) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    with pytest.raises(UserError, match="was not in force"):
        read_moment("11/24/2026 01:30 EDT", NEW_YORK, now=NOW)


@given(st.datetimes(min_value=datetime(2014, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_the_form_shows_reads_back_as_the_same_minute(moment: datetime) -> None:
    read = read_moment(show_moment(moment, NEW_YORK), NEW_YORK, now=NOW)
    assert read == moment.replace(second=0, microsecond=0)


@pytest.mark.parametrize("hour", [5, 6])
def test_what_the_form_shows_of_an_hour_that_came_twice_reads_back_too(hour: int) -> None:
    moment = datetime(2026, 11, 1, hour, 30, tzinfo=UTC)
    assert read_moment(show_moment(moment, NEW_YORK), NEW_YORK, now=NOW) == moment


def test_what_has_not_happened_yet_cannot_be_recorded() -> None:
    assert not_future(NOW, now=NOW, what="That") == NOW
    with pytest.raises(UserError, match="lies in the future"):
        not_future(datetime(2026, 11, 24, 16, tzinfo=UTC), now=NOW, what="The release")


@pytest.mark.parametrize("text", ["12/31/9999 23:59", "01/01/0001 00:00", "9999-12-31T23:59", "12/31/2200 00:00"])
def test_a_year_that_no_case_can_have_is_told_in_one_line(text: str) -> None:
    with pytest.raises(UserError, match="is not in the years 1900 to 2199"):
        read_moment(text, NEW_YORK, now=NOW)
