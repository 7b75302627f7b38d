"""What the public knows of 2016 and 2017, retold with made-up people.

Known from testimony to the City Council and the press: 80 requests in calendar 2016, two people held for on federal
warrants; 1,526 in calendar 2017, nobody held for; 109 of those by 3 April 2017, three of whom met the city's criteria
and went to the Department of Correction. How the requests spread over the months, and everything about each of them,
is made up.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from detainer.demo import facts
from detainer.demo.people import person
from detainer.demo.tale import Step, Tale

if TYPE_CHECKING:
    from collections.abc import Iterator

AGENCY = "us-ny-nyc-police"
ZONE = ZoneInfo("America/New_York")
SEED = 14154

# (first day, last day, requests): months, with April 2017 cut where the known figure ends.
SPANS_2016 = tuple(
    (date(2016, month, 1), date(2016, month, 28), count)
    for month, count in enumerate((6, 6, 7, 6, 7, 6, 7, 7, 6, 7, 7, 8), start=1)
)
SPANS_2017 = (
    (date(2017, 1, 1), date(2017, 1, 31), 21),
    (date(2017, 2, 1), date(2017, 2, 28), 35),
    (date(2017, 3, 1), date(2017, 3, 31), 47),
    (date(2017, 4, 1), date(2017, 4, 3), 6),
    (date(2017, 4, 4), date(2017, 4, 30), 112),
    (date(2017, 5, 1), date(2017, 5, 31), 148),
    (date(2017, 6, 1), date(2017, 6, 30), 152),
    (date(2017, 7, 1), date(2017, 7, 31), 158),
    (date(2017, 8, 1), date(2017, 8, 31), 166),
    (date(2017, 9, 1), date(2017, 9, 30), 163),
    (date(2017, 10, 1), date(2017, 10, 31), 174),
    (date(2017, 11, 1), date(2017, 11, 30), 170),
    (date(2017, 12, 1), date(2017, 12, 31), 174),
)
HELD = frozenset({"2016-24", "2016-57"})  # which came with a federal judge's warrant
MET_THE_CRITERIA = frozenset({"2017-30", "2017-62", "2017-97"})  # which met the 48-hour rule, before the third of April


def past() -> Iterator[Tale]:
    """The requests of 2016 and 2017, in the order in which they came; the same at every call."""
    draw = Random(SEED)  # noqa: S311  # nosec B311  a story, no secret
    for year, spans in ((2016, SPANS_2016), (2017, SPANS_2017)):
        moments = sorted(_moment(draw, first, last) for first, last, count in spans for _ in range(count))
        for number, received in enumerate(moments, start=1):
            key = f"{year}-{number}"
            if key in HELD:
                yield _held(key, received, draw)
            elif key in MET_THE_CRITERIA:
                yield _moved(key, received, draw)
            else:
                yield _released(key, received, draw)


def after(moment: datetime, minutes: int) -> datetime:
    """So many minutes later by the clock's own running, in the city's time."""
    return (moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(ZONE)


def _moment(draw: Random, first: date, last: date) -> datetime:
    """A minute of a day of the span, before 8 p.m., so that all that follows happens on that day."""
    day = first + timedelta(days=draw.randint(0, (last - first).days))
    return datetime.combine(day, time(draw.randint(0, 19), draw.randint(0, 59)), ZONE)


def _released(key: str, received: datetime, draw: Random) -> Tale:
    """No judge's warrant: declined, and the person let go on time."""
    out = after(received, draw.randint(70, 220))
    arrested = received.date()
    found = facts.search(after(out, -40), facts.past(arrested, draw))
    return Tale(
        key,
        received,
        person(draw, arrested),
        facts.request(received, draw) | facts.custody(arrested, out),
        (
            Step("facts", after(out, -35), detail=found),
            Step("decide", after(out, -30)),
            Step("declined", after(out, -20)),
            Step("released", out),
        ),
    )


def _moved(key: str, received: datetime, draw: Random) -> Tale:
    """An old conviction and a return after removal allow 48 hours; the person goes to another jail first."""
    out = after(received, 180)
    arrested = received.date()
    found = facts.search(after(out, -40), [facts.assault(arrested - timedelta(days=3000))], reentry=True)
    return Tale(
        key,
        received,
        person(draw, arrested),
        facts.request(received, draw) | facts.custody(arrested, out),
        (
            Step("facts", after(out, -35), detail=found),
            Step("decide", after(out, -30)),
            Step("custody_moved", after(out, -10), detail={"to": "us-ny-nyc-correction"}),
            Step("declined", out),
        ),
    )


def _held(key: str, received: datetime, draw: Random) -> Tale:
    """A federal judge's warrant with the request, a listed conviction within five years: held and handed over."""
    out = after(received, 120)
    arrested = received.date()
    found = facts.search(after(out, -40), [facts.assault(arrested - timedelta(days=700))])
    return Tale(
        key,
        received,
        person(draw, arrested),
        facts.request(received, draw) | facts.judicial_warrant() | facts.custody(arrested, out),
        (
            Step("facts", after(out, -35), detail=found),
            Step("decide", after(out, -30)),
            Step("asked", after(out, -28), detail={"for": "held"}),
            Step("approved", after(out, -25), "reviewer", {"for": "held"}),
            Step("held", out),
            Step("asked", after(out, 20), detail={"for": "transferred"}),
            Step("approved", after(out, 30), "reviewer", {"for": "transferred"}),
            Step("transferred", after(out, 90)),
        ),
    )
