"""What a case says about one atomic condition: true, false or unknown, and which facts are missing.

Each atom is turned once into a test. A test is exact for its atom: where an unknown fact with a known set of values
stands in it more than once, every value is tried, so that "felony or not a felony" is true even of a conviction whose
grade nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from detainer.hold import Calendar, Window
from detainer.law import conditions as c
from detainer.law.case import Case, Element
from detainer.law.clocks import Clock, window_of
from detainer.law.lookback import Lookback, within
from detainer.law.offenses import Offense, OffenseList, split_section
from detainer.law.vocabulary import ELEMENTS, FACTS, LISTS, Fact, Unknown

AT = "at"
_NOT_ASKED = Unknown.NOT_ASKED


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether an atom holds of a case (None: unknown) and the facts whose absence leaves it unknown."""

    value: bool | None
    missing: tuple[str, ...] = ()


YES, NO = Finding(value=True), Finding(value=False)


@dataclass(frozen=True)
class Law:
    """What conditions of one law refer to: its clocks, look-backs and offense lists."""

    clocks: Mapping[str, Clock]
    lookbacks: Mapping[str, Lookback]
    lists: Mapping[str, OffenseList]


class Examiner:
    """One case under examination: its facts, the ends of its clocks, and the facts found missing on the way."""

    def __init__(self, case: Case, zone: ZoneInfo, calendar: Calendar) -> None:
        self.case, self.zone, self.calendar = case, zone, calendar
        self.today = self.day(case.at)
        self.missing: list[str] = []
        self._windows: dict[int, Window | None] = {}

    def find(self, test: Test) -> Finding:
        """What the case says about an atom."""
        self.missing.clear()
        value = test(self, self.case.facts, "")
        if value is None:
            return Finding(None, tuple(dict.fromkeys(self.missing)))
        return YES if value else NO

    def day(self, value: date | datetime) -> date:
        """The local day of a moment; a day is itself."""
        return value.astimezone(self.zone).date() if isinstance(value, datetime) else value

    def window(self, clock: Clock) -> Window | None:
        """The ends of a clock for this case; None when its start is not known."""
        if id(clock) not in self._windows:
            self._windows[id(clock)] = window_of(clock, self.case, self.zone, self.calendar)
        return self._windows[id(clock)]


Test = Callable[[Examiner, Mapping[str, Any], str], bool | None]
Value = Callable[[Examiner, Mapping[str, Any], str], Any]


def make_test(node: c.Node, law: Law, element: str = "") -> Test:
    """The test for a condition, every name of which is a fact: of the element named, or else of the case."""
    return _Maker(law, element).test(node)


class _Maker:
    """Makes tests for conditions on one kind of element, or on the case as a whole."""

    def __init__(self, law: Law, element: str) -> None:
        self.law, self.element = law, element
        self.own: Mapping[str, Fact] = LISTS[ELEMENTS[element]] if element else FACTS

    def test(self, node: c.Node) -> Test:
        return self._makers[type(node)](self, node)

    def value(self, path: str) -> Value:
        """How a fact is looked up; an unknown one is noted as missing."""
        if path == AT:
            return lambda x, _facts, _prefix: x.case.at

        def own(x: Examiner, facts: Mapping[str, Any], prefix: str) -> Any:
            value = facts.get(path, _NOT_ASKED)
            if isinstance(value, Unknown):
                x.missing.append(prefix + path)
            return value

        def of_case(x: Examiner, _facts: Mapping[str, Any], _prefix: str) -> Any:
            value = x.case.facts.get(path, _NOT_ASKED)
            if isinstance(value, Unknown):
                x.missing.append(path)
            return value

        return own if path in self.own else of_case

    def _always(self, node: c.Always) -> Test:
        return lambda _x, _facts, _prefix: node.value

    def _not(self, node: c.Not) -> Test:
        inner = self.test(node.when)

        def test(x: Examiner, facts: Mapping[str, Any], prefix: str) -> bool | None:
            value = inner(x, facts, prefix)
            return None if value is None else not value

        return test

    def _several(self, node: c.And | c.Or) -> Test:
        """All or any of the parts; what is missing in a part counts only while no other part decides."""
        parts = [self.test(part) for part in (node.any if isinstance(node, c.Or) else node.all)]
        stops = isinstance(node, c.Or)

        def test(x: Examiner, facts: Mapping[str, Any], prefix: str) -> bool | None:
            mark, unknown = len(x.missing), False
            for part in parts:
                value = part(x, facts, prefix)
                if value is stops:
                    del x.missing[mark:]
                    return stops
                unknown = unknown or value is None
            return None if unknown else not stops

        return test

    def _exists(self, node: c.Exists) -> Test:
        path = ELEMENTS[node.element]
        holds = _of_element(node.when, self.law, node.element)

        def test(x: Examiner, _facts: Mapping[str, Any], _prefix: str) -> bool | None:
            elements = x.case.elements(path)
            if isinstance(elements, Unknown):
                x.missing.append(path)
                return None
            mark, sure, possible = len(x.missing), 0, 0
            for number, element in enumerate(elements, 1):
                value = holds(x, element, f"{path}[{number}].")
                sure += value is True
                possible += value is not False
            if sure < node.least <= possible:
                return None
            del x.missing[mark:]
            return sure >= node.least

        return test

    def _is(self, node: c.Is) -> Test:
        look = self.value(node.path)
        if node.path == "request.withdrawn":
            return lambda x, facts, prefix: _withdrawn(x, look(x, facts, prefix))
        if node.path == "presented":
            received = _Maker(self.law, "").value("request.received")
            return lambda x, facts, prefix: _presented(x, look(x, facts, prefix), node.values, received)
        values = frozenset(node.values)

        def test(x: Examiner, facts: Mapping[str, Any], prefix: str) -> bool | None:
            value = look(x, facts, prefix)
            return None if isinstance(value, Unknown) else value in values

        return test

    def _one(self, path: str, holds: Callable[[Any], bool]) -> Test:
        """A test of one fact that is known."""
        look = self.value(path)

        def test(x: Examiner, facts: Mapping[str, Any], prefix: str) -> bool | None:
            value = look(x, facts, prefix)
            return None if isinstance(value, Unknown) else holds(value)

        return test

    def _includes(self, node: c.Includes) -> Test:
        return self._one(node.path, lambda value: node.value in value)

    def _under(self, node: c.Under) -> Test:
        return self._one(node.path, lambda value: value == node.value or value.startswith(node.value + "-"))

    def _stated(self, node: c.Stated) -> Test:
        return self._one(node.path, lambda value: value is not None)

    def _earlier(self, node: c.Earlier) -> Test:
        one, two = self.value(node.first), self.value(node.second)

        def test(x: Examiner, facts: Mapping[str, Any], prefix: str) -> bool | None:
            first, second = one(x, facts, prefix), two(x, facts, prefix)
            if first is None or second is None:
                return False
            if isinstance(first, Unknown) or isinstance(second, Unknown):
                return None
            if isinstance(first, datetime) and isinstance(second, datetime):
                return first < second
            return x.day(first) < x.day(second)

        return test

    def _within(self, node: c.Within) -> Test:
        lookback = self.law.lookbacks[node.lookback]
        start, measured = self.value(lookback.starts), self.value(lookback.measured)
        served = _of_element(node.extended_by, self.law, "conviction") if node.extended_by else None

        def test(x: Examiner, facts: Mapping[str, Any], prefix: str) -> bool | None:
            begun, today = start(x, facts, prefix), measured(x, facts, prefix)
            if begun is None:
                return False
            if isinstance(today, Unknown):
                return None
            convictions = x.case.elements("record.convictions")
            others = () if isinstance(convictions, Unknown) else convictions
            places = {id(one): f"record.convictions[{number}]." for number, one in enumerate(others, 1)}
            value = within(
                lookback,
                facts,
                x.day(today),
                others,
                lambda one: served is not None and served(x, one, places.get(id(one), prefix)),
            )
            if value is None and not isinstance(begun, Unknown):
                x.missing.append("record.convictions.incarceration")
            return value

        return test

    def _on_list(self, node: c.OnList) -> Test:
        listed = self.law.lists[node.list]
        as_of = self.value(node.as_of) if node.as_of else None
        named = self._equivalent(listed) if node.equivalent else self._itself()

        def test(x: Examiner, facts: Mapping[str, Any], prefix: str) -> bool | None:
            offense = named(x, facts, prefix)
            day = as_of(x, facts, prefix) if as_of else x.today
            if offense is None or day is None:
                return False
            if isinstance(offense, Unknown) or isinstance(day, Unknown):
                return None
            where, law, section, subdivision = offense
            rows = listed.rows_for(law, section)
            covers = [row.covers(subdivision) for row in rows if _meant(row, node, where, x.day(day))]
            if None in covers and True not in covers:
                x.missing.append(prefix + "subdivision")
                return None
            return True in covers

        return test

    def _itself(self) -> Value:
        """The offense that a conviction or charge names."""
        looks = [self.value(path) for path in ("jurisdiction", "law", "section")]

        def offense(x: Examiner, facts: Mapping[str, Any], prefix: str) -> Any:
            values = [look(x, facts, prefix) for look in looks]
            if any(isinstance(value, Unknown) for value in values):
                return Unknown.NOT_ASKED
            return (*values, facts.get("subdivision"))

        return offense

    def _equivalent(self, listed: OffenseList) -> Value:
        """The offense that counsel found to be the equivalent; None when there is none."""
        look = self.value("equivalent.section")
        first = next(iter(listed.all()), None)
        home = (first.jurisdiction, first.law) if first else ("", "")

        def offense(x: Examiner, facts: Mapping[str, Any], prefix: str) -> Any:
            value = look(x, facts, prefix)
            if value is None or isinstance(value, Unknown):
                return value
            law, section, subdivision = split_section(value)
            return home[0], law or home[1], section, subdivision

        return offense

    def _over(self, node: c.Over) -> Test:
        clock = self.law.clocks[node.clock]

        def test(x: Examiner, _facts: Mapping[str, Any], _prefix: str) -> bool | None:
            ends = x.window(clock)
            if ends is None:
                x.missing.append(clock.starts[0])
                return None
            return x.case.at >= ends.until

        return test

    def _during(self, node: c.During) -> Test:
        clock, look = self.law.clocks[node.clock], self.value(node.path)

        def test(x: Examiner, facts: Mapping[str, Any], prefix: str) -> bool | None:
            started, value = x.case.get("custody.hold_started"), look(x, facts, prefix)
            if started is None or not isinstance(value, (datetime, Unknown)):
                return False
            ends = x.window(clock)
            if isinstance(started, Unknown) or ends is None:
                x.missing.append("custody.hold_started")
                return None
            return None if isinstance(value, Unknown) else bool(started <= value <= ends.until)

        return test

    _makers: ClassVar[Mapping[type[c.Node], Callable[..., Test]]] = {
        c.Always: _always,
        c.Not: _not,
        c.And: _several,
        c.Or: _several,
        c.Exists: _exists,
        c.Is: _is,
        c.Includes: _includes,
        c.Under: _under,
        c.Stated: _stated,
        c.Earlier: _earlier,
        c.Within: _within,
        c.OnList: _on_list,
        c.Over: _over,
        c.During: _during,
    }


def _of_element(when: c.Node, law: Law, kind: str) -> Callable[[Examiner, Element, str], bool | None]:
    """The test of one warrant, conviction or charge, over every value of what is not known of it."""
    plain = make_test(when, law, kind)
    known = LISTS[ELEMENTS[kind]]
    repeated = [(path, values) for path in _twice(when) if path in known and (values := _values_of(known[path]))]

    def test(x: Examiner, element: Element, prefix: str) -> bool | None:
        value = plain(x, element, prefix)
        if value is not None:
            return value
        ways = [[(path, value) for value in values] for path, values in repeated if _unknown(element, path)]
        if not ways:
            return None
        mark = len(x.missing)
        answers = {plain(x, {**element, **dict(way)}, prefix) for way in product(*ways)}
        del x.missing[mark:]
        return answers.pop() if len(answers) == 1 else None

    return test


def _withdrawn(x: Examiner, value: Any) -> bool | None:
    if isinstance(value, Unknown):
        return None
    return value <= x.case.at if isinstance(value, datetime) else value is True


def _presented(x: Examiner, value: Any, values: Sequence[Any], received: Value) -> bool | None:
    """A warrant that came no later than the request came with it."""
    if isinstance(value, Unknown):
        return None
    if not isinstance(value, datetime):
        return value in values
    came = received(x, x.case.facts, "")
    return None if isinstance(came, Unknown) else bool(value <= came)


def _meant(row: Offense, node: c.OnList, jurisdiction: str, day: date) -> bool:
    marked = (not node.only or node.only in row.marks) and not (node.besides and node.besides in row.marks)
    return marked and row.jurisdiction == jurisdiction and row.listed_on(day)


def _values_of(fact: Fact) -> Sequence[Any]:
    """The values of a fact with a known set of them; nothing for text, days and moments."""
    if fact.kind == "flag" and not fact.or_moment:
        return (True, False)
    return fact.values if fact.kind == "choice" and not fact.or_moment else ()


def _unknown(element: Element, path: str) -> bool:
    return isinstance(element.get(path, Unknown.NOT_ASKED), Unknown)


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
