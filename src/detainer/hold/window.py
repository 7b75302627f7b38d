"""The ends of a hold: counted in elapsed hours, day by day, through UTC.

A wall-clock hour is no elapsed hour on the days that the clocks change, so every sum is made in UTC and only the
borders of the days left out are taken from the local calendar (midnight to midnight, N.Y. Gen. Constr. Law § 19).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from detainer.hold.calendar import Calendar

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Window:
    """When one hold must end, under each reading.

    `until` leaves out weekends and those days that stand on every holiday list (the shortest reading of the
    statute); `outer_limit` leaves out days that stand on any list; `flat` counts every hour, as the form asks.
    All three are aware moments in the agency's zone.
    """

    until: datetime
    outer_limit: datetime
    flat: datetime
    calendar: str

    @property
    def alarm(self) -> datetime:
        """The earliest of the three: the moment the desk is warned of."""
        return min(self.until, self.outer_limit, self.flat)


def count_hours(start: datetime, hours: float, zone: ZoneInfo, left_out: Callable[[date], bool]) -> datetime:
    """The moment at which `hours` have elapsed since `start`, counting nothing of a local day that is left out.

    A hold that starts within a day left out begins to count at the next midnight that is counted. The result is
    aware, in `zone`. When the last hour ends exactly at midnight, that midnight is the end.
    """
    moment, rest = start.astimezone(UTC), timedelta(hours=hours)
    while True:
        day = moment.astimezone(zone).date()
        midnight = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        if not left_out(day):
            if moment + rest <= midnight:
                return (moment + rest).astimezone(zone)
            rest -= midnight - moment
        moment = midnight


def end_of_day(start: datetime, zone: ZoneInfo) -> datetime:
    """23:59 of the local calendar day of `start`."""
    return datetime.combine(start.astimezone(zone).date(), time(23, 59), zone)


def window(
    start: datetime,
    hours: float,
    zone: ZoneInfo,
    calendar: Calendar,
    *,
    weekends: bool = True,
    holidays: Sequence[str] = (),
) -> Window:
    """The ends of a hold of `hours` that starts when the person would otherwise be free.

    `weekends` leaves out Saturdays and Sundays; `holidays` names the lists whose days are left out. Raises
    UserError when a list is not there or the calendar does not reach that far.
    """

    def weekend(day: date) -> bool:
        return weekends and day.weekday() >= SATURDAY

    def shortest(day: date) -> bool:
        return weekend(day) or (bool(holidays) and calendar.on_every(holidays, day))

    def longest(day: date) -> bool:
        return weekend(day) or calendar.on_any(holidays, day)

    return Window(
        until=count_hours(start, hours, zone, shortest),
        outer_limit=count_hours(start, hours, zone, longest),
        flat=count_hours(start, hours, zone, lambda _: False),
        calendar=calendar.version,
    )
