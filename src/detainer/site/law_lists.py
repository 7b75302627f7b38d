"""The offense lists: all of them, the rows whose title holds some words, or one section and what it counts as."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from detainer.law.book import LawBook
from detainer.law.offense import Found, Standing, Use
from detainer.law.offenses import Offense, OffenseList
from detainer.law.reading import span
from detainer.law.wording import listed, named


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list as a line of a table."""

    section: str
    title: str
    limits: str
    marks: str
    span: str
    listed: bool
    grade: str
    source: str
    note: str
    covered: bool | None


@dataclass(frozen=True, slots=True)
class Table:
    """A list, the laws that share it, and its lines."""

    name: str
    laws: tuple[str, ...]
    lines: tuple[Line, ...]
    uses: tuple[tuple[str, Use, tuple[tuple[str, str, tuple[str, ...]], ...]], ...] = ()


def tables(book: LawBook, day: date, words: str = "") -> tuple[Table, ...]:
    """Every list, with the rows whose title holds all the words; laws that share a list stand together."""
    wanted = words.casefold().split()
    shared: dict[tuple[str, tuple[Offense, ...]], list[str]] = {}
    for law, each in _lists(book):
        rows = tuple(row for row in each.all() if all(word in row.title.casefold() for word in wanted))
        if rows:
            shared.setdefault((each.name, rows), []).append(law)
    return tuple(
        Table(named(name), tuple(laws), tuple(line(row, day) for row in rows)) for (name, rows), laws in shared.items()
    )


def found_tables(found: Found) -> tuple[Table, ...]:
    """What the lists say of one section; laws that share rows stand together, with what each makes of them."""
    shared: dict[tuple[str, tuple[Offense, ...]], list[Standing]] = {}
    for standing in found.standings:
        shared.setdefault((standing.list, standing.rows), []).append(standing)
    return tuple(
        Table(
            named(name),
            tuple(standing.law for standing in standings),
            tuple(line(row, found.on, covered) for row, covered in zip(rows, standings[0].covered, strict=True)),
            tuple((one.law, use, _forms(use)) for one in standings for use in one.uses),
        )
        for (name, rows), standings in shared.items()
    )


def line(row: Offense, day: date, covered: bool | None = None) -> Line:
    """A row in words, as of a day."""
    return Line(
        f"{row.law} {row.section}",
        row.title,
        listed(list(row.limits)) if row.limits else "every subdivision",
        listed([named(mark) for mark in sorted(row.marks)], "and") if row.marks else "",
        span(row.first, row.last),
        row.listed_on(day),
        row.grade,
        row.source,
        row.note,
        covered,
    )


def _forms(use: Use) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """The forms that come out alike: completed, attempt and so on, what becomes of them, the questions left open."""
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for outcome in use.outcomes:
        key = outcome.says, tuple(question.asks for question in outcome.open)
        alike.setdefault(key, []).append(named(outcome.form) if outcome.form else "a pending charge")
    return tuple((listed(forms, "and"), says, asks) for (says, asks), forms in alike.items())


def _lists(book: LawBook) -> Iterator[tuple[str, OffenseList]]:
    for law in book.laws.values():
        yield from ((law.id, each) for each in law.lists.values())
