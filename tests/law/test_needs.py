"""Which facts are asked for: those that can still change the answer, the most decisive first."""

from __future__ import annotations

from little_law import ask, laws, rule
from police_case import JUDGES_WARRANT, ROBBERY, decide

from detainer.law import Answer


def needed(answer: Answer) -> list[str]:
    return [need.fact for need in answer.facts_needed]


def test_a_fact_that_settles_whichever_rule_comes_first_in_the_law() -> None:
    law = laws(
        "provisions:\n" + rule("a", "may", "hold", "(person.under_18 or public_information) and watch_list is match")
    )
    assert needed(ask(law)) == ["watch_list", "person.under_18", "public_information"]


def test_a_fact_that_settles_by_being_so_comes_first_too() -> None:
    law = laws(
        "provisions:\n" + rule("a", "may", "hold", "(person.under_18 and public_information) or watch_list is match")
    )
    assert needed(ask(law)) == ["watch_list", "person.under_18", "public_information"]


def test_a_fact_that_settles_one_decision_both_ways_comes_before_one_that_settles_another_one_way() -> None:
    law = laws(
        "provisions:\n"
        + rule("a", "may", "hold", "person.under_18 and public_information")
        + rule("b", "may", "notify", "watch_list is match")
    )
    assert needed(ask(law)) == ["watch_list", "person.under_18", "public_information"]


def test_a_fact_that_settles_two_decisions_comes_before_one_that_settles_one() -> None:
    law = laws(
        "provisions:\n"
        + rule("a", "may", "interview", "public_information")
        + rule("b", "may", "hold, notify", "watch_list is match")
    )
    answer = ask(law)
    assert needed(answer) == ["watch_list", "public_information"]
    assert [need.decisions for need in answer.facts_needed] == [("hold", "notify"), ("interview",)]


def test_what_only_takes_the_case_out_of_the_law_is_asked_last() -> None:
    law = laws(
        "limits:\n  - {id: gone, says: Gone., on: [all], when: request.withdrawn}\n"
        "provisions:\n" + rule("a", "may", "hold", "person.under_18 and public_information")
    )
    assert needed(ask(law)) == ["person.under_18", "public_information", "request.withdrawn"]


def test_what_only_tells_must_not_from_nothing_to_answer_is_not_asked() -> None:
    law = laws(
        "limits:\n  - {id: gone, says: Gone., on: [all], when: request.withdrawn}\n"
        "provisions:\n" + rule("a", "must_not", "hold, notify, transfer, interview")
    )
    answer = ask(law)
    assert needed(answer) == []
    assert answer.decisions["hold"].modality == "must_not"
    assert answer.decisions["hold"].settled


def test_neither_is_one_fact_behind_two_conditions_that_only_tells_these_apart() -> None:
    law = laws(
        "limits:\n  - {id: gone, says: Gone., on: [hold], when: request.purpose is criminal}\n"
        "provisions:\n" + rule("a", "must_not", "hold", "request.purpose is civil")
    )
    assert needed(ask(law)) == []


def test_a_fact_whose_conditions_cannot_turn_alone_is_asked_beside_others() -> None:
    law = laws(
        "provisions:\n"
        + rule("a", "may", "hold", "request.purpose is civil and watch_list is match")
        + rule("b", "must", "hold", "request.purpose is criminal and watch_list is match")
    )
    answer = ask(law)
    assert sorted(needed(answer)) == ["request.purpose", "watch_list"]
    assert ask(law, watch_list="match").decisions["hold"].could_be == ("may", "must")
    assert needed(ask(law, watch_list="match")) == ["request.purpose"]
    assert needed(ask(law, watch_list="no_match")) == []


def test_a_fact_that_can_no_longer_matter_is_left_out() -> None:
    law = laws("provisions:\n" + rule("a", "may", "hold", "person.under_18 and watch_list is match"))
    assert needed(ask(law, watch_list="match")) == ["person.under_18"]
    assert needed(ask(law, watch_list="no_match")) == []
    assert needed(ask(law, person={"under_18": False})) == []


def test_a_ground_that_is_closed_for_want_of_facts_is_asked_for_all_the_same() -> None:
    law = laws(
        "provisions:\n"
        + rule("a", "must_not", "hold", more=", unless: [b]")
        + rule("b", "may", "hold", "shown(watch_list is match)")
    )
    answer = ask(law)
    assert (answer.decisions["hold"].modality, answer.decisions["hold"].settled) == ("must_not", False)
    assert needed(answer) == ["watch_list"]


def test_a_fact_of_another_conviction_that_extends_the_look_back_is_asked_for_with_its_place() -> None:
    old = ROBBERY | {"judgment_date": "2019-01-10", "offense_date": "2018-05-01"}
    served = {key: value for key, value in ROBBERY.items() if key != "jurisdiction"}
    served |= {"judgment_date": "2016-01-10", "incarceration": [{"from": "2020-01-01", "to": "2025-01-01"}]}
    asked = needed(decide(warrants=[JUDGES_WARRANT], record={"convictions": [old, served]}))
    assert "record.convictions[2].jurisdiction" in asked
    assert "jurisdiction" not in asked
