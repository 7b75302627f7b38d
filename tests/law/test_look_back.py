"""Whether a conviction lies within five years, held against counting the days one by one."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detainer.law.case import Spell
from detainer.law.conditions import Always
from detainer.law.lookback import Lookback, within, years_later
from detainer.law.vocabulary import Unknown

DAY = timedelta(days=1)


def look_back(*, counted_from: str = "judgment_date", last_day: bool = False, extended: bool = True) -> Lookback:
    return Lookback(
        "five", "§", "…", 5, "judgment_date", "arrest.date", Always(True) if extended else None, counted_from, last_day
    )


def day_by_day(lookback: Lookback, one: dict[str, Any], arrest: date, all_: list[dict[str, Any]]) -> bool:
    """The same count with a pencil: the anniversary, put off by each day that was served for a listed crime."""
    judgment = one["judgment_date"]
    leap = judgment.month == 2 and judgment.day == 29
    end = date(judgment.year + 5, judgment.month, 28 if leap else judgment.day)
    if lookback.includes_last_day:
        end += DAY
    served = set()
    for other in all_:
        if not other["listed"]:
            continue
        for spell in other["incarceration"]:
            day = spell.first
            while day < (spell.last or arrest):
                begun = day >= other[lookback.counted_from]
                after = lookback.counted_from != "judgment_date" or day >= judgment
                if begun and after and day < arrest:
                    served.add(day)
                day += DAY
    return arrest < end + len(served) * DAY


days = st.dates(date(2005, 1, 1), date(2022, 12, 31))
lengths = st.integers(0, 900).map(lambda number: timedelta(days=number))
spells = st.lists(st.builds(lambda first, long: Spell(first, first + long), days, lengths), max_size=3).map(tuple)
ongoing = st.builds(lambda done, first: (*done, Spell(first, None)), spells, days)
arrests = st.dates(date(2010, 1, 1), date(2024, 12, 31))
convictions = st.builds(
    lambda judgment, before, served, listed: {
        "judgment_date": judgment,
        "offense_date": judgment - before,
        "incarceration": served,
        "listed": listed,
    },
    days,
    lengths,
    spells | ongoing,
    st.booleans(),
)
look_backs = st.builds(
    lambda from_, last: look_back(counted_from=from_, last_day=last),
    st.sampled_from(["judgment_date", "offense_date"]),
    st.booleans(),
)


def listed(conviction: dict[str, Any]) -> bool | None:
    found: bool | None = conviction["listed"]
    return found


@given(look_backs, st.lists(convictions, min_size=1, max_size=3), arrests)
def test_the_days_are_those_counted_one_by_one(lookback: Lookback, record: list[dict[str, Any]], arrest: date) -> None:
    assert within(lookback, record[0], arrest, record, listed) is day_by_day(lookback, record[0], arrest, record)


@given(look_backs, st.lists(convictions, min_size=1, max_size=3), st.data())
def test_it_turns_on_the_very_day(lookback: Lookback, record: list[dict[str, Any]], data: st.DataObject) -> None:
    """Near the day on which it turns, where random days seldom fall."""
    near = years_later(record[0]["judgment_date"], 5) + data.draw(st.integers(-3, 900)) * DAY
    assert within(lookback, record[0], near, record, listed) is day_by_day(lookback, record[0], near, record)


unknown = st.sampled_from(Unknown)


@given(look_backs, st.lists(convictions, min_size=1, max_size=3), st.integers(-400, 2500), st.data())
def test_what_is_not_known_leaves_it_open_only_where_it_could_matter(
    lookback: Lookback, record: list[dict[str, Any]], offset: int, data: st.DataObject
) -> None:
    """Spells unknown, or unknown whether they count: all of the time between served, or none."""
    arrest = years_later(record[0]["judgment_date"], 5) + offset * DAY
    ways: list[list[dict[str, Any]]] = []
    partly = []
    for conviction in record:
        what = data.draw(st.sampled_from(["known", "spells", "listed"]))
        first = min(conviction["judgment_date"], conviction["offense_date"])
        most = {**conviction, "incarceration": (Spell(first, arrest),) if first < arrest else ()}
        least = {**conviction, "incarceration": ()}
        if what == "spells":
            partly.append({**conviction, "incarceration": data.draw(unknown)})
            ways.append([least, most])
        elif what == "listed":
            partly.append({**conviction, "listed": None})
            ways.append([{**conviction, "listed": False}, {**conviction, "listed": True}])
        else:
            partly.append(conviction)
            ways.append([conviction])
    answers = {day_by_day(lookback, whole[0], arrest, list(whole)) for whole in product(*ways)}
    expected = answers.pop() if len(answers) == 1 else None
    assert within(lookback, partly[0], arrest, partly, listed) is expected


@given(st.lists(convictions, min_size=2, max_size=2), st.integers(-10, 2500))
def test_a_judgment_day_that_is_not_known_counts_no_day_for_sure(record: list[dict[str, Any]], offset: int) -> None:
    """What was served for it may lie before the judgment, or after."""
    lookback = look_back()
    arrest = years_later(record[0]["judgment_date"], 5) + offset * DAY
    other = {**record[1], "judgment_date": Unknown.NOT_ASKED}
    answers = {
        day_by_day(lookback, record[0], arrest, [record[0], {**record[1], "judgment_date": judged}])
        for judged in (date(2000, 1, 1), date(2099, 1, 1))
    }
    expected = answers.pop() if len(answers) == 1 else None
    assert within(lookback, record[0], arrest, [record[0], other], listed) is expected


JUDGED = date(2018, 6, 15)


def plain(judgment: Any = JUDGED, **more: Any) -> dict[str, Any]:
    return {"judgment_date": judgment, "offense_date": date(2017, 1, 1), "incarceration": (), "listed": True, **more}


@pytest.mark.parametrize(
    ("judgment", "arrest", "inside"),
    [
        (date(2018, 6, 15), date(2023, 6, 14), True),
        (date(2018, 6, 15), date(2023, 6, 15), False),
        (date(2016, 2, 29), date(2021, 2, 27), True),
        (date(2016, 2, 29), date(2021, 2, 28), False),
        (date(2015, 2, 28), date(2020, 2, 27), True),
        (date(2015, 2, 28), date(2020, 2, 28), False),
        (date(2018, 6, 15), date(2018, 6, 15), True),
    ],
)
def test_five_years_are_calendar_years_to_the_day(judgment: date, arrest: date, inside: bool) -> None:
    one = plain(judgment)
    assert within(look_back(), one, arrest, [one], listed) is inside


def test_in_the_other_reading_the_day_that_completes_the_years_lies_within() -> None:
    one = plain()
    assert within(look_back(last_day=True), one, date(2023, 6, 15), [one], listed) is True
    assert within(look_back(last_day=True), one, date(2023, 6, 16), [one], listed) is False


def test_spells_that_overlap_are_counted_once() -> None:
    one = plain(incarceration=(Spell(date(2019, 1, 1), date(2019, 1, 11)), Spell(date(2019, 1, 6), date(2019, 1, 16))))
    assert within(look_back(), one, date(2023, 6, 29), [one], listed) is True
    assert within(look_back(), one, date(2023, 6, 30), [one], listed) is False


def test_the_day_of_leaving_is_not_counted() -> None:
    one = plain(incarceration=(Spell(date(2019, 1, 1), date(2019, 1, 2)),))
    assert within(look_back(), one, date(2023, 6, 15), [one], listed) is True
    assert within(look_back(), one, date(2023, 6, 16), [one], listed) is False


def test_time_served_for_another_listed_crime_counts_and_for_an_unlisted_one_does_not() -> None:
    one = plain()
    other = plain(incarceration=(Spell(date(2019, 1, 1), date(2020, 1, 1)),))
    assert within(look_back(), one, date(2024, 1, 1), [one, other], listed) is True
    assert within(look_back(), one, date(2024, 1, 1), [one, {**other, "listed": False}], listed) is False


def test_jail_before_the_sentence_counts_only_in_the_reading_that_counts_from_the_crime() -> None:
    one = plain(incarceration=(Spell(date(2017, 6, 15), date(2018, 6, 15)),))
    assert within(look_back(), one, date(2023, 12, 1), [one], listed) is False
    assert within(look_back(counted_from="offense_date"), one, date(2023, 12, 1), [one], listed) is True


def test_time_in_jail_before_any_judgment_does_not_count() -> None:
    one = plain()
    awaiting = plain(None, incarceration=(Spell(date(2022, 1, 1), None),))
    assert within(look_back(), one, date(2023, 6, 15), [one, awaiting], listed) is False


def test_time_served_before_the_judgment_looked_back_to_does_not_count() -> None:
    one = plain()
    earlier = plain(date(2015, 1, 1), incarceration=(Spell(date(2017, 6, 15), date(2018, 6, 25)),))
    assert within(look_back(), one, date(2023, 6, 24), [one, earlier], listed) is True
    assert within(look_back(), one, date(2023, 6, 25), [one, earlier], listed) is False


def test_spells_of_which_nothing_is_said_leave_it_open() -> None:
    one = {key: value for key, value in plain().items() if key != "incarceration"}
    assert within(look_back(), one, date(2023, 6, 15), [one], listed) is None


def test_an_unknown_day_of_the_crime_leaves_it_open_in_the_reading_that_counts_from_it() -> None:
    one = plain(offense_date=Unknown.NOT_ASKED, incarceration=(Spell(date(2010, 1, 1), date(2010, 1, 2)),))
    assert within(look_back(counted_from="offense_date"), one, date(2028, 1, 1), [one], listed) is None
    bare = {key: value for key, value in one.items() if key != "offense_date"}
    assert within(look_back(counted_from="offense_date"), bare, date(2028, 1, 1), [bare], listed) is None


def test_an_unknown_spell_does_not_hide_one_that_is_known() -> None:
    one = plain(incarceration=Unknown.NOT_ASKED)
    other = plain(incarceration=(Spell(date(2019, 1, 1), date(2020, 1, 1)),))
    assert within(look_back(), one, date(2023, 7, 1), [one, other], listed) is True
    assert within(look_back(), one, date(2023, 7, 1), [other, one], listed) is True


def test_a_spell_that_has_no_end_runs_to_the_day_measured() -> None:
    one = plain(incarceration=(Spell(date(2022, 6, 15), None),))
    assert within(look_back(), one, date(2030, 1, 1), [one], listed) is True


def test_where_nothing_extends_it_spells_do_not_matter() -> None:
    one = plain(incarceration=Unknown.NOT_ASKED)
    assert within(look_back(extended=False), one, date(2023, 6, 15), [one], listed) is False


def test_a_plea_without_a_sentence_is_not_within_and_an_unknown_day_leaves_it_open() -> None:
    assert within(look_back(), plain(None), date(2023, 6, 15), [], listed) is False
    assert within(look_back(), plain(Unknown.NOT_ASKED), date(2023, 6, 15), [], listed) is None
    assert within(look_back(), {}, date(2023, 6, 15), [], listed) is None
