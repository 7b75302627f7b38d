"""Moments in words, in an agency's local time: "Fri 27 Nov, 10:00", "in 2 h 14 min", "11 min ago"."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_DAY = 24 * 60


def moment(when: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """A moment with its weekday in local time; the year only when it is not this year's."""
    local, today = when.astimezone(zone), now.astimezone(zone)
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M}"


def day(when: datetime, zone: ZoneInfo) -> str:
    """A local calendar day: 27 Nov 2026."""
    local = when.astimezone(zone)
    return f"{local.day} {local:%b %Y}"


def distance(span: timedelta) -> str:
    """A length of time, whole minutes rounded down, in its two largest units: "2 h 14 min", "3 days 4 h"."""
    minutes = int(abs(span).total_seconds() // 60)
    days, rest = divmod(minutes, _DAY)
    hours, left = divmod(rest, 60)
    if days:
        word = "day" if days == 1 else "days"
        return f"{days} {word} {hours} h" if hours and days < 14 else f"{days} {word}"
    if hours:
        return f"{hours} h {left} min" if left else f"{hours} h"
    return f"{left} min"


def remaining(when: datetime, *, now: datetime) -> str:
    """How far off a moment is: "in 52 min", "now", "11 min ago"."""
    span = when - now
    if abs(span) < timedelta(minutes=1):
        return "now"
    return f"in {distance(span)}" if span > timedelta() else f"{distance(span)} ago"
