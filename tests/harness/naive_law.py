"""The law read as plainly as can be, to hold the compiled law against.

`Reading` answers straight from the law files: no diagrams, nothing shared, one rule after the other, as a careful
person would with a pencil. It works in any algebra of conditions (`Truth` for one state of the facts, z3 for all at
once), so that the same plain reading serves to check by brute force and to prove.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from detainer.law import LawBook
from detainer.law import conditions as c
from detainer.law.lawfile import Definition, LawFile
from detainer.law.vocabulary import ELEMENTS, FACTS, LISTS

OUTCOMES = ("not_applicable", "must_not", "must", "may", "silent")


class Algebra(Protocol):
    """What a condition is made of: its parts, and the conditions of the case, known by their text."""

    def constant(self, *, value: bool) -> Any: ...
    def both(self, parts: Iterable[Any]) -> Any: ...
    def either(self, parts: Iterable[Any]) -> Any: ...
    def negate(self, part: Any) -> Any: ...
    def condition(self, text: str) -> Any: ...


@dataclass(frozen=True)
class Truth:
    """One complete state of the facts."""

    world: Mapping[str, bool]

    def constant(self, *, value: bool) -> bool:
        return value

    def both(self, parts: Iterable[bool]) -> bool:
        return all(list(parts))

    def either(self, parts: Iterable[bool]) -> bool:
        return any(list(parts))

    def negate(self, part: bool) -> bool:
        return not part

    def condition(self, text: str) -> bool:
        return self.world[text]


class Reading:
    """The laws that bind an agency on a day, read plainly.

    With `opened`, `shown(…)` stands for its content; without, it is a condition of its own, `shown: CONTENT`.
    """

    def __init__(self, book: LawBook, agency: str, day: date, algebra: Algebra, *, opened: bool = False) -> None:
        self.laws = [book.laws[name] for name in book.agencies[agency].laws]
        self.laws_in_force = [law for law in self.laws if law.version_on(day)]
        self.day, self.algebra, self.opened = day, algebra, opened
        self.contents: dict[str, tuple[c.Node, LawFile]] = {}

    def outcome(self, decision: str) -> dict[str, Any]:
        """For each outcome, the condition under which the laws together give it.

        What a narrower law forbids does not count where a provision of a wider law that prevails applies.
        """
        found: dict[str, list[Any]] = {"must_not": [], "must": [], "may": []}
        prevailing: list[Any] = []
        for law in self.laws_in_force:
            effects = self.effects(law, decision, opened=self.opened)
            stands = self.algebra.negate(self.algebra.either(prevailing))
            found["must_not"].append(self.algebra.both([effects["must_not"], stands]))
            found["must"].append(effects["must"])
            found["may"].append(effects["may"])
            prevailing.append(effects["prevails"])
        together = {name: self.algebra.either(parts) for name, parts in found.items()}
        return self._ranked(self.nothing_to_answer(decision), together)

    def layer(self, law: LawFile, decision: str) -> dict[str, Any]:
        """For each outcome, the condition under which one law alone gives it."""
        return self._ranked(self.nothing_to_answer(decision), self.effects(law, decision, opened=self.opened))

    def _ranked(self, nothing: Any, effects: Mapping[str, Any]) -> dict[str, Any]:
        found, before = {"not_applicable": nothing}, [nothing]
        for name in ("must_not", "must", "may"):
            found[name] = self.algebra.both([effects[name], *map(self.algebra.negate, before)])
            before.append(effects[name])
        found["silent"] = self.algebra.both(map(self.algebra.negate, before))
        return found

    def nothing_to_answer(self, decision: str) -> Any:
        limits = [
            (limit, law)
            for law in self.laws_in_force
            for limit in law.limits
            if limit.span.covers(self.day) and decision in limit.on
        ]
        return self.algebra.either(self.holds(limit.when, law, decision, opened=self.opened) for limit, law in limits)

    def effects(self, law: LawFile, decision: str, *, opened: bool) -> dict[str, Any]:
        """For each effect, the condition under which some provision of the law has it; `prevails` likewise.

        A provision is lifted by each that its `unless` names wherever that one's own condition is met.
        """
        if law not in self.laws_in_force:
            return dict.fromkeys(("must_not", "must", "may", "prevails"), self.algebra.constant(value=False))
        rules = [rule for rule in law.provisions if rule.span.covers(self.day) and decision in rule.on]
        met = {rule.id: self.holds(rule.when, law, decision, opened=opened) for rule in rules}
        applies = {
            rule.id: self.algebra.both(
                [met[rule.id], *(self.algebra.negate(met[name]) for name in rule.unless if name in met)]
            )
            for rule in rules
        }
        found = {
            effect: self.algebra.either(applies[rule.id] for rule in rules if rule.effect == effect)
            for effect in ("must_not", "must", "may")
        }
        return {**found, "prevails": self.algebra.either(applies[rule.id] for rule in rules if rule.prevails)}

    def holds(self, node: c.Node, law: LawFile, decision: str, *, opened: bool) -> Any:
        """The condition as the law states it, read cautiously."""

        def again(part: c.Node) -> Any:
            return self.holds(part, law, decision, opened=opened)

        match node:
            case c.Always():
                return self.algebra.constant(value=node.value)
            case c.Not():
                return self.algebra.negate(again(node.when))
            case c.And():
                return self.algebra.both(map(again, node.all))
            case c.Or():
                return self.algebra.either(map(again, node.any))
            case c.Shown():
                return again(node.when) if opened else self._shown(node.when, law)
            case c.Named() if definition := self.definition(law, node.name):
                return again(definition.when)
            case c.PermittedBy():
                return self._permitted(node.law, decision, opened=opened)
            case _:
                return self.algebra.condition(text_of(self.spelled(node, law), law.id))

    def _permitted(self, name: str, decision: str, *, opened: bool) -> Any:
        other = next((law for law in self.laws if law.id == name), None)
        if other is None or not decision:
            return self.algebra.constant(value=False)
        effects = self.effects(other, decision, opened=opened)
        return self.algebra.both(
            [self.algebra.negate(effects["must_not"]), self.algebra.either([effects["must"], effects["may"]])]
        )

    def _shown(self, content: c.Node, law: LawFile) -> Any:
        name = f"shown: {text_of(self.spelled(content, law), law.id)}"
        self.contents[name] = content, law
        return self.algebra.condition(name)

    def definition(self, law: LawFile, name: str) -> Definition | None:
        """The definition of that name in force on the day."""
        return next((one for one in law.definitions if one.id == name and one.span.covers(self.day)), None)

    def spelled(self, node: c.Node, law: LawFile, element: str = "") -> c.Node:
        """The condition with every definition written out."""
        if isinstance(node, c.Named):
            own = LISTS[ELEMENTS[element]] if element else {}
            definition = self.definition(law, node.name)
            if node.name in own or definition is None:
                assert node.name in own or node.name in FACTS, node.name
                return c.Is(node.name, (True,))
            return self.spelled(definition.when, law, definition.of)
        if isinstance(node, c.Exists):
            return c.Exists(node.element, self.spelled(node.when, law, node.element), node.least)
        if isinstance(node, c.Within):
            served = law.lookbacks[node.lookback].extended_by
            return c.Within(node.lookback, self.spelled(served, law, "conviction") if served else None)
        return c.rebuilt(node, lambda part: self.spelled(part, law, element))


def text_of(node: c.Node, law: str) -> str:
    """What identifies a condition: its words with brackets within brackets taken away, and its law if it needs one."""
    return f"{law}: {node_text(node)}" if _leans_on_law(node) else node_text(node)


def node_text(node: c.Node) -> str:
    """The words of a condition; (a and (b and c)) is (a and b and c)."""
    match node:
        case c.And():
            return "(" + " and ".join(_flat(node.all, c.And)) + ")"
        case c.Or():
            return "(" + " or ".join(_flat(node.any, c.Or)) + ")"
        case c.Not():
            return f"not {node_text(node.when)}"
        case c.Exists():
            return f"{node.least} {node.element} where {node_text(node.when)}"
        case c.Within() if node.extended_by:
            return f"within {node.lookback} extended by {node_text(node.extended_by)}"
        case _:
            return str(node)


def _flat(parts: Iterable[c.Node], kind: type) -> list[str]:
    found: list[str] = []
    for part in parts:
        inside = (part.all if isinstance(part, c.And) else part.any) if isinstance(part, kind) else None  # type: ignore[union-attr]
        found += _flat(inside, kind) if inside else [node_text(part)]
    return found


def _leans_on_law(node: c.Node) -> bool:
    return isinstance(node, (c.OnList, c.Within, c.Over, c.During)) or any(map(_leans_on_law, node.children()))
