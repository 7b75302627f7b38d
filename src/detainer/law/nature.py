"""Constraints that need no stating: a fact has one value, and what meets more meets less."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from detainer.law import conditions as c
from detainer.law.diagram import Diagrams
from detainer.law.expand import Atom
from detainer.law.vocabulary import FACTS


class Conditions(Protocol):
    """Numbered conditions and the diagrams over them."""

    @property
    def atoms(self) -> Sequence[Atom]:
        """The conditions, each at its number."""

    @property
    def diagrams(self) -> Diagrams:
        """The diagrams over these numbers."""


def by_nature(stack: Conditions) -> Iterator[int]:
    """Constraints that need no stating: a fact has one value, and what meets more meets less."""
    d = stack.diagrams
    choices: dict[str, list[tuple[int, tuple[Any, ...]]]] = {}
    for number, atom in enumerate(stack.atoms):
        if isinstance(atom.node, c.Is) and atom.node.path in FACTS and FACTS[atom.node.path].kind == "choice":
            choices.setdefault(atom.node.path, []).append((number, atom.node.values))
        if isinstance(atom.node, c.Exists):
            yield from _weaker(stack, number, atom)
    for path, tests in choices.items():
        if len(tests) > 1 or set(tests[0][1]) >= set(FACTS[path].values):
            yield d.any(
                d.all(d.atom(number) if value in values else d.negate(d.atom(number)) for number, values in tests)
                for value in FACTS[path].values
            )


def _weaker(stack: Conditions, number: int, strong: Atom) -> Iterator[int]:
    """`any X where (a and b)` brings `any X where a` with it."""
    node = strong.node
    assert isinstance(node, c.Exists)  # noqa: S101 - the caller looked
    needs = set(node.when.all) if isinstance(node.when, c.And) else {node.when}
    for other, weak in enumerate(stack.atoms):
        if other == number or not isinstance(weak.node, c.Exists) or weak.law != strong.law:
            continue
        fewer = set(weak.node.when.all) if isinstance(weak.node.when, c.And) else {weak.node.when}
        if weak.node.element == node.element and weak.node.least <= node.least and fewer <= needs:
            yield stack.diagrams.pick(stack.diagrams.atom(number), stack.diagrams.atom(other), stack.diagrams.yes)
