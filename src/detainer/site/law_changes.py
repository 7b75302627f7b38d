"""What changed in a law between two days, worked out once: in the background, one law at a time.

A comparison can take longer than a reader should wait, and the desk shares the machine. What is asked again is at hand.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from detainer.law import compare, writing
from detainer.law.book import LawBook
from detainer.law.compare import Comparison, Turned
from detainer.law.explain import NAMES, SAYS
from detainer.site.law_links import try_url
from detainer.site.law_shell import Busy

MOST = 20  # patterns of facts; the fewest facts come first
_WAIT = 8.0  # seconds
_WORKER = ThreadPoolExecutor(1, "law-changes")


@dataclass(frozen=True, slots=True)
class Row:
    """A pattern of facts: its words, the turns (decision, then, now), and an example for each day to try."""

    facts: tuple[str, ...]
    turns: tuple[tuple[str, str, str], ...]
    examples: tuple[tuple[date, str, str], ...]


def changes(book: LawBook, law: str, days: tuple[date, date]) -> Comparison:
    """The comparison of two days; Busy while it is still being worked out.

    Two days on which the same items of the law are in force have one comparison with a third.
    """
    try:
        return _begun(book, law, (_first_alike(book, law, days[0]), _first_alike(book, law, days[1]))).result(_WAIT)
    except TooLong:
        raise Busy("this comparison is being worked out", fix="Load the page again in a minute.") from None


def rows(found: Comparison) -> tuple[Row, ...]:
    """The patterns, ready for a table."""
    return tuple(_row(turned, found.days) for turned in found.turned)


def _row(turned: Turned, days: tuple[date, date]) -> Row:
    turns = tuple((NAMES[name], SAYS[then], SAYS[now]) for name, (then, now) in turned.decisions.items())
    cases = turned.example or ()
    examples = tuple((day, try_url(case), writing.written(case)) for day, case in zip(days, cases, strict=False))
    return Row(turned.says, turns, examples)


@lru_cache(maxsize=256)
def _begun(book: LawBook, law: str, days: tuple[date, date]) -> Future[Comparison]:
    return _WORKER.submit(compare.compare, book, law, days, MOST)


def _first_alike(book: LawBook, law: str, day: date) -> date:
    """The first day on which the same of the law was in force; before all of it, the last such day."""
    edges = book.edges[law]
    earlier = [edge for edge in edges if edge <= day]
    return earlier[-1] if earlier else min(edges, default=day) - timedelta(days=1)
