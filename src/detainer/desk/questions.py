"""Which questions the form asks now: those that can still matter, those already answered, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from detainer.desk.entry import ASKED, Entry
from detainer.desk.fields import Field, Group, field, group
from detainer.law import Answer, FactNeeded
from detainer.law.vocabulary import LISTS

ALWAYS = ("request.form", "request.received", "request.from", "request.asks")
_ELEMENT = re.compile(r"(?P<list>[a-z_.]+)\[\d+\](?:\.(?P<inner>.+))?")
_SECTIONS = (
    ("came", "What came", ("request.",)),
    ("papers", "Papers with it", ("warrants",)),
    ("custody", "Custody and release", ("custody.", "arrest.", "person.matches_request", "person.under_18")),
    ("search", "The search", ("search.", "record.", "watch_list", "reentry.")),
    ("other", "Other facts", ("",)),
)
# Asked of every element; the rest only where the law still needs it.
_PLAIN_INNER: Mapping[str, tuple[str, ...]] = {
    "warrants": tuple(LISTS["warrants"]),
    "record.convictions": (
        "jurisdiction",
        "law",
        "section",
        "subdivision",
        "grade",
        "form",
        "judgment_date",
        "status",
    ),
    "record.charges": tuple(LISTS["record.charges"]),
}


@dataclass(frozen=True)
class Section:
    """A part of the form."""

    id: str
    title: str
    fields: tuple[Field | Group, ...]


@dataclass(frozen=True)
class Plan:
    """The form as it stands: its sections, and the questions that no longer matter."""

    sections: tuple[Section, ...]
    dropped: tuple[str, ...]
    settled_by: tuple[str, ...]

    def all_fields(self) -> Iterator[Field]:
        """Every field that the form shows, in order."""
        for section in self.sections:
            for one in section.fields:
                if isinstance(one, Group):
                    yield one.field
                    for row in one.rows:
                        yield from row.fields
                else:
                    yield one


def plan(entry: Entry, answer: Answer, first: Answer) -> Plan:
    """The questions for what is typed so far.

    `answer` is the law's answer to it; `first` its answer to an empty form, which names every fact that could ever
    matter here. A fact that is neither needed any more nor answered is dropped.
    """
    needed = {path_of(one.fact): one for one in reversed(answer.facts_needed)}
    ever = {path_of(one.fact) for one in first.facts_needed} | set(needed) | set(ALWAYS)
    wanted = {path for path in ASKED if path in needed or path in ALWAYS or entry.answered(path)}
    shown: set[str] = set()
    sections = []
    for id_, title, prefixes in _SECTIONS:
        paths = [path for path in ASKED if path in wanted - shown and path.startswith(prefixes)]
        shown |= set(paths)
        if paths:
            sections.append(Section(id_, title, tuple(_ask(entry, path, needed.get(path), answer) for path in paths)))
    dropped = tuple(fact.asks for path, fact in ASKED.items() if path in ever - wanted)
    return Plan(tuple(sections), dropped, _settling(answer) if dropped else ())


def path_of(fact: str) -> str:
    """The fact or list that a needed fact belongs to: `warrants` for `warrants[1].issuer`."""
    found = _ELEMENT.fullmatch(fact)
    return found["list"] if found else fact


def _ask(entry: Entry, path: str, needed: FactNeeded | None, answer: Answer) -> Field | Group:
    why, cite = (needed.why, "") if needed else ("", "")
    if path not in LISTS:
        return field(entry, ASKED[path], path, why=why, cite=cite)
    return group(entry, path, shown=_inner(entry, path, answer.facts_needed), why=why, cite=cite)


def _inner(entry: Entry, path: str, needed: Iterable[FactNeeded]) -> set[str]:
    """The facts of an element worth asking: the plain ones, those the law still needs, those already typed."""
    shown = set(_PLAIN_INNER[path])
    for one in needed:
        found = _ELEMENT.fullmatch(one.fact)
        if found and found["list"] == path and found["inner"]:
            shown.add(found["inner"])
    for inner in LISTS[path]:
        names = [f"{path}.{key}.{inner}{end}" for key in entry.typed.rows(path) for end in ("", ".at", ".mark")]
        if any(entry.typed.one(name) for name in names):
            shown.add(inner)
    return shown


def _settling(answer: Answer) -> tuple[str, ...]:
    """The provisions that settled what the dropped questions were about."""
    settled = (one for one in answer.decisions.values() if one.modality != "undetermined")
    return tuple(dict.fromkeys(reason.cite for decision in settled for reason in decision.reasons))
