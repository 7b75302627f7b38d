"""The values worth trying for a missing fact: few, ordinary ones first, and among them what the law asks about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from detainer.law import conditions as c
from detainer.law.joint import Joint
from detainer.law.offenses import Offense
from detainer.law.vocabulary import FACTS, LISTS, Fact

Change = Mapping[str, Any]
_HOURS = {
    "request.received": (-2,),
    "search.at": (-1,),
    "custody.releasable_at": (0, -24 * 30),
    "custody.hold_started": (-1, -24 * 30),
    "presented": (-0.5, -24 * 60),
}
_DAYS = {
    "arrest.date": (-1,),
    "judgment_date": (-90, -6 * 365, -12 * 365, 0),
    "offense_date": (-120, -7 * 365, -13 * 365),
}
_USUAL = {
    "custody.held",
    "person.matches_request",
    "names_person",
    "orders_federal_custody",
    "equivalent.reviewed",
    "equivalent.max_term_over_one_year",
}
_NAMES = ("jurisdiction", "law", "section")
_ELSEWHERE = (
    {"jurisdiction": "us-ny", "law": "PL", "section": "999.99"},
    {"jurisdiction": "us-tx", "law": "PC", "section": "1.01"},
    {"jurisdiction": "us", "law": "18-USC", "section": "1"},
    {"jurisdiction": "ca", "law": "CC", "section": "1"},
)


class Supply:
    """The values for the facts of one comparison, dates and hours counted from the moment of the act."""

    def __init__(self, joint: Joint, at: datetime, asks: frozenset[str], agencies: tuple[str, ...]) -> None:
        self.joint, self.at, self.asks, self.agencies = joint, at, asks, agencies
        nodes = [node for atom in joint.atoms for node in _all(atom.node)]
        self.included = {path: _values(nodes, c.Includes, path) for path in FACTS}
        self.named = {path: _values(nodes, c.Is, path) for path in (*_NAMES, "subdivision", "class")}
        self.rows = list(self._rows())

    def of(self, path: str) -> Iterator[Change]:
        """The changes worth trying where a fact is missing; each gives it a value, some other facts with it."""
        if path in LISTS:
            yield from ({path: ({},) * size} for size in range(3))
            return
        if path == "agency":
            yield from ({path: agency} for agency in self.agencies)
            return
        inside = path.rpartition("].")[2]
        if path == "record.convictions.incarceration" or inside == "incarceration":
            yield {"incarceration": ()}
        elif inside != path:
            (name,) = (name for name in LISTS if path.startswith(f"{name}["))
            yield from self._of_element(inside, LISTS[name][inside])
        else:
            yield from ({path: value} for value in self._values(FACTS[path]))

    def _of_element(self, name: str, fact: Fact) -> Iterator[Change]:
        if name in _NAMES:
            yield from self._offenses()
        elif name == "subdivision":
            limits = {"".join(f"({part})" for part in limit) for row in self.rows for limit in row.subdivisions}
            yield from ({name: value} for value in (*sorted(limits), *self.named[name], "99"))
        elif name == "equivalent.section":
            yield from ({name: value} for value in (*(f"{row.law} {row.section}" for row in self.rows), None))
        else:
            yield from ({name: value} for value in self._values(fact))

    def _values(self, fact: Fact) -> Iterator[Any]:
        """The values of a fact that stands for itself."""
        if fact.kind == "flag":
            yield from (True, False) if fact.path in _USUAL else (False, True)
        elif fact.kind == "choice":
            yield from fact.values
        elif fact.kind == "choices":
            yield from self._sets(fact)
        elif fact.kind == "text":
            yield from (*self.named.get(fact.path, ()), "A")
        if fact.nullable:
            yield None
        yield from (self.at + timedelta(hours=hours) for hours in _HOURS.get(fact.path, ()))
        yield from ((self.at + timedelta(days=days)).date() for days in _DAYS.get(fact.path, ()))

    def _sets(self, fact: Fact) -> Iterator[frozenset[str]]:
        """Every set of the values that some condition asks about, with what the request must ask for."""
        always = self.asks if fact.path == "request.asks" else frozenset()
        asked = [value for value in self.included[fact.path] if value not in always]
        for size in range(len(asked) + 1):
            yield from (always | frozenset(picked) for picked in combinations(asked, size))

    def _offenses(self) -> Iterator[Change]:
        """Offenses as jurisdiction, statute and section: listed ones, ones the conditions name, and others."""
        yield from ({"jurisdiction": row.jurisdiction, "law": row.law, "section": row.section} for row in self.rows)
        named = self.named
        for jurisdiction in named["jurisdiction"]:
            for section in named["section"]:
                yield {"jurisdiction": jurisdiction, "law": next(iter(named["law"]), "PC"), "section": section}
        yield from _ELSEWHERE

    def _rows(self) -> Iterator[Offense]:
        """One row of the lists for each way in which rows differ, first those that came or went between the days."""
        seen: dict[object, Offense] = {}
        for stack in self.joint.stacks:
            for law in stack.context.values():
                for name, listed in law.lists.items():
                    for row in listed.all():
                        on = tuple(row.listed_on(day) for day in self.joint.days)
                        seen.setdefault((name, row.marks, on, bool(row.subdivisions)), row)
        yield from sorted(
            dict.fromkeys(seen.values()),
            key=lambda row: row.listed_on(self.joint.days[0]) == row.listed_on(self.joint.days[1]),
        )


def _all(node: c.Node) -> Iterator[c.Node]:
    yield node
    for child in node.children():
        yield from _all(child)


def _values(nodes: list[c.Node], kind: type[c.Is | c.Includes], path: str) -> tuple[str, ...]:
    """The values of a fact that conditions of a kind name, in the order in which they stand."""
    found: dict[str, None] = {}
    for node in nodes:
        if isinstance(node, kind) and node.path == path:
            values = node.values if isinstance(node, c.Is) else (node.value,)
            found.update(dict.fromkeys(values))
    return tuple(found)
