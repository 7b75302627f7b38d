"""Which questions the form asks now: those that can still matter, those already answered, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from detainer.desk.form.entry import ASKED, Entry
from detainer.desk.form.fields import Field, Group, field, group
from detainer.law import Answer, FactNeeded
from detainer.law.vocabulary import LISTS

ALWAYS = ("request.form", "request.from", "request.asks", "request.received")
_ELEMENT = re.compile(r"(?P<list>[a-z_.]+)\[\d+\](?:\.(?P<inner>.+))?")
_SECTIONS = (
    ("came", "What came", ALWAYS),
    ("papers", "Papers with it", ("warrants",)),
    ("form", "More about the request", ("request.",)),
    ("custody", "Custody and release", ("custody.", "arrest.", "person.matches_request", "person.under_18")),
    ("search", "The search", ("search.", "record.", "watch_list", "reentry.")),
    ("other", "Other facts", ("",)),
)
_UNFOLDED = ("came", "papers")
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
    """A part of the form; `folds` where it may be folded away, `is_open` where it should stand open."""

    id: str
    title: str
    fields: tuple[Field | Group, ...]
    folds: bool = False
    is_open: bool = True


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
    matter here. A fact that is neither needed any more nor answered is dropped. Once the law says of holding and of
    telling what it says, the parts in which nothing was answered and nothing decides next are folded.
    """
    needed = {path_of(one.fact): one for one in reversed(answer.facts_needed)}
    ever = {path_of(one.fact) for one in first.facts_needed} | set(needed) | set(ALWAYS)
    wanted = {path for path in ASKED if path in needed or path in ALWAYS or entry.answered(path)}
    shown: set[str] = set()
    sections = []
    for id_, title, prefixes in _SECTIONS:
        paths = [path for path in (*ALWAYS, *ASKED) if path in wanted - shown and path.startswith(prefixes)]
        paths = list(dict.fromkeys(paths))
        shown |= set(paths)
        if paths:
            asked = tuple(_ask(entry, path, needed.get(path), answer) for path in paths)
            folds = id_ not in _UNFOLDED
            sections.append(Section(id_, title, asked, folds, not folds or _stands_open(entry, answer, paths)))
    dropped = tuple(fact.asks for path, fact in ASKED.items() if path in ever - wanted)
    return Plan(tuple(sections), dropped, _settling(answer) if dropped else ())


def _stands_open(entry: Entry, answer: Answer, paths: Iterable[str]) -> bool:
    """Whether a part of the form is worth a look: it may settle the matter, or somebody answered in it."""
    if any(answer.decisions[name].modality == "undetermined" for name in ("hold", "notify")):
        return True
    following = path_of(answer.facts_needed[0].fact) if answer.facts_needed else ""
    return any(path == following or entry.answered(path) or path in entry.errors for path in paths)


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
