"""What shows a provision: the worked cases of a law's own place in which it decided, kept on disk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from detainer.law import Case
from detainer.law.book import LawBook
from detainer.law.case import read_cases
from detainer.law.lawfile import LawFile, Version
from detainer.site import law_kept
from detainer.site.law_links import try_url

_MOST = 10  # cases named below a provision


@dataclass(frozen=True, slots=True)
class Cases:
    """How many worked cases a provision decided; the first of them, each its name, what it is about, its address."""

    count: int
    first: tuple[tuple[str, str, str], ...]


Shown = Mapping[str, Cases]


def shown(book: LawBook, law: LawFile, version: Version | None) -> Shown:
    """The worked cases that a version decided, by the provision or limit that did; each is decided to find out."""
    return _shown(book, law.id, version.name) if version else {}


@lru_cache(maxsize=64)
def _shown(book: LawBook, law: str, version: str) -> Shown:
    bound = [[one.id, *one.laws, one.timezone] for one in book.agencies.values() if law in one.laws]
    files = _files(book, law)
    made_of = {
        "law": law,
        "version": version,
        "digests": {name: book.laws[name].digest for one in book.agencies.values() for name in one.laws},
        "agencies": bound,
        "cases": {file.name: sha256(file.read_bytes()).hexdigest() for file in files},
        "calendar": book.calendar.version,
        "most": _MOST,
    }
    found = law_kept.kept("shown", made_of, lambda: _found(book, law, version))
    return {
        rule: Cases(count, tuple((name, about, at) for name, about, at in first))
        for rule, (count, first) in found.items()
    }


def _found(book: LawBook, law: str, version: str) -> Mapping[str, Any]:
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
    return {
        rule: (len(cases), [(one.id, one.about, try_url(one)) for one in list(cases.values())[:_MOST]])
        for rule, cases in found.items()
    }


def _files(book: LawBook, law: str) -> tuple[Path, ...]:
    """The files of worked cases that lie beside the law's file."""
    return tuple(sorted((book.laws[law].path.parent / "cases").glob("*.yaml")))


@lru_cache(maxsize=16)
def _cases(book: LawBook, law: str) -> tuple[Case, ...]:
    return tuple(case for file in _files(book, law) for case in read_cases(file))
