"""An answer says first what to do; its text fits a terminal; its JSON has the keys that the documentation names."""

from __future__ import annotations

import json
from itertools import product
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from filling import places, without
from police_case import JUDGES_WARRANT, ROBBERY, decide
from shipped import book, worked_cases

from detainer.law import FACTS, Answer, Case, LawBook, explain
from detainer.law.answer import Decision
from detainer.law.vocabulary import LISTS, MODALITIES

NEW_YORK = ZoneInfo("America/New_York")
HOLD = {
    "must": "Hold as the law commands.",
    "may": "You may hold.",
    "must_not": "Release on time.",
    "silent": "No law speaks of a hold.",
    "not_applicable": "No hold to decide.",
    "undetermined": "Not settled: whether to hold.",
}
NOTIFY = {
    "must": "Tell ICE of the release.",
    "may": "You may tell ICE.",
    "must_not": "Do not tell ICE.",
    "silent": "No law speaks of telling ICE.",
    "not_applicable": "Nothing to tell.",
    "undetermined": "Not settled: whether to tell ICE.",
}


def answer_of(hold: str, notify: str) -> Answer:
    case = worked_cases()[0]
    decisions = {"hold": Decision("hold", hold), "notify": Decision("notify", notify)}
    return Answer("one", "us-ny-nyc-police", case.at, decisions, ())


@pytest.mark.parametrize(("hold", "notify"), list(product(MODALITIES, MODALITIES)))
def test_the_headline_says_what_to_do_about_both(hold: str, notify: str) -> None:
    both = hold == notify == "not_applicable"
    wanted = "Nothing to answer. Log the request." if both else f"{HOLD[hold]} {NOTIFY[notify]}"
    assert answer_of(hold, notify).headline() == wanted


def some_cases() -> list[Case]:
    """The police's worked cases, each also without a few of its facts."""
    picks = Random(7)  # noqa: S311  # no secret
    found = []
    for case in [case for case in worked_cases() if case.agency == "us-ny-nyc-police"][::3]:
        partly = case
        for place in picks.sample(places(case), 3):
            partly = without(partly, place)
        found += [case, partly]
    return found


@pytest.fixture(scope="module")
def answers() -> list[Answer]:
    return [book().decide(case) for case in some_cases()]


def test_the_text_fits_100_columns_and_says_what_to_do_first(answers: list[Answer]) -> None:
    for answer in answers:
        lines = explain.text(answer, NEW_YORK).splitlines()
        assert max(map(len, lines)) <= 100
        assert lines[0].startswith(f"{answer.id} · {answer.agency} · ")
        assert lines[1] == answer.headline().upper()


def test_the_longest_names_fit_too(answers: list[Answer]) -> None:
    case = some_cases()[0]
    long = Case(f"{'long' * 40}", case.agency, case.at, facts=case.facts, lists=case.lists)
    lines = explain.text(book().decide(long), NEW_YORK).splitlines()
    assert max(map(len, lines)) <= 100


def test_the_text_holds_every_reason_question_and_duty(answers: list[Answer]) -> None:
    for answer in answers:
        said = " ".join(explain.text(answer, NEW_YORK).split())
        for name in ("hold", "notify"):
            for reason in answer.decisions[name].reasons:
                assert f"{reason.cite}: {reason.text}" in said
        for item in answer.counsel:
            assert f"{item.asks} Until answered: {item.cautious} [{item.cite}]" in said
        for duty in answer.duties:
            assert duty.says in said
        for need in answer.facts_needed:
            assert f"{need.asks} ({need.status})" in said
        for layer in answer.laws:
            assert (f"{layer.law} {layer.version}" if layer.version else f"{layer.law}: not in force") in said


def test_a_settled_decision_names_a_provision_of_its_own_effect(answers: list[Answer]) -> None:
    for answer in answers:
        for said in answer.decisions.values():
            if said.modality in ("must", "may", "must_not"):
                assert said.reasons, (answer.id, said.name)
            assert all(reason.cite and reason.text for reason in said.reasons)


def test_an_unsettled_decision_names_what_it_could_be(answers: list[Answer]) -> None:
    for answer in answers:
        for said in answer.decisions.values():
            assert bool(said.could_be) is (said.modality == "undetermined")
            assert len(said.could_be) != 1


DECISION = {"modality", "until", "settled", "reasons", "changes"}
KEYS: dict[str, set[str]] = {
    "answer": {
        "id", "agency", "at", "headline", "decisions", "laws", "facts_needed", "counsel", "duties", "digest",
        "calendar",
    },
    "decision": DECISION,
    "reason": {"law", "version", "provision", "cite", "text", "because"},
    "because": {"cite", "text", "met", "facts"},
    "change": {"if", "modality", "until"},
    "law": {"law", "version", "digest", "decisions"},
    "fact": {"fact", "asks", "why", "decisions", "status"},
    "question": {"id", "law", "cite", "asks", "cautious", "decisions"},
    "duty": {"id", "law", "cite", "says", "due", "due_at", "paper", "after", "hours", "reminder"},
}  # fmt: skip
SOMETIMES = {"outer_limit", "flat_48", "alarm", "could_be", "set_aside", "against"}


def test_the_json_has_the_documented_keys_and_no_others(answers: list[Answer]) -> None:
    for answer in answers:
        found: dict[str, Any] = json.loads(json.dumps(answer.as_json()))
        assert set(found) == KEYS["answer"]
        for said in found["decisions"].values():
            assert KEYS["decision"] <= set(said) <= KEYS["decision"] | SOMETIMES
            for reason in said["reasons"]:
                assert set(reason) == KEYS["reason"]
                assert all(set(part) == KEYS["because"] for part in reason["because"])
            assert all(set(change) == KEYS["change"] for change in said["changes"])
        for kind, key in (("law", "laws"), ("fact", "facts_needed"), ("question", "counsel"), ("duty", "duties")):
            assert all(set(item) == KEYS[kind] for item in found[key])


def test_the_json_says_what_the_answer_says(answers: list[Answer]) -> None:
    for answer in answers:
        found = answer.as_json()
        assert (found["id"], found["agency"], found["at"]) == (answer.id, answer.agency, answer.at.isoformat())
        assert (found["headline"], found["digest"]) == (answer.headline(), answer.digest)
        for name, said in answer.decisions.items():
            told = found["decisions"][name]
            assert (told["modality"], told["settled"]) == (said.modality, said.settled)
            assert told["until"] == (said.until.isoformat() if said.until else None)
            assert [reason["provision"] for reason in told["reasons"]] == [one.provision for one in said.reasons]
            assert [change["if"] for change in told["changes"]] == [list(change.if_) for change in said.changes]
            assert told.get("could_be", []) == list(said.could_be)
        assert [law["version"] or "" for law in found["laws"]] == [layer.version for layer in answer.laws]
        assert [need["fact"] for need in found["facts_needed"]] == [need.fact for need in answer.facts_needed]


def test_every_fact_needed_is_one_that_can_be_given_with_its_question(answers: list[Answer]) -> None:
    asked = {fact.asks for fact in FACTS.values()} | {fact.asks for facts in LISTS.values() for fact in facts.values()}
    for answer in answers:
        for need in answer.facts_needed:
            assert need.asks in asked, need.fact
            assert need.fact in FACTS or any(need.fact.startswith(name) for name in LISTS), need.fact


def test_the_same_case_gives_the_same_answer(answers: list[Answer]) -> None:
    assert [book().decide(case) for case in some_cases()] == answers


def test_times_are_told_in_the_agencys_zone_with_the_weekday() -> None:
    answer = decide(watch_list="match", at="2026-11-24T15:00:00+00:00")
    assert "Tue 24 Nov 2026, 10:00" in explain.text(answer, NEW_YORK)


def test_the_end_of_a_hold_stands_with_its_three_readings() -> None:
    answer = decide(watch_list="match", at="2018-01-31T10:00:00-05:00", custody={
        "releasable_at": "2018-01-31T10:00:00-05:00"
    }, request={"received": "2018-01-31T08:00:00-05:00"}, arrest={"date": "2018-01-30"})  # fmt: skip
    hold = answer.decisions["hold"]
    assert hold.modality == "may"
    assert hold.until is not None
    assert hold.until.isoformat() == "2018-02-02T10:00:00-05:00"
    assert hold.alarm == min(filter(None, (hold.until, hold.outer_limit, hold.flat_48)))
    assert "Hold past release: may, until Fri 2 Feb 2018, 10:00" in explain.text(answer, NEW_YORK)
    assert answer.as_json()["decisions"]["hold"]["alarm"] == "2018-02-02T10:00:00-05:00"


def test_the_nearest_change_says_what_would_open_a_ground() -> None:
    answer = decide(record={"convictions": [ROBBERY]})
    changes = answer.decisions["notify"].changes
    warrant = "A federal judge's warrant for this person was presented together with the detainer."
    assert [change.modality for change in changes if warrant in change.if_] == ["may"]


def test_a_reason_names_the_decisive_conditions_in_the_laws_words() -> None:
    answer = decide(warrants=[JUDGES_WARRANT], record={"convictions": [ROBBERY]})
    reason = next(one for one in answer.decisions["hold"].reasons if one.provision == "b.1")
    assert reason.cite == "N.Y.C. Admin. Code § 14-154(b)(1)"
    said = {part.text: part for part in reason.because}
    conviction = said["The person was convicted of a violent or serious crime within five years before this arrest."]
    assert conviction.value is True
    assert "record.convictions" in conviction.facts


def test_a_desk_that_never_stops_keeps_a_bounded_number_of_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that is full is let go for a fresh one, which answers alike."""
    monkeypatch.setattr("detainer.law.decide.MOST_PATTERNS", 4)
    fresh = LawBook.load()
    cases = [case for case in some_cases() if case.at.year >= 2026][:12]
    engines = set()
    for case in cases:
        assert fresh.decide(case).as_json() == book().decide(case).as_json()
        engine = fresh.engine(fresh.agency(case.agency), case.at.date())
        assert len(engine._patterns) <= 4
        engines.add(engine)
    assert len(engines) > 1, "at least one was let go"
