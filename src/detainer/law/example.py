"""A made-up case in which a pattern holds on two days: facts are filled in, one missing fact after the other.

The law's own tests say which fact is missing. The same facts are tried on both days, every date moved along with the
day; a case that is found is proved by deciding it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from detainer.errors import UserError
from detainer.hold import Calendar
from detainer.law.case import Case, Element
from detainer.law.findings import Examiner, Test
from detainer.law.joint import Joint
from detainer.law.supply import Supply
from detainer.law.vocabulary import Unknown

_TRIES = ((500, False), (500, True), (4000, False), (4000, True))  # how many, and whether the last condition is first
_SERVED = "record.convictions.incarceration"  # the time served for any of them
_IN_LIST = re.compile(r"(.+)\[(\d+)\]\.(.+)")
Facts = tuple[Mapping[str, Any], Mapping[str, tuple[Mapping[str, Any], ...]]]
Pair = tuple[Case, Case]


@dataclass(frozen=True)
class Scene:
    """Where examples are set: agencies that the same laws bind, their zone and calendar, and the law of the two days.

    The first agency is the one of an example, unless what is shown turns on which agency it is.
    """

    agencies: tuple[str, ...]
    zone: ZoneInfo
    calendar: Calendar
    joint: Joint

    def moment(self, day: int) -> datetime:
        """Noon of one of the days."""
        return datetime.combine(self.joint.days[day], time(12), self.zone)


class Search:
    """Looks for cases, one for each day, in which a condition over the joint atoms is surely met.

    `asks` are decisions that the request must ask for.
    """

    def __init__(self, scene: Scene, goal: int, asks: frozenset[str]) -> None:
        self.scene, self.joint, self.goal = scene, scene.joint, goal
        self.supply = Supply(scene.joint, scene.moment(0), asks, scene.agencies)
        self.tests = [self._tests(day) for day in (0, 1)]
        self.asks: Mapping[str, Any] = {"request.asks": asks} if asks else {}
        self.tries, self.backward = 0, False

    def pairs(self) -> Iterator[Pair]:
        """Such cases, few of all that there are; ends when the tries are used up.

        What is filled in first decides how soon a contradiction shows, so the search begins from either end.
        """
        for self.tries, self.backward in _TRIES:
            yield from self._fill((self.asks, {}))

    def simplest(self, pair: Pair, holds: Callable[[Pair], bool]) -> Pair:
        """The pair without the facts that neither the condition nor `holds` needs."""
        facts: Facts = (pair[0].facts, {path: tuple(_elements(pair[0], path)) for path in pair[0].lists})
        for fewer in _fewer(facts):
            smaller = fewer(facts)
            cases = self._cases(smaller)
            if self._met(cases) and holds(cases):
                facts = smaller
        return self._cases(facts)

    def _met(self, cases: Pair) -> bool:
        state, _, _, agree = self._examined(cases)
        return agree and self.joint.diagrams.restricted(self.goal, state) == self.joint.diagrams.yes

    def _tests(self, day: int) -> list[tuple[int, Test]]:
        """The tests of one day's stack that the goal turns on, with their joint numbers."""
        wanted, stack = self.joint.diagrams.atoms(self.goal), self.joint.stacks[day]
        numbered = ((self.joint.number(day, number), test) for number, test in enumerate(stack.tests))
        return [(number, test) for number, test in numbered if number in wanted]

    def _fill(self, facts: Facts) -> Iterator[Pair]:
        self.tries -= 1
        if self.tries < 0:
            return
        cases = self._cases(facts)
        state, missing, stuck, agree = self._examined(cases)
        d = self.joint.diagrams
        left = d.restricted(self.goal, state)
        for number in sorted(stuck & d.atoms(left)):  # what stays unknown must not matter
            left = d.all(d.restricted(left, {number: value}) for value in (True, False))
        if not agree or left == d.no:
            return
        if left == d.yes:
            yield cases
            return
        open_now = sorted(d.atoms(left) & set(missing), reverse=self.backward)
        if open_now:
            path = missing[next(filter(partial(self._bound, left), open_now), open_now[0])]
            for change in self.supply.of(path):
                yield from self._fill(changed(facts, path, change))

    def _bound(self, left: int, number: int) -> bool:
        """Whether the goal leaves only one value to an atom: what is bound is filled in first, to fail early."""
        d = self.joint.diagrams
        return d.no in (d.restricted(left, {number: True}), d.restricted(left, {number: False}))

    def _examined(self, cases: Pair) -> tuple[dict[int, bool], dict[int, str], set[int], bool]:
        """What the cases say of the atoms, the first fact missing for each, and whether the two days agree.

        Between: the atoms that stay unknown, as nothing is missing for them. Days that the reviewed holidays do not
        cover agree with nothing.
        """
        state: dict[int, bool] = {}
        missing: dict[int, str] = {}
        stuck: set[int] = set()
        for case, tests in zip(cases, self.tests, strict=True):
            examiner = Examiner(case, self.scene.zone, self.scene.calendar)
            for number, test in tests:
                try:
                    found = examiner.find(test)
                except UserError:
                    return state, missing, stuck, False
                if found.value is None:
                    open_facts = [path for path in found.missing if not given(case, path)]
                    if open_facts:
                        missing.setdefault(number, open_facts[0])
                    else:
                        stuck.add(number)
                elif state.setdefault(number, found.value) is not found.value:
                    return state, missing, stuck, False
        return state, missing, stuck - set(state), True

    def _cases(self, facts: Facts) -> Pair:
        at = self.scene.moment(0)
        agency = facts[0].get("agency", self.scene.agencies[0])
        case = Case(id="example", agency=agency, at=at, facts=facts[0], lists=facts[1])
        return case, moved(case, self.joint.days[1] - self.joint.days[0])


def given(case: Case, path: str) -> bool:
    """Whether a case says anything of the fact to which a path leads."""
    inside = _IN_LIST.fullmatch(path)
    if inside:
        return inside[3] in _elements(case, inside[1])[int(inside[2]) - 1]
    if path == _SERVED:
        return all("incarceration" in conviction for conviction in _elements(case, "record.convictions"))
    return path in case.facts or path in case.lists


def _elements(case: Case, path: str) -> Sequence[Element]:
    found = case.elements(path)
    return () if isinstance(found, Unknown) else found


def _fewer(facts: Facts) -> Iterator[Callable[[Facts], Facts]]:
    """Ways to leave out one fact, or one fact of an element of a list."""
    for path in facts[0]:
        yield partial(_unsaid, path)
    for name, elements in facts[1].items():
        for place, element in enumerate(elements):
            for key in element:
                yield partial(_without, name, place, key)


def _unsaid(path: str, facts: Facts) -> Facts:
    return {key: item for key, item in facts[0].items() if key != path}, facts[1]


def _without(name: str, place: int, key: str, facts: Facts) -> Facts:
    elements = list(facts[1][name])
    elements[place] = {path: item for path, item in elements[place].items() if path != key}
    return facts[0], {**facts[1], name: tuple(elements)}


def changed(facts: Facts, path: str, change: Mapping[str, Any]) -> Facts:
    """The facts with a change made where the path leads: to a fact, a list, an element, or every element of a list."""
    known, lists = dict(facts[0]), dict(facts[1])
    inside = _IN_LIST.fullmatch(path)
    if inside:
        name, place = inside[1], int(inside[2]) - 1
        elements = list(lists[name])
        elements[place] = {**elements[place], **change}
        lists[name] = tuple(elements)
    elif path == _SERVED:
        lists["record.convictions"] = tuple({**change, **element} for element in lists["record.convictions"])
    else:
        for name, item in change.items():
            (lists if isinstance(item, tuple) else known)[name] = item
    return known, lists


def moved(case: Case, days: timedelta) -> Case:
    """The same case on another day: every day and moment of it moved along, the hour of the clock kept."""

    def move(item: Any) -> Any:
        return item + days if isinstance(item, date) else item

    facts = {path: move(item) for path, item in case.facts.items()}
    lists = {
        path: tuple({key: move(item) for key, item in element.items()} for element in elements)
        for path, elements in case.lists.items()
        if isinstance(elements, tuple)
    }
    return replace(case, at=move(case.at), facts=facts, lists=lists)
