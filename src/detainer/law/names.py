"""Every name in a law file must mean something: facts, values, definitions, clocks, lists, questions, provisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from detainer.errors import UserError
from detainer.law import conditions as c
from detainer.law.findings import AT
from detainer.law.lawfile import Doubt, LawFile
from detainer.law.vocabulary import ELEMENTS, FACTS, LISTS, Fact


def check_names(law: LawFile, laws: Iterable[str], holidays: Iterable[str]) -> None:
    """Raise UserError, with file, line and the nearest name, for the first name that means nothing.

    `laws` are the laws that there are, `holidays` the lists of the calendar.
    """
    checker = _Checker(law, laws)
    for clock in law.clocks.values():
        checker.dated(clock.starts, FACTS, ("moment",), clock.line)
        checker.known(clock.holidays, holidays, "holiday list", clock.line)
    for lookback in law.lookbacks.values():
        checker.dated([lookback.starts, lookback.counted_from], LISTS[ELEMENTS["conviction"]], ("day",), lookback.line)
        if lookback.measured != AT:
            checker.dated([lookback.measured], FACTS, ("day", "moment"), lookback.line)
        if lookback.extended_by is not None:
            checker.node(lookback.extended_by, "conviction", str(law.path))
    for definition in law.definitions:
        checker.item(definition.when, definition.doubts, definition.of, definition.line)
    for rule in law.provisions:
        checker.item(rule.when, rule.doubts, "", rule.line)
        checker.known(rule.unless, {other.id for other in law.provisions}, "provision", rule.line)
        checker.known([rule.until] if rule.until else [], law.clocks, "clock", rule.line)
    for duty in law.duties:
        checker.known([duty.clock] if duty.clock else [], law.clocks, "clock", duty.line)
    for when, line in _conditions(law):
        checker.item(when, (), "", line)


def _conditions(law: LawFile) -> Iterator[tuple[c.Node, int]]:
    """The conditions on the whole case that stand outside definitions and provisions, with their lines."""
    yield from ((limit.when, limit.line) for limit in law.limits)
    yield from ((duty.when, duty.line) for duty in law.duties)
    yield from ((guarantee.when, guarantee.line) for guarantee in law.guarantees)
    yield from ((question.when, question.line) for question in law.questions if question.when is not None)
    yield from ((part, rule.line) for rule in law.implications for part in (rule.if_, rule.then))


class _Checker:
    def __init__(self, law: LawFile, laws: Iterable[str]) -> None:
        self.law, self.laws = law, tuple(laws)
        self.definitions = {definition.id: definition.of for definition in law.definitions}
        self.questions = {question.id for question in law.questions}

    def item(self, when: c.Node, doubts: Iterable[Doubt], element: str, line: int) -> None:
        where = f"{self.law.path}:{line}"
        self.node(when, element, where)
        for doubt in doubts:
            self.known([doubt.question], self.questions, "question", line)
            self.node(doubt.other, element, where)

    def node(self, node: c.Node, element: str, where: str) -> None:
        if isinstance(node, c.Exists):
            element = node.element
        elif isinstance(node, c.Named):
            self._named(node.name, element, where)
        elif isinstance(node, (c.Is, c.Includes)):
            self._valued(node, element, where)
        elif isinstance(node, (c.Within, c.OnList, c.Over, c.During)):
            self._of_the_law(node, where)
        elif isinstance(node, c.PermittedBy):
            self._one(node.law, self.laws, "law", where)
        for path in _paths(node):
            self._path(path, element, where)
        for child in node.children():
            self.node(child, element, where)

    def known(self, names: Iterable[str], among: Iterable[str], kind: str, line: int) -> None:
        for name in names:
            self._one(name, among, kind, f"{self.law.path}:{line}")

    def dated(self, paths: Sequence[str], facts: Mapping[str, Fact], kinds: Sequence[str], line: int) -> None:
        """Refuse paths that are no fact of one of these kinds, or no path at all."""
        where = f"{self.law.path}:{line}"
        if not paths:
            raise UserError(
                "a clock needs a fact to start from", where=where, fix="Write starts: [custody.releasable_at]."
            )
        for path in paths:
            if path == "at":
                continue
            self._one(path, facts, "fact", where)
            if facts[path].kind not in kinds:
                raise UserError(f"{path} is no {' or '.join(kinds)}", where=where, fix=f"It is a {facts[path].kind}.")

    def _one(self, name: str, among: Iterable[str], kind: str, where: str) -> None:
        among = list(among)
        if name not in among:
            raise UserError(f"there is no {kind} {name}", where=where, fix=_meant(name, among))

    def _named(self, name: str, element: str, where: str) -> None:
        facts = self._facts(element)
        if name in self.definitions:
            if self.definitions[name] not in ("", element):
                raise UserError(
                    f"{name} speaks of one {self.definitions[name]}", where=where, fix="Say any … where (…)."
                )
            if element and not self.definitions[name]:
                raise UserError(f"{name} speaks of the whole case, not of one {element}", where=where)
            return
        if name not in facts or facts[name].kind != "flag":
            flags = [path for path, fact in facts.items() if fact.kind == "flag"]
            raise UserError(
                f"{name} is no definition and no fact that is true or false",
                where=where,
                fix=_meant(name, [*self.definitions, *flags]),
            )

    def _valued(self, node: c.Is | c.Includes, element: str, where: str) -> None:
        fact = self._facts(element).get(node.path)
        if fact is None:
            return
        kind = "choices" if isinstance(node, c.Includes) else fact.kind if fact.kind in ("choice", "text") else "choice"
        if fact.kind != kind:
            raise UserError(f"{node.path} cannot be tested so", where=where, fix=f"It is a {fact.kind}.")
        if fact.kind == "text":
            return
        for value in (node.value,) if isinstance(node, c.Includes) else node.values:
            if value not in fact.values:
                raise UserError(f"{node.path} is never {value}", where=where, fix=f"Values: {', '.join(fact.values)}.")

    def _of_the_law(self, node: c.Within | c.OnList | c.Over | c.During, where: str) -> None:
        if isinstance(node, c.Within):
            self._one(node.lookback, self.law.lookbacks, "look-back", where)
        elif isinstance(node, c.OnList):
            self._one(node.list, self.law.lists, "offense list", where)
            marks = {mark for row in self.law.lists[node.list].all() for mark in row.marks}
            for mark in filter(None, (node.only, node.besides)):
                self._one(mark, marks, f"mark on the list {node.list}:", where)
        else:
            self._one(node.clock, self.law.clocks, "clock", where)

    def _path(self, path: str, element: str, where: str) -> None:
        if path != AT and path not in self._facts(element):
            raise UserError(f"there is no fact {path}", where=where, fix=_meant(path, self._facts(element)))

    def _facts(self, element: str) -> Mapping[str, Fact]:
        return {**FACTS, **LISTS[ELEMENTS[element]]} if element else FACTS


def _paths(node: c.Node) -> list[str]:
    names = ("path", "first", "second", "as_of")
    return [path for name in names if isinstance(path := getattr(node, name, None), str) and path]


def _meant(name: str, among: Iterable[str]) -> str:
    near = get_close_matches(name, list(among), 1)
    return f"Did you mean {near[0]}?" if near else ""
