"""What a booking system does with the interface, from the request to the release."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from api_client import CORRECTION, POLICE, Program, ago, new_request, problem
from desk_people import JUDGE, person, robbery
from erasing import ORDER

from detainer import clock
from detainer.desk.duties.roles import Role
from detainer.errors import UserError
from detainer.record import audit, canonical, journal
from detainer.record.models import Event, Request

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(request_id: str) -> list[str]:
    return list(Event.objects.filter(request_id=request_id).order_by("seq").values_list("kind", flat=True))


def known(request_id: str) -> dict[str, Any]:
    return Request.objects.get(id=request_id).facts()


def test_a_request_is_entered_and_the_law_asked_with_the_token_as_author(booking: Program) -> None:
    answer = booking.post("/requests", new_request())
    said = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"/api/v1/requests/{said['request']}"
    assert [step["kind"] for step in said["recorded"]] == ["received", "decided"]
    assert (said["decisions"]["hold"], said["decisions"]["notify"]) == ("must_not", "must_not")
    assert "Example" not in answer.content.decode()
    assert set(Event.objects.filter(request_id=said["request"]).values_list("author", flat=True)) == {
        f"token:{booking.token.id}"
    }
    assert Request.objects.get(id=said["request"]).person() == {
        "name": "Ana Example",
        "file_number": "A 000 000 017",
    }


def test_custody_search_and_release_reach_the_record_and_the_answer(booking: Program) -> None:
    made = booking.entered(warrants=[JUDGE])["request"]
    release = (clock.now() + timedelta(hours=5)).replace(microsecond=0).isoformat()
    custody = {
        "custody": {"held": True, "basis": "arrest", "hold_started": None, "transferred_in": False},
        "arrest": {"date": "2026-11-23"},
        "person": {"matches_request": True},
    }
    assert booking.post(f"/requests/{made}/custody", custody).status_code == 200
    assert booking.post(f"/requests/{made}/releasable", {"releasable_at": release}).status_code == 200
    conviction = robbery() | {name: robbery()[name].isoformat() for name in ("offense_date", "judgment_date")}
    found = {
        "search": {"run": "at_release", "at": ago(minutes=5)},
        "record": {"convictions": [conviction]},
        "watch_list": "no_match",
        "reentry": {"after_removal": False, "source": "search"},
    }
    said = booking.post(f"/requests/{made}/search", found).json()
    assert said["decisions"]["notify"] == "may", "a judge's warrant and a listed conviction within five years"
    state = booking.get(f"/requests/{made}").json()
    assert state["clock"]["releasable_at"] == release.replace("+00:00", "Z")
    assert state["clock"]["overdue"] is False
    answer = booking.get(f"/requests/{made}/answer").json()
    assert answer["stale"] is False
    assert answer["answer"]["decisions"]["notify"]["modality"] == "may"
    assert kinds(made).count("viewed") == 1, "state and answer within ten minutes are one look"
    assert known(made)["record"]["convictions"][0]["section"] == "160.15"


def test_what_changes_an_earlier_fact_is_a_correction_and_what_is_known_is_no_event(booking: Program) -> None:
    made = booking.entered()["request"]
    path, first, later = f"/requests/{made}/releasable", ago(hours=-4), ago(hours=-6)
    assert [s["kind"] for s in booking.post(path, {"releasable_at": first}).json()["recorded"]] == ["facts", "decided"]
    assert booking.post(path, {"releasable_at": first}).json()["recorded"] == []
    again = booking.post(path, {"releasable_at": later}).json()["recorded"]
    assert [step["kind"] for step in again] == ["corrected", "decided"]


def test_a_withdrawal_and_a_release_settle_and_nothing_more_is_entered(booking: Program, taken: dict[str, Any]) -> None:
    path = f"/requests/{taken['request']}"
    assert booking.post(f"{path}/withdrawal", {"withdrawn_at": ago(minutes=9)}).json()["state"] == "settled"
    assert "settled" in problem(booking.post(f"{path}/custody", {"custody": {"held": True}}), 409)
    assert booking.post(f"{path}/release", {"released_at": ago(minutes=2)}).status_code == 200
    assert "on record already" in problem(booking.post(f"{path}/release", {"released_at": ago(minutes=1)}), 409)
    assert kinds(taken["request"]) == ["received", "decided", "withdrawn", "released"]


def test_the_list_is_paged_and_holds_the_agency_alone(program: Callable[..., Program]) -> None:
    police, jail = program(), program(agency=CORRECTION)
    mine = [
        police.entered(request=new_request()["request"] | {"received": ago(hours=9 - number)})["request"]
        for number in range(3)
    ]
    jail.entered()
    first = police.get("/requests?limit=2&state=open").json()
    assert [row["request"] for row in first["requests"]] == mine[:2]
    rest = police.get(f"/requests?limit=2&after={first['next']}").json()
    assert ([row["request"] for row in rest["requests"]], rest["next"]) == (mine[2:], None)
    assert {row["agency"] for row in first["requests"]} == {POLICE}


def test_a_sealed_request_is_not_there(booking: Program, taken: dict[str, Any]) -> None:
    found = Request.objects.get(id=taken["request"])
    journal.act(found, "sealed", happened=clock.now(), author="staff:1", detail=ORDER)
    problem(booking.get(f"/requests/{found.id}"), 404)
    problem(booking.get(f"/requests/{found.id}/answer"), 404)
    problem(booking.post(f"/requests/{found.id}/custody", {"custody": {"held": True}}), 404)
    assert booking.get("/requests").json()["requests"] == []


def test_what_a_program_entered_still_needs_two_people(booking: Program) -> None:
    made = booking.entered()["request"]
    found, author = Request.objects.get(id=made), f"token:{booking.token.id}"
    for kind in ("asked", "approved", "refused"):
        with pytest.raises(UserError, match="is a program"):
            journal.act(found, kind, happened=clock.now(), author=author, detail={"for": "told"})
    with pytest.raises(UserError):
        journal.act(found, "told", happened=clock.now(), author=author, approved_by="staff:1")


def test_the_record_is_sound_after_all_of_it(booking: Program, taken: dict[str, Any]) -> None:
    booking.post(f"/requests/{taken['request']}/release", {"released_at": ago(minutes=1)})
    assert audit.run().findings == []


def test_every_deed_of_a_token_is_an_event_and_its_secret_is_nowhere(program: Callable[..., Program]) -> None:
    from django.core import serializers

    from detainer.api import tokens
    from detainer.api.models import Token

    one = program("read")
    _, second = tokens.rotate(one.token.id, lasts=timedelta(days=9))
    assert one.get("/requests").status_code == 200, "the old secret is good for a day"
    assert Program(one.token, second).get("/requests").status_code == 200
    problem(one.post("/requests", new_request()), 403)
    problem(one.post("/requests", new_request()), 403)
    tokens.revoke(one.token.id)
    problem(one.get("/requests"), 401)
    with pytest.raises(UserError, match="revoked already"):
        tokens.rotate(one.token.id, lasts=timedelta(days=9))
    told = [
        (event.kind, canonical.decode(event.public).get("why"))
        for event in Event.objects.filter(kind__startswith="token_").order_by("seq")
    ]
    assert told == [
        ("token_made", None),
        ("token_rotated", None),
        ("token_refused", "receive"),
        ("token_revoked", None),
        ("token_refused", "revoked"),
    ], "a refusal is one event in ten minutes"
    kept = serializers.serialize("json", Token.objects.all()) + "".join(Event.objects.values_list("public", flat=True))
    for text in (one.text, second):
        assert text.split("_", 2)[2] not in kept


def test_the_document_is_openapi_3_1_and_its_page_loads_nothing_from_elsewhere(client: Any) -> None:
    made = json.loads(client.get("/api/openapi.json").content)
    assert made["openapi"].startswith("3.1")
    page = client.get("/api/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "<script" not in text
    assert "http://" not in text
    assert "https://" not in text
    assert "script-src 'self'" in page["Content-Security-Policy"]
    for path in made["paths"]:
        assert path in text


def test_a_person_of_the_desk_can_read_what_a_program_entered(booking: Program, taken: dict[str, Any]) -> None:
    from django.test import Client

    desk = Client(headers={"host": "localhost"})
    desk.force_login(person("ruiz", Role.OFFICER))
    assert desk.get(f"/requests/{taken['request']}/").status_code == 200
