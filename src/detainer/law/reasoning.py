"""Why an answer is what it is: the provisions that decided, the conditions behind them, and the nearest changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from detainer.law import conditions as c
from detainer.law.answer import Because, Reason
from detainer.law.lawfile import Provision
from detainer.law.phrases import facts_of, plain
from detainer.law.stack import CAUTIOUS, Layer, Stack, expanded
from detainer.law.state import SAFE, Knowledge, settle

_FIXED = (c.Over, c.During)  # time passes by itself: nobody can change these


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of one or two atoms, and what it makes of a decision."""

    says: tuple[str, ...]
    modality: str
    state: Knowledge


class Reasoner:
    """Explains what one state makes of the decisions of a stack."""

    def __init__(self, stack: Stack, known: Mapping[int, bool], state: Knowledge) -> None:
        self.stack, self.known, self.state = stack, known, state
        self.program = stack.program(CAUTIOUS)

    def reasons(self, decision: str, modality: str) -> tuple[Reason, ...]:
        """The provisions that give this modality, the narrowest law first; those set aside are left out."""
        if modality == "not_applicable":
            return tuple(self._limits(decision))
        return tuple(self._provisions(decision, modality, void=False))

    def set_aside(self, decision: str) -> tuple[Reason, ...]:
        """What narrower laws or policies forbid and a wider law that prevails makes void."""
        return tuple(self._provisions(decision, "must_not", void=True))

    def against(self, decision: str, modality: str) -> tuple[Reason, ...]:
        """What some law commands and another law that stands beside it forbids: a conflict, shown and not resolved."""
        return tuple(self._provisions(decision, "must", void=False)) if modality == "must_not" else ()

    def _provisions(self, decision: str, effect: str, *, void: bool) -> Iterator[Reason]:
        for layer in reversed(self.stack.layers):
            if effect == "must_not" and (self._value(self.program.void[layer.law.id, decision]) is True) is not void:
                continue
            for rule in layer.provisions:
                applies = self.program.applies.get((layer.law.id, rule.id, decision))
                if rule.effect == effect and applies is not None and self._value(applies) is not False:
                    yield self._reason(layer, rule, decision)

    def _limits(self, decision: str) -> Iterator[Reason]:
        for layer in self.stack.layers:
            for limit in layer.limits:
                met = self.program.nothing.get((layer.law.id, limit.id, decision))
                if met is not None and self._value(met):
                    version = layer.version.name if layer.version else ""
                    because = tuple(self._because(limit.when, layer, decision, wanted=True))
                    yield Reason(layer.law.id, version, limit.id, limit.cite, limit.says, because)

    def _reason(self, layer: Layer, rule: Provision, decision: str) -> Reason:
        version = layer.version.name if layer.version else ""
        because = list(self._because(rule.when, layer, decision, wanted=True))
        for other in layer.provisions:
            if other.id in rule.unless and decision in other.on:
                because += self._because(other.when, layer, decision, wanted=False, cite=other.cite)
        return Reason(layer.law.id, version, rule.id, rule.cite, rule.says, tuple(dict.fromkeys(because)))

    def _because(self, node: c.Node, layer: Layer, decision: str, *, wanted: bool, cite: str = "") -> Iterator[Because]:
        """The conditions that make a node met (`wanted`) or keep it from being met, each in the law's words."""
        if isinstance(node, (c.And, c.Or)):
            parts = node.all if isinstance(node, c.And) else node.any
            every = isinstance(node, c.And) is wanted
            for part in parts:
                met = self._met(part, layer, decision)
                if every or (met is wanted if wanted else met is not True):
                    yield from self._because(part, layer, decision, wanted=wanted, cite=cite)
        elif isinstance(node, c.Shown):
            yield from self._because(node.when, layer, decision, wanted=wanted, cite=cite)
        elif isinstance(node, c.Not) and isinstance(node.when, (c.And, c.Or, c.Shown)):
            yield from self._because(node.when, layer, decision, wanted=not wanted, cite=cite)
        elif not isinstance(node, c.Always):
            yield self._leaf(node, layer, decision, cite)

    def _leaf(self, node: c.Node, layer: Layer, decision: str, cite: str) -> Because:
        inner = node.when if isinstance(node, c.Not) else node
        met = self._met(inner, layer, decision)
        facts = tuple(self._facts(inner, layer))
        if isinstance(inner, c.Named) and (term := layer.definition(inner.name)):
            text = term.says if met else term.lacking if met is False else f"Not known: {term.says}"
            return Because(term.cite, text, met, facts)
        return Because(cite or layer.law.cite, plain(inner, met), met, facts)

    def _met(self, node: c.Node, layer: Layer, decision: str) -> bool | None:
        return self._value(self.stack.diagram(node, layer, decision))

    def _value(self, diagram: int) -> bool | None:
        outcomes = self.stack.outcomes(diagram, self.state)
        return bool(next(iter(outcomes))) if len(outcomes) == 1 else None

    def _facts(self, node: c.Node, layer: Layer) -> Iterator[str]:
        if not isinstance(node, c.PermittedBy):
            yield from dict.fromkeys(facts_of(expanded(node, layer, CAUTIOUS)))

    def turns(self, decision: str) -> Iterator[Turn]:
        """The changes of one fact, or failing that of two, that would give another definite answer."""
        diagram = self.program.opened[decision]
        now = settle(self.stack.outcomes(self.program.closed[decision], self.state))
        standing = sorted(self.stack.diagrams.atoms(diagram))
        atoms = [number for number in standing if not isinstance(self.stack.atoms[number].node, _FIXED)]
        for size in (1, 2):
            found = [turn for picked in combinations(atoms, size) for turn in self._turned(decision, picked, now)]
            if found:
                yield from _plainest(found)
                return

    def _turned(self, decision: str, picked: tuple[int, ...], now: str) -> Iterator[Turn]:
        for values in _flips([self.known.get(number) for number in picked]):
            changed = {**self.known, **dict(zip(picked, values, strict=True))}
            if not self.stack.outcomes(self.stack.diagrams.yes, changed):
                continue
            state = Knowledge(self.stack, changed)
            then = settle(self.stack.outcomes(self.program.closed[decision], state))
            if then not in (now, "undetermined") and {then, now} != SAFE:
                says = tuple(self.stack.says(number, value) for number, value in zip(picked, values, strict=True))
                yield Turn(says, then, state)


def _flips(values: list[bool | None]) -> Iterator[tuple[bool, ...]]:
    """Every combination in which each value differs from what is known."""
    if not values:
        yield ()
        return
    for first in (True, False):
        if values[0] is not first:
            for rest in _flips(values[1:]):
                yield (first, *rest)


def _plainest(turns: list[Turn]) -> Iterator[Turn]:
    """One turn for each resulting answer and set of words, the most permissive outcome first, four at most."""
    order = {"may": 0, "must": 1, "must_not": 2}
    unique = {(turn.says, turn.modality): turn for turn in turns}
    yield from sorted(unique.values(), key=lambda turn: order.get(turn.modality, 3))[:4]
