"""The demonstration tells what the public knows, with people who do not exist."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from detainer.demo.present import present
from detainer.demo.story import past

if TYPE_CHECKING:
    from detainer.demo.tale import Tale


@pytest.fixture(scope="module")
def told() -> list[Tale]:
    return list(past())


def _steps(tale: Tale) -> set[str]:
    return {step.kind for step in tale.steps}


def test_the_totals_are_those_of_the_testimony(told: list[Tale]) -> None:
    assert Counter(tale.received.year for tale in told) == {2016: 80, 2017: 1526}
    assert sum(date(2017, 1, 1) <= tale.received.date() <= date(2017, 4, 3) for tale in told) == 109
    held = [tale for tale in told if "held" in _steps(tale)]
    assert [tale.received.year for tale in held] == [2016, 2016]
    moved = [tale for tale in told if "custody_moved" in _steps(tale)]
    assert len(moved) == 3
    assert all(tale.received.date() <= date(2017, 4, 3) for tale in moved)


def test_every_request_comes_to_an_end_on_the_day_it_came_and_in_order(told: list[Tale]) -> None:
    for tale in told:
        moments = [tale.received, *(step.at for step in tale.steps)]
        assert all(earlier < later for earlier, later in pairwise(moments))
        assert moments[-1].date() == tale.received.date()
        assert _steps(tale) & {"released", "transferred", "custody_moved"}


def test_the_story_is_the_same_at_every_telling(told: list[Tale]) -> None:
    assert told == list(past())
    assert len({tale.key for tale in told}) == len(told)


def test_nothing_is_said_of_anyone_but_a_made_up_name_and_day_of_birth(told: list[Tale]) -> None:
    names = Counter(tale.person.name for tale in told)
    assert len(names) > 800
    assert all((tale.received.date() - tale.person.date_of_birth).days > 18 * 365 for tale in told)


def test_the_form_is_the_one_of_its_day(told: list[Tale]) -> None:
    forms = {(tale.facts["request"]["form"], tale.received.date() >= date(2017, 4, 2)) for tale in told}
    assert forms == {("I-247D", False), ("I-247A", True)}


@pytest.mark.parametrize("now", [datetime(2026, 11, 24, 15, 30, tzinfo=UTC), datetime(2026, 11, 1, 7, tzinfo=UTC)])
def test_todays_requests_stand_in_every_state_a_desk_knows(now: datetime) -> None:
    tales = {tale.key.removeprefix("today-"): tale for tale in present(now)}
    assert set(tales) == {
        "overdue", "search-not-run", "due-soon", "waiting", "on-hold", "just-in", "declined", "withdrawn"
    }  # fmt: skip
    for tale in tales.values():
        moments = [tale.received, *(step.at for step in tale.steps)]
        assert all(earlier < later for earlier, later in pairwise(moments))
        assert moments[-1] <= now
    assert tales["overdue"].facts["custody"]["releasable_at"] < now
    assert "releasable_at" not in tales["just-in"].facts["custody"]
