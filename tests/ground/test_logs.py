"""A log line tells of the program and never of a person."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import answer, free_port, served

from detainer import logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged, as it would stand on standard error."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.formatter())
    logger = logging.getLogger("desk")
    logger.addHandler(handler)
    yield out
    logger.removeHandler(handler)


def test_a_line_is_one_json_object_that_says_when_where_and_what(lines: io.StringIO) -> None:
    logging.getLogger("desk").error("started\nagain")
    (line,) = lines.getvalue().splitlines()
    told = json.loads(line)
    assert told.pop("time").endswith("+00:00")
    assert told == {"event": "started\nagain", "level": "error", "logger": "desk"}


def test_an_exception_is_told_by_its_place_and_never_by_its_words(lines: io.StringIO) -> None:
    try:
        int("row (B. Sample, A 000 000 000)")
    except ValueError:
        logging.getLogger("desk").exception("could not be kept")
    told = json.loads(lines.getvalue())
    assert told["event"] == "could not be kept"
    assert told["failure"][0] == "ValueError"
    assert "test_logs.py" in told["failure"][-1]
    assert "Sample" not in lines.getvalue()


def test_what_a_line_carries_beside_its_message_is_only_what_names_nobody() -> None:
    kept = logs.only_allowed(None, "", {"event": "viewed", "agency": "us-ny-nyc-police", "name": "B. Sample"})
    assert kept == {"event": "viewed", "agency": "us-ny-nyc-police"}


def test_a_failure_in_service_is_logged_and_mailed_to_nobody() -> None:
    found = logs.config("warning")
    assert found["loggers"]["django"] == {"handlers": [], "propagate": True}
    assert found["root"] == {"handlers": ["stderr"], "level": "WARNING"}


def test_a_desk_logs_nothing_of_what_was_typed_into_an_address_or_a_header(tmp_path: Path) -> None:
    port = free_port()
    typed = (
        b"GET /requests/Sample-A000000000/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"GET /Sample HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: sample.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: B. Sample\r\nConnection: close\r\n\r\n",
        b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nReferer: http://sample.example/\r\nContent-Length: 0\r\n\r\n",
        b"GET /Sample A000000000 HTTP/9.9\r\n\r\n",
        b"B. Sample A000000000\r\n\r\n",
        b"GET / HTTP/1.1\r\nB. Sample: A000000000\r\n\r\n",
    )
    with served(tmp_path, port) as ended:
        answer(port, "/sign-in/")
        for request in typed:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as desk:
                desk.sendall(request)
                assert desk.recv(100).startswith((b"HTTP/1.1 30", b"HTTP/1.1 40")), request
    lines = [json.loads(line) for line in ended.complaints()]
    assert "sample" not in ended.err.lower()
    assert len(lines) == len(typed) - 1, "only the request that is sent to the sign-in page is none to log"
    assert {line["event"] for line in lines} >= {"refused: no valid HTTP request", "refused: DisallowedHost"}
