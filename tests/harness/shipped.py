"""The shipped laws and their worked cases, read once for all tests of a process, so that engines are shared."""

from __future__ import annotations

import os
from functools import cache

from detainer.law import Case, LawBook, read_cases
from detainer.law.book import shipped


def book() -> LawBook:
    """The shipped laws.

    While mutmut finds out which tests touch which function, each test compiles the laws anew, and each change that it
    makes reads its own; or the first test would hide the others.
    """
    change = os.environ.get("MUTANT_UNDER_TEST", "")
    return _compiled_for(os.environ.get("PYTEST_CURRENT_TEST", "")) if change == "stats" else _book(change)


@cache
def _book(change: str) -> LawBook:
    return LawBook.load()


@cache
def _compiled_for(test: str) -> LawBook:
    read = _book("stats")
    return LawBook(read.root, read.laws, read.agencies, read.calendar)


@cache
def worked_cases() -> tuple[Case, ...]:
    return tuple(case for file in sorted(shipped().rglob("cases/*.yaml")) for case in read_cases(file))


def worked(name: str) -> Case:
    """The worked case of that id."""
    return next(case for case in worked_cases() if case.id == name)
