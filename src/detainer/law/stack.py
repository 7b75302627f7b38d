"""The laws that bind one agency on one day, made ready to answer.

A stack holds the layers, widest first, expands every condition down to atoms, and builds for each decision one
diagram of the whole and one of each layer. Each set of readings (the open questions that are answered the other way)
has diagrams of its own over the same atoms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from detainer.law import conditions as c
from detainer.law.compiler import Compiler, Program
from detainer.law.diagram import Diagrams, State
from detainer.law.expand import CAUTIOUS, Atom, Layer, Readings, expanded, refers_to_law
from detainer.law.findings import Law, Test, make_test
from detainer.law.lawfile import Definition
from detainer.law.nature import by_nature
from detainer.law.phrases import plain

IMPOSSIBLE = "impossible"
LOCAL_POLICY = "us-local-policy"  # the layer that says what the agency's own policy forbids
SHOWN = 1 << 20  # pseudo-atoms sort after the atoms of facts


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
        self._plain = Compiler(self, CAUTIOUS)
        for readings in (CAUTIOUS, *(frozenset({question}) for question in self.questions), frozenset(self.questions)):
            self._programs[readings] = Compiler(self, readings).program()
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
            before = len(self.atoms)
            self._programs[readings] = Compiler(self, readings).program()
            if len(self.atoms) > before:
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
        d, compiler = self.diagrams, Compiler(self, CAUTIOUS)
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
                if Atom(node, layer.law.id if refers_to_law(node) else "").key == atom.key:
                    found: Definition = definition
                    return found
        return None

    def layer(self, law: str) -> Layer | None:
        """The layer of that law, if it binds the agency."""
        return next((layer for layer in self.layers if layer.law.id == law), None)

    def atom(self, node: c.Node, law: str) -> int:
        """The number of an atom, given when it is first met."""
        atom = Atom(node, law if refers_to_law(node) else "")
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
