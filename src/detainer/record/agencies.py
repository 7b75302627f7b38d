"""What the record needs of the law book: the agencies' clocks, and the law as it is at the moment of an act."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from detainer.law import LawBook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from detainer.law import Case


@lru_cache(maxsize=1)
def book() -> LawBook:
    """The shipped laws, read once."""
    return LawBook.load()


def zone(agency: str) -> ZoneInfo:
    """The agency's own time zone, by which its years turn; UserError where no law knows the agency."""
    return book().agency(agency).zone


def standing(agency: str) -> Mapping[str, object]:
    """The facts that are so for every request of the agency until someone says otherwise."""
    return book().agency(agency).standing


def permits(case: Case, decision: str) -> bool:
    """Whether the shipped law permits a decision, whatever book an earlier determination came from."""
    return book().decide(case).decisions[decision].modality in ("may", "must")
