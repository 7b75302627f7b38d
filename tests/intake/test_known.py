"""The same request again, one that a newer form cancels, and a namesake, told apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from erasing import expunge

from detainer import clock
from detainer.intake import known
from detainer.intake.known import Marks, compare
from detainer.record import journal
from detainer.record.models import Request

POLICE, CORRECTION = "us-ny-nyc-police", "us-ny-nyc-correction"
ONE = Marks(
    name="MUSTER, Ana María",
    born="1990-05-04",
    file_number="A 000 000 123",
    form="I-247A",
    asks=frozenset({"hold", "notify"}),
    form_date="2026-03-02",
)


def how(new: Marks, old: Marks) -> str:
    found = compare(new, old, "r")
    return found.how if found else ""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "duplicates"),
        ({"file_number": "A000-000-123", "name": "Ana Maria Muster"}, "duplicates"),
        ({"form_date": "2026-04-09"}, "same_person"),
        ({"form": "I-247N"}, "same_person"),
        ({"form_date": "2026-04-09", "cancels": "2026-03-02"}, "supersedes"),
        ({"form_date": "2026-04-09", "cancels": "2026-03-03"}, "same_person"),
        ({"file_number": "A 000 000 124", "born": "1990-05-05"}, ""),
        ({"file_number": "", "born": "1990-05-05"}, ""),
        ({"file_number": "", "name": "Other, Ana"}, ""),
        ({"file_number": "", "born": "", "name": "ana muster"}, "duplicates"),
    ],
    ids=[
        "the same again",
        "written otherwise",
        "another date",
        "another form",
        "cancels it",
        "cancels another",
        "a namesake with both numbers",
        "a namesake born another day",
        "another name",
        "the name alone",
    ],
)
def test_how_two_requests_stand_to_each_other(change: dict[str, Any], expected: str) -> None:
    assert how(replace(ONE, **change), ONE) == expected


def test_a_name_alone_is_said_to_be_weak() -> None:
    found = compare(replace(ONE, file_number="", born=""), ONE, "r")
    assert found
    assert not found.surely


def test_an_older_form_that_comes_late_is_told_to_be_cancelled() -> None:
    assert how(ONE, replace(ONE, form_date="2026-04-09", cancels="2026-03-02")) == "superseded_by"


def take(agency: str = POLICE, days: int = 2, **said: str) -> Request:
    return journal.receive(
        agency,
        {"request": {"form": "I-247A", "asks": ["hold", "notify"], "from": "ice"}},
        happened=clock.now() - timedelta(days=days),
        author="staff:1",
        person={"name": "Ana Muster", "born": "1990-05-04", "file_number": "A 000 000 123"},
        source={"mapping": "paper", "key": f"{days}{said}{agency}", "said": said or {"form_date": "2026-03-02"}},
    )


@pytest.mark.django_db
def test_what_is_on_record_is_found_at_its_own_agency_alone() -> None:
    here, _ = take(), take(CORRECTION)
    assert [(one.request_id, one.how) for one in known.alike(POLICE, ONE)] == [(here.id, "duplicates")]


@pytest.mark.django_db
def test_a_pair_is_told_once_until_somebody_links_it_or_says_it_is_none() -> None:
    old, new, third = take(days=9), take(days=2), take(days=1, form_date="2026-04-09")
    found = {(late, one.request_id, one.how) for late, one in known.pairs(known.latest([POLICE]))}
    assert found == {
        (new.id, old.id, "duplicates"),
        (third.id, old.id, "same_person"),
        (third.id, new.id, "same_person"),
    }
    journal.link(new, old, "duplicates", happened=clock.now(), author="staff:1")
    journal.link(third, old, "distinct", happened=clock.now(), author="staff:1")
    assert {(late, one.request_id) for late, one in known.pairs(known.latest([POLICE]))} == {(third.id, new.id)}
    assert [one.request_id for one in known.of_request(third)] == [new.id]


@pytest.mark.django_db
def test_nobody_is_found_once_the_personal_data_is_gone() -> None:
    expunge(take(), clock.now())
    assert known.alike(POLICE, ONE) == []
    assert list(known.pairs(known.latest([POLICE]))) == []


@pytest.mark.django_db
def test_pairs_are_looked_for_from_the_last_request_back_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    old, other, new = take(days=9), take(days=5, form_date="2026-04-09"), take(days=1, form_date="2026-05-09")
    monkeypatch.setattr(known, "_LOOKED", 1)
    seen, before = [], None
    while looked := known.latest([POLICE], before):
        seen.append({(late, one.request_id) for late, one in known.pairs(looked)})
        before = looked[-1]
    assert seen == [{(new.id, old.id), (new.id, other.id)}, {(other.id, old.id)}, set()]


@pytest.mark.django_db
def test_a_name_that_many_have_is_no_reason_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    take(days=9)
    stranger = journal.receive(POLICE, {}, happened=clock.now(), author="staff:1", person={"name": "Ana Muster"})
    assert [one.how for one in known.of_request(stranger)] == ["same_person"]
    monkeypatch.setattr(known, "_RARE", 1)
    assert list(known.pairs(known.latest([POLICE]))) == []
