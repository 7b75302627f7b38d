"""Facts are taken out of the worked cases and filled in again in every way: what the answer without them was worth.

Here exactness is shown on the facts themselves, not on the law's conditions. Three limits are the product's own:

- Where the law closes a ground on what is not shown, the answer is the law's: definite at once, and marked as not
  settled while a fact could still open the ground. It is then one of the answers of the completions, or must not.
- A fact of one warrant, conviction or charge can stand in two conditions at once. The answer may then be more
  careful than it need be; it is never less.
- A clock counts from the starts that are known, so whether the person came from another agency is left as it is.
"""

from __future__ import annotations

from random import Random

import pytest
from filling import Place, every_filling, places, without
from shipped import worked_cases

from detainer.law import Case, LawBook

ALIKE = {"must_not", "not_applicable"}  # the agency does nothing in either
MOST = 100  # completions of one case


def taken_out(picks: Random) -> tuple[Case, list[Place]]:
    """A worked case without one to four of its facts."""
    while True:
        case = picks.choice(worked_cases())
        known = [place for place in places(case) if place.path != "custody.transferred_in"]
        unknown = picks.sample(known, min(len(known), picks.choice((1, 1, 2, 2, 3, 4))))
        ways = 1
        for place in unknown:
            ways *= len(place.values)
        if ways <= MOST:
            for place in unknown:
                case = without(case, place)
            return case, unknown


def check(book: LawBook, case: Case, unknown: list[Place]) -> None:
    answer = book.decide(case)
    completions = [book.decide(whole) for whole in every_filling(case, unknown)]
    for name, said in answer.decisions.items():
        each = [completion.decisions[name] for completion in completions]
        if not all(one.settled for one in each):
            continue
        outcomes = {one.modality for one in each}
        agreed = len(outcomes) == 1 or outcomes <= ALIKE
        what = f"{case.id} without {', '.join(map(str, unknown))}: {name} is {said.modality}, completions {outcomes}"
        if said.settled:
            assert agreed, what
            assert said.modality in outcomes or {said.modality, *outcomes} <= ALIKE, what
        else:
            assert not agreed or any(place.list for place in unknown), what
            assert said.modality in {*outcomes, "must_not", "undetermined"}, what
            needed = {name for need in answer.facts_needed for name in need.decisions}
            assert name in needed, what


@pytest.mark.parametrize("seed", range(3))
def test_an_answer_is_settled_when_and_only_when_every_way_of_filling_in_agrees(book: LawBook, seed: int) -> None:
    picks = Random(seed)  # noqa: S311  # no secret
    for _ in range(30):
        check(book, *taken_out(picks))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 140))
def test_the_same_many_times(book: LawBook, seed: int) -> None:
    picks = Random(seed)  # noqa: S311  # no secret
    for _ in range(100):
        check(book, *taken_out(picks))


def test_one_fact_behind_several_conditions_is_asked_for(book: LawBook) -> None:
    """`request.form` gives several conditions none of which can turn alone; the form is asked for all the same."""
    case = next(case for case in worked_cases() if case.id == "us-tx-04")
    answer = book.decide(without(case, next(place for place in places(case) if place.path == "request.form")))
    assert answer.decisions["notify"].modality == "undetermined"
    assert not answer.decisions["notify"].settled
    assert "request.form" in [need.fact for need in answer.facts_needed]
