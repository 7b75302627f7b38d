"""What more knowledge can do to an answer.

A settled answer stays. One that is definite although a fact could still open a ground (the law closes what is not
shown) may change, and then from "must not", or from having nothing to say, to something more: never to less.
"""

from __future__ import annotations

from random import Random

import pytest
from filling import Place, filled, places, without
from shipped import worked_cases

from detainer.law import Answer, Case, LawBook

ALIKE = {"must_not", "not_applicable"}
LESS = {"must_not", "not_applicable", "silent"}


def learned(case: Case, unknown: list[Place], picks: Random) -> list[Case]:
    """The case with these facts unknown, then with one more of them known at a time, of whatever value."""
    for place in unknown:
        case = without(case, place)
    stages = [case]
    for place in unknown:
        stages.append(filled(stages[-1], place, picks.choice(place.values)))
    return stages


def changes(before: Answer, after: Answer) -> list[tuple[str, str, str, bool]]:
    """The decisions that were definite and are otherwise now: name, before, after, and whether it was settled."""
    return [
        (name, said.modality, after.decisions[name].modality, said.settled)
        for name, said in before.decisions.items()
        if name in after.decisions
        and said.modality != "undetermined"
        and said.modality != after.decisions[name].modality
        and not {said.modality, after.decisions[name].modality} <= ALIKE
    ]


@pytest.mark.parametrize("seed", range(2))
def test_a_settled_answer_stays_and_an_unsettled_one_changes_only_to_more(book: LawBook, seed: int) -> None:
    learn(book, seed, 30)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 120))
def test_the_same_many_times(book: LawBook, seed: int) -> None:
    learn(book, seed, 200)


def learn(book: LawBook, seed: int, times: int) -> None:
    picks = Random(seed)  # noqa: S311  # no secret
    for _ in range(times):
        case = picks.choice(worked_cases())
        known = [place for place in places(case) if place.path != "custody.transferred_in"]
        stages = learned(case, picks.sample(known, min(6, len(known))), picks)
        answers = [book.decide(stage) for stage in stages]
        for number, before in enumerate(answers):
            for after in answers[number + 1 :]:
                for name, was, is_, settled in changes(before, after):
                    what = f"{case.id}: {name} was {was} and is {is_}"
                    assert not settled, what
                    assert was in LESS or is_ == "undetermined", what


def test_the_search_that_was_missing_opens_the_ground(book: LawBook) -> None:
    """Not shown, so not permitted; shown, permitted: the change that the law itself makes."""
    case = next(case for case in worked_cases() if case.id == "nyc-t05-police")
    unknown = without(case, next(place for place in places(case) if place.path == "search.run"))
    before, after = book.decide(unknown).decisions["notify"], book.decide(case).decisions["notify"]
    assert (before.modality, before.settled, after.modality, after.settled) == ("must_not", False, "may", True)
