"""The laws of a stack turned into decision diagrams, for one set of readings of the open questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detainer.errors import UserError
from detainer.law import conditions as c
from detainer.law.expand import Expander, Layer, Readings, doubted
from detainer.law.lawfile import Provision
from detainer.law.vocabulary import DECISIONS

if TYPE_CHECKING:
    from detainer.law.stack import Stack


@dataclass
class Program:
    """The diagrams of one set of readings: per decision the whole, and per layer and decision its own answer.

    `closed` treats `shown(…)` as a question about what is known (the answer of the law now); `opened` treats it as
    its content (what the answer can become). For each provision `met` is its own condition, `applies` that condition
    where nothing lifts it; `terms` holds the definitions, `void` for each layer whether a wider
    law sets aside what it forbids.
    """

    closed: dict[str, int] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)
    layers: dict[tuple[str, str], int] = field(default_factory=dict)
    met: dict[tuple[str, str, str], int] = field(default_factory=dict)
    applies: dict[tuple[str, str, str], int] = field(default_factory=dict)
    nothing: dict[tuple[str, str, str], int] = field(default_factory=dict)
    void: dict[tuple[str, str], int] = field(default_factory=dict)
    terms: dict[tuple[str, str], int] = field(default_factory=dict)


class Compiler:
    """Builds the diagrams of one set of readings."""

    def __init__(self, stack: Stack, readings: Readings) -> None:
        self.stack, self.diagrams = stack, stack.diagrams
        self._expanders = {layer.law.id: Expander(layer, readings) for layer in stack.layers}
        self._whens: dict[tuple[str, int], c.Node] = {}
        self._built: dict[tuple[int, str, str, bool], int] = {}
        self._asking: list[str] = []  # the laws whose permission is being read
        self._kept: dict[
            int, tuple[c.Node, bool]
        ] = {}  # each node met, so that its id stays its own; whether it permits

    def program(self) -> Program:
        """The diagrams of every decision, layer, provision and definition."""
        made = Program()
        for layer in self.stack.layers:
            for definition in layer.of(layer.law.definitions):
                if not definition.of:
                    made.terms[layer.law.id, definition.id] = self.stated(c.Named(definition.id), layer)
        for decision in DECISIONS:
            self._decision(made, decision)
        return made

    def _decision(self, made: Program, decision: str) -> None:
        made.closed[decision] = self._whole(decision, opened=False, made=made)
        made.opened[decision] = self._whole(decision, opened=True, made=None)

    def _whole(self, decision: str, *, opened: bool, made: Program | None) -> int:
        d = self.diagrams
        nothing, forbids, commands, permits, void = d.no, d.no, d.no, d.no, d.no
        for layer in self.stack.layers:
            nothing = d.any([nothing, *self._limits(layer, decision, opened, made).values()])
        for layer in self.stack.layers:
            effect = self._effects(layer, decision, opened, made)
            forbids = d.any([forbids, d.pick(void, d.no, effect["must_not"])])
            commands, permits = d.any([commands, effect["must"]]), d.any([permits, effect["may"]])
            if made is not None:
                made.void[layer.law.id, decision] = void
                own = self._answer(nothing, effect["must_not"], effect["must"], effect["may"])
                made.layers[layer.law.id, decision] = own
            void = d.any([void, effect["prevails"]])
        return self._answer(nothing, forbids, commands, permits)

    def _answer(self, nothing: int, forbids: int, commands: int, permits: int) -> int:
        """must_not beats must beats may; where there is nothing to answer, nothing is said."""
        d = self.diagrams
        answer = d.pick(permits, d.outcome("may"), d.outcome("silent"))
        answer = d.pick(commands, d.outcome("must"), answer)
        answer = d.pick(forbids, d.outcome("must_not"), answer)
        return d.pick(nothing, d.outcome("not_applicable"), answer)

    def _limits(self, layer: Layer, decision: str, opened: bool, made: Program | None) -> dict[str, int]:
        found = {}
        for limit in layer.limits:
            if decision in limit.on:
                found[limit.id] = self.stated(limit.when, layer, decision, opened=opened)
                if made is not None:
                    made.nothing[layer.law.id, limit.id, decision] = found[limit.id]
        return found

    def _effects(self, layer: Layer, decision: str, opened: bool, made: Program | None) -> dict[str, int]:
        d = self.diagrams
        met = {
            rule.id: self.build(self._when(rule, layer), layer, decision, opened=opened)
            for rule in layer.provisions
            if decision in rule.on
        }
        effects = dict.fromkeys(("must", "may", "must_not", "prevails"), d.no)
        for rule in layer.provisions:
            if rule.id not in met:
                continue
            lifted = d.any(met[name] for name in rule.unless if name in met)
            applies = d.pick(lifted, d.no, met[rule.id])
            for kind in (rule.effect, *(("prevails",) if rule.prevails else ())):
                effects[kind] = d.any([effects[kind], applies])
            if made is not None:
                made.met[layer.law.id, rule.id, decision] = met[rule.id]
                made.applies[layer.law.id, rule.id, decision] = applies
        return effects

    def stated(self, node: c.Node, layer: Layer, decision: str = "", *, opened: bool = False) -> int:
        """The diagram of a condition as it stands in the law."""
        return self.build(self._expanders[layer.law.id].walk(node, "", ()), layer, decision, opened=opened)

    def _when(self, rule: Provision, layer: Layer) -> c.Node:
        """The expanded condition of a provision, with its doubts."""
        key = layer.law.id, rule.line
        if key not in self._whens:
            self._whens[key] = self._expanders[layer.law.id].walk(doubted(rule.when, rule.doubts), "", ())
        return self._whens[key]

    def build(self, node: c.Node, layer: Layer, decision: str, *, opened: bool) -> int:
        """The diagram of an expanded condition; only `permitted by` asks for which decision."""
        key = id(node), layer.law.id, decision if self._permits(node) else "", opened
        if key not in self._built:
            self._built[key] = self._build(node, layer, decision, opened=opened)
        return self._built[key]

    def _permitted(self, layer: Layer, decision: str, opened: bool) -> dict[str, int]:
        """The effects of a law of which another asks whether it permits; UserError where that asks back."""
        law = layer.law
        if law.id in self._asking:
            raise UserError(f"permitted by {law.id} goes round in a circle", where=str(law.path))
        self._asking.append(law.id)
        effects = self._effects(layer, decision, opened, None)
        self._asking.pop()
        return effects

    def _permits(self, node: c.Node) -> bool:
        """Whether `permitted by` stands anywhere in a condition."""
        if id(node) not in self._kept:
            inside = isinstance(node, c.PermittedBy) or any(self._permits(child) for child in node.children())
            self._kept[id(node)] = node, inside
        return self._kept[id(node)][1]

    def _build(self, node: c.Node, layer: Layer, decision: str, *, opened: bool) -> int:
        d = self.diagrams
        if isinstance(node, c.Always):
            return d.yes if node.value else d.no
        if isinstance(node, c.Not):
            return d.negate(self.build(node.when, layer, decision, opened=opened))
        if isinstance(node, c.And):
            return d.all(self.build(part, layer, decision, opened=opened) for part in node.all)
        if isinstance(node, c.Or):
            return d.any(self.build(part, layer, decision, opened=opened) for part in node.any)
        if isinstance(node, c.Shown):
            content = self.build(node.when, layer, decision, opened=True)
            if opened or content in (d.yes, d.no):
                return content
            return d.atom(self.stack.shown_number(content))
        if isinstance(node, c.PermittedBy):
            other = self.stack.layer(node.law)
            if other is None or not decision:
                return d.no
            effects = self._permitted(other, decision, opened)
            return d.pick(effects["must_not"], d.no, d.any([effects["must"], effects["may"]]))
        return d.atom(self.stack.atom(node, layer.law.id))
