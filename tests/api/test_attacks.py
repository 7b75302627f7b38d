"""An attack suite: everything here must be refused with a sentence, leave no trace in any request, and fail nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from api_client import CORRECTION, Program, ago, new_request, problem

from detainer.record.models import Event, Request

pytestmark = [pytest.mark.django_db, pytest.mark.attack]


@pytest.fixture(autouse=True)
def _nothing_happens(request: pytest.FixtureRequest, taken: dict[str, Any]) -> Iterator[None]:
    """No attack adds a step to a request, or a request."""
    before = list(Event.objects.exclude(request_id="").values_list("seq", "leaf_hash"))
    yield
    assert list(Event.objects.exclude(request_id="").values_list("seq", "leaf_hash")) == before
    assert Request.objects.count() == 1


def _with(**changed: Any) -> dict[str, Any]:
    """The facts of a request's form, some otherwise."""
    return new_request(request=new_request()["request"] | changed)


def _person(**changed: Any) -> dict[str, Any]:
    return new_request(person={"name": "Ana Example"} | changed)


DEEP = b'{"request":' * 5000
BODIES: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 422),
    "no JSON": (b"{", 400),
    "an array": (b"[]", 400),
    "a text": (b'"x"', 400),
    "null": (b"null", 400),
    "two objects": (b"{}{}", 400),
    "a comment": (b"{/**/}", 400),
    "deep arrays": (b"[" * 100_000, 400),
    "deep objects": (DEEP, 400),
    "deep and closed": (b'{"a":' * 40 + b"1" + b"}" * 40, 400),
    "a huge number": (b'{"a":' + b"9" * 10_000 + b"}", 400),
    "a large number": (b'{"a":12345678901234567890}', 400),
    "a fraction": (b'{"a":1.5}', 400),
    "an exponent": (b'{"a":1e999}', 400),
    "an integer of a hundred thousand digits": (b'{"a":' + b"1" * 100_000 + b"}", 400),
    "a negative that is too large": (b'{"a":-9007199254740993}', 400),
    "a number that is next to nothing": (b'{"a":1e-400}', 400),
    "a minus without a number": (b'{"a":-}', 400),
    "a number with a sign": (b'{"a":+1}', 400),
    "a number in hexadecimal": (b'{"a":0x7f}', 400),
    "deep lists in an object": (b'{"warrants":' + b"[" * 500 + b"]" * 500 + b"}", 400),
    "deep, one within the other": (b'{"a":[' * 200 + b"1" + b"]}" * 200, 400),
    "a key twice by another spelling": (b'{"person":{"name":"A"},"pers\\u006fn":{"name":"B"}}', 400),
    "not a number": (b'{"a":NaN}', 400),
    "infinity": (b'{"a":-Infinity}', 400),
    "a key twice": (json.dumps(new_request()).encode()[:-1] + b',"person":{"name":"Other"}}', 400),
    "a key twice below": (b'{"person":{"name":"A","name":"B"}}', 400),
    "no UTF-8": (b'{"a":"\xff"}', 400),
    "UTF-16": (json.dumps(new_request()).encode("utf-16"), 400),
    "a byte order mark": (b"\xef\xbb\xbf{}", 400),
    "a NUL": (json.dumps(_person(name="A\0B")).encode(), 400),
    "half a character": (b'{"person":{"name":"\\ud800"}}', 400),
    "turned writing": (json.dumps(_person(name="A\u202eB")).encode(), 400),
    "a line break in a name": (json.dumps(_person(name="A\r\nSet-Cookie: a=b")).encode(), 400),
    "too large": (b'{"a":"' + b"x" * 300_000 + b'"}', 413),
    "a long text": (json.dumps(_person(name="x" * 3000)).encode(), 422),
    "a long list": (json.dumps(new_request(warrants=[{}] * 201)).encode(), 422),
}


@pytest.mark.parametrize("what", BODIES)
def test_rubbish_is_refused(what: str, booking: Program) -> None:
    raw, status = BODIES[what]
    problem(booking.post("/requests", raw=raw), status)


WRONG: dict[str, Any] = {
    "empty": {},
    "no person": {"request": new_request()["request"]},
    "agency assigned": new_request(agency=CORRECTION),
    "agency as a fact": _with(agency=CORRECTION),
    "author assigned": new_request(author="staff:1"),
    "number assigned": new_request(number="2026-0001"),
    "id assigned": new_request(id="0" * 24),
    "state assigned": new_request(state="settled"),
    "approval assigned": new_request(approved_by="staff:2"),
    "decision assigned": new_request(decisions={"hold": "may"}),
    "hold recorded": new_request(held_at=ago(hours=1)),
    "a ground that only people state": new_request(grounds=["agreement"]),
    "a policy that only people state": new_request(local_policy_forbids=["hold"]),
    "nationality": _person(nationality="xx"),
    "seal": new_request(sealed=True),
    "prototype": new_request(__proto__={"agency": "x"}),
    "class": new_request(__class__="x"),
    "request as list": new_request(request=[]),
    "request as null": new_request(request=None),
    "person as text": new_request(person="Ana"),
    "name as number": _person(name=7),
    "name as list": _person(name=["Ana"]),
    "name blank": _person(name="   "),
    "name too long": _person(name="x" * 201),
    "born as moment": _person(born="1990-05-17T00:00:00Z"),
    "born never": _person(born="1990-02-30"),
    "born long ago": _person(born="0001-01-01"),
    "born hereafter": _person(born="9999-12-31"),
    "form unknown": _with(form="I-999"),
    "form as object": _with(form={"$ne": None}),
    "form as list": _with(form=["I-247A"]),
    "asks as text": _with(asks="hold"),
    "asks for SQL": _with(asks=["hold'; DROP TABLE record_event; --"]),
    "asks for lists": _with(asks=[["hold"]]),
    "flag as text": _with(withdrawn="false"),
    "flag as number": _with(withdrawn=0),
    "flag null": _with(withdrawn=None),
    "received missing": new_request(request={"form": "I-247A", "asks": ["hold"], "from": "ice"}),
    "received null": _with(received=None),
    "received as number": _with(received=1764000000),
    "received as digits": _with(received="1764000000"),
    "received without offset": _with(received="2026-11-24T02:10:00"),
    "received as day": _with(received="2026-11-24"),
    "received as week": _with(received="2026-W48-2T02:10:00Z"),
    "received at the end of time": _with(received="9999-12-31T23:59:59-12:00"),
    "received at the end of time, to the east": _with(received="9999-12-31T23:59:59+14:00"),
    "received before time": _with(received="0001-01-01T00:00:00+14:00"),
    "received never": _with(received="2026-02-30T00:00:00Z"),
    "received at 25 o'clock": _with(received="2026-11-24T25:00:00Z"),
    "received at a wild offset": _with(received="2026-11-24T02:00:00+99:99"),
    "received tomorrow": _with(received=ago(days=-1)),
    "received unknown": _with(received="unknown"),
    "warrants as object": new_request(warrants={}),
    "warrants null": new_request(warrants=None),
    "warrants of numbers": new_request(warrants=[1]),
    "warrant with a key of its own": new_request(warrants=[{"issuer": "state_judge", "sealed": True}]),
    "warrant at the end of time": new_request(warrants=[{"presented": "9999-12-31T23:59:59-12:00"}]),
    "reference as object": new_request(reference={}),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_request_that_says_too_much_or_the_wrong_thing_is_refused(what: str, booking: Program) -> None:
    problem(booking.post("/requests", WRONG[what]), 422)


FACTS: dict[str, tuple[str, Any]] = {
    "nothing stated": ("custody", {}),
    "custody null": ("custody", {"custody": None}),
    "custody a list": ("custody", {"custody": []}),
    "warrants by the way of custody": ("custody", {"warrants": []}),
    "a search by the way of custody": ("custody", {"search": {"run": "at_release"}}),
    "custody by the way of the search": ("search", {"custody": {"held": False}}),
    "the form by the way of papers": ("papers", {"request": {"asks": []}}),
    "consent as a text": ("custody", {"person": {"consents_to_interview": "yes"}}),
    "an arrest at an hour": ("custody", {"arrest": {"date": "2026-11-24T10:00:00Z"}}),
    "an arrest out of reach": ("custody", {"arrest": {"date": "9999-12-31"}}),
    "a conviction that never was": ("search", {"record": {"convictions": [{"offense_date": "2026-02-30"}]}}),
    "a section as a number": ("search", {"record": {"convictions": [{"section": 160}]}}),
    "convictions as a word": ("search", {"record": {"convictions": "none"}}),
    "a spell that ends before it begins": (
        "search",
        {"record": {"convictions": [{"incarceration": [{"from": "2020-01-02", "to": "2020-01-01"}]}]}},
    ),
    "a moment of release without offset": ("releasable", {"releasable_at": "2026-11-24T10:00:00"}),
    "a moment of release at the end of time": ("releasable", {"releasable_at": "9999-12-31T23:59:00-11:00"}),
    "a moment of release that is false": ("releasable", {"releasable_at": False}),
    "a moment of release and more": ("releasable", {"releasable_at": None, "held": True}),
    "a withdrawal tomorrow": ("withdrawal", {"withdrawn_at": ago(days=-1)}),
    "a withdrawal before the request": ("withdrawal", {"withdrawn_at": ago(days=9)}),
    "a withdrawal of no time": ("withdrawal", {"withdrawn_at": "yesterday"}),
    "a release tomorrow": ("release", {"released_at": ago(days=-1)}),
    "a release at the end of time": ("release", {"released_at": "9999-12-31T23:59:59-12:00"}),
    "a release without a time": ("release", {}),
}


@pytest.mark.parametrize("what", FACTS)
def test_a_fact_that_is_none_or_not_its_operations_is_refused(
    what: str, booking: Program, taken: dict[str, Any]
) -> None:
    way, said = FACTS[what]
    problem(booking.post(f"/requests/{taken['request']}/{way}", said), 422)


WAYS = {"papers": "receive", "custody": "custody", "releasable": "custody", "search": "search"}
WAYS |= {"withdrawal": "withdraw", "release": "release"}
SAID: dict[str, Any] = {
    "papers": {"warrants": []},
    "custody": {"custody": {"held": True}},
    "releasable": {"releasable_at": None},
    "search": {"watch_list": "match"},
    "withdrawal": {"withdrawn_at": ago(minutes=5)},
    "release": {"released_at": ago(minutes=5)},
}


@pytest.mark.parametrize("way", WAYS)
def test_a_token_for_other_actions_is_refused(way: str, program: Callable[..., Program], taken: dict[str, Any]) -> None:
    others = program(*sorted({"read", "receive", "custody", "search", "withdraw", "release"} - {WAYS[way]}))
    problem(others.post(f"/requests/{taken['request']}/{way}", SAID[way]), 403)


@pytest.mark.parametrize("path", ["", "/answer"])
def test_a_token_that_only_writes_reads_nothing(
    path: str, program: Callable[..., Program], taken: dict[str, Any]
) -> None:
    writer = program("receive", "custody", "search", "withdraw", "release")
    problem(writer.get(f"/requests/{taken['request']}{path}"), 403)


@pytest.mark.parametrize("way", WAYS)
def test_another_agencys_request_is_not_there_to_write(
    way: str, program: Callable[..., Program], taken: dict[str, Any]
) -> None:
    jail = program(agency=CORRECTION)
    real = problem(jail.post(f"/requests/{taken['request']}/{way}", SAID[way]), 404)
    assert real == problem(jail.post(f"/requests/{'0' * 24}/{way}", SAID[way]), 404), "exactly as one never made"
    told = Event.objects.filter(kind="token_refused", author=f"token:{jail.token.id}")
    assert told.count() == 1, "the attempt is an event"


@pytest.mark.parametrize("path", ["/requests/{}", "/requests/{}/answer", "/requests?after={}"])
def test_another_agencys_request_is_not_there_to_read(
    path: str, program: Callable[..., Program], taken: dict[str, Any]
) -> None:
    problem(program(agency=CORRECTION).get(path.format(taken["request"])), 404)


def _forged(text: str) -> dict[str, str]:
    head, name, secret = text.split("_", 2)
    return {
        "no token": "",
        "no scheme": text,
        "another scheme": f"Basic {text}",
        "no secret": f"Bearer {head}_{name}_",
        "a secret of one letter less": f"Bearer {text[:-1]}",
        "a secret of one letter more": f"Bearer {text}A",
        "another secret": f"Bearer {head}_{name}_{'A' * 43}",
        "another name": f"Bearer {head}_{'0' * 12}_{secret}",
        "its name alone": f"Bearer {name}",
        "two tokens": f"Bearer {text} {text}",
        "a blank before": f"Bearer  {text}",
        "SQL": "Bearer ' OR 1=1 --",
        "a JWT without signature": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
        "a megabyte": f"Bearer dd_{name}_{'A' * 100_000}",
        "other letters": f"Bearer {text[:-1]}é",
        "a NUL": f"Bearer {text}\0",
    }


@pytest.mark.parametrize("what", _forged("dd_0_x"))
def test_a_forged_token_is_refused(what: str, booking: Program) -> None:
    answer = booking.post("/requests", new_request(), Authorization=_forged(booking.text)[what])
    problem(answer, 401)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_in_the_address_is_none(booking: Program) -> None:
    problem(booking.get(f"/requests?access_token={booking.text}", Authorization=""), 401)


def test_an_expired_and_a_revoked_token_are_refused(
    program: Callable[..., Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    from detainer import clock
    from detainer.api import tokens

    short, gone, turned = (program(lasts=timedelta(days=1)) for _ in range(3))
    tokens.revoke(gone.token.id)
    assert "revoked" in problem(gone.get("/requests"), 401)
    tokens.rotate(turned.token.id, lasts=timedelta(days=9), overlap=timedelta(hours=1))
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=2))
    assert "expired" in problem(turned.get("/requests"), 401), "the old secret, when the overlap is over"
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=2))
    assert "expired" in problem(short.post("/requests", new_request()), 401)


@pytest.mark.parametrize(
    "path",
    [
        "/requests/1",
        "/requests/..%2f..%2fetc%2fpasswd",
        "/requests/%00",
        "/requests/Ana%20Example",
        "/requests/000000000000000000000000'--",
        "/requests/000000000000000000000000%0d%0aSet-Cookie:a=b",
        "/requests/ABCDEFABCDEFABCDEFABCDEF",
        "/requests?after=1",
        "/requests?after=%00",
        "/requests?limit=0",
        "/requests?limit=101",
        "/requests?limit=99999999999999999999999",
        "/requests?limit=1e9",
        "/requests?limit=1&limit=2",
        "/requests?state=sealed",
        "/requests?state=open'--",
        "/nothing",
        "/../../public/",
        "/requests/",
    ],
)
def test_an_address_that_is_none_is_refused(path: str, booking: Program) -> None:
    problem(booking.get(path))


@pytest.mark.parametrize(
    "key",
    [None, "short", "x" * 101, "with blanks in it", "new\r\nline-in-it", "Ana Example 1990", "=1+1;cmd|x", "é" * 9],
)
def test_a_write_without_a_good_key_is_refused(key: str | None, booking: Program) -> None:
    problem(booking.post("/requests", new_request(), key=key), 422)


@pytest.mark.parametrize(
    "media",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", "", "a/b"],
)
def test_a_body_of_another_kind_is_refused(media: str, booking: Program) -> None:
    problem(booking.post("/requests", new_request(), Content_Type=media), 415)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "FOO"])
def test_a_method_that_is_none_is_refused(method: str, booking: Program, taken: dict[str, Any]) -> None:
    for path in ("/requests", f"/requests/{taken['request']}", f"/requests/{taken['request']}/release"):
        problem(booking.call(method, path, {}), 405)


def test_there_is_no_way_to_approve_to_hold_to_tell_or_to_seal(booking: Program, taken: dict[str, Any]) -> None:
    ways = "approve approved approval ask asked hold held tell told notify transfer transferred decide seal decline act"
    for way in ways.split():
        problem(booking.post(f"/requests/{taken['request']}/{way}", {"for": "held"}), 404)


def test_a_key_replayed_with_something_else_or_elsewhere_is_refused(booking: Program, taken: dict[str, Any]) -> None:
    path, key = f"/requests/{taken['request']}/custody", "replayed-key-1"
    known = {"watch_list": "no_match"}
    first = booking.post(path.replace("custody", "papers"), {"warrants": []}, key=key)
    assert (first.status_code, first.json()["recorded"]) == (200, [])
    assert "another request" in problem(booking.post(path, {"custody": {"held": True}}, key=key), 409)
    problem(booking.post(path.replace("custody", "search"), known, key=key), 409)
    problem(booking.post("/requests", new_request(), key=key), 409)


def test_a_storm_is_slowed(booking: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from detainer import clock
    from detainer.house import house

    monkeypatch.setenv("DETAINER_API_RATE", "5")
    house.cache_clear()
    later = clock.now() + timedelta(minutes=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    statuses = [booking.get("/requests").status_code for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    answer = booking.get("/requests")
    problem(answer, 429)
    assert 1 <= int(answer["Retry-After"]) <= 60


def test_in_production_a_token_is_never_taken_in_the_clear(booking: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from detainer.api import gate

    monkeypatch.setattr(gate, "house", lambda: type("Production", (), {"production": True}))
    assert "https" in problem(booking.get("/requests"), 403)


def test_nothing_of_an_attack_is_logged(
    booking: Program, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    booking.get("/requests/Ana%20Example")
    booking.post("/requests/Ana%20Example/custody", {"x": "Ana Example"})
    booking.post("/requests", _person(name="Ana\0Example"))
    booking.get("/Ana%20Example?name=Ana%20Example")
    assert "Ana" not in caplog.text
    assert "Ana" not in "".join(capsys.readouterr())
