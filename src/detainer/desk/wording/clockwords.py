"""Moments in words, in an agency's local time: "Fri 27 Nov, 10:00", "in 2 h 14 min", "11 min ago"."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from detainer.desk.wording.words import count, say, tr

_DAY = 24 * 60
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(when: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """A moment with its weekday in local time; the year only when it is not this year's."""
    local, today = when.astimezone(zone), now.astimezone(zone)
    year = "" if local.year == today.year else f" {local.year}"
    return f"{tr(DAYS[local.weekday()])} {local.day} {tr(MONTHS[local.month - 1])}{year}, {local:%H:%M}"


def day(when: datetime, zone: ZoneInfo) -> str:
    """A local calendar day: 27 Nov 2026."""
    return date_words(when.astimezone(zone).date())


def date_words(when: date) -> str:
    """A calendar day: 27 Nov 2026."""
    return f"{when.day} {tr(MONTHS[when.month - 1])} {when.year}"


def long_day(when: date) -> str:
    """A calendar day with its month in full: 1 September 2026, 1 de septiembre de 2026."""
    return date_format(when, tr("j F Y"))


def distance(span: timedelta) -> str:
    """A length of time, whole minutes rounded down, in its two largest units: "2 h 14 min", "3 days 4 h"."""
    minutes = int(abs(span).total_seconds() // 60)
    days, rest = divmod(minutes, _DAY)
    hours, left = divmod(rest, 60)
    if days:
        whole = count("{n} day", "{n} days", days)
        return f"{whole} {hours} h" if hours and days < 14 else whole
    if hours:
        return f"{hours} h {left} min" if left else f"{hours} h"
    return f"{left} min"


def remaining(when: datetime, *, now: datetime) -> str:
    """How far off a moment is: "in 52 min", "now", "11 min ago"."""
    span = when - now
    if abs(span) < timedelta(minutes=1):
        return tr("now")
    message = "in {span}" if span > timedelta() else "{span} ago"
    return say(message, span=distance(span))
