"""Constraints that need no stating: a fact has one value, and what meets more meets less."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from detainer.law import conditions as c
from detainer.law.diagram import Diagrams
from detainer.law.elements import bringing
from detainer.law.expand import Atom, refers_to_law
from detainer.law.vocabulary import FACTS

_SINGLE = ("choice", "text")  # kinds of facts that have one value; a text may have any, those that no law names too


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
        if isinstance(atom.node, c.Is) and atom.node.path in FACTS and FACTS[atom.node.path].kind in _SINGLE:
            choices.setdefault(atom.node.path, []).append((number, atom.node.values))
    for strong, weak in bringing(stack.atoms, _named, tuple):
        yield d.pick(d.atom(strong), d.atom(weak), d.yes)
    for path, tests in choices.items():
        every: tuple[Any, ...] = FACTS[path].values or (*(value for _, named in tests for value in named), None)
        if len(tests) > 1 or set(tests[0][1]) >= set(every):
            yield d.any(
                d.all(d.atom(number) if value in values else d.negate(d.atom(number)) for number, values in tests)
                for value in every
            )


def _named(law: str, node: c.Node) -> str:
    """A test of an element by its words, and by its law where it asks about something of that law."""
    return f"{law}: {node}" if refers_to_law(node) else str(node)
