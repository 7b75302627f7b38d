"""Nobody reads the record by the thousand, nobody keeps the desk busy, and neither limit keeps a person in a cell."""

from __future__ import annotations

from threading import Event as Signal
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from desk_people import person, take

from detainer import clock
from detainer.desk.duties import heavy, tally
from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.desk.models import Tally
from detainer.house import House, house
from detainer.record import journal
from detainer.record.models import Event, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.test import Client

    As = Callable[[User], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_span")]
EXPORT = {"reason": "audit", "reference": "A-2026-1"}


def limit(monkeypatch: pytest.MonkeyPatch, **to: int) -> None:
    """Lower limits than the settings allow, so that few requests meet them."""
    here = house().model_copy(update=to)
    monkeypatch.setattr("detainer.desk.duties.quota.house", lambda: here)


def settled(who: User, number: int) -> list[Request]:
    made = [take(author(who), name=f"{letter}. Example", decide=False) for letter in "ABCDEFGH"[:number]]
    for one in made:
        journal.act(one, "withdrawn", happened=one.received_at, author=author(who))
    return made


def met(who: User) -> list[str]:
    return [one.published()["what"] for one in Event.objects.filter(kind="limit_met", author=author(who))]


@pytest.mark.attack
def test_records_are_not_read_by_the_thousand(officer: User, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attack: a program behind a person's session that opens one settled request after the other."""
    limit(monkeypatch, read_limit=3)
    made, client = settled(officer, 6), as_(officer)
    shown = [client.get(f"/requests/{one.id}/") for one in made]
    assert [one.status_code for one in shown] == [200] * 3 + [429] * 3
    assert 0 < int(shown[-1]["Retry-After"]) <= 3600
    assert b"Example" not in shown[-1].content
    assert Event.objects.filter(kind="viewed").count() == 3
    assert met(officer) == ["records"], "one event an hour"
    assert client.get(f"/requests/{made[0].id}/").status_code == 200, "what was opened just now is no new look"
    other = as_(person("okafor", Role.REVIEWER))
    assert other.get(f"/requests/{made[5].id}/").status_code == 200, "each for themselves"


def test_an_open_request_is_shown_whatever_the_count(officer: User, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, read_limit=1, names_limit=1)
    old, client = settled(officer, 2), as_(officer)
    urgent = take(author(officer), name="Z. Muster")
    assert [client.get(f"/requests/{one.id}/").status_code for one in (*old, urgent)] == [200, 429, 200]
    assert client.post(f"/requests/{urgent.id}/act/", {"kind": "released"}).status_code == 302
    assert client.get("/requests/").status_code == 200
    assert as_(person("okafor", Role.REVIEWER)).get("/approvals/").status_code == 200


@pytest.mark.attack
@pytest.mark.parametrize("way", ["group", "search"])
def test_names_are_not_read_by_the_thousand(officer: User, as_: As, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """The attacks: page after page of the settled ones, and a search for each letter."""
    limit(monkeypatch, names_limit=2)
    settled(officer, 5)
    client = as_(officer)
    answer = client.get("/requests/?group=settled") if way == "group" else client.post("/requests/", {"q": "Example"})
    assert answer.status_code == 429
    assert b"Example" not in answer.content
    assert not Event.objects.filter(kind="listed").exists()
    assert met(officer) == ["names"]


@pytest.mark.attack
@pytest.mark.parametrize("what", ["searches", "exports", "lists"])
def test_searches_and_exports_have_an_end(officer: User, as_: As, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    limit(monkeypatch, search_limit=2, export_limit=2)
    made = settled(officer, 1)[0]
    records = person("marsh", Role.RECORDS)
    client, today = as_(records), f"{clock.now():%m/%d/%Y}"
    days = {"agency": made.agency, "first": "01/01/2020", "last": today}
    ways: dict[str, Callable[[], int]] = {
        "searches": lambda: client.post("/requests/", {"q": "nobody"}).status_code,
        "exports": lambda: client.post(f"/requests/{made.id}/export/", EXPORT).status_code,
        "lists": lambda: client.post("/exports/", {**EXPORT, **days}).status_code,
    }
    assert [ways[what]() for _ in range(4)] == [200, 200, 429, 429]
    assert met(records) == ["searches" if what == "searches" else "exports"]


def test_an_ordinary_night_meets_no_limit() -> None:
    """One look every nine seconds for an hour, as the settings come."""
    come = House.model_fields
    assert come["read_limit"].default >= 400
    assert come["search_limit"].default >= 400
    assert come["export_limit"].default >= 40


def test_counts_of_the_hour_before_are_forgotten(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [tally.add("x", 3600)[0] for _ in range(3)] == [1, 2, 3]
    assert tally.add("y", 3600, 5)[0] == 5
    later = clock.now().replace(year=clock.now().year + 1)
    monkeypatch.setattr(tally.clock, "now", lambda: later)
    assert tally.add("x", 3600)[0] == 1
    assert Tally.objects.count() == 1


# What takes long

REPORT = "/reports/us-ny-nyc-police/annual/2016-10-01/2017-09-30/"


@pytest.mark.attack
def test_heavy_work_leaves_the_desk_free(officer: User, supervisor: User, as_: As) -> None:
    """The attack: reports and exports asked for all at once, by one account or by several."""
    made = take(author(officer))
    client = as_(supervisor)
    with heavy.work("staff:1000"), heavy.work("staff:1001"):
        for answer in (
            client.get(REPORT),
            client.get(f"{REPORT}?as=pdf"),
            client.post(f"{REPORT}settle/", {"step": "approve"}),
            client.post(f"/requests/{made.id}/export/", EXPORT),
        ):
            assert (answer.status_code, answer["Retry-After"]) == (503, "5")
            assert b"Load this page again in 5 seconds" in answer.content
        for path in ("/requests/", f"/requests/{made.id}/", "/approvals/"):
            assert client.get(path).status_code == 200
        assert client.post(f"/requests/{made.id}/reply/", {"paper": "reply"}).status_code == 200, "a reply never waits"
    assert not Event.objects.filter(kind="exported").exists()
    assert client.get(REPORT).status_code == 200


@pytest.mark.attack
def test_one_account_has_one_heavy_work_at_a_time(supervisor: User, as_: As) -> None:
    with heavy.work(author(supervisor)):
        assert as_(supervisor).get(REPORT).status_code == 503
        assert as_(person("marsh", Role.RECORDS)).get(REPORT).status_code == 200
    assert as_(supervisor).get(REPORT).status_code == 200


@pytest.mark.attack
def test_one_agencys_people_leave_the_others_their_turn(supervisor: User, as_: As) -> None:
    """The attack: the people of one agency ask for reports all at once, and another agency's are told to wait."""
    far = person("far", Role.SUPERVISOR, agency="us-ny-nyc-correction")
    with heavy.work("staff:1000", ["us-ny-nyc-police"]):
        assert as_(supervisor).get(REPORT).status_code == 503
        assert as_(far).get(REPORT.replace("-police", "")).status_code != 503
    assert as_(supervisor).get(REPORT).status_code == 200
    far.memberships.all().delete()
    with heavy.work("staff:1000", ["us-ny-nyc-police"]):
        assert as_(supervisor).get(REPORT).status_code == 200, "where one agency works, it has both turns"


@pytest.mark.attack
def test_readers_of_the_law_keep_no_hand_of_the_desks(client: Client) -> None:
    """The attack: strangers who ask for the widest answer, over and over."""
    with heavy.public():
        answer = client.get("/law/land", headers={"host": "localhost"})
        assert (answer.status_code, answer["Retry-After"]) == (503, "20")
    assert client.get("/law/land", headers={"host": "localhost"}).status_code == 200


def test_what_failed_is_no_longer_at_work() -> None:
    for _ in range(4):
        with pytest.raises(ZeroDivisionError), heavy.work("staff:1"):
            raise ZeroDivisionError
    begun, go_on = Signal(), Signal()

    def long() -> None:
        with heavy.work("staff:2"):
            begun.set()
            go_on.wait(10)

    other = Thread(target=long)
    other.start()
    assert begun.wait(10)
    with pytest.raises(heavy.Busy), heavy.work("staff:2"):
        pass
    go_on.set()
    other.join(10)
    with heavy.work("staff:2"):
        pass
