"""What shows a provision: the worked cases of a law's own place in which it decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from detainer.law import Case
from detainer.law.book import LawBook
from detainer.law.case import read_cases
from detainer.law.lawfile import LawFile, Version

Shown = Mapping[str, tuple[Case, ...]]


def shown(book: LawBook, law: LawFile, version: Version | None) -> Shown:
    """The worked cases that a version decided, by the provision or limit that did; each is decided to find out."""
    return _shown(book, law.id, version.name) if version else {}


@lru_cache(maxsize=64)
def _shown(book: LawBook, law: str, version: str) -> Shown:
    found: dict[str, dict[str, Case]] = defaultdict(dict)
    for case in _cases(book, law):
        agency = book.agency(case.agency)
        day = case.at.astimezone(agency.zone).date()
        standing = book.laws[law].version_on(day)
        if law not in agency.laws or standing is None or standing.name != version:
            continue
        for name, provision in book.engine(agency, day).deciding(case):
            if name == law:
                found[provision][case.id] = case
    return {name: tuple(cases.values()) for name, cases in found.items()}


@lru_cache(maxsize=16)
def _cases(book: LawBook, law: str) -> tuple[Case, ...]:
    """The worked cases that lie beside the law's file."""
    folder = book.laws[law].path.parent / "cases"
    return tuple(case for file in sorted(folder.glob("*.yaml")) for case in read_cases(file))
