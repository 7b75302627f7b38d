"""An alert is told until it arrives: signed, without a name in it, and by no redirect."""

from __future__ import annotations

import json
import queue
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.db import OperationalError
from watch_clock import RELEASE

from detainer.house import house
from detainer.watch import delivery, loop
from detainer.watch.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)


class Post(HTTPServer):
    """Takes alerts in, and answers each with the next of its statuses."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.statuses: list[int] = []
        self.came: list[tuple[str, bytes]] = []


class Handler(BaseHTTPRequestHandler):
    server: Post

    def do_POST(self) -> None:  # the name that http.server calls
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((self.headers["X-Detainer-Signature"], body))
        status = self.server.statuses.pop(0) if self.server.statuses else 204
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    server = Post()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("DETAINER_ALERT_WEBHOOK", f"http://127.0.0.1:{server.server_port}/alerts")
    monkeypatch.setenv("DETAINER_ALERT_SECRET", "a secret of the tests")
    house.cache_clear()
    yield server
    server.shutdown()
    server.server_close()


def raised(due_out: Callable[..., Any]) -> None:
    due_out()
    loop.catch_up("one")
    assert len(loop.raise_due(RELEASE)) == 1


def test_an_alert_arrives_signed_and_names_nobody(due_out: Callable[..., Any], post: Post) -> None:
    raised(due_out)
    assert delivery.send_due(RELEASE) == 1
    (signature, body) = post.came[0]
    assert signature == delivery.signature("a secret of the tests", body)
    said = json.loads(body)
    assert (said["deadline"], said["number"], said["says"]) == (
        "releasable",
        "2016-0001",
        "The moment of release has passed. Release now.",
    )
    assert b"Example" not in body


def test_what_does_not_arrive_is_tried_again_until_it_does(due_out: Callable[..., Any], post: Post) -> None:
    raised(due_out)
    post.statuses = [500, 302]
    assert delivery.send_due(RELEASE) == 0
    assert delivery.send_due(RELEASE) == 0, "not before its turn"
    assert delivery.send_due(RELEASE + timedelta(seconds=5)) == 0
    assert delivery.send_due(RELEASE + timedelta(seconds=15)) == 1
    assert (len(post.came), Delivery.objects.get().attempts) == (3, 3)
    assert delivery.send_due(RELEASE + timedelta(days=1)) == 0


def test_an_address_that_does_not_answer_keeps_the_alert(due_out: Callable[..., Any], post: Post) -> None:
    raised(due_out)
    post.shutdown()
    post.server_close()
    assert delivery.send_due(RELEASE) == 0
    waiting = Delivery.objects.get()
    assert waiting.sent_at is None
    assert waiting.trouble


def test_the_pauses_double_up_to_a_quarter_of_an_hour() -> None:
    assert [delivery.pause(number).total_seconds() for number in (1, 2, 3, 8, 9, 40)] == [5, 10, 20, 640, 900, 900]


def test_a_mail_is_sent_to_the_address_of_the_house(
    due_out: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    from django.core import mail

    monkeypatch.setenv("DETAINER_ALERT_EMAIL", "desk@agency.example")
    monkeypatch.setenv("DETAINER_MAIL", "smtp://mail.agency.example:587")
    house.cache_clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    raised(due_out)
    assert delivery.send_due(RELEASE) == 1
    assert mail.outbox[0].to == ["desk@agency.example"]
    assert mail.outbox[0].subject == "2016-0001: The moment of release has passed. Release now."


def test_an_address_that_never_answers_holds_up_no_clock(
    due_out: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the call and says nothing: each attempt would wait for ten seconds."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("DETAINER_ALERT_WEBHOOK", f"http://127.0.0.1:{silent.getsockname()[1]}/alerts")
        monkeypatch.setenv("DETAINER_ALERT_SECRET", "a secret of the tests")
        house.cache_clear()
        first, stop, told = due_out(), threading.Event(), queue.SimpleQueue[Any]()
        watch = threading.Thread(target=loop.run, args=("one", stop, told.put))
        watch.start()
        try:
            assert told.get(timeout=30).request_id == first.id
            silent.settimeout(30)
            call, _ = silent.accept()
            with call:
                for hours in (1, 2):
                    later = due_out(RELEASE - timedelta(hours=hours))
                    assert told.get(timeout=8).request_id == later.id
                waiting = Delivery.objects.get(deadline__request_id=first.id)
                assert (waiting.attempts, waiting.trouble) == (1, ""), "the first attempt is still waiting"
                stop.set()
        finally:
            stop.set()
    watch.join(30)
    assert not watch.is_alive()


def test_a_database_that_was_away_does_not_end_the_watch(
    due_out: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    request, stop, told = due_out(), threading.Event(), queue.SimpleQueue[Any]()
    away, catch_up = iter([OperationalError("the server is not there")] * 2), loop.catch_up

    def fail_twice(worker: str) -> None:
        for trouble in away:
            raise trouble
        catch_up(worker)

    monkeypatch.setattr(loop, "catch_up", fail_twice)
    monkeypatch.setattr(loop, "ROUND", 0.05)
    watch = threading.Thread(target=loop.run, args=("one", stop, told.put))
    watch.start()
    try:
        assert told.get(timeout=30).request_id == request.id
    finally:
        stop.set()
        watch.join(30)
    assert not watch.is_alive()
