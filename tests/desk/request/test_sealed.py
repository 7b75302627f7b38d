"""A sealed record is nowhere, but for those who keep it; expunging takes two people and leaves the counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk_people import person, take
from django.db import connection
from erasing import ORDER

from detainer import clock
from detainer.answer import papers
from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.record import journal, ledger, projection
from detainer.record.models import Event, Request
from detainer.watch import hooks
from detainer.watch.models import Hook, Notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db
NAME, FILE = "Zebulon Quackenbush", "A 000 000 017"
FORM = {"ground": "court-order", "by": "A made-up court", "order": "Ind. 12/2026", "dated": "01/05/2026"}
KEEPERS = (Role.REVIEWER, Role.RECORDS)


def seal(client: Client, made: Request, kind: str = "sealed", **said: str) -> int:
    return client.post(f"/requests/{made.id}/seal/", {"kind": kind, **FORM, **said}).status_code


def everything(client: Client, made: Request, paper: int) -> dict[str, tuple[int, str]]:
    """Every address at the desk that shows, finds or hands out a record."""
    found = {}
    for path in ("/requests/", "/requests/?group=open", "/approvals/", "/counsel/", "/audit/", "/sealed/", "/reports/"):
        found[path] = client.get(path)
    for words in (NAME, "quackenb", made.number, FILE):
        found[f"search {words}"] = client.post("/requests/", {"q": words})
    found["audit of it"] = client.post("/audit/", {"number": made.number})
    for part in ("", "facts/", f"papers/{paper}.pdf", f"papers/{paper}.html"):
        found[part or "page"] = client.get(f"/requests/{made.id}/{part}")
    for part in ("act/", "reply/", "facts/"):
        found[f"post {part}"] = client.post(f"/requests/{made.id}/{part}", {"kind": "note", "note": "x"})
    return {name: (one.status_code, str(one.headers) + one.content.decode("latin-1")) for name, one in found.items()}


def a_record(officer: User) -> tuple[Request, int]:
    """A request with a paper, that waits for an approval."""
    made = take(author(officer), name=NAME, permitted=True)
    journal.act(made, "asked", happened=clock.now(), author=author(officer), detail={"for": "held"})
    papers.make(made, "file", "en", author=author(officer))
    return made, Event.objects.filter(request_id=made.id, kind="paper").get().seq


@pytest.mark.parametrize("role", list(Role))
def test_a_sealed_record_is_nowhere_for_those_who_do_not_keep_it(
    role: Role, officer: User, as_: Callable[[User], Client]
) -> None:
    made, paper = a_record(officer)
    client = as_(person("somebody", role))
    before = everything(client, made, paper)
    assert role is Role.ADMINISTRATOR or NAME in before["/requests/"][1]
    assert seal(as_(person("keeper", Role.RECORDS)), made) == 302
    after = everything(client, made, paper)
    if role in KEEPERS:
        assert NAME in after["page"][1]
        assert NAME in after["/sealed/"][1]
        assert after[f"papers/{paper}.pdf"][0] == 200
        for name, (_, shown) in after.items():
            if name.startswith(("/requests", "/approvals", "/counsel", "/reports", "search")):
                assert made.id not in shown, name
        return
    for name, (status, shown) in after.items():
        echoed = {NAME, "Quackenbush", made.number, FILE} if name.startswith(("search", "audit")) else set()
        for said in {NAME, "Quackenbush", made.number, made.id, FILE} - echoed:
            assert said not in shown, (name, said)
        if name.startswith(("page", "facts", "papers", "post")):
            assert status == 404, name
    assert "1 sealed" in after["/audit/"][1] or after["/audit/"][0] == 403


def test_an_address_of_a_sealed_record_answers_like_one_that_never_was(
    officer: User, as_: Callable[[User], Client]
) -> None:
    made, _ = a_record(officer)
    journal.act(made, "sealed", happened=clock.now(), author="records:one", detail=ORDER)
    client = as_(officer)
    one, other = client.get(f"/requests/{made.id}/"), client.get(f"/requests/{'0' * 24}/")
    assert (one.status_code, one.content) == (other.status_code, other.content)


def test_who_seals_may_lose_sight_of_it_and_unsealing_brings_it_back(
    officer: User, supervisor: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    made = take(author(officer), name=NAME)
    answer = as_(supervisor).post(f"/requests/{made.id}/seal/", {"kind": "sealed", **FORM}, follow=True)
    assert "Sealed. The record is hidden." in answer.content.decode()
    assert NAME not in answer.content.decode()
    assert seal(as_(supervisor), made, "unsealed") == 404
    shown = as_(reviewer).get(f"/requests/{made.id}/").content.decode()
    assert "A made-up court, Ind. 12/2026, 2026-01-05" in shown
    assert seal(as_(reviewer), made, "unsealed") == 302
    assert NAME in as_(officer).get("/requests/").content.decode()
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"dated": "the 5th"}, "is not a date"),
        ({"dated": ""}, "Say the day of the order"),
        ({"by": ""}, "Say who gave the order"),
        ({"order": "People v. Quackenbush 12"}, "holds the person"),
        ({"ground": "retention2"}, "court-order"),
    ],
)
def test_a_form_that_names_no_order_seals_nothing_and_says_why(
    officer: User, reviewer: User, as_: Callable[[User], Client], change: dict[str, str], told: str
) -> None:
    made = take(author(officer), name=NAME)
    answer = as_(reviewer).post(f"/requests/{made.id}/seal/", {"kind": "sealed", **FORM, **change})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not made.events().filter(kind="sealed").exists()


def test_the_forms_of_sealing_are_a_page_of_their_own_that_keeps_what_was_typed(
    officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    made = take(author(officer), name=NAME)
    path = f"/requests/{made.id}/seal/"
    assert path in as_(reviewer).get(f"/requests/{made.id}/").content.decode()
    assert "Seal this record" in as_(reviewer).get(path).content.decode()
    again = as_(reviewer).post(path, {"kind": "sealed", **FORM, "dated": "the 5th"}).content.decode()
    assert 'value="the 5th"' in again
    assert '<option value="sealed" selected>' in again
    assert as_(officer).get(path).status_code == 403
    assert path not in as_(officer).get(f"/requests/{made.id}/").content.decode()


def test_two_people_expunge_and_one_does_not(officer: User, as_: Callable[[User], Client]) -> None:
    made = take(author(officer), name=NAME)
    one, two = as_(person("one", Role.RECORDS)), as_(person("two", Role.REVIEWER))
    assert seal(one, made, "expunged") == 422
    assert seal(one, made, "asked") == 302
    assert "Another person has to do it." in one.get("/sealed/").content.decode()
    assert seal(one, made, "expunged") == 422
    assert seal(two, made, "refused") == 422  # no reason
    assert seal(two, made, "refused", note="Not this one.") == 302
    assert NAME in two.get(f"/requests/{made.id}/").content.decode()
    assert seal(two, made, "asked") == 302
    assert seal(one, made, "expunged") == 302
    made.refresh_from_db()
    assert (made.expunged_at is not None, made.sealed_at is not None) == (True, True)
    assert not any(NAME in body for body in Event.objects.values_list("envelope__body", flat=True) if body)
    assert NAME not in one.get("/sealed/").content.decode()
    assert ledger.verify() == []
    assert list(projection.differences()) == []


def test_of_a_sealed_request_a_program_is_told_that_it_is_sealed_and_no_more(officer: User) -> None:
    made = take(author(officer), name=NAME)
    hook = Hook.objects.create(id="1", agency=made.agency, address="https://example.org/", since=0, made_at=clock.now())
    before = ledger.head().size - 1
    journal.act(made, "sealed", happened=clock.now(), author="records:one", detail=ORDER)
    journal.act(made, "released", happened=clock.now(), author="records:one")
    Notice.objects.all().delete()
    hooks.note(before, ledger.head().size - 1)
    told = Event.objects.filter(seq__in=Notice.objects.filter(hook=hook).values("seq")).values_list("kind", flat=True)
    assert list(told) == ["sealed"]


@pytest.mark.django_db(transaction=True)
def test_after_expunging_the_name_is_in_no_file_of_the_database(as_: Callable[[User], Client]) -> None:
    """Names, numbers and notes, in the tables, the free pages and the log."""
    if connection.vendor != "sqlite":
        return
    one, two = person("one", Role.RECORDS), person("two", Role.REVIEWER)
    for _ in range(5):
        made = take(author(person("ruiz", Role.OFFICER)), name=NAME)
        journal.act(made, "noted", happened=clock.now(), author="records:one", note=f"Spoke to {NAME}. " * 200)
        papers.make(made, "file", "en", author="records:one")
        as_(one).post("/requests/", {"q": NAME})
        assert seal(as_(one), made) == 302
        assert seal(as_(one), made, "asked") == 302
        assert seal(as_(two), made, "expunged") == 302
    file = Path(str(connection.settings_dict["NAME"]))
    files = [one for one in file.parent.glob(f"{file.name}*") if one.is_file()]
    assert files
    for word in (NAME, "Quackenbush", FILE, made.number):
        held = [one.name for one in files if word.encode() in one.read_bytes()]
        assert held == ([file.name] if word == made.number else []), word
    assert ledger.verify() == []
