"""A law as a lawyer reads it on one day: one structure, from which the text, the JSON and the page are made.

What the law says stands in the order of its file, which is the statute's own. Whatever was not in force on the day is
left out; a law that was not in force at all has its versions and its sources only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from detainer.errors import UserError
from detainer.law.book import LawBook
from detainer.law.entries import Entries, Entry
from detainer.law.expand import Layer
from detainer.law.lawfile import LawFile, Version
from detainer.law.wording import Clause, sentence


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: entries of one kind, or the law itself in its own order."""

    name: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Page:
    """One law on one day. `version` is None when the law was not in force."""

    law: str
    name: str
    cite: str
    about: str
    on: date
    version: Version | None
    versions: tuple[Version, ...]
    sections: tuple[Section, ...]
    digest: str

    def as_json(self) -> dict[str, Any]:
        """The page as plain data; a condition as its words, and as it is written in the law file."""
        return {
            "law": self.law,
            "name": self.name,
            "cite": self.cite,
            "about": self.about,
            "on": self.on.isoformat(),
            "version": self.version.name if self.version else None,
            "versions": [_version(version) for version in self.versions],
            **{section.name: [_entry(entry) for entry in section.entries] for section in self.sections},
            "digest": self.digest,
        }


def read(book: LawBook, law: str, day: date) -> Page:
    """The page of a law on a day; UserError names the laws that there are when this is none of them."""
    found = law_named(book, law)
    layer = Layer(found, found.version_on(day), day)
    return Page(
        found.id,
        found.name,
        found.cite,
        found.about,
        day,
        layer.version,
        found.versions,
        tuple(section for section in _sections(book, layer) if section.entries),
        found.digest,
    )


def law_named(book: LawBook, name: str) -> LawFile:
    """The law of that name; UserError names those that there are."""
    if name not in book.laws:
        raise UserError(f"there is no law {name}", fix=f"Laws: {', '.join(sorted(book.laws))}.")
    return book.laws[name]


def span(first: date | None, last: date | None) -> str:
    """Days in words: "2014-12-14 to 2018-01-29", "from 2026-01-29"."""
    if first and last:
        return f"{first} to {last}"
    return f"from {first}" if first else f"to {last}" if last else "always"


def _sections(book: LawBook, layer: Layer) -> Iterator[Section]:
    law, entries = layer.law, Entries(layer)
    lender = book.laws[law.borrows] if law.borrows else None
    lent = {id(item) for item in (*lender.definitions, *lender.questions)} if lender else set()
    own = [item for item in (*law.definitions, *law.limits, *law.provisions) if id(item) not in lent]
    rules = layer.of(sorted(own, key=lambda item: item.line))
    yield Section("rules", "The law, in its own order", tuple(map(entries.rule, rules)))
    borrowed = layer.of(item for item in law.definitions if id(item) in lent)
    title = f"Terms taken over from {lender.cite}" if lender else ""
    yield Section("borrowed", title, tuple(map(entries.rule, borrowed)))
    if layer.version is not None:
        yield from _aids(layer, entries)
    yield Section("sources", "Sources", tuple(Entry("source", key, "", says) for key, says in law.sources.items()))


def _aids(layer: Layer, entries: Entries) -> Iterator[Section]:
    """What stands beside the rules: questions, duties, times, lists, guarantees."""
    law = layer.law
    yield Section(
        "questions", "Open questions, with the cautious reading", _all(entries.question, layer, law.questions)
    )
    yield Section("duties", "What must be done whatever the answer", _all(entries.duty, layer, law.duties))
    yield Section("lookbacks", "Look-backs", tuple(map(entries.lookback, law.lookbacks.values())))
    yield Section("clocks", "Times", tuple(map(entries.clock, law.clocks.values())))
    yield Section("lists", "Offense lists", tuple(map(entries.offenses, law.lists.values())))
    yield Section("implies", "What brings what with it", _all(entries.implication, layer, law.implications))
    yield Section("guarantees", "What holds whatever the facts", _all(entries.guarantee, layer, law.guarantees))


def _all(entry: Any, layer: Layer, items: Iterable[Any]) -> tuple[Entry, ...]:
    return tuple(map(entry, layer.of(items)))


def _version(version: Version) -> dict[str, Any]:
    first, last = version.span.first, version.span.last
    return {
        "first": first.isoformat() if first else None,
        "last": last.isoformat() if last else None,
        "by": version.by,
        "says": version.says,
        "grade": version.grade,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": entry.kind, "id": entry.id, "cite": entry.cite, "says": entry.says}
    if entry.grade:
        found["grade"] = entry.grade
    for field in entry.fields:
        found[field.name] = _value(field.value)
        if field.written:
            found[f"{field.name}_written"] = field.written
    if entry.inner:
        found["doubts"] = [_entry(inner) for inner in entry.inner]
    return found


def _value(value: str | Clause | Mapping[str, str]) -> Any:
    return sentence(value) if isinstance(value, Clause) else dict(value) if isinstance(value, Mapping) else value
