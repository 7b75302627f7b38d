"""Checking the law like a proof: what is wrong, what never decides, what is guaranteed, what no case shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from detainer.law import conditions as c
from detainer.law.book import Agency, LawBook
from detainer.law.case import Case, read_cases
from detainer.law.coverage import Coverage
from detainer.law.expand import Layer
from detainer.law.lawfile import Definition, LawFile
from detainer.law.proofs import broken, contradictions, decides, told
from detainer.law.stack import Stack
from detainer.law.worked import differences


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that `detainer law check` finds: where, what kind, and what to do."""

    where: str
    kind: str
    says: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A guarantee that was proved, and for how many agencies and days on which the law changed."""

    law: str
    cite: str
    says: str
    editions: int


@dataclass(frozen=True, slots=True)
class Report:
    """What the check of a law book found."""

    faults: tuple[Fault, ...]
    proofs: tuple[Proof, ...]
    coverage: Coverage
    cases: int


def check(book: LawBook, cases: Sequence[Case] | None = None) -> Report:
    """Check every law of a book, with the worked cases that lie beside the laws unless others are given."""
    worked = list(shipped_cases(book)) if cases is None else list(cases)
    inspector = _Inspector(book, worked)
    inspector.run()
    faults = [*inspector.faults, *(fault for law in book.laws.values() for fault in _of_one_law(law))]
    return Report(tuple(sorted(set(faults), key=_place)), tuple(inspector.proofs), inspector.coverage, len(worked))


def _place(fault: Fault) -> tuple[str, int, str, str]:
    """Where a fault stands in the order of the files and of their lines."""
    file, _, line = fault.where.rpartition(":")
    return (file, int(line), fault.kind, fault.says) if line.isdigit() else (fault.where, 0, fault.kind, fault.says)


def shipped_cases(book: LawBook) -> Iterator[Case]:
    """The worked cases that lie beside the laws."""
    for path in case_files(book.root):
        yield from read_cases(path)


def case_files(root: Path) -> list[Path]:
    """The case files below a folder."""
    return sorted(path for path in root.rglob("*.yaml") if "cases" in path.relative_to(root).parts)


def editions(book: LawBook, agency: Agency) -> list[date]:
    """The days on which something in the law of an agency begins to be in force or ends."""
    return sorted({day for name in agency.laws for day in book.edges[name]})


class _Inspector:
    """Goes through every edition of the law of every agency."""

    def __init__(self, book: LawBook, cases: list[Case]) -> None:
        self.book, self.cases = book, cases
        self.faults: list[Fault] = []
        self.coverage = Coverage()
        self._held: dict[tuple[str, int], int] = {}
        self._failed: set[tuple[str, int]] = set()
        self._idle: dict[tuple[str, str, int], bool] = {}

    def run(self) -> None:
        for agency in self.book.agencies.values():
            for day in editions(self.book, agency):
                stack = self.book.stack(agency, day)
                self.coverage.ask(stack)
                for layer in stack.layers:
                    self._layer(stack, layer, agency)
        self._worked()
        self._unshown()
        for (law, rule, line), idle in self._idle.items():
            if idle:
                self._fault(law, line, "never decides", f"the provision {rule} never decides anything")

    @property
    def proofs(self) -> Iterator[Proof]:
        """The guarantees that hold in every edition."""
        for law in self.book.laws.values():
            for guarantee in law.guarantees:
                key = law.id, guarantee.line
                if key in self._held and key not in self._failed:
                    yield Proof(law.id, guarantee.cite, guarantee.says, self._held[key])

    def _layer(self, stack: Stack, layer: Layer, agency: Agency) -> None:
        law = layer.law.id
        for guarantee in layer.of(layer.law.guarantees):
            key = law, guarantee.line
            state = broken(stack, layer, guarantee)
            if state is None:
                self._held[key] = self._held.get(key, 0) + 1
            else:
                self._failed.add(key)
                said = f"{guarantee.says!r} does not hold for {agency.id} on {layer.day}: {told(stack, state)}"
                self._fault(law, guarantee.line, "guarantee broken", said)
        for one, two, state in contradictions(stack, layer):
            said = f"{one.id} permits what {two.id} forbids: {told(stack, state)}"
            self._fault(law, two.line, "contradiction", said)
        for rule in layer.provisions:
            key_ = law, rule.id, rule.line
            if self._idle.get(key_, True):
                self._idle[key_] = not decides(stack, layer, rule)

    def _worked(self) -> None:
        for case in self.cases:
            agency = self.book.agency(case.agency, f"case {case.id}")
            stack = self.book.stack(agency, case.at.astimezone(agency.zone).date())
            self.coverage.show(stack, case, agency.zone, self.book.calendar)
            for difference in differences(case, self.book.decide(case)):
                said = f"{difference.key} is {difference.got}, expected {difference.expected}"
                self.faults.append(Fault(f"case {case.id}", "worked case fails", said))

    def _unshown(self) -> None:
        for law, name, line, condition, value in self.coverage.missing:
            said = f"no worked case shows {name} turning on: {condition} ({'met' if value else 'not met'})"
            self._fault(law, line, "not shown", said)

    def _fault(self, law: str, line: int, kind: str, says: str) -> None:
        self.faults.append(Fault(f"{self.book.laws[law].path}:{line}", kind, says))


def _of_one_law(law: LawFile) -> Iterator[Fault]:
    """What can be seen from one law file alone."""
    for one, two in pairwise(law.versions):
        if one.span.last and one.span.last + timedelta(days=1) != two.span.first:
            said = f"no version is in force between {one.span.last} and {two.span.first}"
            yield Fault(f"{law.path}:{two.line}", "gap", said)
    used = _used(law)
    for definition in law.definitions:
        if definition.id not in used and (not law.own or definition.id in law.own):
            yield Fault(f"{law.path}:{definition.line}", "never used", f"nothing uses the definition {definition.id}")
    doubts = [doubt for term in law.definitions for doubt in term.doubts]
    doubts += [doubt for rule in law.provisions for doubt in rule.doubts]
    asked = {doubt.question for doubt in doubts}
    for question in law.questions:
        if question.when is None and question.id not in asked and not law.borrows:
            said = f"nothing in the law raises the question {question.id}"
            yield Fault(f"{law.path}:{question.line}", "never asked", said)


def _used(law: LawFile) -> set[str]:
    """The names that some condition of the law speaks of, directly or through other definitions."""
    reached: set[str] = set()
    open_nodes = list(_conditions(law))
    by_name: dict[str, list[Definition]] = {}
    for definition in law.definitions:
        by_name.setdefault(definition.id, []).append(definition)
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, c.Named) and node.name not in reached:
            reached.add(node.name)
            for definition in by_name.get(node.name, ()):
                open_nodes += [definition.when, *(doubt.other for doubt in definition.doubts)]
        open_nodes += node.children()
    return reached


def _conditions(law: LawFile) -> Iterator[c.Node]:
    for rule in law.provisions:
        yield rule.when
        yield from (doubt.other for doubt in rule.doubts)
    yield from (limit.when for limit in law.limits)
    yield from (duty.when for duty in law.duties)
    yield from (guarantee.when for guarantee in law.guarantees)
    for question in law.questions:
        if question.when is not None:
            yield question.when
    for rule_ in law.implications:
        yield from (rule_.if_, rule_.then)
    for lookback in law.lookbacks.values():
        if lookback.extended_by is not None:
            yield lookback.extended_by
