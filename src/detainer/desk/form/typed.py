"""Dates and times as people type them at the desk, read in the agency's local time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from detainer.desk.wording.words import say, tr
from detainer.errors import UserError

_DAY_FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y")
# "mar" is Tuesday in one language and March in both: it is the weekday where a day and then a month follow.
_WEEKDAY = re.compile(
    r"^(?:(?:mon|tue|wed|thu|fri|sat|sun|lun|mié|mie|jue|vie|sáb|sab|dom)[a-z]*|mar(?:tes)?(?=\s+\d+\s+[^\W\d]))\s+",
    re.IGNORECASE,
)
# What pages in Spanish write, as what Python reads.
_MONTHS = {
    "enero": "January",
    "febrero": "February",
    "marzo": "March",
    "abril": "April",
    "mayo": "May",
    "junio": "June",
    "julio": "July",
    "agosto": "August",
    "septiembre": "September",
    "octubre": "October",
    "noviembre": "November",
    "diciembre": "December",
}
_MONTHS |= {name[:3]: english for name, english in _MONTHS.items()} | {"sept": "September", "de": ""}
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>[a-z]{3,4})?$", re.IGNORECASE
)
_YEARS = (1900, 2199)  # those of a case file
_DAY_HINT = "Write it like 11/24/2026."
_TIME_HINT = "Write it like 11/24/2026 14:30, or 14:30 for today."


def read_day(text: str) -> date:
    """A calendar day; UserError when there is no such day."""
    plain = _WEEKDAY.sub("", text.strip().replace(",", " "))
    plain = " ".join(" ".join(_MONTHS.get(word.lower(), word) for word in plain.split()).split())
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise UserError(say("“{said}” is not a date", said=text.strip()), fix=tr(_DAY_HINT))


def read_moment(text: str, zone: ZoneInfo, *, now: datetime) -> datetime:
    """A moment in UTC from a day and a local time, or from a time alone, which means today's.

    UserError when there is no such day or time, and when the clocks skipped it or showed it twice that night.
    """
    plain = " ".join(text.strip().replace("T", " ", 1).split()) if re.match(r"\s*\d{4}-", text) else text.strip()
    found = _CLOCK.search(plain)
    if not found:
        raise UserError(say("“{said}” has no time of day", said=text.strip()), fix=tr(_TIME_HINT))
    before = plain[: found.start()].strip(" ,")
    on = read_day(before) if before else now.astimezone(zone).date()
    if not _YEARS[0] <= on.year <= _YEARS[1]:
        told = say("“{said}” is not in the years {first} to {last}", said=text.strip(), first=_YEARS[0], last=_YEARS[1])
        raise UserError(told, fix=tr("Check the year."))
    return _in_zone(on, _clock(found, text), zone, text, named=(found["zone"] or "").upper())


def _clock(found: re.Match[str], text: str) -> time:
    hour, minute, half = int(found["hour"]), int(found["minute"]), (found["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        hour = 99
    elif half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 23 or minute > 59:
        raise UserError(say("“{said}” has no such time of day", said=text.strip()), fix=tr(_TIME_HINT))
    return time(hour, minute)


def _in_zone(on: date, at: time, zone: ZoneInfo, text: str, *, named: str) -> datetime:
    """The moment of a local time; `named` ("EST") tells the two of an hour that came twice apart."""
    both = [datetime.combine(on, at, zone).replace(fold=fold) for fold in (0, 1)]
    if both[0].astimezone(UTC).astimezone(zone).replace(tzinfo=None) != both[0].replace(tzinfo=None):
        told = say("“{said}” did not exist: the clocks went forward then", said=text.strip())
        raise UserError(told, fix=tr("Give the hour after."))
    fitting = {one.astimezone(UTC) for one in both if named in ("", one.tzname())}
    if not fitting:
        told = say("“{said}” names a time zone that was not in force here", said=text.strip())
        raise UserError(told, fix=tr("Leave the zone out."))
    if len(fitting) > 1:
        first, second = (str(one.tzname()) for one in both)
        told = say("“{said}” came twice: the clocks went back then", said=text.strip())
        raise UserError(told, fix=say("Add {first} or {second}.", first=first, second=second))
    return fitting.pop()


def show_moment(when: datetime, zone: ZoneInfo) -> str:
    """A moment as it can be typed back: 11/24/2026 14:30, with its zone in an hour that came twice."""
    local = when.astimezone(zone)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%m/%d/%Y %H:%M}{f' {local.tzname()}' if twice else ''}"


def not_future(when: datetime, *, now: datetime, what: str) -> datetime:
    """The moment itself; UserError when it lies more than five minutes ahead."""
    if when > now + timedelta(minutes=5):
        raise UserError(say("{what} lies in the future", what=tr(what)), fix=tr("Give the time it happened."))
    return when
