"""The laws that bind one agency on one day, made ready to answer.

A stack holds the layers, widest first, expands every condition down to atoms, and builds for each decision one
diagram of the whole and one of each layer. Each set of readings (the open questions that are answered the other way)
has diagrams of its own over the same atoms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from detainer.errors import UserError
from detainer.law import conditions as c
from detainer.law.diagram import Diagrams, State
from detainer.law.findings import Law, Test, make_test
from detainer.law.lawfile import Definition, Doubt, LawFile, Limit, Provision, Span, Version
from detainer.law.phrases import plain
from detainer.law.vocabulary import DECISIONS, ELEMENTS, FACTS, LISTS

IMPOSSIBLE = "impossible"
LOCAL_POLICY = "us-local-policy"  # the layer that says what the agency's own policy forbids
Readings = frozenset[str]
CAUTIOUS: Readings = frozenset()
_OF_THE_LAW = (c.Within, c.OnList, c.Over, c.During)


@dataclass(frozen=True)
class Layer:
    """One law of the stack, with the version in force on the day (None: no law in force)."""

    law: LawFile
    version: Version | None
    day: date

    def definition(self, name: str) -> Definition | None:
        """The definition of that name in force on the day."""
        return next((found for found in self.of(self.law.definitions) if found.id == name), None)

    def of(self, items: Iterable[Any]) -> Iterator[Any]:
        """Those items that are in force on the day; none when the law is not."""
        if self.version is None:
            return
        for item in items:
            span: Span = item.span
            if span.covers(self.day):
                yield item

    @property
    def provisions(self) -> tuple[Provision, ...]:
        """The provisions in force, in the order of the law."""
        return tuple(self.of(self.law.provisions))

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Where the law has nothing to answer."""
        return tuple(self.of(self.law.limits))


@dataclass(frozen=True, slots=True)
class Atom:
    """A condition that is answered from the case at once; `law` is the law whose lists and clocks it refers to."""

    node: c.Node
    law: str

    @property
    def key(self) -> str:
        """The text that identifies it within a stack."""
        return f"{self.law}: {self.node}" if self.law else str(self.node)


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


class Stack:
    """The layers that bind an agency on a day, compiled."""

    def __init__(self, layers: Iterable[Layer]) -> None:
        self.layers = tuple(layers)
        self.context: Mapping[str, Law] = {
            layer.law.id: Law(layer.law.clocks, layer.law.lookbacks, layer.law.lists) for layer in self.layers
        }
        self.diagrams = Diagrams()
        self.atoms: list[Atom] = []
        self.tests: list[Test] = []  # for each atom
        self._titles: dict[int, Definition | None] = {}
        self._numbers: dict[str, int] = {}
        self.shown: list[int] = []  # for each shown(…): the diagram of its content
        self._shown_numbers: dict[int, int] = {}
        self._programs: dict[Readings, Program] = {}
        self._plain = _Compiler(self, CAUTIOUS)
        for readings in (CAUTIOUS, *(frozenset({question}) for question in self.questions), frozenset(self.questions)):
            self._programs[readings] = _Compiler(self, readings).program()
        self.possible = self._constraint()
        self.duties = tuple(self._standing(layer.law.duties, layer) for layer in self.layers)
        self.always_asked = tuple(self._standing(layer.law.questions, layer) for layer in self.layers)
        self.asked = len(self.atoms)
        self.limiting = self._limiting()

    def _limiting(self) -> frozenset[int]:
        """The atoms that only take a case out of the law (withdrawn, not in custody) or belong to a local policy."""
        found = list(self.program(CAUTIOUS).nothing.values())
        if (policy := self.layer(LOCAL_POLICY)) is not None:
            found += [self.opened(rule.when, policy) for rule in policy.provisions]
        return frozenset(number for diagram in found for number in self.diagrams.atoms(diagram))

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions that some definition or provision in force reads cautiously, in the order of the laws."""
        asked = [
            doubt.question
            for layer in self.layers
            for item in (*layer.of(layer.law.definitions), *layer.provisions)
            for doubt in item.doubts
        ]
        return tuple(dict.fromkeys(asked))

    def program(self, readings: Readings) -> Program:
        """The diagrams under a set of readings; built once."""
        if readings not in self._programs:
            self._programs[readings] = _Compiler(self, readings).program()
            self.possible = self._constraint()
        return self._programs[readings]

    def sound(self, node: int) -> int:
        """The diagram wherever what is shown is so: IMPOSSIBLE where something false is taken as shown."""
        d = self.diagrams
        shown = [number - SHOWN for number in d.atoms(node) if number >= SHOWN]
        true = d.all(d.pick(d.atom(SHOWN + number), self.shown[number], d.yes) for number in shown)
        return self.possibly(d.pick(true, node, d.outcome(IMPOSSIBLE)))

    def says(self, number: int, value: bool) -> str:
        """An atom in the words of the law."""
        if number >= SHOWN:
            return "What is needed is shown." if value else "What is needed is not shown."
        title = self.title(number)
        if title is None:
            return plain(self.atoms[number].node, value)
        return title.says if value else title.lacking

    def _standing(self, items: Iterable[Any], layer: Layer) -> tuple[tuple[Any, int], ...]:
        """The items in force that depend on the facts alone, each with its diagram."""
        return tuple((item, self.diagram(item.when, layer)) for item in layer.of(items) if item.when is not None)

    def outcomes(self, node: int, state: State) -> frozenset[Any]:
        """The outcomes of a diagram over every completion of the state that the law and nature allow."""
        return self.diagrams.reached(self.possibly(node), state) - {IMPOSSIBLE}

    def possibly(self, node: int) -> int:
        """The diagram with the outcome IMPOSSIBLE wherever the constraints are broken."""
        return self.diagrams.pick(self.possible, node, self.diagrams.outcome(IMPOSSIBLE))

    def _constraint(self) -> int:
        """What the laws say of their conditions, and what follows from the values a fact may have."""
        d, compiler = self.diagrams, _Compiler(self, CAUTIOUS)
        stated = [
            d.pick(compiler.stated(rule.if_, layer, opened=True), compiler.stated(rule.then, layer, opened=True), d.yes)
            for layer in self.layers
            for rule in layer.of(layer.law.implications)
        ]
        return d.all([*stated, *by_nature(self)])

    def diagram(self, node: c.Node, layer: Layer, decision: str = "") -> int:
        """The diagram of a condition as it stands in a law, read cautiously."""
        return self._plain.stated(node, layer, decision)

    def opened(self, node: c.Node, layer: Layer, decision: str = "") -> int:
        """The same with `shown(…)` taken as its content."""
        return self._plain.stated(node, layer, decision, opened=True)

    def title(self, number: int) -> Definition | None:
        """The definition whose whole condition an atom is, for words to call it by."""
        if number not in self._titles:
            self._titles[number] = self._find_title(self.atoms[number])
        return self._titles[number]

    def _find_title(self, atom: Atom) -> Definition | None:
        for layer in reversed(self.layers):
            for definition in layer.of(layer.law.definitions):
                if definition.of:
                    continue
                node = expanded(c.Named(definition.id), layer, CAUTIOUS)
                if Atom(node, layer.law.id if _refers_to_law(node) else "").key == atom.key:
                    found: Definition = definition
                    return found
        return None

    def layer(self, law: str) -> Layer | None:
        """The layer of that law, if it binds the agency."""
        return next((layer for layer in self.layers if layer.law.id == law), None)

    def atom(self, node: c.Node, law: str) -> int:
        """The number of an atom, given when it is first met."""
        atom = Atom(node, law if _refers_to_law(node) else "")
        if atom.key not in self._numbers:
            self._numbers[atom.key] = len(self.atoms)
            self.atoms.append(atom)
            self.tests.append(make_test(node, self.context[law]))
        return self._numbers[atom.key]

    def shown_number(self, content: int) -> int:
        """The number of the pseudo-atom "this content is known to hold"."""
        if content not in self._shown_numbers:
            self._shown_numbers[content] = len(self.shown)
            self.shown.append(content)
        return SHOWN + self._shown_numbers[content]


SHOWN = 1 << 20  # pseudo-atoms sort after the atoms of facts


def _refers_to_law(node: c.Node) -> bool:
    return isinstance(node, _OF_THE_LAW) or any(map(_refers_to_law, node.children()))


class _Compiler:
    """Builds the diagrams of one set of readings."""

    def __init__(self, stack: Stack, readings: Readings) -> None:
        self.stack, self.diagrams = stack, stack.diagrams
        self._expanders = {layer.law.id: Expander(layer, readings) for layer in stack.layers}
        self._whens: dict[tuple[str, int], c.Node] = {}
        self._built: dict[tuple[int, str, str, bool], int] = {}
        self._kept: dict[
            int, tuple[c.Node, bool]
        ] = {}  # each node met, so that its id stays its own; whether it permits

    def program(self) -> Program:
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
            effects = self._effects(other, decision, opened, None)
            return d.pick(effects["must_not"], d.no, d.any([effects["must"], effects["may"]]))
        return d.atom(self.stack.atom(node, layer.law.id))


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


def doubted(when: c.Node, doubts: Iterable[Doubt]) -> c.Node:
    """A condition with its open questions written into it."""
    for doubt in doubts:
        when = c.Doubtful(doubt.question, when, doubt.other, doubt.adds)
    return when


def expanded(node: c.Node, layer: Layer, readings: Readings, element: str = "") -> c.Node:
    """A condition with every definition put in and every open question read, down to atoms.

    Raises UserError for a name that is neither a fact nor a definition in force, or a definition that goes round
    in a circle.
    """
    return Expander(layer, readings).walk(node, element, ())


class Expander:
    """Puts definitions and readings into the conditions of one layer; each definition is expanded once."""

    def __init__(self, layer: Layer, readings: Readings) -> None:
        self.layer, self.readings = layer, readings
        self._done: dict[tuple[str, str], c.Node] = {}

    def walk(self, node: c.Node, element: str, through: tuple[str, ...]) -> c.Node:
        """The condition down to atoms; `through` are the definitions that led here."""
        if isinstance(node, c.Named):
            return self._named(node.name, element, through)
        if isinstance(node, c.Doubtful):
            when = self.walk(node.when, element, through)
            if node.question not in self.readings:
                return when
            other = self.walk(node.other, element, through)
            return c.either(when, other) if node.adds else c.both(when, other)
        if isinstance(node, c.Exists):
            return c.Exists(node.element, self.walk(node.when, node.element, through), node.least)
        if isinstance(node, c.Within):
            served = self.layer.law.lookbacks[node.lookback].extended_by
            return c.Within(node.lookback, self.walk(served, "conviction", through) if served else None)
        walked = c.rebuilt(node, lambda child: self.walk(child, element, through))
        if isinstance(walked, c.And):
            return c.both(*walked.all)
        return c.either(*walked.any) if isinstance(walked, c.Or) else walked

    def _named(self, name: str, element: str, through: tuple[str, ...]) -> c.Node:
        known = LISTS[ELEMENTS[element]] if element else FACTS
        if name in known and known[name].kind == "flag":
            return c.Is(name, (True,))
        definition = self.layer.definition(name)
        if definition is None or (definition.of and definition.of != element):
            if name in FACTS and FACTS[name].kind == "flag":
                return c.Is(name, (True,))
            raise self._error(f"{name} is neither a fact nor a definition in force on {self.layer.day}", through)
        if name in through:
            raise self._error(f"the definition {name} goes round in a circle", through)
        inside = element if definition.of else ""
        if (name, inside) not in self._done:
            node = self.walk(doubted(definition.when, definition.doubts), inside, (*through, name))
            self._done[name, inside] = node
        return self._done[name, inside]

    def _error(self, what: str, through: tuple[str, ...]) -> UserError:
        at = self.layer.definition(through[-1]) if through else None
        where = f"{self.layer.law.path}:{at.line}" if at else str(self.layer.law.path)
        return UserError(what, where=where)
