"""Recording what was done: two people for liberty and disclosure, no override, declining never waits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from desk_people import person, take
from django.test import Client

from detainer import clock
from detainer.desk.duties.accounts import author
from detainer.desk.duties.permissions import Action
from detainer.desk.duties.roles import Role
from detainer.desk.pages import zone_of
from detainer.desk.request import approvals
from detainer.desk.request.deeds import deeds
from detainer.record import journal
from detainer.record.models import Event, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.http import HttpResponse

pytestmark = pytest.mark.django_db


def act(client: Client, made: Request, kind: str, **typed: str | list[str]) -> HttpResponse:
    return client.post(f"/requests/{made.id}/act/", {"kind": kind} | typed)


def kinds(made: Request) -> list[str]:
    return [kind for kind in made.events().values_list("kind", flat=True) if kind != "viewed"]


@pytest.fixture
def permitted(officer: User) -> Request:
    return take(author(officer), permitted=True)


def test_a_hold_takes_two_people_from_asking_to_recording(
    permitted: Request, officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    desk, legal = as_(officer), as_(reviewer)
    assert permitted.modality_hold == "may"
    assert act(desk, permitted, "asked", step="held", note="Papers are in the file.").status_code == 302
    assert "Waiting for a second person’s approval: hold past release" in page(desk, permitted)
    assert permitted.number in legal.get("/approvals/").content.decode()
    assert act(legal, permitted, "approved", step="held").status_code == 302
    assert act(desk, permitted, "held").status_code == 302
    permitted.refresh_from_db()
    assert permitted.held_at is not None
    said = permitted.events().get(kind="held").published()
    assert said["approved_by"] == author(reviewer)
    assert kinds(permitted) == ["received", "decided", "asked", "approved", "held"]


@pytest.mark.parametrize("step", ["held", "told"])
def test_nothing_is_recorded_without_a_second_person(
    permitted: Request, officer: User, as_: Callable[[User], Client], step: str
) -> None:
    answer = act(as_(officer), permitted, step)
    assert answer.status_code == 422
    assert "needs a second person" in answer.content.decode()
    assert kinds(permitted) == ["received", "decided"]


@pytest.mark.parametrize("step", ["held", "told", "transferred"])
def test_what_the_law_forbids_cannot_be_recorded_by_anybody_however_the_form_is_crafted(
    officer: User, reviewer: User, supervisor: User, as_: Callable[[User], Client], step: str
) -> None:
    made = take(author(officer))
    for user in (officer, supervisor):
        client = as_(user)
        for typed in ({}, {"step": step}, {"approved_by": author(reviewer)}, {"when": "00:01", "override": "1"}):
            assert act(client, made, step, **typed).status_code == 422
        assert act(client, made, "asked", step=step).status_code == 422
    assert act(as_(reviewer), made, "approved", step=step).status_code == 422
    assert act(as_(reviewer), made, step).status_code == 403
    assert kinds(made) == ["received", "decided"]
    made.refresh_from_db()
    assert (made.held_at, made.told_at, made.transferred_at) == (None, None, None)


def test_nobody_approves_what_they_asked_for(supervisor: User, as_: Callable[[User], Client], officer: User) -> None:
    made = take(author(officer), permitted=True)
    client = as_(supervisor)
    act(client, made, "asked", step="held")
    answer = act(client, made, "approved", step="held")
    assert answer.status_code == 403
    assert "You entered what this rests on" in answer.content.decode()
    assert "approved" not in kinds(made)


def test_nobody_approves_what_rests_on_facts_they_entered(
    supervisor: User, officer: User, as_: Callable[[User], Client]
) -> None:
    made = take(author(supervisor), permitted=True)
    act(as_(officer), made, "asked", step="held")
    assert act(as_(supervisor), made, "approved", step="held").status_code == 403


def test_a_new_fact_takes_the_approval_with_it(
    permitted: Request, officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    desk = as_(officer)
    act(desk, permitted, "asked", step="held")
    act(as_(reviewer), permitted, "approved", step="held")
    journal.record_facts(permitted, {"watch_list": "unknown"}, happened=clock.now(), author=author(officer))
    assert approvals.pending(permitted.id).approved == {}
    assert act(desk, permitted, "held").status_code == 422


def test_an_approval_cannot_be_replayed(
    permitted: Request, officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    legal = as_(reviewer)
    assert act(legal, permitted, "approved", step="held").status_code == 422  # nobody asked
    act(as_(officer), permitted, "asked", step="held")
    assert act(legal, permitted, "approved", step="held").status_code == 302
    assert act(legal, permitted, "approved", step="held").status_code == 422
    assert kinds(permitted).count("approved") == 1


def test_a_refusal_takes_a_reason_and_closes_the_question(
    permitted: Request, officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    legal = as_(reviewer)
    act(as_(officer), permitted, "asked", step="told")
    assert "Write the reason for refusing" in act(legal, permitted, "refused", step="told").content.decode()
    assert act(legal, permitted, "refused", step="told", note="The copy is unreadable.").status_code == 302
    assert approvals.waiting([permitted.agency]) == []
    assert "“The copy is unreadable.”" in page(legal, permitted)


def test_asking_twice_is_told(permitted: Request, officer: User, as_: Callable[[User], Client]) -> None:
    desk = as_(officer)
    act(desk, permitted, "asked", step="held")
    assert "already waits" in act(desk, permitted, "asked", step="held").content.decode()


def test_declining_never_waits_and_says_what_was_declined(officer: User, as_: Callable[[User], Client]) -> None:
    made = take(author(officer), decide=False)
    assert act(as_(officer), made, "declined", of=["hold"]).status_code == 302
    assert made.events().get(kind="declined").published() == {"of": ["hold"]}
    assert act(as_(officer), made, "declined", of=["notify"]).status_code == 302
    made.refresh_from_db()
    assert made.state == "settled"


def test_declining_nothing_or_what_nobody_asked_is_told(officer: User, as_: Callable[[User], Client]) -> None:
    made = take(author(officer))
    for of in ([], ["transfer"], ["<b>"]):
        assert "Say what is declined" in act(as_(officer), made, "declined", of=of).content.decode()


def test_a_release_can_be_recorded_with_its_time_even_when_the_request_is_settled(
    officer: User, as_: Callable[[User], Client]
) -> None:
    made = take(author(officer), ago=timedelta(days=2), releasable=timedelta(hours=-30))
    act(as_(officer), made, "declined", of=["hold", "notify"])
    yesterday = clock.now() - timedelta(hours=26)
    answer = act(as_(officer), made, "released", when=f"{yesterday:%Y-%m-%d} 12:00")
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.released_at is not None


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("25:00", "no such time of day"),
        ("02/30/2026 10:00", "is not a date"),
        ("01/01/2099 10:00", "in the future"),
        ("01/01/2020 10:00", "before the request was received"),
    ],
)
def test_a_wrong_time_is_told_beside_it_and_kept(
    officer: User, as_: Callable[[User], Client], when: str, words: str
) -> None:
    made = take(author(officer))
    answer = act(as_(officer), made, "released", when=when, note="As planned.")
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert words in shown
    assert f'value="{when}"' in shown
    assert "As planned.</textarea>" in shown
    assert "released" not in kinds(made)


@pytest.mark.parametrize("kind", ["sealed", "viewed", "corrected", "received", "opened", "", "../x"])
def test_only_the_steps_of_the_page_can_be_posted(officer: User, as_: Callable[[User], Client], kind: str) -> None:
    made = take(author(officer))
    assert act(as_(officer), made, kind).status_code == 400
    assert act(as_(officer), made, "asked", step="sealed").status_code == 400


def test_a_note_stays_with_its_author_and_is_shown_as_text(officer: User, as_: Callable[[User], Client]) -> None:
    made = take(author(officer))
    act(as_(officer), made, "note", note="<img src=x onerror=alert(1)> Called counsel.")
    shown = page(as_(officer), made)
    assert "<img" not in shown
    assert "Called counsel." in shown
    assert "Write the note first" in act(as_(officer), made, "note").content.decode()
    assert "longer than" in act(as_(officer), made, "note", note="x" * 2001).content.decode()


def test_another_agencys_request_is_not_there_and_cannot_be_acted_on(
    officer: User, as_: Callable[[User], Client]
) -> None:
    made = take(author(officer), permitted=True)
    stranger = as_(person("stranger", Role.SUPERVISOR, Role.OFFICER, agency="us-ny-nyc-correction"))
    for path in ("", "facts/"):
        assert stranger.get(f"/requests/{made.id}/{path}").status_code == 404
    for path in ("act/", "reply/", "facts/"):
        assert stranger.post(f"/requests/{made.id}/{path}", {"kind": "released"}).status_code == 404
    assert stranger.get("/requests/ffffffffffffffffffffffff/").status_code == 404
    assert kinds(made) == ["received", "decided"]


def test_every_step_takes_a_form_of_ours(officer: User) -> None:
    made = take(author(officer))
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    strict.force_login(officer)
    before = Event.objects.count()
    for path in (
        f"/requests/{made.id}/act/",
        f"/requests/{made.id}/reply/",
        "/requests/new/",
        "/requests/",
        "/sign-out/",
    ):
        assert strict.post(path, {"kind": "released", "do": "record"}).status_code == 403
    assert Event.objects.count() == before


def test_a_note_unsettles_neither_the_answer_nor_an_approval(
    permitted: Request, officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    desk = as_(officer)
    act(desk, permitted, "asked", step="told")
    act(as_(reviewer), permitted, "approved", step="told")
    act(desk, permitted, "note", note="Called counsel.")
    assert "no longer fits" not in page(desk, permitted)
    assert act(desk, permitted, "told", ground="<b>").status_code == 422
    assert act(desk, permitted, "told", ground="listed").status_code == 302
    told = permitted.events().get(kind="told")
    assert told.body() == {"detail": {"ground": "listed"}}  # what a search found is never published
    assert "ground" not in told.published()


def test_an_old_form_is_told_in_plain_words(officer: User) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    strict.force_login(officer)
    assert "Nothing was recorded" in strict.post("/requests/new/", {"do": "record"}).content.decode()


def test_declining_what_the_law_commands_says_so_and_is_still_offered(officer: User) -> None:
    made = take(author(officer))
    made.modality_hold = "must"
    zone = zone_of(made.agency)
    todo = deeds(made, approvals.Pending(), set(Action), author(officer), zone, stale=False, now=clock.now())
    assert "Decline what was asked. The law commands it: keep past release" in [deed.words for deed in todo]


def test_a_link_records_nothing(officer: User, as_: Callable[[User], Client]) -> None:
    made = take(author(officer))
    for path in ("act/", "reply/"):
        assert as_(officer).get(f"/requests/{made.id}/{path}?kind=released").status_code == 405


def page(client: Client, made: Request) -> str:
    return client.get(f"/requests/{made.id}/").content.decode()
