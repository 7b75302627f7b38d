"""A day named on the command line."""

from __future__ import annotations

from datetime import date

from detainer import clock
from detainer.errors import UserError


def day_of(text: str) -> date:
    """The day that a text names; today where it is empty. UserError for what is no day."""
    if not text:
        return clock.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{text} is no day", fix="Write it as 2017-06-01.") from None
