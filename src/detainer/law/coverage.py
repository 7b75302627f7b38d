"""How well the worked cases show a law: modified condition/decision coverage, the measure used for flight software.

Every provision and every definition is taken as it is written, and each condition in it must be seen to decide: there
is a worked case in which that condition is met and the whole would turn if it alone were not, and one in which it is
not met and the whole would turn if it alone were. A definition of a warrant, a conviction or a charge is seen in the
warrants, convictions and charges of the worked cases. A condition that the facts never leave free to turn the whole
is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from detainer.hold import Calendar
from detainer.law import conditions as c
from detainer.law.case import Case
from detainer.law.expand import CAUTIOUS, Expander, Layer
from detainer.law.findings import Examiner, make_test
from detainer.law.lawfile import Definition
from detainer.law.stack import Stack
from detainer.law.state import CaseState, Knowledge, known
from detainer.law.vocabulary import ELEMENTS, Unknown

Asked = tuple[str, str, int, str, bool]  # the law, the provision or definition, its line, the condition, met or not
Values = Mapping[c.Node, bool | None]


@dataclass
class Coverage:
    """What must be seen, and what some worked case has shown."""

    asked: dict[Asked, None] = field(default_factory=dict)
    seen: set[Asked] = field(default_factory=set)

    @property
    def missing(self) -> list[Asked]:
        """What no worked case shows, in the order of the laws."""
        return [asked for asked in self.asked if asked not in self.seen]

    @property
    def share(self) -> float:
        """The share that is shown, between 0 and 1; 1 when nothing is asked."""
        return 1 - len(self.missing) / len(self.asked) if self.asked else 1.0

    def ask(self, stack: Stack) -> None:
        """Add what the worked cases must show of the laws of a stack."""
        for layer in stack.layers:
            for name, line, when in _written(layer):
                for leaf in leaves(when):
                    for value in _free(stack, layer, when, leaf):
                        self.asked[layer.law.id, name, line, str(leaf), value] = None
            for definition in _of_elements(layer):
                if not layer.law.borrows or definition.id in layer.law.own:
                    for leaf in leaves(definition.when):
                        for value in (True, False):
                            self.asked[layer.law.id, definition.id, definition.line, str(leaf), value] = None

    def show(self, stack: Stack, case: Case, zone: ZoneInfo, calendar: Calendar) -> None:
        """Add what one worked case shows of the laws of its stack."""
        state = Knowledge(stack, known(CaseState(stack, case, zone, calendar).values()))
        for layer in stack.layers:
            for name, line, when in _written(layer):
                values = {leaf: _value_in(stack, layer, leaf, state) for leaf in leaves(when)}
                self._see(layer.law.id, name, line, when, values)
            examiner = Examiner(case, zone, calendar)
            for definition in _of_elements(layer):
                self._show_elements(stack, layer, definition, examiner)

    def _show_elements(self, stack: Stack, layer: Layer, definition: Definition, examiner: Examiner) -> None:
        elements = examiner.case.elements(ELEMENTS[definition.of])
        if isinstance(elements, Unknown):
            return
        law = layer.law.borrows if layer.law.borrows and definition.id not in layer.law.own else layer.law.id
        expander = Expander(layer, CAUTIOUS)
        tests = {
            leaf: make_test(expander.walk(leaf, definition.of, ()), stack.context[layer.law.id], definition.of)
            for leaf in leaves(definition.when)
        }
        for element in elements:
            values = {leaf: test(examiner, element, "") for leaf, test in tests.items()}
            self._see(law, definition.id, definition.line, definition.when, values)

    def _see(self, law: str, name: str, line: int, when: c.Node, values: Values) -> None:
        for leaf, value in values.items():
            if value is not None and _turns(when, values, leaf):
                self.seen.add((law, name, line, str(leaf), value))


def _written(layer: Layer) -> Iterator[tuple[str, int, c.Node]]:
    """The conditions on the whole case that stand in a law: of its provisions, limits and own definitions."""
    yield from ((rule.id, rule.line, rule.when) for rule in layer.provisions)
    yield from ((limit.id, limit.line, limit.when) for limit in layer.limits)
    for definition in layer.of(layer.law.definitions):
        if not definition.of and (not layer.law.borrows or definition.id in layer.law.own):
            yield definition.id, definition.line, definition.when


def _of_elements(layer: Layer) -> Iterator[Definition]:
    """The definitions of one warrant, conviction or charge."""
    yield from (definition for definition in layer.of(layer.law.definitions) if definition.of)


def leaves(node: c.Node) -> Iterator[c.Node]:
    """The conditions of which a condition is made, as it is written, each once."""
    found: dict[c.Node, None] = {}

    def walk(here: c.Node) -> None:
        if isinstance(here, (c.And, c.Or, c.Not)):
            for child in here.children():
                walk(child)
        elif not isinstance(here, c.Always):
            found[here] = None

    walk(node)
    yield from found


def _free(stack: Stack, layer: Layer, when: c.Node, leaf: c.Node) -> Iterator[bool]:
    """The values with which a condition can stand where it alone decides."""
    d = stack.diagrams
    parts = {other: stack.opened(other, layer) for other in leaves(when)}
    yes, no = (_built(stack, when, {**parts, leaf: way}) for way in (d.yes, d.no))
    alone = d.pick(yes, d.negate(no), no)
    for value, own in ((True, parts[leaf]), (False, d.negate(parts[leaf]))):
        if d.witness(stack.possibly(d.all([alone, own])), frozenset({True})) is not None:
            yield value


def _built(stack: Stack, node: c.Node, parts: Mapping[c.Node, int]) -> int:
    d = stack.diagrams
    if isinstance(node, c.Not):
        return d.negate(_built(stack, node.when, parts))
    if isinstance(node, c.And):
        return d.all(_built(stack, part, parts) for part in node.all)
    if isinstance(node, c.Or):
        return d.any(_built(stack, part, parts) for part in node.any)
    if isinstance(node, c.Always):
        return d.yes if node.value else d.no
    return parts[node]


def _value_in(stack: Stack, layer: Layer, leaf: c.Node, state: Knowledge) -> bool | None:
    outcomes = stack.outcomes(stack.diagram(leaf, layer), state)
    return outcomes == {True} if len(outcomes) == 1 else None


def _turns(node: c.Node, values: Values, leaf: c.Node) -> bool:
    """Whether the whole would turn if this one condition turned."""
    ways = [_value(node, {**values, leaf: value}) for value in (True, False)]
    return None not in ways and ways[0] is not ways[1]


def _value(node: c.Node, values: Values) -> bool | None:
    if isinstance(node, c.Not):
        inner = _value(node.when, values)
        return None if inner is None else not inner
    if isinstance(node, (c.And, c.Or)):
        stops = isinstance(node, c.Or)
        parts = [_value(part, values) for part in (node.any if isinstance(node, c.Or) else node.all)]
        if stops in parts:
            return stops
        return None if None in parts else not stops
    return node.value if isinstance(node, c.Always) else values[node]
