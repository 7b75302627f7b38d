"""What laws there are: places, agencies, versions, and how well each provision is confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detainer.law.book import Agency, LawBook
from detainer.law.lawfile import LawFile
from detainer.law.lawreader import GRADES

GRADE_SAYS: Mapping[str, str] = {
    "A": "read in the law's own text",
    "B": "read in a summary, a report or a reprint",
    "C": "inferred or from memory: to be confirmed",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its folder below the laws, its laws, and the agencies whose laws reach down to it."""

    path: str
    laws: tuple[LawFile, ...]
    agencies: tuple[Agency, ...]


def places(book: LawBook) -> tuple[Place, ...]:
    """The places of a law book, wider ones first."""
    folders: dict[str, list[LawFile]] = {}
    for law in book.laws.values():
        folders.setdefault(_folder(book, law), []).append(law)
    narrowest = {
        agency.id: max((_folder(book, book.laws[law]) for law in agency.laws), key=lambda path: path.count("/"))
        for agency in book.agencies.values()
    }
    return tuple(
        Place(path, tuple(laws), tuple(book.agencies[name] for name, place in narrowest.items() if place == path))
        for path, laws in sorted(folders.items())
    )


def _folder(book: LawBook, law: LawFile) -> str:
    return law.path.parent.relative_to(book.root).as_posix()


def grades(law: LawFile) -> dict[str, int]:
    """How many provisions bear each grade; "" counts those that bear none."""
    counted = Counter(rule.grade for rule in law.provisions)
    return {grade: counted[grade] for grade in (*GRADES, "")}


def as_json(book: LawBook) -> dict[str, Any]:
    """The whole catalog as plain data."""
    return {
        "places": [
            {
                "place": place.path,
                "laws": [_law(law) for law in place.laws],
                "agencies": [agency.id for agency in place.agencies],
            }
            for place in places(book)
        ],
        "agencies": [
            {
                "id": agency.id,
                "name": agency.name,
                "short": agency.short,
                "kind": agency.kind,
                "timezone": agency.timezone,
                "laws": list(agency.laws),
                "standing": dict(agency.standing),
            }
            for agency in book.agencies.values()
        ],
    }


def _law(law: LawFile) -> dict[str, Any]:
    return {
        "law": law.id,
        "name": law.name,
        "cite": law.cite,
        "versions": [
            {
                "first": version.span.first.isoformat() if version.span.first else None,
                "last": version.span.last.isoformat() if version.span.last else None,
                "by": version.by,
                "says": version.says,
                "grade": version.grade,
            }
            for version in law.versions
        ],
        "grades": {grade or "none": count for grade, count in grades(law).items()},
        "provisions": [
            {"id": rule.id, "cite": rule.cite, "effect": rule.effect, "on": list(rule.on), "grade": rule.grade}
            for rule in law.provisions
        ],
        "digest": law.digest,
    }
