"""Open questions of law wait for counsel, are answered with a reason, and nobody goes round them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest
from desk_people import POLICE, person, take

from detainer import clock
from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.desk.lists import counsel
from detainer.errors import UserError
from detainer.law.answer import Answer, Question
from detainer.record import agencies, journal, ledger
from detainer.record.conduct import Refused
from detainer.record.models import Personal, Request

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

    from detainer.law import Case, LawBook

pytestmark = pytest.mark.django_db
WHY = "The department may not tell, and asks a judge itself."


class Asking:
    """The shipped law with one more question of law that nobody has settled; it touches these decisions, () for all."""

    def __init__(self, *touches: str) -> None:
        self.touches = touches

    def decide(self, case: Case) -> Answer:
        asked = Question("a_question", "us-ny-nyc-police", "§ 99", "May it be so?", "It may not.", self.touches)
        return replace(agencies.book().decide(case), counsel=(asked,))


@pytest.fixture
def open_question(officer: User) -> Request:
    """A request that the law permits to hold for, while a question of law is open."""
    made = take(author(officer), permitted=True, decide=False)
    journal.decide(made, cast("LawBook", Asking()), author=author(officer))
    assert (made.modality_hold, len(counsel.waiting_on(made))) == ("may", 1)
    return made


def keys_of(said: object) -> list[str]:
    """Every key of an object and of all within it."""
    if isinstance(said, dict):
        return [*said, *(key for part in said.values() for key in keys_of(part))]
    return [key for part in said for key in keys_of(part)] if isinstance(said, list) else []


@pytest.mark.parametrize("permitted", [True, False])
def test_what_is_kept_of_an_answer_says_counsel_exactly_once(officer: User, permitted: bool) -> None:
    """The queue looks for the key in the text of answers: a second one there would hide a question from counsel."""
    made = take(author(officer), permitted=permitted)
    journal.decide(made, cast("LawBook", Asking()), author=author(officer))
    for event in made.events().filter(kind="decided"):
        text = Personal.objects.get(event_id=event.seq).body
        assert keys_of(json.loads(text)).count("counsel") == text.count('"counsel":') == 1
    with pytest.raises(UserError):
        journal.record_facts(made, {"counsel": []}, happened=clock.now(), author=author(officer))


def test_words_that_look_like_the_key_hide_no_question(open_question: Request, officer: User) -> None:
    said = '{"counsel":[]}'
    journal.act(open_question, "noted", happened=clock.now(), author=author(officer), note=said)
    journal.record_facts(
        open_question, {"watch_list": "match"}, happened=clock.now(), author=author(officer), note=said
    )
    journal.decide(open_question, cast("LawBook", Asking()), author=author(officer))
    assert [one.request.id for one in counsel.waiting([POLICE])] == [open_question.id]


def send(client: Client, made: Request, kind: str, **typed: str) -> Any:
    return client.post(f"/requests/{made.id}/act/", {"kind": kind, **typed})


def answer(client: Client, made: Request, **changed: str) -> Any:
    [waits] = counsel.waiting_on(made)
    said = {"law": waits.law, "question": waits.question, "stands": "cautious", "note": WHY}
    return send(client, made, "advised", **{**said, **changed})


def test_a_question_waits_in_the_queue_until_counsel_has_answered_with_a_reason(
    open_question: Request, reviewer: User, as_: Callable[[User], Client]
) -> None:
    legal = as_(reviewer)
    [waits] = counsel.waiting_on(open_question)
    queue = legal.get("/counsel/").content.decode()
    assert open_question.number in queue
    assert waits.cite in queue
    assert "needs its reason" in answer(legal, open_question, note=" ").content.decode()
    assert "which reading" in answer(legal, open_question, stands="mine").content.decode()
    assert answer(legal, open_question, question="no-such-question").status_code == 422
    assert answer(legal, open_question).status_code == 302
    assert list(counsel.waiting([open_question.agency])) == []
    event = open_question.events().get(kind="advised")
    assert (event.author, event.body()) == (author(reviewer), {"note": WHY})
    assert "Nothing waits for counsel." in legal.get("/counsel/").content.decode()
    page = legal.get(f"/requests/{open_question.id}/").content.decode()
    assert "answered for counsel that the cautious reading stands" in page
    assert WHY in page
    assert ledger.verify() == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.REVIEWER])
def test_only_counsel_answers_and_sees_the_queue(
    open_question: Request, role: Role, as_: Callable[[User], Client]
) -> None:
    other = as_(person("somebody", role))
    assert other.get("/counsel/").status_code == 403
    assert answer(other, open_question).status_code == 403
    assert not open_question.events().filter(kind="advised").exists()


def test_counsel_of_another_agency_finds_nothing(open_question: Request, as_: Callable[[User], Client]) -> None:
    elsewhere = as_(person("elsewhere", Role.REVIEWER, agency="us-ny-nyc-correction"))
    assert open_question.number not in elsewhere.get("/counsel/").content.decode()
    assert answer(elsewhere, open_question).status_code == 404


def test_no_hold_goes_round_counsel_at_the_desk_or_beneath_it(
    open_question: Request, officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    desk, legal = as_(officer), as_(reviewer)
    refused = send(desk, open_question, "asked", step="held")
    assert refused.status_code == 422
    assert "waits for counsel" in refused.content.decode()
    now, who = clock.now(), {"author": author(reviewer), "detail": {"for": "held"}}
    with pytest.raises(Refused, match="waits for counsel"):
        journal.act(open_question, "approved", happened=now, **who)
    with pytest.raises(Refused, match="waits for counsel"):
        journal.act(open_question, "held", happened=now, author=author(officer), approved_by=author(reviewer))
    assert answer(legal, open_question).status_code == 302
    assert send(desk, open_question, "asked", step="held").status_code == 302
    assert send(legal, open_question, "approved", step="held").status_code == 302
    assert send(desk, open_question, "held").status_code == 302
    open_question.refresh_from_db()
    assert open_question.held_at is not None


def test_a_question_stops_what_it_touches_and_nothing_else(
    officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    made = take(author(officer), permitted=True, decide=False)
    journal.decide(made, cast("LawBook", Asking("notify", "interview")), author=author(officer))
    assert (made.modality_hold, made.modality_notify) == ("may", "may")
    desk = as_(officer)
    assert "waits for counsel" in send(desk, made, "asked", step="told").content.decode()
    assert send(desk, made, "asked", step="held").status_code == 302
    assert (
        "Waits for the answer: tell federal authorities of release" in as_(reviewer).get("/counsel/").content.decode()
    )


def test_a_new_fact_opens_the_question_again_and_the_earlier_answer_stands_beside_it(
    open_question: Request, officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    legal = as_(reviewer)
    answer(legal, open_question)
    journal.record_facts(open_question, {"public_information": False}, happened=clock.now(), author=author(officer))
    journal.decide(open_question, cast("LawBook", Asking()), author=author(officer))
    assert len(counsel.waiting_on(open_question)) == 1
    assert WHY in legal.get("/counsel/").content.decode()


def test_a_program_is_no_counsel(open_question: Request) -> None:
    [waits] = counsel.waiting_on(open_question)
    said = {"law": waits.law, "question": waits.question, "stands": "cautious"}
    with pytest.raises(UserError, match="is a program"):
        journal.act(open_question, "advised", happened=clock.now(), author="system:api", note=WHY, detail=said)


def test_declining_never_waits_for_counsel(
    open_question: Request, officer: User, as_: Callable[[User], Client]
) -> None:
    desk = as_(officer)
    assert (
        desk.post(f"/requests/{open_question.id}/act/", {"kind": "declined", "of": ["hold", "notify"]}).status_code
        == 302
    )
