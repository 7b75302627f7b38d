"""Why an answer is what it is: the provisions that decided, the conditions behind them, and the nearest changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from detainer.law import conditions as c
from detainer.law.answer import Because, Reason
from detainer.law.expand import CAUTIOUS, Layer, expanded
from detainer.law.lawfile import Limit, Provision
from detainer.law.nearest import nearest
from detainer.law.phrases import facts_of, plain
from detainer.law.stack import Stack
from detainer.law.state import SAFE, Knowledge, settle

_FIXED = (c.Over, c.During)  # time passes by itself: nobody can change these
_GIVEN = ("agency", "request.")  # what the request says is as it says
_MOST = 4  # facts in one change; what needs more is no near change
_ORDER = {"may": 0, "must": 1, "must_not": 2}


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
        """The provisions that give this modality, the narrowest law first; those set aside are left out.

        Where none applies for certain (several share the ways of filling in what is not known), all that may apply.
        """
        if modality == "not_applicable":
            return tuple(self._limit(layer, limit, decision) for layer, limit in self._met_limits(decision))
        return tuple(self._provisions(decision, modality, void=False))

    def set_aside(self, decision: str) -> tuple[Reason, ...]:
        """What narrower laws or policies forbid and a wider law that prevails makes void."""
        return tuple(self._provisions(decision, "must_not", void=True))

    def against(self, decision: str, modality: str) -> tuple[Reason, ...]:
        """What some law commands and another law that stands beside it forbids: a conflict, shown and not resolved."""
        return tuple(self._provisions(decision, "must", void=False)) if modality == "must_not" else ()

    def deciding(self, decision: str, modality: str) -> Iterator[tuple[Layer, Provision | Limit]]:
        """All that has a part in an answer: what gives it, what was set aside, what stands against it."""
        if modality == "not_applicable":
            yield from self._met_limits(decision)
        elif modality != "undetermined":
            yield from self._rules(decision, modality, void=False)
            yield from self._rules(decision, "must_not", void=True)
            if modality == "must_not":
                yield from self._rules(decision, "must", void=False)

    def _provisions(self, decision: str, effect: str, *, void: bool) -> Iterator[Reason]:
        for layer, rule in self._rules(decision, effect, void=void):
            yield self._reason(layer, rule, decision)

    def _rules(self, decision: str, effect: str, *, void: bool) -> Iterator[tuple[Layer, Provision]]:
        found: list[tuple[bool | None, Layer, Provision]] = []
        for layer in reversed(self.stack.layers):
            if effect == "must_not" and (self._value(self.program.void[layer.law.id, decision]) is True) is not void:
                continue
            for rule in layer.provisions:
                applies = self.program.applies.get((layer.law.id, rule.id, decision))
                if rule.effect == effect and applies is not None:
                    found.append((self._value(applies), layer, rule))
        surely = [(layer, rule) for value, layer, rule in found if value]
        possibly = [(layer, rule) for value, layer, rule in found if value is not False]
        yield from surely or (() if void or effect == "must" else possibly)

    def _met_limits(self, decision: str) -> Iterator[tuple[Layer, Limit]]:
        for layer in self.stack.layers:
            for limit in layer.limits:
                met = self.program.nothing.get((layer.law.id, limit.id, decision))
                if met is not None and self._value(met):
                    yield layer, limit

    def _limit(self, layer: Layer, limit: Limit, decision: str) -> Reason:
        version = layer.version.name if layer.version else ""
        because = tuple(self._because(limit.when, layer, decision, wanted=True))
        return Reason(layer.law.id, version, limit.id, limit.cite, limit.says, because)

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
        """The nearest changes that would give another definite answer: the fewest facts first, four at most.

        What time alone changes, and what the request itself says, is not proposed as a change.
        """
        now = settle(self.stack.outcomes(self.program.closed[decision], self.state))
        found: dict[tuple[str, ...], Turn] = {}
        for way in nearest(self.stack.diagrams, self.program.opened[decision], self.known, self._price):
            then, _ = self._then(decision, way)
            if then in (now, "undetermined") or {then, now} == SAFE:
                continue
            needed = dict(way)
            for number in way:
                fewer = {other: value for other, value in needed.items() if other != number}
                if self._then(decision, fewer)[0] == then:
                    needed = fewer
            says = tuple(self.stack.says(number, needed[number]) for number in self._told(decision, needed))
            if 0 < len(says) <= _MOST:
                found.setdefault(says, Turn(says, then, self._then(decision, needed)[1]))
        yield from sorted(found.values(), key=lambda turn: (len(turn.says), _ORDER.get(turn.modality, 3)))[:4]

    def _told(self, decision: str, changed: Mapping[int, bool]) -> list[int]:
        """The atoms of a change that need saying: not those that another one brings with it."""
        told = {number: value for number, value in changed.items() if number not in self.stack.limiting}
        rest = self._beside(decision, changed)
        for number, value in sorted(told.items(), reverse=True):
            others = {other: said for other, said in told.items() if other != number}
            if self.stack.outcomes(self.stack.diagrams.atom(number), {**rest, **others}) == {value}:
                told = others
        return sorted(told)

    def _then(self, decision: str, changed: Mapping[int, bool]) -> tuple[str, Knowledge]:
        """What a change makes of a decision; undetermined where the law or nature rules the change out."""
        state = Knowledge(self.stack, {**self._beside(decision, changed), **changed})
        return settle(self.stack.outcomes(self.program.closed[decision], state)), state

    def _beside(self, decision: str, changed: Mapping[int, bool]) -> dict[int, bool]:
        """What stays known beside a change.

        A change may bring others with it (a federal judge's warrant is a judge's warrant). Those that the decision does
        not turn on give way to it.
        """
        rest = {number: value for number, value in self.known.items() if number not in changed}
        if self.stack.outcomes(self.stack.diagrams.yes, Knowledge(self.stack, {**rest, **changed})):
            return rest
        standing = self.stack.diagrams.atoms(self.program.opened[decision])
        return {number: value for number, value in rest.items() if number in standing}

    def _price(self, number: int, value: bool) -> float | None:
        """What it costs to have an atom so: nothing if it is so, None if no one can make it so."""
        if self.known.get(number) is value:
            return 0
        if number in self.stack.limiting and number not in self.known:
            return 0.01  # nobody has said so, and it is not what the law turns on
        fixed = isinstance(self.stack.atoms[number].node, _FIXED) or (
            number in self.known and any(path.startswith(_GIVEN) for path in facts_of(self.stack.atoms[number].node))
        )
        return None if fixed else 1
