"""Requests of today, in every state that the desk's list can show, told relative to the present moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from detainer.demo import facts
from detainer.demo.people import person
from detainer.demo.story import ZONE, after
from detainer.demo.tale import Step, Tale

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 2026


def present(now: datetime) -> Iterator[Tale]:
    """Overdue, due soon, on hold, waiting for a second person, not settled, and settled today."""
    now = now.astimezone(ZONE).replace(second=0, microsecond=0)
    yield from sorted(_tales(now, Random(SEED)), key=lambda tale: tale.received)  # noqa: S311  # nosec B311  a story, no secret


def _tales(now: datetime, draw: Random) -> Iterator[Tale]:
    yield _tale("overdue", now, draw, came=-310, out=-12, found=[])
    yield _tale("search-not-run", now, draw, came=-95, out=80)
    yield _tale("due-soon", now, draw, came=-200, out=150, found=[facts.larceny(now.date() - timedelta(days=900))])
    yield _with_warrant("waiting", now, draw, came=-150, out=9 * 60, steps=_asked(now))
    yield _with_warrant("on-hold", now, draw, came=-400, out=-130, steps=_held(now))
    yield _tale("just-in", now, draw, came=-6, out=None)
    yield _tale("declined", now, draw, came=-420, out=-60, found=[], steps=_let_go(now))
    yield _tale("withdrawn", now, draw, came=-500, out=40, found=[], steps=(Step("withdrawn", after(now, -45)),))


def _tale(
    key: str,
    now: datetime,
    draw: Random,
    *,
    came: int,
    out: int | None,
    found: list[facts.Facts] | None = None,
    steps: tuple[Step, ...] = (),
    paper: facts.Facts | None = None,
) -> Tale:
    """A request that came `came` minutes from now; searched and decided once `found` says what the search shows."""
    received = after(now, came)
    releasable = None if out is None else after(now, out)
    arrested = received.date()
    known: dict[str, Any] = facts.request(received, draw) | (paper or {}) | facts.custody(arrested, releasable)
    first: tuple[Step, ...] = ()
    if found is not None:
        searched = after(received, 30)
        first = (
            Step("facts", after(searched, 1), detail=facts.search(searched, found)),
            Step("decide", after(searched, 3)),
        )
    return Tale(f"today-{key}", received, person(draw, arrested), known, first + steps)


def _with_warrant(key: str, now: datetime, draw: Random, *, came: int, out: int, steps: tuple[Step, ...]) -> Tale:
    """A request with a federal judge's warrant, about somebody with a listed conviction two years old."""
    found = [facts.assault(now.date() - timedelta(days=720))]
    return _tale(key, now, draw, came=came, out=out, found=found, steps=steps, paper=facts.judicial_warrant())


def _asked(now: datetime) -> tuple[Step, ...]:
    return (Step("asked", after(now, -100), detail={"for": "held"}),)


def _held(now: datetime) -> tuple[Step, ...]:
    return (
        Step("asked", after(now, -340), detail={"for": "held"}),
        Step("approved", after(now, -320), "reviewer", {"for": "held"}),
        Step("held", after(now, -130)),
    )


def _let_go(now: datetime) -> tuple[Step, ...]:
    return (Step("declined", after(now, -300)), Step("released", after(now, -60)))
