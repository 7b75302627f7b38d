"""Sealing hides and can be taken back; expunging removes personal data for good; proofs and counts stay whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from erasing import expunge
from fake_law import CHEN, POLICE, RUIZ, book, later

from detainer.errors import UserError
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
    expunge(request, later(3))
    assert (request.person(), request.facts()) == (None, {})
    law = request.determination()
    assert law is not None
    assert (law.answer, law.case, law.modalities) == (None, None, {"hold": "may"})
    assert (request.releasable_at, request.hold_started, request.hold_ends, request.alarm_at) == (None,) * 4
    assert (request.held_at, request.released_at, request.past_release) == (later(1), later(2), 3600)
    assert (request.sealed_at, request.expunged_at) == (later(3), later(3))
    assert [event.body() for event in request.events()][:-1] == [None] * 6
    last = request.events().last()
    assert last is not None
    assert last.body() == {"detail": {"by": "A made-up court", "order": "Docket 12", "dated": "2026-01-05"}}
    assert last.published() == {"ground": "court-order", "asked": "7", "asked_by": "records:one"}
    assert other.person() == {"name": "Other Example"}
    assert ledger.verify() == []


@pytest.mark.django_db
def test_what_becomes_known_afterwards_stands_alone(request_in: Take) -> None:
    request = request_in(person={"name": NAME, "file": "A 1"})
    expunge(request, later(1))
    journal.act(request, "corrected", happened=later(2), author=RUIZ, detail={"person": {"file": "A 2"}})
    assert request.person() == {"file": "A 2"}
    assert ledger.verify() == []


@pytest.mark.django_db
def test_expunging_takes_determination_and_approval_with_it(request_in: Take) -> None:
    request = request_in()
    journal.decide(request, book(hold="may"), at=later(1), author=RUIZ)
    journal.act(request, "approved", happened=later(1), author=CHEN, detail={"for": "held"})
    expunge(request, later(2))
    with pytest.raises(journal.Refused, match="facts were recorded after"):
        journal.act(request, "held", happened=later(3), author=RUIZ, approved_by=CHEN)


@pytest.mark.django_db
def test_a_request_is_expunged_in_the_batch_that_brought_it(request_in: Take) -> None:
    with journal.batch():
        request = request_in(person={"name": NAME})
        expunge(request, later(1))
        journal.record_facts(request, {"custody": {"held": True}}, happened=later(2), author=RUIZ)
    assert request.person() is None
    assert Personal.objects.count() == 2  # of the expunging itself, and of what became known after it
    assert ledger.verify() == []
    assert list(projection.differences()) == []


@pytest.mark.django_db(transaction=True)
def test_the_name_is_gone_from_the_files_too(request_in: Take) -> None:
    """SQLite leaves deleted text in free pages and in its log unless told otherwise."""
    if connection.vendor != "sqlite":
        return
    for _ in range(30):
        request = request_in(POLICE, person={"name": NAME, "story": "x" * 3000})
        expunge(request, later(1))
    file = Path(str(connection.settings_dict["NAME"]))
    files = [one for one in (file, Path(f"{file}-wal")) if one.exists()]
    traces = [NAME.encode(), *(word.encode() for word in NAME.casefold().split())]
    assert not any(trace in one.read_bytes() for one in files for trace in traces)
    with sqlite3.connect(file) as fresh:
        assert fresh.execute("PRAGMA integrity_check").fetchone() == ("ok",)


ORDER = {"ground": "court-order", "by": "A made-up court", "order": "Ind. 12/2026", "dated": "2026-01-05"}
ASK = {"for": "expunged", **ORDER}


@pytest.mark.django_db
def test_sealing_keeps_everything_and_unsealing_shows_it_again(request_in: Take) -> None:
    request = request_in(person={"name": NAME}, facts={"custody": {"releasable_at": later(9)}})
    seal = journal.act(request, "sealed", happened=later(1), author=RUIZ, detail=ORDER)
    assert (request.sealed_at, request.releasable_at) == (later(1), later(9))
    assert seal.published() == {"ground": "court-order"}
    assert seal.body() == {"detail": {name: ORDER[name] for name in ("by", "order", "dated")}}
    journal.act(request, "unsealed", happened=later(2), author=CHEN, detail=ORDER)
    assert (request.sealed_at, request.person()) == (None, {"name": NAME})
    assert ledger.verify() == []
    assert list(projection.differences()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ground": "because"}, "court-order, statute"),
        ({"by": " "}, "who gave the order"),
        ({"order": ""}, "the order's number"),
        ({"order": "of the second division"}, "no number in it"),
        ({"order": "12; it is ordered that"}, "no number in it"),
        ({"order": "1" * 41}, "longer than 40"),
        ({"dated": "yesterday"}, "is no day"),
        ({"dated": "2199-01-01"}, "lies in the future"),
        ({"order": "Quackenbush 12/2026"}, "holds the person's name"),
        ({"by": "a court in re ZEBULON"}, "holds the person's name"),
    ],
)
@pytest.mark.parametrize("kind", ["sealed", "asked"])
def test_a_seal_names_its_order_and_quotes_nothing_of_it(
    request_in: Take, kind: str, change: dict[str, str], told: str
) -> None:
    request = request_in(person={"name": NAME})
    said = {**(ASK if kind == "asked" else ORDER), **change}
    with pytest.raises(UserError, match=told):
        journal.act(request, kind, happened=later(1), author=RUIZ, detail=said)
    assert request.sealed_at is None


@pytest.mark.django_db
def test_nothing_is_sealed_or_opened_or_expunged_twice(request_in: Take) -> None:
    request = request_in()
    with pytest.raises(journal.Refused, match="is not sealed"):
        journal.act(request, "unsealed", happened=later(1), author=RUIZ, detail=ORDER)
    journal.act(request, "sealed", happened=later(1), author=RUIZ, detail=ORDER)
    with pytest.raises(journal.Refused, match="sealed already"):
        journal.act(request, "sealed", happened=later(1), author=RUIZ, detail=ORDER)
    expunge(request, later(2))
    for kind, said in (("sealed", ORDER), ("unsealed", ORDER), ("asked", ASK), ("expunged", {})):
        with pytest.raises(journal.Refused, match="was expunged"):
            journal.act(request, kind, happened=later(3), author=RUIZ, detail=said)


@pytest.mark.django_db
@pytest.mark.parametrize("author", [RUIZ, "supervisor:ruiz", "officer:RUIZ", "system:command", "token:ruiz"])
def test_nobody_expunges_alone_and_no_program_does(request_in: Take, author: str) -> None:
    request = request_in(person={"name": NAME})
    with pytest.raises(journal.Refused, match=r"second person|is a program"):
        journal.act(request, "expunged", happened=later(1), author=author)
    journal.act(request, "asked", happened=later(1), author=RUIZ, detail=ASK)
    with pytest.raises(journal.Refused, match=r"cannot approve their own step|is a program"):
        journal.act(request, "expunged", happened=later(1), author=author)
    assert request.person() == {"name": NAME}


@pytest.mark.django_db
def test_a_refusal_takes_the_asking_back(request_in: Take) -> None:
    request = request_in()
    journal.act(request, "asked", happened=later(1), author=RUIZ, detail=ASK)
    journal.act(request, "refused", happened=later(2), author=CHEN, detail={"for": "expunged"}, note="Not this one.")
    with pytest.raises(journal.Refused, match="second person"):
        journal.act(request, "expunged", happened=later(3), author=CHEN)
    with pytest.raises(journal.Refused, match="nobody asks"):
        journal.act(request, "refused", happened=later(3), author=CHEN, detail={"for": "expunged"})


@pytest.mark.django_db
def test_what_an_approval_of_a_hold_is_cannot_expunge(request_in: Take) -> None:
    request = request_in()
    journal.act(request, "asked", happened=later(1), author=RUIZ, detail=ASK)
    with pytest.raises(journal.Refused, match="nobody asks"):
        journal.act(request, "approved", happened=later(1), author=CHEN, detail={"for": "expunged"})


@pytest.mark.django_db
def test_a_running_hold_can_be_sealed_and_not_expunged(request_in: Take) -> None:
    request = request_in()
    journal.decide(request, book(hold="may", until=later(48)), at=later(1), author=RUIZ)
    journal.act(request, "asked", happened=later(1), author=RUIZ, detail=ASK)
    journal.act(request, "approved", happened=later(1), author=CHEN, detail={"for": "held"})
    journal.act(request, "held", happened=later(2), author=RUIZ, approved_by=CHEN)
    with pytest.raises(journal.Refused, match="a hold runs"):
        journal.act(request, "expunged", happened=later(3), author=CHEN)
    journal.act(request, "sealed", happened=later(3), author=RUIZ, detail=ORDER)
    assert request.alarm_at == later(48)
