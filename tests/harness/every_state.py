"""Going through every partial state of some conditions, each no, yes or unknown, without meeting the same twice.

A function of conditions is walked condition by condition. What is left of it under a partial state is the set of its
remainders under the completions so far: no or yes takes one branch of each, unknown takes both. Two partial states
that leave the same sets are alike from there on, so that all 3^n are gone through in far fewer steps.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from detainer.law.diagram import Diagrams
from detainer.law.stack import SHOWN

NO, YES, UNKNOWN = 0, 1, 2


class Function(Protocol):
    """A function of conditions: where it starts, and what is left of it once a condition is told."""

    start: int

    def branch(self, here: int, condition: int, *, value: bool) -> int: ...


Left = tuple[frozenset[int], ...]  # for each function: its remainders under the completions


class _Remainders:
    """The sets of remainders that one function has been seen to leave, each by its number."""

    def __init__(self, function: Function) -> None:
        self._function = function
        self.sets: list[frozenset[int]] = []
        self._numbers: dict[frozenset[int], int] = {}
        self._after: dict[tuple[int, int], tuple[int, int, int]] = {}
        self.start = self._number(frozenset({function.start}))

    def after(self, here: int, condition: int) -> tuple[int, int, int]:
        """What is left when the condition is no, yes and unknown."""
        key = here, condition
        found = self._after.get(key)
        if found is None:
            no, yes = (
                frozenset(self._function.branch(one, condition, value=value) for one in self.sets[here])
                for value in (False, True)
            )
            found = self._after[key] = self._number(no), self._number(yes), self._number(no | yes)
        return found

    def _number(self, left: frozenset[int]) -> int:
        found = self._numbers.setdefault(left, len(self.sets))
        if found == len(self.sets):
            self.sets.append(left)
        return found


def every_state(
    functions: Sequence[Function], conditions: Sequence[int], unknown: Container[int] = ()
) -> Iterator[tuple[tuple[int, ...], Left]]:
    """What every partial state leaves of the functions; of the states that leave the same, one stands for all.

    The conditions must come in the order in which the functions branch; those in `unknown` are never told.
    """
    walked = [_Remainders(function) for function in functions]
    states: dict[tuple[int, ...], tuple[int, ...]] = {tuple(one.start for one in walked): ()}
    for condition in conditions:
        after: dict[tuple[int, ...], tuple[int, ...]] = {}
        for left, digits in states.items():
            ways = zip(*(one.after(here, condition) for one, here in zip(walked, left, strict=True)), strict=True)
            for digit, then in enumerate(ways):
                if digit == UNKNOWN or condition not in unknown:
                    after.setdefault(then, (*digits, digit))
        states = after
    for left, digits in states.items():
        yield digits, tuple(one.sets[here] for one, here in zip(walked, left, strict=True))


def left_by(function: Function, conditions: Sequence[int], digits: Sequence[int]) -> frozenset[int]:
    """What one partial state leaves of a function."""
    walked = _Remainders(function)
    here = walked.start
    for condition, digit in zip(conditions, digits, strict=True):
        here = walked.after(here, condition)[digit]
    return walked.sets[here]


class DiagramWalk:
    """A diagram of the product, walked by the plainest rule: a node that asks the condition gives way to its branch."""

    def __init__(self, diagrams: Diagrams, root: int) -> None:
        self.start, self._diagrams = root, diagrams
        self.atoms = frozenset(atom for atom in diagrams.atoms(root) if atom < SHOWN)

    def branch(self, here: int, condition: int, *, value: bool) -> int:
        return self._diagrams._branch(here, condition, value)

    def ends(self, nodes: Iterable[int], known: Mapping[int, bool]) -> set[Hashable]:
        """The outcomes below these nodes, each `shown(…)` being as known."""
        found = set()
        for node in nodes:
            here = node
            while self._diagrams._low[here] != -1:
                here = self.branch(here, self._diagrams._atom[here], value=known[self._diagrams._atom[here] - SHOWN])
            found.add(self._diagrams._value[here])
        return found


class TableWalk:
    """Truth tables side by side, one for each outcome, halved condition by condition, the highest place first."""

    def __init__(self, columns: Mapping[Hashable, int], conditions: Sequence[int], places: int) -> None:
        self._outcomes, self._conditions, self._places = tuple(columns), list(conditions), places
        self._tables: list[tuple[int, tuple[int, ...]]] = []  # how many conditions are told, and what is left
        self._numbers: dict[tuple[int, tuple[int, ...]], int] = {}
        self._halves: dict[int, tuple[int, int]] = {}
        self.start = self._number(0, tuple(columns.values()))

    def branch(self, here: int, condition: int, *, value: bool) -> int:
        told, columns = self._tables[here]
        if told == len(self._conditions) or self._conditions[told] != condition:
            return here
        if here not in self._halves:
            half = 1 << (self._places - told - 1)
            low = self._number(told + 1, tuple(column & ((1 << half) - 1) for column in columns))
            high = self._number(told + 1, tuple(column >> half for column in columns))
            self._halves[here] = low, high
        return self._halves[here][value]

    def _number(self, told: int, columns: tuple[int, ...]) -> int:
        found = self._numbers.setdefault((told, columns), len(self._tables))
        if found == len(self._tables):
            self._tables.append((told, columns))
        return found

    def ends(self, left: Iterable[int], world: int = 0) -> set[Hashable]:
        """The outcomes of these remainders in one world of the conditions that are left."""
        return {
            outcome
            for here in left
            for outcome, column in zip(self._outcomes, self._tables[here][1], strict=True)
            if column >> world & 1
        }
