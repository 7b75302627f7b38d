"""Two workers on one request at the same moment: one of them records the step, the other is told that it is done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from desk_people import person, take
from django.db import connections

from detainer import clock
from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.record import journal, ledger

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

    from detainer.record.models import Request

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(clients: list[Client], made: Request, **typed: str) -> list[int]:
    """How each was answered, all having sent the same form at the same moment."""
    ready = threading.Barrier(len(clients))

    def send(client: Client) -> int:
        ready.wait()
        try:
            return client.post(f"/requests/{made.id}/act/", typed).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clients)) as pool:
        return sorted(pool.map(send, clients))


def test_of_two_who_approve_one_request_one_does_and_of_two_who_use_the_approval_one_does(
    officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    other = person("haugen", Role.REVIEWER)
    colleague = person("moreno", Role.OFFICER)
    made = take(author(officer), permitted=True)
    journal.act(made, "asked", happened=clock.now(), author=author(officer), detail={"for": "held"})
    assert at_once([as_(reviewer), as_(other)], made, kind="approved", step="held") == [302, 422]
    assert made.events().filter(kind="approved").count() == 1
    assert at_once([as_(officer), as_(colleague)], made, kind="held") == [302, 422]
    assert made.events().filter(kind="held").count() == 1
    assert ledger.verify() == []


def test_one_who_approves_and_one_who_refuses_do_not_both(
    officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    other = person("haugen", Role.REVIEWER)
    made = take(author(officer), permitted=True)
    journal.act(made, "asked", happened=clock.now(), author=author(officer), detail={"for": "held"})
    clients, kinds = [as_(reviewer), as_(other)], ["approved", "refused"]
    ready = threading.Barrier(2)

    def send(client: Client, kind: str) -> int:
        ready.wait()
        try:
            typed = {"kind": kind, "step": "held", "note": "Papers differ."}
            return client.post(f"/requests/{made.id}/act/", typed).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, clients, kinds)) == [302, 422]
    assert made.events().filter(kind__in=kinds).count() == 1


@pytest.mark.attack
@pytest.mark.parametrize("first", ["approved", "withdrawn"])
def test_an_approval_and_a_withdrawal_at_once_leave_nothing_approved_that_is_over(
    officer: User, reviewer: User, as_: Callable[[User], Client], first: str
) -> None:
    """The attack: an approval sent in the moment in which the request is taken back, so that a hold outlives it."""
    made = take(author(officer), permitted=True)
    journal.act(made, "asked", happened=clock.now(), author=author(officer), detail={"for": "held"})
    sends = {"approved": (as_(reviewer), {"step": "held"}), "withdrawn": (as_(officer), {"when": ""})}
    ready = threading.Barrier(2)

    def send(kind: str) -> tuple[str, int]:
        client, typed = sends[kind]
        ready.wait()
        if kind != first:
            time.sleep(0.01)  # so that either comes first in one of the two runs; both are sound whichever does
        try:
            return kind, client.post(f"/requests/{made.id}/act/", {"kind": kind, **typed}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answered = dict(pool.map(send, sends))
    assert answered["withdrawn"] == 302
    steps = list(made.events().values_list("kind", flat=True))
    assert (answered["approved"] == 302) == ("approved" in steps)
    assert answered["approved"] in (302, 403, 422)
    if "approved" in steps:
        assert steps.index("approved") < steps.index("withdrawn")
    assert as_(officer).post(f"/requests/{made.id}/act/", {"kind": "held"}).status_code in (403, 422)
    made.refresh_from_db()
    assert (made.state, made.held_at, made.waiting) == ("settled", None, "")
    assert made.story().approvals == []
    assert ledger.verify() == []
