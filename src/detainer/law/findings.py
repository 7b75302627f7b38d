"""What a case says about one atomic condition: true, false or unknown, and which facts are missing.

Exact for one atom: where an unknown fact with a known set of values stands in an atom more than once, every value is
tried, so that "felony or not a felony" is true even of a conviction whose grade nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from detainer.hold import Calendar
from detainer.law import conditions as c
from detainer.law.case import Case, Element
from detainer.law.clocks import Clock, window_of
from detainer.law.lookback import Lookback, within
from detainer.law.offenses import Offense, OffenseList, split_section
from detainer.law.vocabulary import ELEMENTS, FACTS, LISTS, Fact, Unknown

AT = "at"


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether an atom holds of a case (None: unknown) and the facts whose absence leaves it unknown."""

    value: bool | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Law:
    """What conditions of one law refer to: its clocks, look-backs and offense lists."""

    clocks: Mapping[str, Clock]
    lookbacks: Mapping[str, Lookback]
    lists: Mapping[str, OffenseList]


class Examiner:
    """Examines one case under one law: `find` answers for an atom."""

    def __init__(self, case: Case, law: Law, zone: ZoneInfo, calendar: Calendar) -> None:
        self.case, self.law, self.zone, self.calendar = case, law, zone, calendar

    def find(self, atom: c.Node) -> Finding:
        """What the case says about the atom."""
        if isinstance(atom, c.Exists):
            return self._exists(atom)
        missing: dict[str, None] = {}
        value = self._of_case(atom, missing)
        return Finding(value, tuple(missing) if value is None else ())

    def _of_case(self, node: c.Node, missing: dict[str, None]) -> bool | None:
        return self._test(node, self.case.facts, FACTS, "", missing)

    def _exists(self, atom: c.Exists) -> Finding:
        path = ELEMENTS[atom.element]
        elements = self.case.elements(path)
        if isinstance(elements, Unknown):
            return Finding(None, (path,))
        sure, possible, missing = 0, 0, {}
        for number, element in enumerate(elements, 1):
            lacking: dict[str, None] = {}
            value = self.element(atom.when, atom.element, element, lacking, f"{path}[{number}].")
            sure += value is True
            possible += value is not False
            if value is None:
                missing.update(lacking)
        if sure >= atom.least:
            return Finding(True)
        return Finding(None, tuple(missing)) if possible >= atom.least else Finding(False)

    def element(
        self, when: c.Node, kind: str, element: Element, missing: dict[str, None], prefix: str = ""
    ) -> bool | None:
        """Whether one warrant, conviction or charge meets a condition, over every value of what is not known of it."""
        known = LISTS[ELEMENTS[kind]]
        value = self._test(when, element, known, prefix, missing)
        if value is not None:
            return value
        open_facts = [known[path] for path in _twice(when) if path in known and isinstance(_of(element, path), Unknown)]
        ways = [[(fact.path, value) for value in _domain(fact)] for fact in open_facts if _domain(fact)]
        if not ways:
            return None
        answers = {self._test(when, {**element, **dict(way)}, known, prefix, {}) for way in product(*ways)}
        return answers.pop() if len(answers) == 1 else None

    def _test(
        self, node: c.Node, facts: Mapping[str, Any], known: Mapping[str, Fact], prefix: str, missing: dict[str, None]
    ) -> bool | None:
        """Three-valued: and, or, not; then the tests themselves."""
        if isinstance(node, c.Always):
            return node.value
        if isinstance(node, c.Not):
            inner = self._test(node.when, facts, known, prefix, missing)
            return None if inner is None else not inner
        if isinstance(node, (c.And, c.Or)):
            return self._several(node, facts, known, prefix, missing)
        reader: Callable[..., bool | None] = _TESTS[type(node)]
        return reader(self, node, _Scope(self, facts, known, prefix, missing))

    def _several(
        self, node: c.And | c.Or, facts: Mapping[str, Any], known: Mapping[str, Fact], prefix: str, missing: dict[str, None]
    ) -> bool | None:
        stops = isinstance(node, c.Or)
        lacking: dict[str, None] = {}
        unknown = False
        for part in node.any if isinstance(node, c.Or) else node.all:
            value = self._test(part, facts, known, prefix, lacking)
            if value is stops:
                return stops
            unknown = unknown or value is None
        if not unknown:
            return not stops
        missing.update(lacking)
        return None

    def _is(self, node: c.Is, scope: _Scope) -> bool | None:
        value = scope.value(node.path)
        if isinstance(value, Unknown):
            return None
        if isinstance(value, datetime) and node.path == "request.withdrawn":
            return value <= self.case.at
        if isinstance(value, datetime) and node.path == "presented":
            return self._came_with_request(value, scope) if "with_request" in node.values else False
        return value in node.values

    def _came_with_request(self, presented: datetime, scope: _Scope) -> bool | None:
        received = scope.value("request.received")
        return None if isinstance(received, Unknown) else presented <= received

    def _includes(self, node: c.Includes, scope: _Scope) -> bool | None:
        value = scope.value(node.path)
        return None if isinstance(value, Unknown) else node.value in value

    def _under(self, node: c.Under, scope: _Scope) -> bool | None:
        value = scope.value(node.path)
        return None if isinstance(value, Unknown) else value == node.value or value.startswith(node.value + "-")

    def _stated(self, node: c.Stated, scope: _Scope) -> bool | None:
        value = scope.value(node.path)
        return None if isinstance(value, Unknown) else value is not None

    def _earlier(self, node: c.Earlier, scope: _Scope) -> bool | None:
        first, second = scope.value(node.first), scope.value(node.second)
        if first is None or second is None:
            return False
        if isinstance(first, Unknown) or isinstance(second, Unknown):
            return None
        if isinstance(first, datetime) and isinstance(second, datetime):
            return first < second
        return self._day(first) < self._day(second)

    def _day(self, value: date | datetime) -> date:
        return value.astimezone(self.zone).date() if isinstance(value, datetime) else value

    def _within(self, node: c.Within, scope: _Scope) -> bool | None:
        lookback = self.law.lookbacks[node.lookback]
        measured, start = scope.value(lookback.measured), scope.value(lookback.starts)
        if isinstance(measured, Unknown):
            return False if start is None else None
        convictions = self.case.elements("record.convictions")

        def extends(served: Element) -> bool | None:
            return node.extended_by is not None and self.element(node.extended_by, "conviction", served, scope.missing)

        others = () if isinstance(convictions, Unknown) else convictions
        value = within(lookback, scope.facts, self._day(measured), others, extends)
        if value is None and not isinstance(start, Unknown):
            scope.missing["record.convictions.incarceration"] = None
        return value

    def _on_list(self, node: c.OnList, scope: _Scope) -> bool | None:
        if node.equivalent:
            return self._equivalent(node, scope)
        law, section, where = (scope.value(path) for path in ("law", "section", "jurisdiction"))
        if any(isinstance(value, Unknown) for value in (law, section, where)):
            return None
        given = scope.facts.get("subdivision")
        return self._listed(node, scope, where, law, section, given if isinstance(given, str) else None)

    def _equivalent(self, node: c.OnList, scope: _Scope) -> bool | None:
        value = scope.value("equivalent.section")
        if isinstance(value, Unknown):
            return None
        if value is None:
            return False
        law, section, subdivision = split_section(value)
        rows = self.law.lists[node.list].all()
        home = rows[0].jurisdiction if rows else ""
        return self._listed(node, scope, home, law or (rows[0].law if rows else ""), section, subdivision)

    def _listed(
        self, node: c.OnList, scope: _Scope, jurisdiction: str, law: str, section: str, subdivision: str | None
    ) -> bool | None:
        day = scope.value(node.as_of) if node.as_of else self._day(self.case.at)
        if day is None or isinstance(day, Unknown):
            return False if day is None else None
        rows = self.law.lists[node.list].rows_for(law, section)
        covers = [row.covers(subdivision) for row in rows if _meant(row, node, jurisdiction, self._day(day))]
        if None in covers and True not in covers:
            scope.missing[scope.prefix + "subdivision"] = None
            return None
        return True in covers

    def _over(self, node: c.Over, scope: _Scope) -> bool | None:
        clock = self.law.clocks[node.clock]
        ends = window_of(clock, self.case, self.zone, self.calendar)
        if ends is None:
            scope.missing.update(dict.fromkeys(clock.starts[:1]))
            return None
        return self.case.at >= ends.until

    def _during(self, node: c.During, scope: _Scope) -> bool | None:
        value, started = scope.value(node.path), self.case.get("custody.hold_started")
        if started is None or (not isinstance(value, (datetime, Unknown))):
            return False
        ends = window_of(self.law.clocks[node.clock], self.case, self.zone, self.calendar)
        if isinstance(value, Unknown) or isinstance(started, Unknown) or ends is None:
            scope.missing["custody.hold_started"] = None
            return None
        return bool(started <= value <= ends.until)


@dataclass
class _Scope:
    """Where names are looked up: first among the facts of the element, then among those of the case."""

    examiner: Examiner
    facts: Mapping[str, Any]
    known: Mapping[str, Fact]
    prefix: str
    missing: dict[str, None]

    def value(self, path: str) -> Any:
        """The value of a fact; an unknown one is noted as missing."""
        if path == AT:
            return self.examiner.case.at
        own = path in self.known
        value = self.facts.get(path, Unknown.NOT_ASKED) if own else self.examiner.case.get(path)
        if isinstance(value, Unknown):
            self.missing[self.prefix + path if own else path] = None
        return value


_TESTS: Mapping[type[c.Node], Callable[..., bool | None]] = {
    c.Is: Examiner._is,
    c.Includes: Examiner._includes,
    c.Under: Examiner._under,
    c.Stated: Examiner._stated,
    c.Earlier: Examiner._earlier,
    c.Within: Examiner._within,
    c.OnList: Examiner._on_list,
    c.Over: Examiner._over,
    c.During: Examiner._during,
}


def _meant(row: Offense, node: c.OnList, jurisdiction: str, day: date) -> bool:
    marked = (not node.only or node.only in row.marks) and not (node.besides and node.besides in row.marks)
    return marked and row.jurisdiction == jurisdiction and row.listed_on(day)


def _domain(fact: Fact) -> Sequence[Any]:
    """The values of a fact with a known set of them; nothing for text, days and moments."""
    if fact.kind == "flag" and not fact.or_moment:
        return (True, False)
    return fact.values if fact.kind == "choice" and not fact.or_moment else ()


def _of(element: Element, path: str) -> Any:
    return element.get(path, Unknown.NOT_ASKED)


def _twice(node: c.Node) -> list[str]:
    """The facts that stand in a condition more than once."""
    seen: list[str] = []

    def walk(here: c.Node) -> None:
        if isinstance(here, c.Is):
            seen.append(here.path)
        for child in here.children():
            walk(child)

    walk(node)
    return sorted({path for path in seen if seen.count(path) > 1})
