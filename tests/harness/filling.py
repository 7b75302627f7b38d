"""Taking known facts out of a case, and filling unknown ones in with every value that they may have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from detainer.law import FACTS, Case, Fact, Unknown
from detainer.law.vocabulary import LISTS


@dataclass(frozen=True)
class Place:
    """One fact of a case, or of one element of a list of it, with the values that it may have."""

    list: str
    number: int
    path: str
    values: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.list}[{self.number + 1}].{self.path}" if self.list else self.path


def values_of(fact: Fact) -> tuple[Any, ...]:
    """The values of a fact that has few of them; none for text, days, moments and lists."""
    if fact.or_moment:
        return ()
    return (True, False) if fact.kind == "flag" else fact.values if fact.kind == "choice" else ()


def places(case: Case) -> list[Place]:
    """The known facts of a case that have a few values only."""
    found = [Place("", 0, path, values_of(FACTS[path])) for path in case.facts]
    for name, elements in case.lists.items():
        for number, element in enumerate(() if isinstance(elements, Unknown) else elements):
            found += [Place(name, number, path, values_of(LISTS[name][path])) for path in element]
    return [place for place in found if place.values]


def without(case: Case, place: Place) -> Case:
    """The case with that fact unknown."""
    if not place.list:
        return replace(case, facts={path: value for path, value in case.facts.items() if path != place.path})
    kept = {path: value for path, value in _element(case, place).items() if path != place.path}
    return _with_element(case, place, kept)


def filled(case: Case, place: Place, value: Any) -> Case:
    """The case with that fact known."""
    if not place.list:
        return replace(case, facts={**case.facts, place.path: value})
    return _with_element(case, place, {**_element(case, place), place.path: value})


def every_filling(case: Case, unknown: list[Place]) -> Iterator[Case]:
    """The case with these facts filled in, in every way."""
    for values in product(*(place.values for place in unknown)):
        whole = case
        for place, value in zip(unknown, values, strict=True):
            whole = filled(whole, place, value)
        yield whole


def _element(case: Case, place: Place) -> dict[str, Any]:
    elements = case.lists[place.list]
    assert not isinstance(elements, Unknown)
    return dict(elements[place.number])


def _with_element(case: Case, place: Place, element: dict[str, Any]) -> Case:
    elements = case.lists[place.list]
    assert not isinstance(elements, Unknown)
    changed = [element if number == place.number else other for number, other in enumerate(elements)]
    return replace(case, lists={**case.lists, place.list: tuple(changed)})
