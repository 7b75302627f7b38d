"""What one warrant, conviction or charge can meet at once: which `any X where (…)` brings which other with it.

Each condition on an element becomes a diagram over the tests of the element; a fact has one value, and a name within
another (`us-ny` within `us`) brings the wider. Then one condition brings another exactly if no element meets the one
and not the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from detainer.law import conditions as c
from detainer.law.diagram import Diagrams
from detainer.law.expand import Atom
from detainer.law.vocabulary import ELEMENTS, LISTS

Name = Callable[[str, c.Node], str]
"""The name of a test from the law of its atom and its condition; tests of one name are one."""


Known = Callable[[], Iterable[tuple[str, str]]]
"""Pairs of names of which the first brings the second; asked once all tests have their names."""


def bringing(atoms: Sequence[Atom], name: Name, known: Known) -> Iterator[tuple[int, int]]:
    """Pairs of atoms by number: wherever the first is met, the second is."""
    for element in ELEMENTS:
        sheet = _Sheet(element, name)
        met = {
            number: (sheet.condition(atom.node.when, atom.law), atom.node.least)
            for number, atom in enumerate(atoms)
            if isinstance(atom.node, c.Exists) and atom.node.element == element
        }
        yield from sheet.pairs(met, known())


class _Sheet:
    """The tests of one kind of element, and the diagrams over them."""

    def __init__(self, element: str, name: Name) -> None:
        self.facts, self.name = LISTS[ELEMENTS[element]], name
        self.d = Diagrams()
        self.numbers: dict[str, int] = {}
        self.values: dict[str, dict[str, int]] = {}  # for each fact, the test of each of its values
        self.within: dict[tuple[str, str], int] = {}

    def condition(self, node: c.Node, law: str) -> int:
        """The diagram of a condition on one element."""
        d = self.d
        if isinstance(node, c.Always):
            return d.yes if node.value else d.no
        if isinstance(node, c.Not):
            return d.negate(self.condition(node.when, law))
        if isinstance(node, c.And):
            return d.all(self.condition(part, law) for part in node.all)
        if isinstance(node, c.Or):
            return d.any(self.condition(part, law) for part in node.any)
        if isinstance(node, c.Is) and node.values != (True,):
            return d.any(self._value(node.path, value) for value in node.values)
        test = self._test(self.name(law, node))
        if isinstance(node, c.Under):
            self.within[node.path, node.value] = test
        return test

    def pairs(self, met: Mapping[int, tuple[int, int]], known: Iterable[tuple[str, str]]) -> Iterator[tuple[int, int]]:
        """Of atoms with their conditions and how many elements must meet them, those of which one brings another."""
        sane = self.d.all([*self._one_value_each(), *self._wider(), *self._known(known)])
        for one, (condition, least) in met.items():
            able = self.d.all([sane, condition])
            for two, (other, fewer) in met.items():
                if one != two and fewer <= least and self.d.all([able, self.d.negate(other)]) == self.d.no:
                    yield one, two

    def _test(self, name: str) -> int:
        return self.d.atom(self.numbers.setdefault(name, len(self.numbers)))

    def _value(self, path: str, value: str) -> int:
        return self.values.setdefault(path, {}).setdefault(value, self._test(f"{path} is {value}"))

    def _one_value_each(self) -> Iterator[int]:
        """A fact has at most one value, and one of those that it may have, where all of these are asked for."""
        d = self.d
        for path, tests in self.values.items():
            yield from (d.negate(d.all(pair)) for pair in combinations(tests.values(), 2))
            fact = self.facts.get(path)
            if fact is not None and fact.kind == "choice" and not fact.or_moment and set(fact.values) <= set(tests):
                yield d.any(tests.values())

    def _wider(self) -> Iterator[int]:
        """A name that is given lies within another, or does not."""
        d = self.d
        for (path, wide), within in self.within.items():
            for value, test in self.values.get(path, {}).items():
                inside = value == wide or value.startswith(f"{wide}-")
                yield d.pick(test, within if inside else d.negate(within), d.yes)

    def _known(self, known: Iterable[tuple[str, str]]) -> Iterator[int]:
        for one, two in known:
            if one in self.numbers and two in self.numbers:
                yield self.d.pick(self._test(one), self._test(two), self.d.yes)
