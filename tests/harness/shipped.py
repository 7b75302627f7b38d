"""The shipped laws and their worked cases, read once for all tests of a process, so that engines are shared."""

from __future__ import annotations

from functools import cache

from detainer.law import Case, LawBook, read_cases
from detainer.law.book import shipped


@cache
def book() -> LawBook:
    """The shipped laws."""
    return LawBook.load()


@cache
def worked_cases() -> tuple[Case, ...]:
    return tuple(case for file in sorted(shipped().rglob("cases/*.yaml")) for case in read_cases(file))


def worked(name: str) -> Case:
    """The worked case of that id."""
    return next(case for case in worked_cases() if case.id == name)
