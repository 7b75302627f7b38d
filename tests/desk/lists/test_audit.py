"""Every page that names a person is an event, and those whose duty it is can see who looked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from desk_people import person, take

from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.desk.views.lists import audit
from detainer.record import ledger, projection
from detainer.record.models import Event

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db
CORRECTION = "us-ny-nyc-correction"


def listed() -> list[Event]:
    return list(Event.objects.filter(kind="listed").order_by("seq"))


def test_the_list_is_one_event_that_names_the_requests_and_nobody(officer: User, as_: Callable[[User], Client]) -> None:
    first = take(author(officer), name="Ana Example")
    desk = as_(officer)
    for _ in range(3):
        desk.get("/requests/")
    [event] = listed()
    said = event.published()
    assert (event.author, said["requests"], said["what"]) == (author(officer), [first.id], "list")
    assert "Ana" not in event.public
    second = take(author(officer))
    desk.post("/requests/", {"q": "Example"})
    assert [one.published()["requests"] for one in listed()] == [[first.id], [second.id]]
    assert listed()[-1].published()["what"] == "search"
    assert ledger.verify() == []
    assert list(projection.differences()) == []


def test_each_person_who_is_shown_a_list_is_an_event_of_their_own(
    officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    take(author(officer))
    as_(officer).get("/requests/")
    as_(reviewer).get("/requests/")
    assert [one.author for one in listed()] == [author(officer), author(reviewer)]


def test_a_list_that_names_nobody_is_no_event(officer: User, as_: Callable[[User], Client]) -> None:
    as_(officer).get("/requests/")
    assert listed() == []


def test_the_audit_view_tells_who_looked_at_what_and_narrows(
    officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    auditor = as_(person("abadi", Role.AUDITOR))
    one, other = take(author(officer)), take(author(officer))
    as_(officer).get(f"/requests/{one.id}/")
    as_(reviewer).get(f"/requests/{other.id}/")
    as_(reviewer).get("/requests/")
    whole = auditor.get("/audit/").content.decode()
    assert "opened the request" in whole
    assert "was shown it in the list" in whole
    narrowed = auditor.post("/audit/", {"number": one.number}).content.decode()
    assert narrowed.count("<tr><td>") == 2  # the officer's own, and the reviewer's list
    by_officer = auditor.post("/audit/", {"who": author(officer)}).content.decode()
    assert by_officer.count("<tr><td>") == 1
    assert other.number not in by_officer


def test_looks_at_another_agency_are_not_shown(officer: User, as_: Callable[[User], Client]) -> None:
    made = take(author(officer))
    as_(officer).get(f"/requests/{made.id}/")
    as_(officer).get("/requests/")
    elsewhere = as_(person("elsewhere", Role.AUDITOR, agency=CORRECTION))
    assert "Nobody has looked." in elsewhere.get("/audit/").content.decode()
    assert "Nobody has looked." in elsewhere.post("/audit/", {"number": made.number}).content.decode()


def test_of_a_list_over_two_agencies_an_auditor_sees_their_own_requests_only(
    officer: User, as_: Callable[[User], Client]
) -> None:
    both = person("both", Role.SUPERVISOR)
    both.memberships.create(role=Role.SUPERVISOR, agency=CORRECTION)
    mine = take(author(officer))
    theirs = take(author(officer), agency=CORRECTION, decide=False)
    as_(both).get("/requests/")
    page = as_(person("abadi", Role.AUDITOR)).get("/audit/").content.decode()
    assert mine.id in page
    assert theirs.id not in page


def test_looks_are_turned_to_the_older_and_back(
    officer: User, as_: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_PAGE", 2)
    for _ in range(5):
        as_(officer).get(f"/requests/{take(author(officer), decide=False).id}/")
    looks = list(Event.objects.filter(kind="viewed").order_by("-seq").values_list("seq", flat=True))
    auditor = as_(person("abadi", Role.AUDITOR))

    def turned(**to: str) -> tuple[list[int], dict[str, str]]:
        page = auditor.post("/audit/", {"who": author(officer), **to}).content.decode()
        entries = [int(entry) for entry in re.findall(r"<td>(\d+)</td></tr>", page)]
        return entries, dict(re.findall(r'name="(before|after)" value="(\d+)"', page))

    first, ways = turned()
    assert (first, set(ways)) == (looks[:2], {"before"})
    second, ways = turned(before=ways["before"])
    assert (second, set(ways)) == (looks[2:4], {"before", "after"})
    assert turned(before=ways["before"])[0] == looks[4:]
    assert turned(after=ways["after"]) == (first, {"before": str(first[-1])})
    assert turned(before="9" * 30)[0] == turned(before="none")[0] == first


@pytest.mark.parametrize("role", [Role.OFFICER, Role.REVIEWER, Role.ADMINISTRATOR])
def test_nobody_else_sees_the_audit_view(role: Role, as_: Callable[[User], Client]) -> None:
    assert as_(person("somebody", role)).get("/audit/").status_code == 403
