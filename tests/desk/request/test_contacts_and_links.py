"""Contacts outside a form are steps; requests that belong together are linked by a person and never merged."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest
from desk_people import person, take
from erasing import ORDER

from detainer import clock
from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.record import journal
from detainer.record.models import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db
CALL = {"kind": "contact", "way": "call", "direction": "in", "by": "ice", "about": ["release"], "note": "Asked when."}


def page(client: Client, made: Request) -> str:
    return unescape(client.get(f"/requests/{made.id}/").content.decode())


def test_a_call_is_a_step_with_its_words_in_the_removable_part(officer: User, as_: Callable[[User], Client]) -> None:
    made = take(author(officer))
    desk = as_(officer)
    said = {**CALL, "given": ["court", "appointment"], "ground": "none"}
    assert desk.post(f"/requests/{made.id}/act/", said).status_code == 302
    event = made.events().get(kind="contact")
    assert event.published() == {
        "way": "call", "direction": "in", "by": "ice", "about": ["release"], "given": ["court", "appointment"]
    }  # fmt: skip
    assert event.body() == {"note": "Asked when.", "detail": {"ground": "none"}}
    shown = page(desk, made)
    assert (
        "recorded a call from ICE; they asked for: release or custody; given: a day in court, an appointment" in shown
    )
    assert "“Asked when.”" in shown


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"way": "pigeon"}, "Say how it came about"),
        ({"direction": ""}, "Say who began it"),
        ({"by": "Ana Example"}, "Say with whom it was"),
        ({"about": ["nationality"]}, "with the answers offered"),
        ({"ground": "guilty"}, "What the search showed"),
        ({"when": "31:00"}, "no such time of day"),
    ],
)
def test_a_contact_says_what_it_can_say_and_nothing_else(
    officer: User, as_: Callable[[User], Client], change: dict[str, object], told: str
) -> None:
    made = take(author(officer))
    answer = as_(officer).post(f"/requests/{made.id}/act/", {**CALL, **change})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not made.events().filter(kind="contact").exists()


def test_a_pair_that_looks_alike_is_judged_linked_and_both_stand(officer: User, as_: Callable[[User], Client]) -> None:
    early, late = take(author(officer), name="B. Sample"), take(author(officer), name="B. Sample")
    desk = as_(officer)
    shown = unescape(desk.get("/duplicates/").content.decode())
    assert f"{late.number} · {early.number}" in shown or f"{early.number} · {late.number}" in shown
    assert "same file number" in shown
    said = {"late": late.id, "early": early.id, "as": "supersedes", "note": "The second form says so."}
    assert desk.post("/duplicates/", said).status_code == 302
    assert "No two requests look alike" in desk.get("/duplicates/").content.decode()
    assert f'This request takes the place of <a href="/requests/{early.id}/">{early.number}</a>' in page(desk, late)
    assert f"recorded that {late.number} takes its place" in page(desk, early)
    assert {one.state for one in Request.objects.all()} == {"open"}


@pytest.mark.parametrize("change", [{"as": ""}, {"as": "merged"}, {"as": "supersedes", "early": "LATE"}])
def test_a_link_that_cannot_be_is_told_and_not_recorded(
    officer: User, as_: Callable[[User], Client], change: dict[str, str]
) -> None:
    early, late = take(author(officer)), take(author(officer))
    said = {
        "late": late.id,
        "early": early.id,
        **{name: value.replace("LATE", late.id) for name, value in change.items()},
    }
    assert as_(officer).post("/duplicates/", said).status_code == 422
    assert not late.events().filter(kind="linked").exists()


def test_no_link_reaches_into_another_agency_or_a_sealed_record(
    officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    mine, other = take(author(officer)), take(author(officer), agency="us-ny-nyc-correction", decide=False)
    sealed = take(author(officer))
    journal.link(mine, sealed, "duplicates", happened=clock.now(), author=author(officer))
    journal.act(sealed, "sealed", happened=clock.now(), author="records:one", detail=ORDER)
    desk = as_(officer)
    for there in (other, sealed):
        assert desk.post("/duplicates/", {"late": mine.id, "early": there.id, "as": "duplicates"}).status_code == 404
    assert sealed.number not in page(desk, mine)
    assert "recorded that it and another request are one request that came twice" in page(desk, mine)
    assert sealed.number in page(as_(reviewer), mine)
    both = person("both", Role.SUPERVISOR)
    both.memberships.create(role=Role.SUPERVISOR, agency="us-ny-nyc-correction")
    said = {"late": mine.id, "early": other.id, "as": "duplicates"}
    assert as_(both).post("/duplicates/", said).status_code == 404
