"""The list: every request in one group, the most urgent first, nothing hidden, nothing of another agency."""

from __future__ import annotations

import html
import importlib
import re
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from desk_people import person, take
from django.db import connection

from detainer import clock
from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.desk.lists.urgency import GROUPS, members
from detainer.desk.views.lists import requests
from detainer.record import journal, projection
from detainer.record.models import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def groups(waiting: tuple[str, ...] = ()) -> dict[str, list[str]]:
    now = clock.now()
    return {
        group.name: [row.number for row in members(Request.objects.all(), group.name, waiting=waiting, now=now)]
        for group in GROUPS
    }


def test_every_request_is_in_one_group_and_the_most_urgent_comes_first(officer: User) -> None:
    me = author(officer)
    long_over = take(me, releasable=-2 * HOUR)
    over = take(me, releasable=-0.1 * HOUR)
    later = take(me, releasable=3 * HOUR)
    sooner = take(me, releasable=1 * HOUR)
    waits = take(me, releasable=9 * HOUR)
    unknown = take(me, releasable=None)
    far = take(me, releasable=20 * HOUR)
    gone = take(me, releasable=-30 * HOUR)
    journal.act(gone, "released", happened=clock.now(), author=me)
    declined = take(me, releasable=2 * HOUR)
    journal.act(declined, "declined", happened=clock.now(), author=me, detail={"of": ["hold", "notify"]})
    withdrawn = take(me, releasable=2 * HOUR)
    journal.act(withdrawn, "withdrawn", happened=clock.now(), author=me)
    found = groups(waiting=(waits.id,))
    assert found["overdue"] == [long_over.number, over.number]
    assert found["soon"] == [sooner.number, declined.number, later.number]
    assert found["waiting"] == [waits.number]
    assert found["open"] == [far.number, unknown.number]
    assert found["settled"] == [withdrawn.number, gone.number]
    assert sorted(chain.from_iterable(found.values())) == sorted(Request.objects.values_list("number", flat=True))


def test_a_declined_request_leaves_the_clock_when_the_release_is_recorded(officer: User) -> None:
    me = author(officer)
    declined = take(me, releasable=-HOUR)
    journal.act(declined, "declined", happened=clock.now(), author=me, detail={"of": ["hold", "notify"]})
    assert groups()["overdue"] == [declined.number]
    journal.act(declined, "released", happened=clock.now(), author=me)
    assert groups()["settled"] == [declined.number]


def test_a_row_says_whom_when_and_what_in_words(officer: User, as_: Callable[[User], Client]) -> None:
    take(author(officer), name="B. Sample", releasable=timedelta(hours=2, minutes=30, seconds=30))
    page = as_(officer).get("/requests/").content.decode()
    assert "B. Sample" in page
    assert "(in 2 h 30 min)" in page
    assert "Release on time. Do not tell ICE." in page
    assert "Due soon · 1" in page


def test_search_finds_names_and_numbers_and_says_that_it_filters(officer: User, as_: Callable[[User], Client]) -> None:
    take(author(officer), name="B. Sample")
    other = take(author(officer), name="C. Muster")
    client = as_(officer)
    for words in ("sample", "A 000 000 017", other.number):
        page = client.post("/requests/", {"q": words}).content.decode()
        assert f"with “{words}”" in page
        assert "Show all requests" in page
    page = client.post("/requests/", {"q": "sample"}).content.decode()
    assert "B. Sample" in page
    assert "C. Muster" not in page
    assert "0 requests with “name”" in client.post("/requests/", {"q": "name"}).content.decode()


def test_what_is_searched_for_never_stands_in_an_address(officer: User, as_: Callable[[User], Client]) -> None:
    for _ in range(30):
        take(author(officer), name="B. Sample", decide=False)
    client = as_(officer)
    page = client.post("/requests/", {"q": "Sample"}).content.decode()
    assert "Show all 30" in page
    assert "q=" not in page
    assert "30 requests." in client.get("/requests/?group=open&q=Muster").content.decode()


def test_a_long_group_is_turned_page_by_page(officer: User, as_: Callable[[User], Client]) -> None:
    for _ in range(53):
        take(author(officer), decide=False)
    client = as_(officer)
    first = client.get("/requests/?group=open").content.decode()
    second = client.get("/requests/?group=open&page=2").content.decode()
    assert "Page 1 of 2" in first
    assert (first.count("<li>"), second.count("<li>")) == (50, 3)


def test_the_settled_are_turned_from_where_the_last_page_ended(
    officer: User, as_: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "_PAGE", 2)
    made = []
    for _ in range(5):
        made.append(take(author(officer), decide=False, said={"custody": {"held": True}}))
        journal.act(made[-1], "released", happened=clock.now(), author=author(officer))
    right = [one.number for one in reversed(made)]
    assert as_(officer).get(f"/requests/{made[0].id}/").status_code == 200  # an event, which moves nothing

    def turned(address: str) -> tuple[list[str], dict[str, str]]:
        page = as_(officer).get(address).content.decode()
        ways = re.findall(r'<a href="(\?[^"]+)">(Before|Next)</a>', page)
        return re.findall(r'<span class="number">([\d-]+)', page), {words: html.unescape(to) for to, words in ways}

    first, ways = turned("/requests/?group=settled")
    assert (first, set(ways)) == (right[:2], {"Next"})
    assert "before=" in ways["Next"]
    second, ways = turned("/requests/" + ways["Next"])
    assert second == right[2:4]
    assert turned("/requests/" + ways["Next"])[0] == right[4:]
    assert turned("/requests/" + ways["Before"])[0] == right[:2]
    assert (
        turned("/requests/?group=settled&page=2")[0] == turned("/requests/?group=settled&page=2&before=x")[0] == second
    )


def test_records_from_before_are_put_where_they_were_settled(officer: User) -> None:
    """The migration fills in what the events give, whatever followed the step that settled a request."""
    me, now = author(officer), clock.now()
    released, declined, partly, reopened, withdrawn = (take(me) for _ in range(5))
    for made, kind, of in (
        (declined, "declined", {"of": ["hold", "notify"]}),
        (partly, "declined", {"of": ["hold"]}),
        (reopened, "released", {}),
        (reopened, "reopened", {}),
        (withdrawn, "declined", {"of": ["hold", "notify"]}),
        (withdrawn, "withdrawn", {}),
        (released, "released", {}),
    ):
        journal.act(made, kind, happened=now, author=me, detail=of)
    for made in (released, withdrawn):
        journal.act(made, "noted", happened=now, author=me, note="Seen.")
    kept = dict(Request.objects.values_list("number", "settled_seq"))
    assert [kept[one.number] is None for one in (released, declined, partly, reopened, withdrawn)] == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert max(kept, key=lambda number: kept[number] or 0) == released.number
    Request.objects.update(settled_seq=None)
    assert list(projection.differences()) != []
    fill = importlib.import_module("detainer.record.migrations.0007_settled").FILL
    with connection.cursor() as cursor:
        cursor.execute(fill)
    assert list(projection.differences()) == []


def test_another_agencys_requests_are_not_there(officer: User, as_: Callable[[User], Client]) -> None:
    stranger = person("stranger", Role.OFFICER, agency="us-ny-nyc-correction")
    take(author(officer), name="B. Sample")
    client = as_(stranger)
    assert "B. Sample" not in client.get("/requests/").content.decode()
    assert "B. Sample" not in client.post("/requests/", {"q": "Sample"}).content.decode()
    assert "B. Sample" not in client.get("/requests/?agency=us-ny-nyc-police").content.decode()


def test_a_hostile_name_and_a_hostile_search_are_shown_as_text(officer: User, as_: Callable[[User], Client]) -> None:
    take(author(officer), name="<script>alert(1)</script>")
    page = as_(officer).post("/requests/", {"q": "<script>"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_demonstration_says_so_on_every_page_and_a_real_record_does_not(
    officer: User, as_: Callable[[User], Client], client: Client
) -> None:
    banner = "Every person and every request here is made up"
    assert banner not in as_(officer).get("/requests/").content.decode()
    journal.open_record(demonstration=True)
    made = take(author(officer))
    for path in ("/requests/", "/requests/new/", f"/requests/{made.id}/", f"/requests/{made.id}/facts/"):
        assert banner in as_(officer).get(path).content.decode()
    assert banner in client.get("/sign-in/", headers={"host": "localhost"}).content.decode()


def test_a_hold_to_which_the_law_sets_no_end_is_not_overdue_and_shows_how_long_it_has_run(
    officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    me, other = author(officer), author(reviewer)
    made = take(me, permitted=True, releasable=-HOUR, name="B. Sample")
    assert groups()["overdue"] == [made.number]
    journal.act(made, "approved", happened=clock.now(), author=other, detail={"for": "held"})
    journal.act(made, "held", happened=clock.now(), author=me, approved_by=other)
    assert (groups()["overdue"], groups()["open"]) == ([], [made.number])
    page = as_(officer).get("/requests/").content.decode()
    assert "hold runs since" in page
    assert (
        "Release when the hold ends; it has run for 0 min" in as_(officer).get(f"/requests/{made.id}/").content.decode()
    )
