"""What the ledger says of each request: which steps it took, and the agency's day on which each first happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

COUNTED: Final = ("received", "decided", "declined", "held", "told", "transferred", "released", "withdrawn")
READ: Final = (*COUNTED, "corrected", "reopened")
UNDONE_BY_REOPENING: Final = ("declined", "released", "transferred", "withdrawn")
PERMITTING: Final = ("may", "must")


@dataclass
class Life:
    """One request as counting sees it: its form, how its receipt is dated, the first day of each step.

    No fact about a person is in it, so that anyone who has the published events can make the same one.
    """

    form: str = ""
    dated_by: str = ""  # what the day of receipt is, where it is not the day of receipt itself
    days: dict[str, date] = field(default_factory=dict)

    def first_of(self, kinds: Iterable[str]) -> date | None:
        """The first day on which any of these steps happened; None if none did."""
        return min((self.days[kind] for kind in kinds if kind in self.days), default=None)

    def any_of(self, kinds: Iterable[str]) -> bool:
        """Whether any of these steps happened."""
        return any(kind in self.days for kind in kinds)

    def take(self, kind: str, day: date, public: Mapping[str, Any], zone: ZoneInfo) -> None:
        """Take the request's next event, in the order of the ledger."""
        if kind in COUNTED:
            self.days[kind] = min(day, self.days.get(kind, day))
        if kind in ("received", "corrected"):
            self.form = public.get("request", {}).get("form", self.form) or ""
        if kind == "received":
            self.dated_by = public.get("source", {}).get("dated_by", "")
        elif kind == "corrected" and "received" in public:
            self.days["received"], self.dated_by = local_day(public["received"], zone), ""
        elif kind == "decided":
            self.days.pop("permitted", None)
            if public["modalities"].get("hold") in PERMITTING:
                self.days["permitted"] = day
        elif kind == "reopened":
            for step in UNDONE_BY_REOPENING:
                self.days.pop(step, None)


def local_day(moment: str, zone: ZoneInfo) -> date:
    """The day of a moment of the ledger, by the agency's clock."""
    return datetime.fromisoformat(moment).astimezone(zone).date()
