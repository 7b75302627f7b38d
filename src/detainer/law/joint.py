"""The law of two days over one set of conditions, matched where they are the same.

A condition that asks whether an offense stands on a list means something else on each day if rows of the list came or
went in between; it is then two conditions, of which one may bring the other with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from detainer.law import conditions as c
from detainer.law.diagram import Diagrams
from detainer.law.elements import bringing
from detainer.law.expand import CAUTIOUS, Atom, Layer
from detainer.law.lawfile import Definition, LawFile
from detainer.law.nature import by_nature
from detainer.law.stack import SHOWN, Stack
from detainer.law.wording import sentence, worded


@dataclass(frozen=True, slots=True)
class Term:
    """What a pattern may say in place of single facts: a condition, and the sentences for it and against it."""

    meaning: int
    yes: str
    no: str


class Joint:
    """The stacks of two days in one family of diagrams.

    An atom's number is its place in `atoms`; terms have negative numbers, the first -1. `possible` is what nature and
    the laws of both days allow, `sound` the same with every term so exactly when its meaning is.
    """

    def __init__(self, stacks: tuple[Stack, Stack], days: tuple[date, date], laws: frozenset[str]) -> None:
        self.stacks, self.days = stacks, days
        self.diagrams = Diagrams()
        self.atoms: list[Atom] = []
        self._known: dict[str, int] = {}
        self._numbers: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self._titles: dict[int, Definition | None] = {}
        stated = [self.taken(day, stack.possible) for day, stack in enumerate(stacks)]
        self.terms = tuple({term.meaning: term for term in self._terms(laws)}.values())
        self._meet(laws)
        self.possible = self.diagrams.all([*stated, *by_nature(self), *self._bringing()])
        self.sound = self.diagrams.all([self.possible, *map(self._exactly, range(len(self.terms)))])

    def _meet(self, laws: frozenset[str]) -> None:
        """Number every atom of what these laws answer, so that the constraints speak of all of them."""
        for day, stack in enumerate(self.stacks):
            for (law, _), node in stack.program(CAUTIOUS).layers.items():
                if law in laws:
                    self.taken(day, node)

    def taken(self, day: int, node: int) -> int:
        """A diagram of one day's stack over the joint atoms, with `shown(…)` taken as its content."""
        return self.diagrams.adopted(self.stacks[day].diagrams, node, self._meaning(day))

    def spelled(self, node: int) -> int:
        """A condition with every term replaced by what it means."""
        d = self.diagrams
        return d.adopted(d, node, lambda number: self.terms[-1 - number].meaning if number < 0 else d.atom(number))

    def number(self, day: int, number: int) -> int:
        """The joint number of an atom of one day's stack."""
        found = self._numbers[day].get(number)
        if found is None:
            stack = self.stacks[day]
            atom = self._dated(stack, stack.atoms[number], day)
            found = self._known.setdefault(atom.key, len(self.atoms))
            if found == len(self.atoms):
                self.atoms.append(atom)
                self._titles[found] = stack.title(number)
            self._numbers[day][number] = found
        return found

    def says(self, number: int, value: bool) -> str:
        """An atom or a term, or its denial, as a sentence."""
        if number < 0:
            term = self.terms[-1 - number]
            return term.yes if value else term.no
        title, atom = self._titles[number], self.atoms[number]
        if title:
            text = title.says if value else title.lacking
        else:
            said = sentence(worded(atom.node if value else c.Not(atom.node), {}))
            text = f"{said[0].upper()}{said[1:]}."
        law, dated, day = atom.law.partition("@")
        twins = [Atom(atom.node, f"{law}@{other}").key in self._known for other in self.days]
        return f"{text} (By the list of {day}.)" if dated and all(twins) else text

    def _meaning(self, day: int) -> Callable[[int], int]:
        stack, d = self.stacks[day], self.diagrams

        def meaning(number: int) -> int:
            if number >= SHOWN:
                return d.adopted(stack.diagrams, stack.shown[number - SHOWN], meaning)
            return d.atom(self.number(day, number))

        return meaning

    def _dated(self, stack: Stack, atom: Atom, day: int) -> Atom:
        """The atom, told apart by its day where a list that it asks about has changed."""
        law = next((layer.law for layer in stack.layers if layer.law.id == atom.law), None)
        if law is None or not any(_listed(law, node, self.days) for node in _lists(atom.node)):
            return atom
        return Atom(atom.node, f"{atom.law}@{self.days[day]}")

    def _bringing(self) -> Iterator[int]:
        """What meets one condition on a warrant, a conviction or a charge and so meets another."""
        d, relisted = self.diagrams, _Relisted(self.stacks, self.days)
        for one, two in bringing(self.atoms, relisted.name, relisted.known):
            yield d.pick(d.atom(one), d.atom(two), d.yes)

    def _terms(self, laws: frozenset[str]) -> Iterator[Term]:
        """Whether there is anything to answer, and the definitions of these laws that no single atom stands for."""
        d = self.diagrams
        for day, stack in enumerate(self.stacks):
            yield from self._nothing(day, stack)
            for layer in stack.layers:
                for name in _named(layer) if layer.law.id in laws else ():
                    definition = layer.definition(name)
                    meaning = self.taken(day, stack.opened(c.Named(name), layer))
                    if definition and not definition.of and not _single(d, meaning):
                        yield Term(meaning, definition.says, definition.lacking)

    def _nothing(self, day: int, stack: Stack) -> Iterator[Term]:
        program = stack.program(CAUTIOUS)
        for decision in program.closed:
            limits = [(layer, limit) for layer in stack.layers for limit in layer.limits if decision in limit.on]
            met = [self.taken(day, program.nothing[layer.law.id, limit.id, decision]) for layer, limit in limits]
            says = " ".join(limit.says for _, limit in limits)
            if len(limits) > 1:
                yield Term(self.diagrams.any(met), f"One of these is so: {says}", f"None of these is so: {says}")

    def _exactly(self, place: int) -> int:
        """That a term is so exactly when its meaning is."""
        d, meaning = self.diagrams, self.terms[place].meaning
        return d.pick(d.atom(-1 - place), meaning, d.negate(meaning))


def _named(layer: Layer) -> dict[str, None]:
    """The definitions that the provisions in force name, in their order."""
    found: dict[str, None] = {}

    def walk(node: c.Node) -> None:
        if isinstance(node, c.Named) and layer.definition(node.name):
            found[node.name] = None
        for child in node.children():
            walk(child)

    for rule in layer.provisions:
        walk(rule.when)
    return found


def _single(d: Diagrams, node: int) -> bool:
    """Whether a condition is one atom, or no condition at all."""
    parted = d.split(node)
    return parted is None or (parted[1], parted[2]) == ([d.no], [d.yes])


def _lists(node: c.Node) -> Iterator[c.OnList]:
    if isinstance(node, c.OnList):
        yield node
    for child in node.children():
        yield from _lists(child)


def _listed(law: LawFile, node: c.OnList, days: tuple[date, date]) -> str:
    """How the rows that a condition asks about changed: "grew", "shrank", "changed" or "" for not at all."""
    then, now = (
        {
            (row.jurisdiction, row.law, row.section, row.subdivisions)
            for row in law.lists[node.list].all()
            if row.listed_on(day)
            and (not node.only or node.only in row.marks)
            and not (node.besides and node.besides in row.marks)
        }
        for day in days
    )
    if node.as_of or then == now:
        return ""
    return "grew" if then < now else "shrank" if now < then else "changed"


class _Relisted:
    """The names of the tests of single elements: told apart by the day where a list that they ask about has changed."""

    def __init__(self, stacks: tuple[Stack, Stack], days: tuple[date, date]) -> None:
        self.days = days
        self.laws = {layer.law.id: layer.law for stack in stacks for layer in stack.layers}
        self.found: dict[tuple[str, str], set[str]] = {}  # a test by its law and words: how its lists changed

    def name(self, law: str, node: c.Node) -> str:
        """The name of a test; its law is part of it where it asks about something of that law."""
        law, _, day = law.partition("@")
        if not isinstance(node, (c.OnList, c.Within, c.Over, c.During)):
            return str(node)
        ways = {_listed(self.laws[law], inner, self.days) for inner in _lists(node)} - {""}
        if not ways or not day:
            return f"{law}: {node}"
        self.found[law, str(node)] = ways | ({"changed"} if _denied(node) else set())
        return f"{law}@{day}: {node}"

    def known(self) -> Iterator[tuple[str, str]]:
        """What was on a list that only grew is still on it, and so on."""
        for (law, words), ways in self.found.items():
            then, now = (f"{law}@{day}: {words}" for day in self.days)
            if ways == {"grew"}:
                yield then, now
            if ways == {"shrank"}:
                yield now, then


def _denied(node: c.Node, denied: bool = False) -> bool:
    """Whether a condition on a list stands anywhere inside a `not`."""
    if isinstance(node, c.OnList):
        return denied
    return any(_denied(child, denied or isinstance(node, c.Not)) for child in node.children())
