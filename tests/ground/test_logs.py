"""A log line tells of the program and never of a person."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest

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
