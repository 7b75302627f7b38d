"""Sealing removes personal data for good; proofs and counts stay whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from fake_law import CHEN, POLICE, RUIZ, book, later

from detainer.record import journal, ledger, projection
from detainer.record.models import Personal, Request

Take = Callable[..., Request]
NAME = "Zebulon Quackenbush"


@pytest.mark.django_db
def test_nothing_of_the_person_is_left_and_the_record_is_sound(request_in: Take) -> None:
    facts = {"custody": {"held": True, "releasable_at": later(1)}, "record": {"convictions": []}}
    request, other = request_in(facts=facts, person={"name": NAME}), request_in(person={"name": "Other Example"})
    journal.decide(request, book(hold="may", until=later(48)), at=later(0.1), author=RUIZ)
    journal.act(request, "approved", happened=later(0.2), author=CHEN, detail={"for": "held"})
    journal.act(request, "held", happened=later(1), author=RUIZ, approved_by=CHEN, note="By the side door.")
    journal.act(request, "released", happened=later(2), author=RUIZ)
    journal.act(request, "sealed", happened=later(3), author=RUIZ, note="Docket 12.", detail={"ground": "court-order"})
    assert (request.person(), request.facts()) == (None, {})
    law = request.determination()
    assert law is not None
    assert (law.answer, law.case, law.modalities) == (None, None, {"hold": "may"})
    assert (request.releasable_at, request.hold_started, request.hold_ends, request.alarm_at) == (None,) * 4
    assert (request.held_at, request.released_at, request.past_release) == (later(1), later(2), 3600)
    assert request.sealed_at == later(3)
    assert [event.body() for event in request.events()][:-1] == [None] * 5
    seal = request.events().last()
    assert seal is not None
    assert seal.body() == {"note": "Docket 12."}
    assert other.person() == {"name": "Other Example"}
    assert ledger.verify() == []


@pytest.mark.django_db
def test_what_becomes_known_after_a_seal_stands_alone(request_in: Take) -> None:
    request = request_in(person={"name": NAME, "file": "A 1"})
    journal.act(request, "sealed", happened=later(1), author=RUIZ)
    journal.act(request, "corrected", happened=later(2), author=RUIZ, detail={"person": {"file": "A 2"}})
    assert request.person() == {"file": "A 2"}
    journal.act(request, "sealed", happened=later(3), author=RUIZ)
    assert request.person() is None
    assert not Personal.objects.exists()
    assert ledger.verify() == []


@pytest.mark.django_db
def test_a_seal_takes_determination_and_approval_with_it(request_in: Take) -> None:
    request = request_in()
    journal.decide(request, book(hold="may"), at=later(1), author=RUIZ)
    journal.act(request, "approved", happened=later(1), author=CHEN, detail={"for": "held"})
    journal.act(request, "sealed", happened=later(2), author=RUIZ)
    with pytest.raises(journal.Refused, match="facts were recorded after"):
        journal.act(request, "held", happened=later(3), author=RUIZ, approved_by=CHEN)


@pytest.mark.django_db
def test_a_request_is_sealed_in_the_batch_that_brought_it(request_in: Take) -> None:
    with journal.batch():
        request = request_in(person={"name": NAME})
        journal.act(request, "sealed", happened=later(1), author=RUIZ)
        journal.record_facts(request, {"custody": {"held": True}}, happened=later(2), author=RUIZ)
    assert request.person() is None
    assert Personal.objects.count() == 1
    assert ledger.verify() == []
    assert list(projection.differences()) == []


@pytest.mark.django_db(transaction=True)
def test_the_name_is_gone_from_the_files_too(request_in: Take) -> None:
    """SQLite leaves deleted text in free pages and in its log unless told otherwise."""
    if connection.vendor != "sqlite":
        return
    for _ in range(30):
        request = request_in(POLICE, person={"name": NAME, "story": "x" * 3000})
        journal.act(request, "sealed", happened=later(1), author=RUIZ)
    file = Path(str(connection.settings_dict["NAME"]))
    files = [one for one in (file, Path(f"{file}-wal")) if one.exists()]
    assert not any(NAME.encode() in one.read_bytes() for one in files)
    with sqlite3.connect(file) as fresh:
        assert fresh.execute("PRAGMA integrity_check").fetchone() == ("ok",)
