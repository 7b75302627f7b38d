"""Times as the interface takes them: RFC 3339 with an offset, within reach of every calendar here."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from detainer.errors import UserError

_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})")
_YEARS = range(1900, 2200)
SKEW: Final = timedelta(minutes=1)  # by which the sender's clock may be ahead of ours


def read(text: object, name: str) -> datetime:
    """The moment that a text states; UserError where it states none, or none that anything can be counted from."""
    if isinstance(text, str) and _SHAPE.fullmatch(text):
        try:
            when = datetime.fromisoformat(text.upper())
        except ValueError:
            when = None
        if when and when.year not in _YEARS:
            raise UserError(f"{name} lies outside {_YEARS.start} to {_YEARS.stop - 1}")
        if when:
            return when
    raise UserError(f"{name} is no time with its offset", fix="Write it as 2026-11-24T10:00:00-05:00.")


def past(text: object, name: str, now: datetime, *, since: datetime | None = None) -> datetime:
    """A moment that has come; UserError for one that has not, or that lies before `since`."""
    when = read(text, name)
    if when > now + SKEW:
        raise UserError(f"{name} lies in the future", fix="Send what has happened.")
    if since and when < since.replace(second=0, microsecond=0):
        raise UserError(f"{name} lies before the request was received")
    return when
