"""The police law of New York City on made-up facts: what each word of § 14-154 makes of them."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from police_case import ELSEWHERE, GONE, JUDGES_WARRANT, ROBBERY, decide, on_warrant, police_say
from slugs import slug


def test_a_warrant_and_a_listed_conviction_let_the_police_hold_and_tell() -> None:
    answer = decide(warrants=[JUDGES_WARRANT], record={"convictions": [ROBBERY]})
    said = {name: one.modality for name, one in answer.decisions.items()}
    assert said == {"hold": "may", "notify": "may", "transfer": "may", "interview": "must_not"}


# A warrant: who signed it, on what form, for whom, ordering what, and when it came.

ISSUERS = ("article_iii_judge", "us_magistrate_judge", "state_judge", "immigration_judge", "immigration_officer")
FORMS = ("judicial", "I-200", "I-205", "writ", "subpoena", "other")


@pytest.mark.parametrize(("issuer", "form"), list(product(ISSUERS, FORMS)), ids=slug)
def test_only_a_federal_judges_judicial_warrant_is_one(issuer: str, form: str) -> None:
    answer = decide(warrants=[{**JUDGES_WARRANT, "issuer": issuer, "form": form}], record={"convictions": [ROBBERY]})
    judicial = issuer in ("article_iii_judge", "us_magistrate_judge") and form == "judicial"
    assert answer.decisions["hold"].modality == ("may" if judicial else "must_not")
    assert answer.decisions["notify"].modality == ("may" if judicial else "must_not")


@pytest.mark.parametrize("lacking", ["names_person", "orders_federal_custody"], ids=slug)
def test_a_warrant_must_name_the_person_and_order_federal_custody(lacking: str) -> None:
    answer = decide(warrants=[{**JUDGES_WARRANT, lacking: False}], record={"convictions": [ROBBERY]})
    assert answer.decisions["hold"].modality == "must_not"


def test_the_parts_of_two_papers_do_not_make_one_warrant() -> None:
    papers = [{**JUDGES_WARRANT, "names_person": False}, {**JUDGES_WARRANT, "issuer": "immigration_officer"}]
    assert police_say(decide(warrants=papers, record={"convictions": [ROBBERY]})) == "must_not"


@pytest.mark.parametrize(
    ("presented", "modality"),
    [
        ("with_request", "may"),
        ("2026-11-24T08:00:00-05:00", "may"),
        ("2026-11-24T07:59:00-05:00", "may"),
        ("2026-11-24T12:59:00+00:00", "may"),
        ("2026-11-24T08:01:00-05:00", "must_not"),
        ("2026-11-24T13:01:00+00:00", "must_not"),
    ],
    ids=slug,
)
def test_a_warrant_comes_with_the_request_or_not_at_all(presented: str, modality: str) -> None:
    answer = decide(warrants=[{**JUDGES_WARRANT, "presented": presented}], record={"convictions": [ROBBERY]})
    assert police_say(answer) == modality


# The request and the person.


@pytest.mark.parametrize(
    ("withdrawn", "modality"),
    [
        (False, "may"),
        (True, "not_applicable"),
        ("2026-11-24T09:59:59-05:00", "not_applicable"),
        ("2026-11-24T10:00:00-05:00", "not_applicable"),
        ("2026-11-24T10:00:01-05:00", "may"),
    ],
    ids=slug,
)
def test_a_request_counts_as_withdrawn_from_the_moment_on(withdrawn: Any, modality: str) -> None:
    assert on_warrant(ROBBERY, request={"withdrawn": withdrawn}) == modality


def test_for_the_wrong_person_or_nobody_in_custody_there_is_nothing_to_answer() -> None:
    assert on_warrant(ROBBERY, person={"matches_request": False}) == "not_applicable"
    assert on_warrant(ROBBERY, custody={"held": False}) == "not_applicable"


def test_a_search_at_booking_is_none_at_release() -> None:
    assert on_warrant(ROBBERY, search={"run": "at_booking"}) == "must_not"
    assert on_warrant(ROBBERY, search={"run": "none"}) == "must_not"
    assert on_warrant(ROBBERY, search={"run": GONE}) == "must_not"


# The conviction.


@pytest.mark.parametrize(
    ("change", "modality"),
    [
        ({}, "may"),
        ({"status": "youthful_offender"}, "must_not"),
        ({"status": "juvenile"}, "must_not"),
        ({"vacated": True}, "must_not"),
        ({"judgment_date": None}, "must_not"),
        ({"judgment_date": "2026-11-23"}, "must_not"),
        ({"judgment_date": "2026-11-24"}, "must_not"),
        ({"judgment_date": "2026-11-22"}, "may"),
        ({"judgment_date": "2021-11-24"}, "may"),
        ({"judgment_date": "2021-11-23"}, "must_not"),
        ({"judgment_date": "2021-11-22"}, "must_not"),
        ({"grade": "misdemeanor"}, "must_not"),
        ({"grade": "violation"}, "must_not"),
        ({"section": "140.20"}, "must_not"),
        ({"law": "pl"}, "may"),
        ({"law": "VTL"}, "must_not"),
        ({"section": " 160.15 "}, "may"),
        ({"section": "160.150"}, "must_not"),
        ({"section": "160.1"}, "must_not"),
        ({"jurisdiction": "us-nj"}, "must_not"),
        ({"section": "130.65-a"}, "may"),
        ({"section": "130.40"}, "may"),
    ],
    ids=slug,
)
def test_a_conviction_counts_or_does_not(change: dict[str, Any], modality: str) -> None:
    assert on_warrant({**ROBBERY, **change}) == modality


@pytest.mark.parametrize(
    ("section", "subdivision", "modality"),
    [
        ("120.04-a", "4", "may"),
        ("120.04-a", "3", "must_not"),
        ("120.04-a", GONE, "must_not"),
        ("135.65", "2(b)", "may"),
        ("135.65", "2 (b)", "may"),
        ("135.65", "2(B)", "may"),
        ("135.65", "2(b)(i)", "may"),
        ("135.65", "2", "must_not"),
        ("135.65", "2(a)", "must_not"),
        ("135.65", "1", "must_not"),
        ("230.25", "2", "may"),
        ("230.25", "1", "must_not"),
        ("265.02", "1", "must_not"),
        ("265.02", "2", "may"),
        ("265.02", "5(ii)", "may"),
        ("265.02", "8", "may"),
        ("265.02", "9", "must_not"),
        ("265.02", "10", "must_not"),
        ("265.02", "22", "must_not"),
        ("265.35", "2", "may"),
        ("265.35", "1", "must_not"),
        ("405.16", "1", "may"),
        ("405.16", "2", "must_not"),
    ],
    ids=slug,
)
def test_some_sections_are_listed_only_in_part(section: str, subdivision: Any, modality: str) -> None:
    conviction = {**ROBBERY, "section": section, "subdivision": subdivision}
    if subdivision is GONE:
        del conviction["subdivision"]
    assert on_warrant(conviction) == modality


def test_a_subdivision_not_known_is_asked_for() -> None:
    conviction = {key: value for key, value in ROBBERY.items() if key != "subdivision"} | {"section": "265.02"}
    answer = decide(warrants=[JUDGES_WARRANT], record={"convictions": [conviction]})
    assert not answer.decisions["hold"].settled
    assert "record.convictions[1].subdivision" in [need.fact for need in answer.facts_needed]


@pytest.mark.parametrize(
    ("change", "modality"),
    [
        ({"form": "attempt"}, "may"),
        ({"form": "conspiracy"}, "may"),
        ({"form": "solicitation"}, "may"),
        ({"form": "facilitation"}, "may"),
        ({"form": "attempt", "grade": "misdemeanor"}, "must_not"),
        ({"section": "135.37"}, "may"),
        ({"section": "135.37", "form": "attempt"}, "must_not"),
        ({"section": "155.30", "hate_crime": True}, "may"),
        ({"section": "155.30", "hate_crime": False}, "must_not"),
        ({"section": "155.30", "hate_crime": True, "grade": "misdemeanor"}, "must_not"),
        ({"section": "155.30", "hate_crime": True, "form": "attempt"}, "must_not"),
        ({"law": "VTL", "section": "600"}, "may"),
        ({"law": "VTL", "section": "600", "form": "attempt"}, "must_not"),
        ({"law": "VTL", "section": "600", "grade": "misdemeanor"}, "must_not"),
        ({"law": "VTL", "section": "1192"}, "must_not"),
    ],
    ids=slug,
)
def test_attempts_hate_crimes_traffic_and_crimes_added_by_rule(change: dict[str, Any], modality: str) -> None:
    assert on_warrant({**ROBBERY, **change}) == modality


@pytest.mark.parametrize(
    ("section", "at", "modality"),
    [
        ("230.34-a", "2018-11-12T10:00:00-05:00", "must_not"),
        ("230.34-a", "2018-11-13T10:00:00-05:00", "may"),
        ("230.34-a", "2018-11-13T00:30:00-05:00", "may"),
        ("230.34-a", "2018-11-13T04:30:00+00:00", "must_not"),
        ("135.37", "2019-08-01T10:00:00-04:00", "must_not"),
        ("135.37", "2020-03-31T10:00:00-04:00", "must_not"),
        ("135.37", "2020-04-01T10:00:00-04:00", "may"),
    ],
    ids=slug,
)
def test_a_crime_counts_from_the_day_it_was_added_on_the_agencys_calendar(section: str, at: str, modality: str) -> None:
    conviction = {**ROBBERY, "section": section, "judgment_date": "2017-06-01", "offense_date": "2017-01-01"}
    day = at[:10]
    answer = decide(
        at=at,
        arrest={"date": "2018-06-01"},
        request={"received": f"{day}T00:00:00-05:00", "form": "I-247A"},
        custody={"releasable_at": at},
        warrants=[JUDGES_WARRANT],
        record={"convictions": [conviction]},
    )
    assert police_say(answer) == modality


@pytest.mark.parametrize(
    ("change", "modality"),
    [
        ({}, "may"),
        ({"jurisdiction": "us"}, "may"),
        ({"jurisdiction": "mx"}, "must_not"),
        ({"jurisdiction": "usa"}, "must_not"),
        ({"equivalent": {"reviewed": False}}, "must_not"),
        ({"equivalent": {"reviewed": True, "section": None, "max_term_over_one_year": True}}, "must_not"),
        ({"equivalent": {"reviewed": True, "section": "PL 160.15", "max_term_over_one_year": False}}, "must_not"),
        ({"equivalent": {"reviewed": True, "section": "PL 155.30", "max_term_over_one_year": True}}, "must_not"),
        ({"equivalent": {"reviewed": True, "section": "160.15", "max_term_over_one_year": True}}, "may"),
        ({"equivalent": {"reviewed": True, "section": "PL 135.65(2)(b)", "max_term_over_one_year": True}}, "may"),
        ({"equivalent": {"reviewed": True, "section": "PL 135.65(1)", "max_term_over_one_year": True}}, "must_not"),
        ({"equivalent": {"reviewed": True, "section": "PL 135.65", "max_term_over_one_year": True}}, "must_not"),
        ({"status": "juvenile"}, "must_not"),
        ({"judgment_date": "2020-01-01"}, "must_not"),
    ],
    ids=slug,
)
def test_a_conviction_elsewhere_counts_through_its_equivalent(change: dict[str, Any], modality: str) -> None:
    assert on_warrant({**ELSEWHERE, **change}) == modality


def test_an_equivalence_that_nobody_reviewed_is_a_question_for_counsel() -> None:
    answer = decide(
        warrants=[JUDGES_WARRANT], record={"convictions": [{**ELSEWHERE, "equivalent": {"reviewed": False}}]}
    )
    assert [asked.id for asked in answer.counsel] == ["equivalence_not_reviewed"]


def test_time_served_keeps_an_old_conviction_within_the_five_years() -> None:
    old = {**ROBBERY, "judgment_date": "2019-11-23"}
    served = {"incarceration": [{"from": "2019-12-01", "to": "2021-12-02"}]}
    assert on_warrant(old) == "must_not"
    assert on_warrant({**old, **served}) == "may"
    assert on_warrant({**old, **served, "judgment_date": "2019-11-22"}) == "may"
    assert on_warrant({**old, **served, "judgment_date": "2019-11-21"}) == "must_not"


# The 48-hour hold: what the section alone says, since state law forbids it.

RETURNED = {"after_removal": True, "source": "search"}
LONG_AGO = {**ROBBERY, "judgment_date": "1999-01-01", "offense_date": "1998-01-01"}


@pytest.mark.parametrize(
    ("reentry", "modality"),
    [
        (RETURNED, "may"),
        ({**RETURNED, "source": "court"}, "may"),
        ({**RETURNED, "source": "agency"}, "may"),
        ({**RETURNED, "source": "ice"}, "must_not"),
        ({**RETURNED, "source": GONE}, "must_not"),
        ({"after_removal": False, "after_voluntary_departure": True}, "must_not"),
    ],
    ids=slug,
)
def test_a_reentry_must_be_shown_by_a_search_a_court_or_an_agency(reentry: dict[str, Any], modality: str) -> None:
    answer = decide(reentry=reentry, record={"convictions": [LONG_AGO]})
    assert police_say(answer) == modality
    assert answer.decisions["hold"].modality == "must_not"
    assert answer.decisions["notify"].modality == "must_not"


def test_for_the_48_hour_hold_a_conviction_of_any_age_will_do_but_no_finding_on_a_youth() -> None:
    assert police_say(decide(reentry=RETURNED, record={"convictions": [LONG_AGO]})) == "may"
    youth = {**LONG_AGO, "status": "youthful_offender"}
    assert police_say(decide(reentry=RETURNED, record={"convictions": [youth]})) == "must_not"


@pytest.mark.parametrize(
    ("at", "modality"),
    [
        ("2026-11-24T10:00:00-05:00", "may"),
        ("2026-11-27T09:59:59-05:00", "may"),
        ("2026-11-27T10:00:00-05:00", "must_not"),
        ("2026-11-28T10:00:00-05:00", "must_not"),
    ],
    ids=slug,
)
def test_the_hold_ends_with_its_clock(at: str, modality: str) -> None:
    assert police_say(decide(at=at, watch_list="match")) == modality


def test_a_hold_taken_over_from_another_agency_counts_from_its_start() -> None:
    custody = {"hold_started": "2026-11-23T10:00:00-05:00", "transferred_in": True}
    answer = decide(watch_list="match", custody=custody)
    layer = next(layer for layer in answer.laws if layer.law == "us-ny-nyc-police")
    assert layer.decisions["hold"].until is not None
    assert layer.decisions["hold"].until.isoformat() == "2026-11-25T10:00:00-05:00"


def test_a_hold_taken_over_whose_start_nobody_knows_leaves_the_request_open() -> None:
    answer = decide(watch_list="match", custody={"hold_started": GONE, "transferred_in": True})
    layer = next(layer for layer in answer.laws if layer.law == "us-ny-nyc-police")
    assert layer.decisions["hold"].until is None


@pytest.mark.parametrize(
    ("presented", "modality"),
    [
        ("2026-11-24T10:00:00-05:00", "may"),
        ("2026-11-25T12:00:00-05:00", "may"),
        ("2026-11-27T10:00:00-05:00", "may"),
        ("2026-11-27T10:00:01-05:00", "must_not"),
        ("2026-11-24T09:59:59-05:00", "must_not"),
    ],
    ids=slug,
)
def test_a_warrant_that_comes_within_the_48_hours_lets_the_police_tell(presented: str, modality: str) -> None:
    answer = decide(
        at="2026-12-01T10:00:00-05:00",
        watch_list="match",
        custody={"hold_started": "2026-11-24T10:00:00-05:00"},
        warrants=[{**JUDGES_WARRANT, "presented": presented}],
    )
    assert police_say(answer, "notify") == modality


# Unknown facts.


def test_nothing_known_of_the_record_is_no_ground() -> None:
    answer = decide(warrants=[JUDGES_WARRANT], record={"convictions": GONE})
    assert answer.decisions["hold"].modality == "must_not"
    assert not answer.decisions["hold"].settled
    needed = {need.fact: need for need in answer.facts_needed}
    assert needed["record.convictions"].status == "nobody has asked"


def test_asked_and_nobody_knows_is_told_apart_from_not_asked() -> None:
    answer = decide(warrants=[JUDGES_WARRANT], watch_list="unknown")
    needed = {need.fact: need.status for need in answer.facts_needed}
    assert needed["watch_list"] == "asked, no answer"
    answer = decide(warrants=[JUDGES_WARRANT], watch_list=GONE)
    assert {need.fact: need.status for need in answer.facts_needed}["watch_list"] == "nobody has asked"


def test_a_question_that_does_not_matter_is_not_asked() -> None:
    answer = decide(warrants=[], watch_list="no_match", record={"convictions": []}, reentry=GONE, search={"run": GONE})
    assert answer.decisions["notify"].settled
    assert {name for need in answer.facts_needed for name in need.decisions} <= {"interview"}


def test_no_fact_that_the_law_does_not_name_changes_the_answer() -> None:
    """The proof that the answer rests on the conditions alone is test_exact; here the facts beside them are turned."""
    plain = decide(warrants=[JUDGES_WARRANT], record={"convictions": [ROBBERY]}).decisions
    turned = decide(
        warrants=[JUDGES_WARRANT],
        record={"convictions": [ROBBERY], "gang_member": True, "criminal_warrant": True, "registries": ["arson"]},
        person={"victim_or_witness": True, "under_18": True, "proof": ["consular_id"]},
        public_information=True,
    ).decisions
    assert {name: said.modality for name, said in turned.items()} == {
        name: said.modality for name, said in plain.items()
    }
