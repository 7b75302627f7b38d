"""What changed in a law between two days, worked out once: in the background, one law at a time, and kept on disk.

A comparison can take longer than a reader should wait, and the desk shares the machine. What is asked again is at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from detainer.law import compare, writing
from detainer.law.book import LawBook
from detainer.law.compare import Turned
from detainer.law.explain import NAMES, SAYS
from detainer.law.lawfile import LawFile
from detainer.site import law_kept
from detainer.site.law_links import try_url
from detainer.site.law_shell import Busy

MOST = 20  # patterns of facts; the fewest facts come first
_WAIT = 8.0  # seconds
_WORKER = ThreadPoolExecutor(1, "law-changes")
_KIND = "changes"


@dataclass(frozen=True, slots=True)
class Row:
    """A pattern of facts: its words, the turns (decision, then, now), and an example for each day to try.

    An example is its day, its address and its text.
    """

    facts: tuple[str, ...]
    turns: tuple[tuple[str, str, str], ...]
    examples: tuple[tuple[date, str, str], ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The rows of a comparison, made for an agency; `complete` is False where more rows were left out."""

    rows: tuple[Row, ...]
    complete: bool
    agency: str


def changes(book: LawBook, law: str, days: tuple[date, date]) -> Changes:
    """The comparison of two days; Busy while it is still being worked out.

    Two days on which the same items of the law are in force have one comparison with a third.
    """
    alike = _first_alike(book, law, days[0]), _first_alike(book, law, days[1])
    kept = law_kept.find(_KIND, _made_of(book, law, alike))
    try:
        return _read(kept if kept is not None else _begun(book, law, alike).result(_WAIT))
    except TooLong:
        raise Busy("this comparison is being worked out", fix="Load the page again in a minute.") from None


def last_change(law: LawFile) -> tuple[date, date] | None:
    """The days around a law's last new version, or around the first day of one that has a single version."""
    starts = [version.span.first for version in law.versions if version.span.first]
    return (max(starts) - timedelta(days=1), max(starts)) if starts else None


def work_out(book: LawBook, law: str, days: tuple[date, date]) -> None:
    """Have the comparison of two days on disk, however long it takes."""
    _made(book, law, (_first_alike(book, law, days[0]), _first_alike(book, law, days[1])))


@lru_cache(maxsize=256)
def _begun(book: LawBook, law: str, days: tuple[date, date]) -> Future[Any]:
    return _WORKER.submit(_made, book, law, days)


def _made(book: LawBook, law: str, days: tuple[date, date]) -> Any:
    return law_kept.kept(_KIND, _made_of(book, law, days), lambda: _compared(book, law, days))


def _made_of(book: LawBook, law: str, days: tuple[date, date]) -> Mapping[str, Any]:
    """All that a comparison rests on: what is in force on both days, and whom the examples are of."""
    agencies = [one for one in book.agencies.values() if law in one.laws]
    return {
        "law": law,
        "days": [day.isoformat() for day in days],
        "digests": {name: book.laws[name].digest for one in agencies for name in one.laws},
        "agencies": [[one.id, *one.laws, one.timezone] for one in agencies],
        "calendar": book.calendar.version,
        "most": MOST,
    }


def _compared(book: LawBook, law: str, days: tuple[date, date]) -> Mapping[str, Any]:
    found = compare.compare(book, law, days, MOST)
    rows = [_row(turned, found.days) for turned in found.turned]
    return {"rows": rows, "complete": found.complete, "agency": found.agency}


def _row(turned: Turned, days: tuple[date, date]) -> Mapping[str, Any]:
    turns = [(NAMES[name], SAYS[then], SAYS[now]) for name, (then, now) in turned.decisions.items()]
    cases = turned.example or ()
    examples = [(day.isoformat(), try_url(case), writing.written(case)) for day, case in zip(days, cases, strict=False)]
    return {"facts": turned.says, "turns": turns, "examples": examples}


def _read(found: Any) -> Changes:
    """What is kept on disk, for a table."""
    rows = tuple(
        Row(
            tuple(row["facts"]),
            tuple((title, then, now) for title, then, now in row["turns"]),
            tuple((date.fromisoformat(day), address, text) for day, address, text in row["examples"]),
        )
        for row in found["rows"]
    )
    return Changes(rows, found["complete"], found["agency"])


def _first_alike(book: LawBook, law: str, day: date) -> date:
    """The first day on which the same of the law was in force; before all of it, the last such day."""
    edges = book.edges[law]
    earlier = [edge for edge in edges if edge <= day]
    return earlier[-1] if earlier else min(edges, default=day) - timedelta(days=1)
