"""Which unknown facts can still change a decision, and which of them settles most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detainer.law.expand import CAUTIOUS
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

    An atom matters to a decision if and only if some completion of the other unknowns makes it alone decide; that it
    tells apart "must not" and "nothing to answer" does not count, as the agency does the same in both. It settles
    the more, the more decisions are settled whichever way it turns out. Among equals the order of the laws decides.
    What only takes a case out of the law (withdrawn, not in custody) comes last: it is known at a glance.
    """
    program = stack.program(CAUTIOUS)
    open_now = {name: stack.diagrams.restricted(stack.possibly(program.opened[name]), known) for name in judged}
    found = []
    for atom in sorted({atom for diagram in open_now.values() for atom in stack.diagrams.atoms(diagram)}):
        matters = tuple(name for name, diagram in open_now.items() if _matters(stack, diagram, atom))
        if matters:
            found.append(Need(atom, matters, _settles(stack, open_now, atom)))
    return tuple(sorted(found, key=lambda need: (need.atom in stack.limiting, -need.settles, need.atom)))


def _matters(stack: Stack, diagram: int, atom: int) -> bool:
    yes, no = (stack.diagrams.restricted(diagram, {atom: value}) for value in (True, False))
    return stack.diagrams.differs(yes, no, IMPOSSIBLE, SAFE)


def _settles(stack: Stack, open_now: Mapping[str, int], atom: int) -> int:
    settled = 0
    for value in (True, False):
        for diagram in open_now.values():
            turned = stack.diagrams.restricted(diagram, {atom: value})
            outcomes = stack.diagrams.reached(turned, {}) - {IMPOSSIBLE}
            settled += settle(outcomes) != "undetermined"
    return settled
