"""An answer is definite if and only if every way of filling in the unknown facts agrees.

Shown for every agency, for every edition of its laws and for every decision, in three steps:

1. Each diagram asks each condition at most once on the way to an outcome. So whatever way a partial state leaves
   open through a diagram is the way that some completion of the state takes: the outcomes that `reached` finds are the outcomes of
   the completions, neither more nor fewer.
2. On every completion the diagram has the outcome that a plain reading of the law files gives (`naive_law`): by
   truth tables where the conditions that stand in the decision number sixteen or fewer, with z3 where they are more.
3. Where they number sixteen or fewer, every partial state is gone through as well, the completions of each one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest
from algebras import Names, Proofs, Tables
from naive_law import OUTCOMES, Reading, text_of
from ternary import NO, UNKNOWN, YES, States

from detainer.law import DECISIONS, LawBook
from detainer.law.stack import CAUTIOUS, SHOWN, Stack
from detainer.law.state import Knowledge

FEW = 16
SAMPLES = 50
BOOK = LawBook.load()


def editions() -> list[tuple[str, date]]:
    """Every agency with every day on which anything in its laws begins or ends."""
    return [
        (agency.id, day)
        for agency in BOOK.agencies.values()
        for day in sorted({edge for law in agency.laws for edge in BOOK._edges[law]})
    ]


EDITIONS = editions()


@dataclass(frozen=True)
class Edition:
    """One edition of an agency's laws, compiled, and how its conditions are called in a plain reading."""

    agency: str
    day: date

    @property
    def stack(self) -> Stack:
        return BOOK.stack(BOOK.agencies[self.agency], self.day)

    def reading(self, algebra: Any, *, opened: bool = False) -> Reading:
        return Reading(BOOK, self.agency, self.day, algebra, opened=opened)

    def name(self, atom: int) -> str:
        return text_of(self.stack.atoms[atom].node, self.stack.atoms[atom].law)


@cache
def edition(agency: str, day: date) -> Edition:
    return Edition(agency, day)


@pytest.fixture(params=EDITIONS, ids=lambda param: f"{param[0]}-{param[1]}")
def law(request: pytest.FixtureRequest) -> Edition:
    return edition(*request.param)


def test_a_diagram_asks_each_condition_once(law: Edition) -> None:
    diagrams = law.stack.diagrams
    for node, number in enumerate(diagrams._atom):
        for below in (diagrams._low[node], diagrams._high[node]):
            assert below == -1 or diagrams._atom[below] > number


def test_every_completion_has_the_outcome_that_a_plain_reading_gives(law: Edition) -> None:
    for decision in DECISIONS:
        algebra = algebra_for(law, decision)
        program = law.stack.program(CAUTIOUS)
        plain = {name: law.reading(algebra, opened=name == "opened") for name in ("closed", "opened")}
        for name, diagrams in (("closed", program.closed), ("opened", program.opened)):
            compare(law, algebra, diagrams[decision], plain[name].outcome(decision), f"{decision}, {name}")
        for one in plain["closed"].laws:
            found = program.layers[one.id, decision]
            compare(law, algebra, found, plain["closed"].layer(one, decision), f"{decision}, {one.id} alone")


def test_every_partial_state_has_the_outcomes_of_its_completions(law: Edition) -> None:
    for decision in DECISIONS:
        if len(conditions(law, decision)) <= FEW:
            brute_force(law, decision)


def conditions(law: Edition, decision: str) -> list[str]:
    """The conditions that stand in a decision, those inside `shown(…)` included."""
    names = Names()
    for opened in (False, True):
        law.reading(names, opened=opened).outcome(decision)
    return [name for name in names.seen if not name.startswith("shown: ")]


def algebra_for(law: Edition, decision: str) -> Tables | Proofs:
    """Truth tables where the conditions are few, z3 where they are many; every `shown(…)` named by its content."""
    names = conditions(law, decision)
    known = [f"known {number}" for number in sorted(shown_in(law, decision))]
    algebra = Proofs() if len(names) > FEW else Tables([*names, *known, "shown and never asked"])
    for text, is_ in matched(law, decision, algebra).items():
        if isinstance(is_, bool):
            algebra.aliases[text] = algebra.constant(value=is_)
        else:
            algebra.aliases[text] = algebra.condition("shown and never asked" if is_ is None else f"known {is_}")
    return algebra


def shown_in(law: Edition, decision: str) -> set[int]:
    """The numbers of the `shown(…)` that stand in the diagrams of a decision."""
    stack = law.stack
    program = stack.program(CAUTIOUS)
    roots = [program.closed[decision], *(node for key, node in program.layers.items() if key[1] == decision)]
    return {atom - SHOWN for root in roots for atom in stack.diagrams.atoms(root) if atom >= SHOWN}


def matched(law: Edition, decision: str, algebra: Tables | Proofs) -> dict[str, int | bool | None]:
    """For each `shown(…)` of the plain reading: the one in the diagrams with the same content, by number.

    One whose content always or never holds is that value; None is one that no diagram asks.
    """
    contents = {n: as_condition(law, algebra, law.stack.shown[n], value=True) for n in shown_in(law, decision)}
    listing, plain = law.reading(Names()), law.reading(algebra)
    listing.outcome(decision)
    found: dict[str, int | bool | None] = {}
    for text, (content, of, _) in listing.contents.items():
        wanted = plain.holds(content, of, decision, opened=True)
        fixed = [value for value in (True, False) if algebra.same(wanted, algebra.constant(value=value))]
        same = [number for number, one in contents.items() if algebra.same(one, wanted)]
        found[text] = next(iter([*fixed, *same]), None)
    return found


def as_condition(law: Edition, algebra: Any, root: int, *, value: object) -> Any:
    """The condition under which a diagram has an outcome."""
    d = law.stack.diagrams
    done: dict[int, Any] = {}

    def walk(node: int) -> Any:
        if node not in done:
            if d._low[node] == -1:
                done[node] = algebra.constant(value=d._value[node] == value)
            else:
                asked = algebra.condition(name_of(law, d._atom[node]))
                yes = algebra.both([asked, walk(d._high[node])])
                no = algebra.both([algebra.negate(asked), walk(d._low[node])])
                done[node] = algebra.either([yes, no])
        return done[node]

    return walk(root)


def name_of(law: Edition, atom: int) -> str:
    return f"known {atom - SHOWN}" if atom >= SHOWN else law.name(atom)


def compare(law: Edition, algebra: Any, root: int, plain: dict[str, Any], what: str) -> None:
    for outcome in OUTCOMES:
        found = as_condition(law, algebra, root, value=outcome)
        assert algebra.same(found, plain[outcome]), f"{what}: {outcome}"


@dataclass(frozen=True)
class Walk:
    """What the diagrams reach, as tables over every partial state of some conditions."""

    law: Edition
    names: list[str]
    states: States

    def reached(self, root: int, value: object, known: Mapping[int, int]) -> int:
        """The states in which a diagram reaches an outcome; `known` says where each `shown(…)` is true.

        A condition that is not among the names is unknown.
        """
        d, all_ = self.law.stack.diagrams, self.states.all
        done: dict[int, int] = {}

        def walk(node: int) -> int:
            if node not in done:
                atom = d._atom[node]
                if d._low[node] == -1:
                    done[node] = all_ if d._value[node] == value else 0
                else:
                    no, yes = self._ways(atom, known)
                    done[node] = (walk(d._low[node]) & no) | (walk(d._high[node]) & yes)
            return done[node]

        return walk(root)

    def _ways(self, atom: int, known: Mapping[int, int]) -> tuple[int, int]:
        """The states in which the condition may be false, and those in which it may be true."""
        if atom >= SHOWN:
            return self.states.all & ~known[atom - SHOWN], known[atom - SHOWN]
        name = self.law.name(atom)
        if name not in self.names:
            return self.states.all, self.states.all
        place, unknown = self.names.index(name), UNKNOWN
        return tuple(self.states.where(place, digit) | self.states.where(place, unknown) for digit in (NO, YES))


def brute_force(law: Edition, decision: str) -> None:
    """Hold what the diagrams reach against the completions one by one, for every partial state of the conditions."""
    names, stack = conditions(law, decision), law.stack
    states, tables = States(len(names)), Tables(names)
    walk = Walk(law, names, states)
    by_text = matched(law, decision, algebra_for(law, decision))
    numbers = sorted({is_ for is_ in by_text.values() if is_ is not None and not isinstance(is_, bool)})
    possible = possible_worlds(law, tables)
    assert states.some_completion(possible) == walk.reached(stack.possible, True, {})

    contents = {is_: text for text, is_ in by_text.items()}
    plain = law.reading(tables)
    list_contents = law.reading(Names())
    list_contents.outcome(decision)
    known_plainly, known = {}, {}
    for number in numbers:
        content, of, _ = list_contents.contents[contents[number]]
        holds = plain.holds(content, of, decision, opened=True)
        known_plainly[number] = states.some_completion(possible & holds) & ~states.some_completion(possible & ~holds)
        root = stack.possibly(stack.shown[number])
        known[number] = walk.reached(root, True, {}) & ~walk.reached(root, False, {})
        assert known[number] == known_plainly[number]

    wanted = dict.fromkeys(OUTCOMES, 0)
    for values in product((True, False), repeat=len(numbers)):
        here = states.all
        for number, value in zip(numbers, values, strict=True):
            here &= known_plainly[number] if value else ~known_plainly[number]
        if not here:
            continue
        tables.aliases = {
            text: tables.constant(value=dict(zip(numbers, values, strict=True)).get(is_, is_ is True))
            for text, is_ in by_text.items()
        }
        for outcome, worlds in law.reading(tables).outcome(decision).items():
            wanted[outcome] |= here & states.some_completion(possible & worlds)
    root = stack.possibly(stack.program(CAUTIOUS).closed[decision])
    for outcome in OUTCOMES:
        assert walk.reached(root, outcome, known) == wanted[outcome], f"{decision}: {outcome}"
    sample(law, decision, names, states, wanted)


def possible_worlds(law: Edition, tables: Tables) -> int:
    """The worlds that the constraints of the stack allow, whatever the conditions outside these may be."""
    d = law.stack.diagrams
    done: dict[int, int] = {}

    def walk(node: int) -> int:
        if node not in done:
            if d._low[node] == -1:
                done[node] = tables.constant(value=d._value[node] is True)
            else:
                name = law.name(d._atom[node])
                asked = tables.condition(name) if name in tables.names else None
                no, yes = walk(d._low[node]), walk(d._high[node])
                done[node] = no | yes if asked is None else (yes & asked) | (no & ~asked)
        return done[node]

    return walk(law.stack.possible)


def sample(law: Edition, decision: str, names: list[str], states: States, wanted: Mapping[str, int]) -> None:
    """Ask the engine's own function about states picked at random."""
    stack, pick = law.stack, Random(f"{law.agency} {law.day} {decision}")
    atoms = {law.name(number): number for number in range(len(stack.atoms))}
    for _ in range(SAMPLES):
        digits = [pick.choice((NO, YES, UNKNOWN, UNKNOWN)) for _ in names]
        known = {atoms[name]: digit == YES for name, digit in zip(names, digits, strict=True) if digit != UNKNOWN}
        number = states.number(digits)
        found = stack.outcomes(stack.program(CAUTIOUS).closed[decision], Knowledge(stack, known))
        assert found == {outcome for outcome in OUTCOMES if wanted[outcome] >> number & 1}
