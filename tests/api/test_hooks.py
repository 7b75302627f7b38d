"""A program is told of each step, signed and without a name, and never through this house's own network."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from api_client import CORRECTION, Program, problem

from detainer import clock
from detainer.house import house
from detainer.record.models import Event
from detainer.watch import delivery, hooks, loop, reach
from detainer.watch.models import Hook, Notice

pytestmark = pytest.mark.django_db(transaction=True)


class Post(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.came: list[tuple[str, bytes]] = []
        self.statuses: list[int] = []


class Handler(BaseHTTPRequestHandler):
    server: Post

    def do_POST(self) -> None:  # the name that http.server calls
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((self.headers["X-Detainer-Signature"], body))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 204)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def post() -> Iterator[Post]:
    server = Post()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The house lets webhooks reach this machine."""
    monkeypatch.setenv("DETAINER_WEBHOOK_NETWORKS", "127.0.0.0/8")
    house.cache_clear()


def named(booking: Program, post: Post) -> dict[str, Any]:
    answer = booking.post("/hooks", {"address": f"http://127.0.0.1:{post.server_port}/told"})
    assert answer.status_code == 201, answer.content
    return answer.json()


@pytest.mark.usefixtures("inside")
def test_a_program_is_told_of_each_step_once_signed_and_without_a_name(booking: Program, post: Post) -> None:
    hook = named(booking, post)
    made = booking.entered()
    for worker in ("one", "two"):
        loop.catch_up(worker)
    assert hooks.send_due() == 2
    assert hooks.send_due() == 0
    said = [json.loads(body) for _, body in post.came]
    assert sorted(one["event"] for one in said) == ["decided", "received"]
    assert {one["request"] for one in said} == {made["request"]}
    assert all(signature == delivery.signature(hook["secret"], body) for signature, body in post.came)
    assert all(b"Example" not in body for _, body in post.came)


@pytest.mark.usefixtures("inside")
def test_what_does_not_arrive_is_tried_again_and_a_redirect_is_not_followed(booking: Program, post: Post) -> None:
    named(booking, post)
    booking.entered()
    loop.catch_up("one")
    post.statuses = [500, 302]
    now = clock.now()
    assert hooks.send_due(now) == 0
    assert Notice.objects.exclude(trouble="").count() == 2
    assert hooks.send_due(now + timedelta(seconds=6)) == 2
    assert len(post.came) == 4


@pytest.mark.attack
@pytest.mark.usefixtures("inside")
def test_another_agency_is_told_nothing_and_ends_nothing(program: Callable[..., Program], post: Post) -> None:
    police, jail = program(), program(agency=CORRECTION)
    hook = named(jail, post)["hook"]
    police.entered()
    loop.catch_up("one")
    assert hooks.send_due() == 0
    assert police.get("/hooks").json() == {"hooks": []}
    problem(police.call("DELETE", f"/hooks/{hook}"), 404)
    assert jail.call("DELETE", f"/hooks/{hook}").json()["hook"] == hook
    jail.entered()
    loop.catch_up("one")
    assert (hooks.send_due(), post.came) == (0, [])
    kinds = Event.objects.filter(kind__startswith="hook_").order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["hook_made", "hook_ended"]


INSIDE = [
    "https://127.0.0.1/",
    "https://127.1.2.3:8443/told",
    "https://localhost/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0/",
    "https://0.0.0.0/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b:1::7f00:1]/",
    "https://[::7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:0:7f00:1]/",
    "https://[0:0:0:0:0:ffff:a9fe:a9fe]/",
    "https://[2001:0:0:0:0:0:80ff:fffe]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[5f00::1]/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.1/",
    "https://2852039166/",
    "https://localhost./",
    "https://[2002:7f00:1::]/",
    "https://[fe80::1]/",
    "https://[fd00::1]/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "http://127.0.0.1:8000/",
    "http://93.184.215.14/",
]
NO_ADDRESS = [
    "",
    "ftp://93.184.215.14/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:70/_x",
    "javascript:alert(1)",
    "//127.0.0.1/",
    "https://",
    "https:///told",
    "https://user:word@93.184.215.14/",
    "https://93.184.215.14@127.0.0.1/",
    "https://93.184.215.14:99999/",
    "https://93.184.215.14/a b",
    "https://93.184.215.14/\r\nX-Injected: yes",
    "https://93.184.215.14\\@127.0.0.1/",
    "https://93.184.215.14/#@127.0.0.1/",
    "https://ⓛocalhost/",
    "https://name.that.is.not.known.invalid/",
    "=HYPERLINK(1)",
    "x" * 501,
]


@pytest.mark.attack
@pytest.mark.parametrize("address", INSIDE + NO_ADDRESS)
def test_an_address_inside_or_none_at_all_is_refused(address: str, booking: Program) -> None:
    problem(booking.post("/hooks", {"address": address}))
    assert not Hook.objects.exists()


LEADS = {
    "this machine": ["127.0.0.1"],
    "this machine, by its other name": ["::1"],
    "any address of this machine": ["0.0.0.0"],  # noqa: S104
    "the machines beside it": ["169.254.1.1"],
    "where a cloud tells its secrets": ["169.254.169.254"],
    "the machines beside it, by version 6": ["fe80::1%eth0"],
    "a private network": ["10.0.0.1"],
    "another private network": ["192.168.0.1"],
    "a private network, by version 6": ["fd12:3456::1"],
    "a site's own network": ["fec0::1"],
    "this machine, mapped": ["::ffff:127.0.0.1"],
    "this machine, translated": ["64:ff9b::7f00:1"],
    "this machine, translated by the network's own": ["64:ff9b:1::7f00:1"],
    "a carrier's network": ["100.64.0.1"],
    "one outside and one inside": ["93.184.215.14", "10.0.0.1"],
    "one inside and one outside": ["::1", "2606:2800:21f:cb07::1"],
}


@pytest.mark.attack
@pytest.mark.parametrize("what", LEADS)
def test_a_name_that_leads_inside_is_refused(what: str, booking: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attack: a name of the attacker's own, whose addresses are this house's."""

    def lookup(*_: Any, **__: Any) -> list[Any]:
        return [(0, socket.SOCK_STREAM, 6, "", (address, 443)) for address in LEADS[what]]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("somebody was called"))
    assert "own network" in problem(booking.post("/hooks", {"address": "https://booking.example/told"}), 422)
    with pytest.raises(reach.NotReached, match="own network"):
        reach.post("https://booking.example/told", b"{}", {}, 1)
    assert not Hook.objects.exists()


@pytest.mark.attack
@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_leads_a_message_elsewhere(booking: Program, post: Post, status: int) -> None:
    """The attack: an address outside that answers "look there", where there is this machine."""
    named(booking, post)
    booking.entered()
    loop.catch_up("one")
    post.statuses = [status, status]
    assert hooks.send_due() == 0
    assert len(post.came) == 2, "each message once, and nothing to where the answers lead"
    assert set(Notice.objects.values_list("trouble", flat=True)) == {f"NotReached: answered {status}"}


@pytest.fixture(scope="module")
def receiver() -> dict[str, Any]:
    """The program of the page on the interface that takes messages."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```py\n(.*?)```", page, re.DOTALL)
    made: dict[str, Any] = {}
    exec(compile(code, "docs/api.md", "exec"), made)  # noqa: S102  # the page's own program, which is under test
    return made


FORGED = ["replayed", "old", "old, its time changed", "signed by another", "not signed", "changed"]


@pytest.mark.attack
@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("how", FORGED)
def test_a_message_that_was_caught_is_good_for_nothing(
    booking: Program, post: Post, receiver: dict[str, Any], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The attack: a message of before, sent once more or changed, to a receiver that does what the page says."""
    hook = named(booking, post)
    booking.entered()
    loop.catch_up("one")
    assert hooks.send_due() == 2
    signature, body = post.came[0]
    take = receiver["take"]
    said = json.loads(body)
    if how == "replayed":
        assert take(hook["secret"], signature, body)["id"] == said["id"]
    elif how == "old":
        later = datetime.now(UTC) + timedelta(minutes=6)
        monkeypatch.setitem(receiver, "now", lambda: later)
    elif how == "old, its time changed":
        body = json.dumps(said | {"sent": (clock.now() + timedelta(days=9)).isoformat()}, sort_keys=True).encode()
    elif how == "changed":
        body = body.replace(b'"event": "', b'"event": "x')
    elif how == "signed by another":
        signature = delivery.signature("another secret", body)
    else:
        signature = ""
    assert take(hook["secret"], signature, body) is None


@pytest.mark.attack
def test_a_public_address_is_taken_and_one_that_turns_inward_is_not_reached(
    booking: Program, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = ["93.184.215.14"]
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (points[0], 443))]
    )
    assert booking.post("/hooks", {"address": f"https://booking.example:{post.server_port}/"}).status_code == 201
    booking.entered()
    loop.catch_up("one")
    points[0] = "127.0.0.1"
    assert hooks.send_due() == 0
    assert post.came == []
    troubles = set(Notice.objects.values_list("trouble", flat=True))
    assert troubles == {"NotReached: the address leads into this house's own network"}


@pytest.mark.attack
def test_a_hook_from_before_a_network_was_closed_is_not_reached(
    booking: Program, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETAINER_WEBHOOK_NETWORKS", "127.0.0.0/8")
    house.cache_clear()
    address = named(booking, post)["address"]
    monkeypatch.delenv("DETAINER_WEBHOOK_NETWORKS")
    house.cache_clear()
    with pytest.raises(reach.NotReached, match="own network"):
        reach.post(address, b"{}", {}, 1)
    assert post.came == []


@pytest.mark.usefixtures("inside")
def test_an_agency_has_ten_addresses_at_most(booking: Program, post: Post) -> None:
    for _ in range(10):
        named(booking, post)
    problem(booking.post("/hooks", {"address": f"http://127.0.0.1:{post.server_port}/"}), 409)


def test_a_token_without_the_action_names_no_address(program: Callable[..., Program]) -> None:
    reader = program("read", "receive")
    problem(reader.post("/hooks", {"address": "https://93.184.215.14/"}), 403)
    problem(reader.get("/hooks"), 403)
    problem(reader.call("DELETE", "/hooks/0123456789ab"), 403)
