"""A law file: what it holds, and reading it so that every mistake is told with file, line and mend."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from detainer.errors import UserError
from detainer.law import conditions as c
from detainer.law.clocks import Clock
from detainer.law.files import Block, read_documents
from detainer.law.language import condition
from detainer.law.lookback import Lookback
from detainer.law.offenses import OffenseList, read_offenses
from detainer.law.vocabulary import DECISIONS, ELEMENTS

EFFECTS = ("must", "may", "must_not")
GRADES = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which something is in force; None leaves an end open."""

    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day lies within, both ends included."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a law: its days, the act that made it, and what it changed."""

    span: Span
    by: str
    says: str
    grade: str
    line: int

    @property
    def name(self) -> str:
        """The first day, by which the version is known."""
        return self.span.first.isoformat() if self.span.first else ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """An open question of law inside a definition or a provision: the other reading adds or demands a condition."""

    question: str
    other: c.Node
    adds: bool


@dataclass(frozen=True, slots=True)
class Definition:
    """A term of the law: its citation, its sentence, what to say when it is not met, and its condition."""

    id: str
    of: str
    cite: str
    says: str
    lacking: str
    when: c.Node
    doubts: tuple[Doubt, ...]
    span: Span
    grade: str
    line: int


@dataclass(frozen=True, slots=True)
class Provision:
    """A rule: the decisions it speaks to, its effect, when it applies, and the provisions that lift it."""

    id: str
    cite: str
    says: str
    effect: str
    on: tuple[str, ...]
    when: c.Node
    unless: tuple[str, ...]
    until: str
    doubts: tuple[Doubt, ...]
    span: Span
    grade: str
    line: int


@dataclass(frozen=True, slots=True)
class Limit:
    """Where the law has nothing to answer: a request withdrawn, a person not held."""

    id: str
    cite: str
    says: str
    on: tuple[str, ...]
    when: c.Node
    span: Span
    line: int


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question for counsel: what is asked, and the cautious reading taken until it is answered.

    With `when`, it is carried whenever the facts are so; otherwise only where its answer could change a decision.
    """

    id: str
    cite: str
    asks: str
    cautious: str
    when: c.Node | None
    span: Span
    line: int


@dataclass(frozen=True, slots=True)
class DutyRule:
    """What must be done whatever the answer: a notice, a record, a report."""

    id: str
    cite: str
    says: str
    when: c.Node
    due: str
    span: Span
    line: int


@dataclass(frozen=True, slots=True)
class Implication:
    """Two conditions of which the law, or nature, says that one brings the other with it."""

    if_: c.Node
    then: c.Node
    says: str
    span: Span
    line: int


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A sentence that holds for every state of the facts: under `when`, the decision is never one of `never`."""

    says: str
    cite: str
    decision: str
    never: tuple[str, ...]
    when: c.Node
    span: Span
    line: int


@dataclass(frozen=True)
class LawFile:
    """One law: its versions and everything that they hold, each item with the days on which it is in force."""

    id: str
    name: str
    cite: str
    about: str
    path: Path
    digest: str
    versions: tuple[Version, ...]
    definitions: tuple[Definition, ...] = ()
    provisions: tuple[Provision, ...] = ()
    limits: tuple[Limit, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    duties: tuple[DutyRule, ...] = ()
    implications: tuple[Implication, ...] = ()
    guarantees: tuple[Guarantee, ...] = ()
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    lookbacks: Mapping[str, Lookback] = field(default_factory=dict)
    lists: Mapping[str, OffenseList] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    borrows: str = ""
    own: frozenset[str] = frozenset()  # with borrowed terms: the definitions that are its own

    def version_on(self, day: date) -> Version | None:
        """The version in force on a day; None when there was none."""
        return next((version for version in self.versions if version.span.covers(day)), None)

    def with_terms_of(self, other: LawFile) -> LawFile:
        """The law with the terms of another as its own: definitions, questions, clocks, look-backs, lists.

        What the law says itself goes before; the terms keep the citations of the law that they come from.
        """
        own = {definition.id for definition in self.definitions}
        asked = {question.id for question in self.questions}
        return replace(
            self,
            digest=hashlib.sha256(f"{self.digest} {other.digest}".encode()).hexdigest(),
            own=frozenset(own),
            definitions=(*self.definitions, *(term for term in other.definitions if term.id not in own)),
            questions=(*self.questions, *(q for q in other.questions if q.id not in asked and q.when is None)),
            clocks={**other.clocks, **self.clocks},
            lookbacks={**other.lookbacks, **self.lookbacks},
            lists={**other.lists, **self.lists},
        )


T = TypeVar("T")


def read_law(path: Path) -> LawFile:
    """Read a law file and the offense lists it names; UserError tells file, line and mend."""
    blocks = list(read_documents(path))
    if len(blocks) != 1:
        raise UserError(f"a law file holds one law, this one {len(blocks)}", where=str(path))
    return _LawReader(blocks[0], path).law()


class _LawReader:
    """Reads the one block of a law file."""

    KEYS = [
        "law",
        "name",
        "cite",
        "about",
        "borrows",
        "sources",
        "versions",
        "lists",
        "lookbacks",
        "clocks",
        "definitions",
        "limits",
        "provisions",
        "questions",
        "duties",
        "implies",
        "guarantees",
    ]

    def __init__(self, block: Block, path: Path) -> None:
        self.block, self.path = block, path

    def law(self) -> LawFile:
        self.keys(self.block, self.KEYS, ("law", "name", "cite", "versions"))
        files = [self.path, *(self.path.parent / str(name) for name in (self.block.get("lists") or {}).values())]
        lists = {
            name: read_offenses(self.path.parent / str(file), name)
            for name, file in (self.block.get("lists") or {}).items()
        }
        return LawFile(
            id=self.text(self.block, "law"),
            name=self.text(self.block, "name"),
            cite=self.text(self.block, "cite"),
            about=self.text(self.block, "about", ""),
            borrows=self.text(self.block, "borrows", ""),
            path=self.path,
            digest=hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest(),
            versions=self._versions(),
            definitions=self.items("definitions", self._definition),
            provisions=self.items("provisions", self._provision),
            limits=self.items("limits", self._limit),
            questions=self.items("questions", self._question),
            duties=self.items("duties", self._duty),
            implications=self.items("implies", self._implication),
            guarantees=self.items("guarantees", self._guarantee),
            clocks={clock.id: clock for clock in self.items("clocks", self._clock)},
            lookbacks={lookback.id: lookback for lookback in self.items("lookbacks", self._lookback)},
            lists=lists,
            sources={key: str(value) for key, value in (self.block.get("sources") or {}).items()},
        )

    def items(self, key: str, read: Callable[[Block], T]) -> tuple[T, ...]:
        found = self.block.get(key) or []
        if not isinstance(found, list) or not all(isinstance(item, Block) for item in found):
            raise self.error(f"{key} must be a list of items", self.block, key)
        return tuple(read(item) for item in found)

    def _versions(self) -> tuple[Version, ...]:
        versions = self.items("versions", self._version)
        if not versions:
            raise self.error("a law needs at least one version", self.block, "versions")
        for one, two in pairwise(versions):
            if two.span.first is None or one.span.last is None or one.span.last >= two.span.first:
                raise UserError(
                    f"the versions of {one.name} and {two.name} are both in force on {two.name}",
                    where=f"{self.path}:{two.line}",
                    fix="End the earlier one the day before.",
                )
        return versions

    def _version(self, item: Block) -> Version:
        self.keys(item, ("first", "last", "by", "says", "grade"), ("first", "by", "says", "grade"))
        return Version(self.span(item), self.text(item, "by"), self.text(item, "says"), self.grade(item), item.line)

    def _definition(self, item: Block) -> Definition:
        self.keys(
            item,
            ["id", "of", "cite", "says", "lacking", "when", "doubts", "first", "last", "grade"],
            ("id", "cite", "says", "when"),
        )
        of = self.text(item, "of", "")
        if of and of not in ELEMENTS:
            raise self.error(f"of is {of!r}", item, "of", f"Allowed: {', '.join(ELEMENTS)}.")
        says = self.text(item, "says")
        return Definition(
            self.text(item, "id"),
            of,
            self.text(item, "cite"),
            says,
            self.text(item, "lacking", f"Not so: {says}"),
            self.when(item),
            self.doubts(item),
            self.span(item),
            self.grade(item),
            item.line,
        )

    def _provision(self, item: Block) -> Provision:
        allowed = ["id", "cite", "says", "effect", "on", "when", "unless", "until", "doubts", "first", "last", "grade"]
        self.keys(item, allowed, ("id", "cite", "says", "effect", "on"))
        effect = self.text(item, "effect")
        if effect not in EFFECTS:
            raise self.error(f"effect is {effect!r}", item, "effect", f"Allowed: {', '.join(EFFECTS)}.")
        return Provision(
            self.text(item, "id"),
            self.text(item, "cite"),
            self.text(item, "says"),
            effect,
            self.decisions(item),
            self.when(item, c.Always(True)),
            tuple(self.words(item, "unless")),
            self.text(item, "until", ""),
            self.doubts(item),
            self.span(item),
            self.grade(item),
            item.line,
        )

    def _limit(self, item: Block) -> Limit:
        self.keys(item, ["id", "cite", "says", "on", "when", "first", "last"], ("id", "says", "on", "when"))
        return Limit(
            self.text(item, "id"),
            self.text(item, "cite", self.text(self.block, "cite")),
            self.text(item, "says"),
            self.decisions(item),
            self.when(item),
            self.span(item),
            item.line,
        )

    def _question(self, item: Block) -> OpenQuestion:
        self.keys(item, ["id", "cite", "asks", "cautious", "when", "first", "last"], ("id", "cite", "asks", "cautious"))
        return OpenQuestion(
            self.text(item, "id"),
            self.text(item, "cite"),
            self.text(item, "asks"),
            self.text(item, "cautious"),
            self.when(item) if "when" in item else None,
            self.span(item),
            item.line,
        )

    def _duty(self, item: Block) -> DutyRule:
        self.keys(item, ["id", "cite", "says", "when", "due", "first", "last"], ("id", "cite", "says"))
        return DutyRule(
            self.text(item, "id"),
            self.text(item, "cite"),
            self.text(item, "says"),
            self.when(item, c.Always(True)),
            self.text(item, "due", ""),
            self.span(item),
            item.line,
        )

    def _implication(self, item: Block) -> Implication:
        self.keys(item, ["if", "then", "says", "first", "last"], ("if", "then", "says"))
        return Implication(
            self.when(item, key="if"), self.when(item, key="then"), self.text(item, "says"), self.span(item), item.line
        )

    def _guarantee(self, item: Block) -> Guarantee:
        self.keys(item, ["says", "cite", "decision", "never", "when", "first", "last"], ("says", "decision", "never"))
        decision = self.text(item, "decision")
        if decision not in DECISIONS:
            raise self.error(f"decision is {decision!r}", item, "decision", f"Allowed: {', '.join(DECISIONS)}.")
        return Guarantee(
            self.text(item, "says"),
            self.text(item, "cite", self.text(self.block, "cite")),
            decision,
            tuple(self.words(item, "never")),
            self.when(item, c.Always(True)),
            self.span(item),
            item.line,
        )

    def _clock(self, item: Block) -> Clock:
        allowed = ["id", "cite", "says", "starts", "hours", "leaves_out", "holidays", "end_of_day"]
        self.keys(item, allowed, ("id", "cite", "says", "starts"))
        hours = item.get("hours", 0)
        if isinstance(hours, bool) or not isinstance(hours, (int, float)):
            raise self.error("hours must be a number", item, "hours")
        leaves_out = self.words(item, "leaves_out")
        if set(leaves_out) - {"weekends", "holidays"}:
            raise self.error("leaves_out allows weekends and holidays", item, "leaves_out")
        return Clock(
            self.text(item, "id"),
            self.text(item, "cite"),
            self.text(item, "says"),
            tuple(self.words(item, "starts")),
            float(hours),
            "weekends" in leaves_out,
            tuple(self.words(item, "holidays")) if "holidays" in leaves_out else (),
            bool(item.get("end_of_day", False)),
        )

    def _lookback(self, item: Block) -> Lookback:
        allowed = [
            "id",
            "cite",
            "says",
            "years",
            "starts",
            "measured",
            "extended_by",
            "counted_from",
            "includes_last_day",
        ]
        self.keys(item, allowed, ("id", "cite", "says", "years", "starts", "measured"))
        if not isinstance(item["years"], int):
            raise self.error("years must be a whole number", item, "years")
        return Lookback(
            self.text(item, "id"),
            self.text(item, "cite"),
            self.text(item, "says"),
            item["years"],
            self.text(item, "starts"),
            self.text(item, "measured"),
            self.when(item, key="extended_by") if "extended_by" in item else None,
            self.text(item, "counted_from", self.text(item, "starts")),
            bool(item.get("includes_last_day", False)),
        )

    def doubts(self, item: Block) -> tuple[Doubt, ...]:
        found = []
        for doubt in item.get("doubts") or []:
            self.keys(doubt, ("question", "also_if", "only_if"), ("question",))
            if ("also_if" in doubt) == ("only_if" in doubt):
                raise self.error("a doubt says either also_if or only_if", doubt, "question")
            adds = "also_if" in doubt
            found.append(
                Doubt(self.text(doubt, "question"), self.when(doubt, key="also_if" if adds else "only_if"), adds)
            )
        return tuple(found)

    def when(self, item: Block, default: c.Node | None = None, key: str = "when") -> c.Node:
        if key not in item and default is not None:
            return default
        value = item.get(key)
        if not isinstance(value, str):
            raise self.error(f"{key} must be a condition in words", item, key)
        return condition(value, f"{self.path}:{item.line_of(key)}")

    def span(self, item: Block) -> Span:
        first, last = item.get("first"), item.get("last")
        for key, value in (("first", first), ("last", last)):
            if value is not None and not isinstance(value, date):
                raise self.error(f"{key} is no date", item, key, "Write it as 2014-12-14.")
        if first and last and last < first:
            raise self.error("the last day lies before the first", item, "last")
        return Span(first, last)

    def grade(self, item: Block) -> str:
        grade = self.text(item, "grade", "")
        if grade and grade not in GRADES:
            raise self.error(f"grade is {grade!r}", item, "grade", f"Allowed: {', '.join(GRADES)}.")
        return grade

    def decisions(self, item: Block) -> tuple[str, ...]:
        words = self.words(item, "on")
        if words == ["all"]:
            return DECISIONS
        for word in words:
            if word not in DECISIONS:
                raise self.error(f"{word!r} is no decision", item, "on", f"Allowed: all, {', '.join(DECISIONS)}.")
        return tuple(words)

    def words(self, item: Block, key: str) -> list[str]:
        value = item.get(key) or []
        if isinstance(value, str):
            return [value]
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.error(f"{key} must be a list of words", item, key)
        return value

    def text(self, item: Block, key: str, default: str | None = None) -> str:
        value = item.get(key, default)
        if not isinstance(value, str) or (not value and default is None):
            raise self.error(f"{key} must be text", item, key, f'Write {key}: "…".')
        return " ".join(value.split())

    def keys(self, item: Any, allowed: Iterable[str], needed: Sequence[str]) -> None:
        if not isinstance(item, Block):
            raise self.error("a mapping of keys is expected", self.block, "law")
        for key in item:
            if key not in allowed:
                raise self.error(f"unknown key {key}", item, key, f"Known here: {', '.join(allowed)}.")
        for key in needed:
            if key not in item:
                raise self.error(f"the key {key} is missing", item, key)

    def error(self, what: str, item: Block, key: str, fix: str = "") -> UserError:
        return UserError(what, where=f"{self.path}:{item.line_of(key)}", fix=fix)
