"""Look-backs: whether a conviction lies within so many years, with the time that does not count.

Years are calendar years (N.Y. Gen. Constr. Law § 58: 29 February counts with the day before). An answer that the
unknown spells could change is None.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from detainer.law.case import Element
from detainer.law.conditions import Node
from detainer.law.vocabulary import Unknown


@dataclass(frozen=True, slots=True)
class Lookback:
    """A look-back: so many `years` from `starts` (a fact of the conviction) to `measured` (a fact of the case).

    `extended_by` says for which convictions the days served extend the look-back, `counted_from` (a fact of the
    conviction served for, or of the conviction looked back to) from when they count. `includes_last_day` is the
    reading in which the day that completes the years still lies within.
    """

    id: str
    cite: str
    says: str
    years: int
    starts: str
    measured: str
    extended_by: Node | None = None
    counted_from: str = ""
    includes_last_day: bool = False
    line: int = 0


def years_later(day: date, years: int) -> date:
    """The same day so many calendar years later; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def within(
    lookback: Lookback,
    conviction: Element,
    measured: date,
    convictions: Sequence[Element],
    extends: Callable[[Element], bool | None],
) -> bool | None:
    """Whether the conviction lies within the look-back on the day `measured`; None when unknown facts decide it."""
    start = conviction.get(lookback.starts, Unknown.NOT_ASKED)
    if start is None:
        return False
    if not isinstance(start, date):
        return None
    end = years_later(start, lookback.years) + timedelta(days=1 if lookback.includes_last_day else 0)
    if measured < end:
        return True
    if lookback.extended_by is None:
        return False
    surely, possibly = _days_served(lookback, start, measured, convictions, extends)
    if measured < end + timedelta(days=surely):
        return True
    return None if possibly is None or measured < end + timedelta(days=possibly) else False


def _days_served(
    lookback: Lookback,
    start: date,
    measured: date,
    convictions: Sequence[Element],
    extends: Callable[[Element], bool | None],
) -> tuple[int, int | None]:
    """The days that surely and that possibly extend the look-back, each counted once; None: no bound is known."""
    surely: list[_Days] = []
    possibly: list[_Days] = []
    bounded = True
    after_start = lookback.counted_from == lookback.starts
    for served in convictions:
        spells: Any = served.get("incarceration", Unknown.NOT_ASKED)
        begun: Any = served.get(lookback.counted_from, Unknown.NOT_ASKED)
        if spells == () or begun is None or (counts := extends(served)) is False:
            continue
        known = isinstance(begun, date)
        if not known and not after_start:
            bounded = False
            continue
        first = max(begun, start) if known and after_start else begun if known else start
        if isinstance(spells, Unknown):
            possibly.append((first, measured))
            continue
        days = [(max(spell.first, first), min(spell.last or measured, measured)) for spell in spells]
        possibly += days
        if counts and known:
            surely += days
    return _counted_once(surely), _counted_once(possibly) if bounded else None


_Days = tuple[date, date]  # from the first day to the day of leaving, which is not counted


def _counted_once(spells: Sequence[_Days]) -> int:
    """How many days the spells cover together."""
    total, reached = 0, date.min
    for first, last in sorted(spells):
        begin = max(first, reached)
        if last > begin:
            total += (last - begin).days
            reached = last
    return total
