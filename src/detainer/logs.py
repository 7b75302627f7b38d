"""Logs that tell what happened to the program and nothing of any person."""

from __future__ import annotations

import traceback
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from structlog.stdlib import ProcessorFormatter, add_log_level, add_logger_name

from detainer import clock

if TYPE_CHECKING:
    from structlog.types import EventDict, WrappedLogger

# What a line may carry beside its message; anything else could be somebody's name or file number.
ALLOWED = {"agency", "command", "event", "failure", "level", "logger", "request", "seq", "status", "time"}


def config(level: str) -> dict[str, Any]:
    """A `logging.config` dictionary: one JSON object a line on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        # Django's own handlers would mail a failure, request and all.
        "loggers": {"django": {"handlers": [], "propagate": True}},
    }


def formatter() -> ProcessorFormatter:
    """The formatter of every line, whoever logged it."""
    from structlog.processors import JSONRenderer

    return ProcessorFormatter(
        foreign_pre_chain=[add_log_level, add_logger_name],
        processors=[refusal, failure, stamp, only_allowed, JSONRenderer(sort_keys=True)],
    )


def refusal(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """What was refused and at which route, without what was typed: a mistyped address or header may hold a name."""
    logger, record = str(event.get("logger", "")), event.get("_record")
    asked = getattr(record, "request", None)
    if logger.startswith("django.security."):
        event["event"] = f"refused: {logger.rpartition('.')[2]}"
    elif asked is not None:
        match = getattr(asked, "resolver_match", None)
        status = getattr(record, "status_code", 0)
        phrase = HTTPStatus(status).phrase if status else "refused"
        event["event"] = f"{phrase}: {'/' + match.route if match else 'no such page'}"
    elif logger.startswith("gunicorn") and str(event["event"]).startswith("Invalid request"):
        event["event"] = "refused: no valid HTTP request"
    return event


def failure(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Where an exception arose, without its words: those may quote a row."""
    kind, _error, trace = event.get("exc_info") or (None, None, None)
    if kind:
        frames = traceback.extract_tb(trace)
        event["failure"] = [kind.__name__, *(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)]
    return event


def stamp(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """When."""
    return {**event, "time": clock.now().isoformat(timespec="milliseconds")}


def only_allowed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Nothing but what is known to name nobody."""
    return {name: value for name, value in event.items() if name in ALLOWED}
