"""Which unknown facts can still change a decision, and which of them settles most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detainer.law.expand import CAUTIOUS
from detainer.law.phrases import facts_of
from detainer.law.stack import IMPOSSIBLE, Stack
from detainer.law.state import SAFE, settle


@dataclass(frozen=True, slots=True)
class Need:
    """An unknown atom that can still change decisions, and how much it settles (higher is more)."""

    atom: int
    decisions: tuple[str, ...]
    settles: int


def needs(stack: Stack, known: Mapping[int, bool], judged: tuple[str, ...]) -> tuple[Need, ...]:
    """The unknown atoms that matter, the most decisive first.

    An atom matters to a decision if and only if some completion of the other unknowns makes it alone decide, or the
    atoms on one fact together where they cannot turn one by one; that this tells apart "must not" and "nothing to
    answer" does not count, as the agency does the same in both. It settles the more, the more decisions are settled
    whichever way it turns out. Among equals the order of the laws decides.
    What only takes a case out of the law (withdrawn, not in custody) comes last: it is known at a glance.
    """
    program = stack.program(CAUTIOUS)
    open_now = {name: stack.diagrams.restricted(stack.possibly(program.opened[name]), known) for name in judged}
    matters: dict[int, list[str]] = {}
    for name, diagram in open_now.items():
        for atom in _mattering(stack, diagram):
            matters.setdefault(atom, []).append(name)
    found = [Need(atom, tuple(names), _settles(stack, open_now, atom)) for atom, names in matters.items()]
    return tuple(sorted(found, key=lambda need: (need.atom in stack.limiting, -need.settles, need.atom)))


def _mattering(stack: Stack, diagram: int) -> set[int]:
    """The atoms on which the outcomes of a diagram turn.

    "The form is an I-247A" and "the form is an I-247N" cannot turn one by one, as one fact gives both: where no atom
    on a fact turns the outcome alone, they are turned together.
    """
    d = stack.diagrams
    standing = d.atoms(diagram)
    found = {atom for atom in standing if d.varies(diagram, {atom}, IMPOSSIBLE, SAFE)}
    on: dict[str, set[int]] = {}
    for atom in standing:
        for fact in facts_of(stack.atoms[atom].node):
            on.setdefault(fact, set()).add(atom)
    for atoms in on.values():
        if len(atoms) > 1 and not atoms & found and d.varies(diagram, atoms, IMPOSSIBLE, SAFE):
            found |= atoms
    return found


def _settles(stack: Stack, open_now: Mapping[str, int], atom: int) -> int:
    settled = 0
    for value in (True, False):
        for diagram in open_now.values():
            turned = stack.diagrams.restricted(diagram, {atom: value})
            outcomes = stack.diagrams.reached(turned, {}) - {IMPOSSIBLE}
            settled += settle(outcomes) != "undetermined"
    return settled
