"""One made-up request: who, what came, and what was done, step by step. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from detainer.demo.people import Person

Who = Literal["officer", "reviewer"]


@dataclass(frozen=True)
class Step:
    """A step after receipt: an act of the record, facts becoming known (`facts`), or the law being asked (`decide`)."""

    kind: str
    at: datetime
    who: Who = "officer"
    detail: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Tale:
    """A request from its receipt on. `key` tells it apart from the others, so that it is never entered twice."""

    key: str
    received: datetime
    person: Person
    facts: Mapping[str, Any]
    steps: tuple[Step, ...]
