"""A day named on the command line."""

from __future__ import annotations

from datetime import date

from detainer import clock
from detainer.errors import UserError


def day_of(text: str) -> date:
    """The day that a text names; today where it is empty. UserError for what is no day."""
    return given(text) if text else clock.now().astimezone().date()


def given(text: str, option: str = "") -> date:
    """The day that an option names; UserError naming the option where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{text} is no day", where=option, fix="Write it as 2017-06-01.") from None
