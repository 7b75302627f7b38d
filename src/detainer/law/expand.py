"""The layers of a stack, and their conditions expanded: every definition put in, every open question read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from detainer.errors import UserError
from detainer.law import conditions as c
from detainer.law.lawfile import Definition, Doubt, LawFile, Limit, Provision, Span, Version
from detainer.law.vocabulary import ELEMENTS, FACTS, LISTS

Readings = frozenset[str]  # the open questions that are read the other way
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


def refers_to_law(node: c.Node) -> bool:
    """Whether a condition asks for a list, a look-back or a clock, which each law has for itself."""
    return isinstance(node, _OF_THE_LAW) or any(map(refers_to_law, node.children()))


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
