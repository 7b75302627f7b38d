"""A law that answers what a test wants, and the people and hours that the record's tests share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from detainer.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

POLICE = "us-ny-nyc-police"
SHERIFF = "us-ca-sheriff"
NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)
RUIZ, CHEN = "officer:ruiz", "reviewer:chen"


@dataclass(frozen=True)
class Decision:
    modality: str
    until: datetime | None = None


@dataclass(frozen=True)
class Layer:
    law: str
    version: str


@dataclass(frozen=True)
class Answer:
    decisions: Mapping[str, Decision]
    laws: tuple[Layer, ...] = (Layer("us-test", "2026-01-01"),)
    digest: str = "d" * 64

    def as_json(self) -> dict[str, Any]:
        ends = {name: made.until.isoformat() if made.until else None for name, made in self.decisions.items()}
        return {
            "decisions": {
                name: {"modality": made.modality, "until": ends[name]} for name, made in self.decisions.items()
            }
        }


@dataclass(frozen=True)
class Agency:
    zone: ZoneInfo
    standing: Mapping[str, object] = field(default_factory=dict)

    @property
    def timezone(self) -> str:
        return self.zone.key


ZONES = {POLICE: "America/New_York", SHERIFF: "America/Los_Angeles"}


@dataclass
class Book:
    """A law that says of every case what it was told to say, and remembers the cases."""

    says: dict[str, Decision] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)

    @property
    def agencies(self) -> dict[str, Agency]:
        return {name: self.agency(name) for name in ZONES}

    def agency(self, name: str) -> Agency:
        if name not in ZONES:
            raise UserError(f"there is no agency {name}")
        return Agency(ZoneInfo(ZONES[name]))

    def decide(self, case: Any) -> Answer:
        self.asked.append(case)
        return Answer(self.says)


def book(until: datetime | None = None, **says: str) -> Book:
    """A law by its answers, such as `book(hold="must_not", notify="may")`."""
    return Book({name: Decision(modality, until) for name, modality in says.items()})


def later(hours: float) -> datetime:
    """Hours after noon."""
    return NOON + timedelta(hours=hours)
