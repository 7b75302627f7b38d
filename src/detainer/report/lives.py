"""What the ledger says of each request: which steps it took, and the agency's day on which each first happened."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

COUNTED: Final = ("received", "decided", "declined", "held", "told", "transferred", "released", "withdrawn")
READ: Final = (*COUNTED, "corrected", "reopened", "contact", "expunged")
GROUNDED: Final = ("contact", "transferred")  # steps that may say, among personal data, what the search found
SAYING: Final = ("received", "corrected", "decided", "transferred", "contact")  # whose public part is counted
UNDONE_BY_REOPENING: Final = ("declined", "released", "transferred", "withdrawn")
PERMITTING: Final = ("may", "must")


@dataclass(frozen=True, slots=True)
class Talk:
    """One exchange with federal authorities: what they asked to know, and what they were told.

    `kinds` are words such as status, release, court, appointment, other; `ground` is none, listed or watch_list, the
    three classes that reports tell apart, empty where nobody recorded it.
    """

    day: date
    asked: tuple[str, ...]
    gave: tuple[str, ...]
    ground: str
    by: str


@dataclass(slots=True)
class Life:
    """Requests as counting sees them: their form, how receipt is dated, the first day of each step.

    All but `ground` comes from the published events, so that anyone who has them can make the same one. What the search
    found of a person is not published: it is read from personal data, and gone when the request is expunged. `count` is
    how many requests are alike in all of it.
    """

    form: str = ""
    dated_by: str = ""  # what the day of receipt is, where it is not the day of receipt itself
    days: dict[str, date] = field(default_factory=dict)
    agency: str = ""
    sender: str = ""
    ground: str = ""  # of the transfer
    talks: list[Talk] = field(default_factory=list)
    count: int = 1

    def first_of(self, kinds: Iterable[str]) -> date | None:
        """The first day on which any of these steps happened; None if none did."""
        days = self.days
        found = [days[kind] for kind in kinds if kind in days]
        return min(found) if found else None

    def any_of(self, kinds: Iterable[str]) -> bool:
        """Whether any of these steps happened."""
        return not self.days.keys().isdisjoint(kinds)

    def take(self, kind: str, day: date, public: Mapping[str, Any], zone: ZoneInfo, ground: str = "") -> None:
        """Take the request's next event, in the order of the ledger; `ground` is what only the house itself knows."""
        if kind in COUNTED:
            self.days[kind] = min(day, self.days.get(kind, day))
        if kind in ("received", "corrected"):
            self._came(kind, public, zone)
        elif kind == "decided":
            self.days.pop("permitted", None)
            if public["modalities"].get("hold") in PERMITTING:
                self.days["permitted"] = day
        elif kind == "transferred":
            self.ground = ground
        elif kind == "contact":
            self._spoke(day, public, ground)
        elif kind == "expunged":
            self.ground, self.talks = "", [replace(talk, ground="") for talk in self.talks]
        elif kind == "reopened":
            for step in UNDONE_BY_REOPENING:
                self.days.pop(step, None)

    def _came(self, kind: str, public: Mapping[str, Any], zone: ZoneInfo) -> None:
        """What is said of the request itself; a corrected moment of receipt is the moment of receipt."""
        said = public.get("request", {})
        self.form = said.get("form", self.form) or ""
        self.sender = said.get("from", self.sender) or ""
        if kind == "received":
            self.dated_by = public.get("source", {}).get("dated_by", "")
        elif "received" in public:
            self.days["received"], self.dated_by = local_day(public["received"], zone), ""

    def _spoke(self, day: date, public: Mapping[str, Any], ground: str) -> None:
        """An exchange, where it says what it was about or what was given."""
        about, given = _words(public.get("about")), _words(public.get("given"))
        if about or given:
            self.talks.append(Talk(day, about, given, ground, public.get("by", "")))

    def span(self) -> tuple[date | None, date | None]:
        """The first and the last day of which it tells anything; None, None where it tells none."""
        days = [*self.days.values(), *(talk.day for talk in self.talks)]
        return (min(days), max(days)) if days else (None, None)

    def months(self) -> set[str]:
        """The months of which it tells anything, as 2016-01."""
        return {day.isoformat()[:7] for day in (*self.days.values(), *(talk.day for talk in self.talks))}

    def shape(self) -> tuple[str, str]:
        """The life as two texts, the same for lives that are alike: steps, and exchanges ("" for none)."""
        days = sorted((kind, day.isoformat()) for kind, day in self.days.items())
        talks = [[talk.day.isoformat(), talk.asked, talk.gave, talk.ground, talk.by] for talk in self.talks]
        return _text([self.form, self.sender, self.dated_by, self.ground, days]), _text(talks) if talks else ""

    @classmethod
    def of(cls, agency: str, shape: str, talks: str, count: int = 1) -> Life:
        """The life that a shape tells."""
        form, sender, dated_by, ground, days = json.loads(shape)
        return cls(
            form,
            dated_by,
            {kind: date.fromisoformat(day) for kind, day in days},
            agency,
            sender,
            ground,
            [
                Talk(date.fromisoformat(day), tuple(asked), tuple(gave), why, by)
                for day, asked, gave, why, by in (json.loads(talks) if talks else ())
            ],
            count,
        )


def _text(said: Any) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _words(said: Any) -> tuple[str, ...]:
    """A word or a list of words, as a list."""
    return (said,) if isinstance(said, str) else tuple(said or ())


def local_day(moment: str, zone: ZoneInfo) -> date:
    """The day of a moment of the ledger, by the agency's clock."""
    return _day_of_hour(moment[:13], zone) or datetime.fromisoformat(moment).astimezone(zone).date()


@lru_cache(maxsize=1 << 17)
def _day_of_hour(hour: str, zone: ZoneInfo) -> date | None:
    """The day that all of an hour of UTC lies in; None where the zone is off it by less than whole hours."""
    local = datetime.fromisoformat(f"{hour}:00:00Z").astimezone(zone)
    return date(local.year, local.month, local.day) if not local.minute else None
