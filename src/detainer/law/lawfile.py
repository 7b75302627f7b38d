"""A law file: what it holds, each part in the words that the file itself uses."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from detainer.law import conditions as c
from detainer.law.clocks import Clock
from detainer.law.lookback import Lookback
from detainer.law.offenses import OffenseList


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which something is in force; None leaves an end open."""

    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day lies within, both ends included."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def meets(self, other: Span) -> bool:
        """Whether some day lies within both."""
        first, last = max(self.first or date.min, other.first or date.min), self.last or date.max
        return first <= min(last, other.last or date.max)


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
    """A rule: the decisions it speaks to, its effect, when it applies, and the provisions that lift it.

    Where a command `prevails`, what narrower laws and local policies forbid is void.
    """

    id: str
    cite: str
    says: str
    effect: str
    on: tuple[str, ...]
    when: c.Node
    unless: tuple[str, ...]
    until: str
    doubts: tuple[Doubt, ...]
    prevails: bool
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
    """What must be done whatever the answer: a notice, a record, a report.

    `paper` is the paper that fulfils it. It is due so many `hours` after a step; where the law gives no number,
    `reminder_hours` are this house's and no more than the moment at which the desk reminds.
    """

    id: str
    cite: str
    says: str
    when: c.Node
    due: str
    clock: str
    span: Span
    line: int
    paper: str = ""
    after: str = ""
    hours: int | None = None
    reminder: bool = False


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
