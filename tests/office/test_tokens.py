"""The page of tokens: each made by a supervisor and shown once, for one's own agencies, and each deed an event."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from api_client import Program, problem
from desk_people import PASSWORD, person, take
from django.test import Client

from detainer import clock
from detainer.api.models import Token
from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.desk.models import Membership
from detainer.record import journal
from detainer.record.models import Event

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE, PAGE = "us-ny-nyc-police", "us-ny-nyc-correction", "/programs/"
NEW: dict[str, Any] = {"what": "new", "name": "booking", "agency": HERE, "action": ["read"], "days": "30"}


@pytest.fixture
def stone(db: None) -> User:
    journal.open_record(demonstration=False)
    return person("stone", Role.SUPERVISOR)


def client_of(user: User) -> Client:
    """Signed in, and the password given once more."""
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    client.post("/sign-in/again/", {"password": PASSWORD, "next": PAGE})
    return client


def made(client: Client, **more: Any) -> Program:
    answer = client.post(PAGE, NEW | more)
    assert answer.status_code == 200
    return Program(answer.context["made"], answer.context["text"])


def test_a_token_is_made_shown_once_and_works_for_what_it_names(stone: User) -> None:
    request = take("staff:1")
    client = client_of(stone)
    program = made(client)
    assert program.text not in client.get(PAGE).content.decode()
    assert program.get(f"/requests/{request.id}").status_code == 200
    problem(program.post(f"/requests/{request.id}/search", {"watch_list": "match"}), 403)
    event = Event.objects.get(kind="token_made")
    assert event.author == author(stone)
    assert program.token.digest not in event.public


def test_a_new_secret_takes_the_place_of_the_old_one_and_revoking_ends_both(stone: User) -> None:
    client = client_of(stone)
    old = made(client)
    new = Program(old.token, client.post(PAGE, {"what": "rotate", "token": old.token.id}).context["text"])
    assert new.text != old.text
    assert new.get("/requests").status_code == old.get("/requests").status_code == 200
    assert client.post(PAGE, {"what": "revoke", "token": old.token.id}).status_code == 302
    for one in (old, new):
        assert "revoked" in problem(one.get("/requests"), 401)
    told = Event.objects.filter(kind__in=["token_rotated", "token_revoked"]).order_by("seq")
    assert [(one.kind, one.author) for one in told] == [
        ("token_rotated", author(stone)),
        ("token_revoked", author(stone)),
    ]
    assert "revoked" in client.get(PAGE).content.decode()


WRONG: dict[str, dict[str, Any]] = {
    "another agency": {"agency": ELSEWHERE},
    "no agency": {"agency": ""},
    "leave that there is not": {"action": ["read", "approve"]},
    "no leave": {"action": []},
    "no name": {"name": ""},
    "a script for a name": {"name": "<script>alert(1)</script>"},
    "for ever": {"days": "731"},
    "for no time": {"days": "0"},
    "for less": {"days": "-1"},
    "for a word": {"days": "year"},
    "for other digits": {"days": "²"},
}


@pytest.mark.attack
@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_a_token_is_told_and_none_is_made(stone: User, what: str) -> None:
    answer = client_of(stone).post(PAGE, NEW | WRONG[what])
    assert answer.status_code == 422
    assert b"<script>alert" not in answer.content
    assert not Token.objects.exists()


@pytest.mark.attack
@pytest.mark.parametrize("what", ["rotate", "revoke"])
def test_another_agencys_token_is_not_there(stone: User, what: str) -> None:
    token = made(client_of(stone)).token
    stranger = person("far", Role.SUPERVISOR, Role.ADMINISTRATOR, agency=ELSEWHERE)
    client = client_of(stranger)
    assert client.post(PAGE, {"what": what, "token": token.id}).status_code == 404
    assert client.post(PAGE, {"what": what, "token": "0" * 12}).status_code == 404
    assert token.id not in client.get(PAGE).content.decode()
    assert Event.objects.filter(kind="not_allowed", author=author(stranger)).count() == 1
    token.refresh_from_db()
    assert token.revoked_at is None


@pytest.mark.attack
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPERVISOR])
def test_no_other_duty_makes_tokens(stone: User, role: Role) -> None:
    somebody = person("somebody", role)
    client = client_of(somebody)
    assert client.get(PAGE).status_code == (200 if role is Role.ADMINISTRATOR else 403)
    assert client.post(PAGE, NEW).status_code == 403
    assert not Token.objects.exists()
    assert Event.objects.filter(kind="not_allowed", author=author(somebody)).count() == 1


@pytest.mark.attack
def test_an_administrator_takes_no_secret_of_a_token_that_reads_cases(stone: User) -> None:
    """The attack: an administrator who makes no token, but has an old one give its new secret to them."""
    program = made(client_of(stone))
    client = client_of(person("admin", Role.ADMINISTRATOR))
    page = client.get(PAGE).content.decode()
    assert "booking" in page
    assert 'value="rotate"' not in page
    assert client.post(PAGE, {"what": "rotate", "token": program.token.id}).status_code == 403
    assert program.get("/requests").status_code == 200
    assert client.post(PAGE, {"what": "revoke", "token": program.token.id}).status_code == 302
    assert "revoked" in problem(program.get("/requests"), 401)


@pytest.mark.attack
def test_a_supervisor_here_makes_no_token_where_they_are_administrator_alone(stone: User) -> None:
    both = person("both", Role.SUPERVISOR)
    Membership.objects.create(account=both, role=Role.ADMINISTRATOR, agency=ELSEWHERE)
    there = made(client_of(person("far", Role.SUPERVISOR, agency=ELSEWHERE)), agency=ELSEWHERE).token
    client = client_of(both)
    assert client.post(PAGE, NEW | {"agency": ELSEWHERE}).status_code == 422
    assert client.post(PAGE, {"what": "rotate", "token": there.id}).status_code == 403
    assert Token.objects.count() == 1


@pytest.mark.attack
@pytest.mark.parametrize("what", ["new", "rotate"])
def test_a_session_that_was_left_open_gives_no_token(stone: User, what: str) -> None:
    """The attack: somebody at a supervisor's desk; a token needs the password once more."""
    token = made(client_of(stone)).token
    client = Client(headers={"host": "localhost"})
    client.force_login(stone)
    answer = client.post(PAGE, NEW | {"what": what, "token": token.id})
    assert answer["Location"] == "/sign-in/again/?next=%2Fprograms%2F"
    assert Event.objects.filter(kind__in=["token_made", "token_rotated"]).count() == 1
    shown = client.post(answer["Location"], {"password": PASSWORD, "next": PAGE})
    assert shown.status_code == 200
    assert Program(shown.context["made"], shown.context["text"]).get("/requests").status_code == 200


@pytest.mark.attack
@pytest.mark.parametrize("what", ["", "delete"])
def test_there_is_no_other_step(stone: User, what: str) -> None:
    token = made(client_of(stone)).token
    assert client_of(stone).post(PAGE, {"what": what, "token": token.id}).status_code == 422


@pytest.mark.attack
@pytest.mark.parametrize("how", ["made", "given a new secret"])
def test_nobody_approves_what_a_program_entered_whose_secret_they_had(stone: User, how: str) -> None:
    """The attack: a supervisor enters facts with the token that they were shown, and approves what rests on them."""
    other, officer = person("haugen", Role.SUPERVISOR), person("ruiz", Role.OFFICER)
    client = client_of(stone)
    program = made(client_of(other) if how != "made" else client, action=["read", "receive", "custody", "search"])
    if how != "made":
        shown = client.post(PAGE, {"what": "rotate", "token": program.token.id})
        program = Program(program.token, shown.context["text"])
    request = take(author(officer), permitted=True)
    fresh = {"search": {"run": "at_release", "at": (clock.now() - timedelta(minutes=5)).isoformat()}}
    recorded = program.post(f"/requests/{request.id}/search", fresh).json()["recorded"]
    assert [one["kind"] for one in recorded] == ["corrected", "decided"]
    journal.act(request, "asked", happened=clock.now(), author=author(officer), detail={"for": "held"})
    page = client.get("/approvals/").content.decode()
    assert "A program entered what this rests on, and you had its secret" in page
    sent = {"kind": "approved", "step": "held"}
    refused = client.post(f"/requests/{request.id}/act/", sent)
    assert refused.status_code == 403
    assert "Another person must approve it" in refused.content.decode()
    assert not request.events().filter(kind="approved").exists()
    assert Event.objects.filter(kind="not_allowed", author=author(stone)).count() == 1
    reviewer = client_of(person("okafor", Role.REVIEWER))
    assert "you had its secret" not in reviewer.get("/approvals/").content.decode()
    assert reviewer.post(f"/requests/{request.id}/act/", sent).status_code == 302
