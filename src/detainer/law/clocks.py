"""Clocks that a law declares: so many hours from the moment of release, or the end of that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from detainer.hold import Calendar, Window, end_of_day, window
from detainer.law.case import Case


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock of a law.

    It starts at the earliest of the facts named in `starts` that are known: a hold does not start anew when a
    person changes hands. `hours` counts from there, without weekends and the days of the holiday lists where the
    law leaves them out; `end_of_day` ends at 23:59 of the day on which it starts instead.
    """

    id: str
    cite: str
    says: str
    starts: tuple[str, ...]
    hours: float = 0
    weekends: bool = False
    holidays: tuple[str, ...] = ()
    end_of_day: bool = False
    line: int = 0


def start_of(clock: Clock, case: Case) -> datetime | None:
    """The moment from which the clock counts; None when nothing that starts it is known.

    For a person who came from another agency during a hold, only the start of that hold will do.
    """
    known = [case.get(path) for path in clock.starts]
    moments = [moment for moment in known if isinstance(moment, datetime)]
    if case.get("custody.transferred_in") is True and not isinstance(case.get("custody.hold_started"), datetime):
        return None
    return min(moments, default=None)


def window_of(clock: Clock, case: Case, zone: ZoneInfo, calendar: Calendar) -> Window | None:
    """The ends of the clock under every reading; None when its start is not known."""
    start = start_of(clock, case)
    if start is None:
        return None
    if clock.end_of_day:
        end = end_of_day(start, zone)
        return Window(end, end, end, calendar.version)
    return window(start, clock.hours, zone, calendar, weekends=clock.weekends, holidays=clock.holidays)
