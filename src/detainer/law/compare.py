"""Two days of one law compared: under which facts its answer changes, the fewest facts first, each with an example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from heapq import merge
from itertools import islice

from detainer.errors import UserError
from detainer.law.answer import Answer
from detainer.law.book import Agency, LawBook
from detainer.law.case import Case
from detainer.law.example import Pair, Scene, Search
from detainer.law.expand import CAUTIOUS
from detainer.law.joint import Joint
from detainer.law.lawfile import Version
from detainer.law.patterns import Implied, Pattern, condition, cover
from detainer.law.reading import law_named
from detainer.law.vocabulary import ALWAYS_JUDGED, DECISIONS, MODALITIES

_PROOFS = 50  # how many made-up cases are decided before an example is given up


@dataclass(frozen=True, slots=True)
class Turned:
    """A pattern of facts and what it turns: for each decision, what the law said then and says now.

    `example` is one case for each day that shows it, or None where none could be made up.
    """

    says: tuple[str, ...]
    decisions: Mapping[str, tuple[str, str]]
    example: Pair | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed in a law between two days; `complete` is False where more patterns were left out."""

    law: str
    days: tuple[date, date]
    versions: tuple[Version | None, Version | None]
    agency: str
    turned: tuple[Turned, ...]
    complete: bool


def compare(book: LawBook, name: str, days: tuple[date, date], most: int) -> Comparison:
    """Compare what a law alone answers on two days, by at most so many patterns.

    Raises UserError for a law that is not there, or that binds no agency, as only an agency's case can be decided.
    """
    law = law_named(book, name)
    agency = next((agency for agency in book.agencies.values() if name in agency.laws), None)
    if agency is None:
        raise UserError(f"the law {name} binds no agency", fix="Name it in agencies.yaml.")
    found = _Comparer(book, agency, name, days)
    patterns = found.patterns(most + 1)
    shown = list(patterns.items())[:most]
    turned = tuple(found.turned(number, pattern, changes) for number, (pattern, changes) in enumerate(shown, 1))
    versions = law.version_on(days[0]), law.version_on(days[1])
    return Comparison(name, days, versions, agency.id, turned, len(patterns) <= most)


class _Comparer:
    def __init__(self, book: LawBook, agency: Agency, law: str, days: tuple[date, date]) -> None:
        self.book, self.agency, self.law, self.days = book, agency, law, days
        stacks = book.stack(agency, days[0]), book.stack(agency, days[1])
        self.joint = Joint(stacks, days, frozenset({law}))
        self.implied = Implied(self.joint.diagrams, self.joint.sound)
        alike = [one.id for one in book.agencies.values() if (one.laws, one.zone) == (agency.laws, agency.zone)]
        self.scene = Scene(tuple(alike), agency.zone, book.calendar, self.joint)

    def patterns(self, most: int) -> dict[Pattern, dict[str, tuple[str, str]]]:
        """The patterns under which some decision turns, the shortest first, at most so many."""
        found: dict[Pattern, dict[str, tuple[str, str]]] = {}
        for _, pattern, decision, turn in merge(*self._turns(), key=lambda item: item[0]):
            if pattern not in found and len(found) == most:
                break
            found.setdefault(pattern, {})[decision] = turn
        return found

    def _turns(self) -> Iterator[Iterator[tuple[int, Pattern, str, tuple[str, str]]]]:
        """For each decision and each way in which it can turn, the patterns under which it does."""
        d = self.joint.diagrams
        for decision in DECISIONS:
            then, now = (
                self.joint.taken(day, stack.program(CAUTIOUS).layers[self.law, decision])
                for day, stack in enumerate(self.joint.stacks)
            )
            for one in MODALITIES:
                for two in MODALITIES:
                    wanted = d.all([d.having(then, one), d.having(now, two), self.joint.sound])
                    if one != two and wanted != d.no:
                        yield self._covered(wanted, decision, (one, two))

    def _covered(
        self, wanted: int, decision: str, turn: tuple[str, str]
    ) -> Iterator[tuple[int, Pattern, str, tuple[str, str]]]:
        for pattern in cover(self.joint.diagrams, wanted, self.implied):
            yield len(pattern), pattern, decision, turn

    def turned(self, number: int, pattern: Pattern, changes: Mapping[str, tuple[str, str]]) -> Turned:
        """A pattern with its words and its example; `number` tells its cases from those of others."""
        says = tuple(self.joint.says(atom, value) for atom, value in pattern)
        pair = self._example(pattern, changes)
        example = pair and (self._worked(pair[0], changes, 0, number), self._worked(pair[1], changes, 1, number))
        return Turned(says, changes, example)

    def _example(self, pattern: Pattern, changes: Mapping[str, tuple[str, str]]) -> Pair | None:
        """The first made-up pair of cases that the law itself answers as the pattern says, as simple as can be."""
        goal = self.joint.spelled(condition(self.joint.diagrams, pattern))
        search = Search(self.scene, goal, frozenset(changes) - frozenset(ALWAYS_JUDGED))

        def holds(pair: Pair) -> bool:
            return all(self._answers(case, changes, day) for day, case in enumerate(pair))

        pair = next(filter(holds, islice(search.pairs(), _PROOFS)), None)
        return search.simplest(pair, holds) if pair else None

    def _answers(self, case: Case, changes: Mapping[str, tuple[str, str]], day: int) -> bool:
        try:
            said = self.book.engine(self.agency, self.days[day]).said(case, self.law)
        except UserError:  # a day that the reviewed holidays do not cover
            return False
        return all(said.get(decision, "silent") == turn[day] for decision, turn in changes.items())

    def _worked(self, case: Case, changes: Mapping[str, tuple[str, str]], day: int, number: int) -> Case:
        """The case as a worked one: with what the law says of it, where it was in force."""
        in_force = self.book.laws[self.law].version_on(self.days[day]) is not None
        expect = {decision: turn[day] for decision, turn in changes.items()}
        name = f"example-{number}-{self.days[day]}"
        return replace(case, id=name, expect={"laws": {self.law: expect}} if in_force else {})


def said_by(answer: Answer, law: str) -> dict[str, str]:
    """What one law alone says of each decision; nothing where it was not in force."""
    layer = next(layer for layer in answer.laws if layer.law == law)
    return {name: said.modality for name, said in layer.decisions.items()}
