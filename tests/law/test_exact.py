"""An answer is definite if and only if every way of filling in the unknown facts agrees.

Shown for every agency, for every edition of its laws and for every decision, in three steps:

1. Each diagram asks each condition at most once on the way to an outcome. So whatever way a partial state leaves open
   through a diagram is the way that some completion takes: the outcomes that `reached` finds are those of the
   completions, neither more nor fewer.
2. On every completion the diagram has the outcome that a plain reading of the law files gives (`naive_law`): by
   truth tables where few conditions and grounds stand in the decision, with z3 where there are more.
3. Where they number sixteen or fewer, every partial state is gone through as well: what the engine answers is what
   its completions give in the plain reading.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import product
from typing import Any

import pytest
from edition import Edition, editions
from every_state import UNKNOWN, YES, DiagramWalk, TableWalk, every_state, left_by
from naive_law import OUTCOMES
from shipped import book

from detainer.law import DECISIONS
from detainer.law.stack import CAUTIOUS, IMPOSSIBLE
from detainer.law.state import Knowledge

FEW = 16
EDITIONS = editions(book())


@pytest.fixture(params=EDITIONS, ids=str)
def law(request: pytest.FixtureRequest) -> Edition:
    found: Edition = request.param
    return found


def test_a_diagram_asks_each_condition_once(law: Edition) -> None:
    diagrams = law.stack.diagrams
    for node, number in enumerate(diagrams._atom):
        for below in (diagrams._low[node], diagrams._high[node]):
            assert below == -1 or diagrams._atom[below] > number


def test_every_completion_has_the_outcome_that_a_plain_reading_gives(law: Edition) -> None:
    for decision in DECISIONS:
        few = len(law.conditions(decision)) + len(law.shown(decision)) <= FEW
        algebra = law.tables(decision) if few else law.proofs(decision)
        program = law.stack.program(CAUTIOUS)
        plain = {opened: law.reading(algebra, opened=opened) for opened in (False, True)}
        compare(law, algebra, program.closed[decision], plain[False].outcome(decision), decision)
        compare(law, algebra, program.opened[decision], plain[True].outcome(decision), f"{decision}, opened")
        for one in plain[False].laws:
            said = plain[False].layer(one, decision)
            compare(law, algebra, program.layers[one.id, decision], said, f"{decision}, {one.id} alone")


def compare(law: Edition, algebra: Any, root: int, plain: dict[str, Any], what: str) -> None:
    for outcome in OUTCOMES:
        same = algebra.same(law.condition(root, algebra, outcome), plain[outcome])
        assert same, f"{what}: {outcome}"


def test_every_partial_state_is_answered_as_its_completions_are(law: Edition) -> None:
    for decision in DECISIONS:
        if len(law.conditions(decision)) <= FEW:
            brute_force(law, decision)


def brute_force(law: Edition, decision: str) -> None:
    """Hold the engine against the completions, for every partial state of the conditions of a decision.

    The diagram of the decision and that of the content of each `shown(…)` are gone through one by one. Where each
    leaves the outcomes that its plain reading leaves, whatever else is shown, so do all of them together. The engine
    itself is asked about one state of all those that leave the same.
    """
    stack, numbers = law.stack, law.shown(decision)
    roots = [stack.program(CAUTIOUS).closed[decision], *(stack.shown[number] for number in numbers)]
    conditions = [law.atoms[name] for name in law.conditions(decision)]
    plain = plain_walks(law, decision, conditions)
    for root, reading in zip(roots, plain, strict=True):
        walk = DiagramWalk(stack.diagrams, stack.possibly(root))
        asked = sorted(walk.atoms | set(conditions))
        for digits, (mine, theirs) in every_state([walk, reading], asked, unknown=set(asked) - set(conditions)):
            for shown in product((False, True), repeat=len(numbers) if root == roots[0] else 0):
                ends = walk.ends(mine, dict(zip(numbers, shown, strict=False))) - {IMPOSSIBLE}
                assert ends == reading.ends(theirs, world(shown))
            shown = [{True} == one.ends(left_by(one, asked, digits)) for one in plain[1:]]
            told = {atom: digit == YES for atom, digit in zip(asked, digits, strict=True) if digit != UNKNOWN}
            assert stack.outcomes(root, Knowledge(stack, told)) == reading.ends(theirs, world(shown))


def world(shown: Sequence[bool]) -> int:
    """The place in a table of `Edition.tables` where so much is shown, and what is never asked is not."""
    return sum(1 << place for place, value in enumerate(shown, 1) if value)


def plain_walks(law: Edition, decision: str, conditions: list[int]) -> list[TableWalk]:
    """The plain reading of a decision, and of the content of each `shown(…)` in it, over the worlds that can be."""
    tables = law.tables(decision)
    possible, contents = law.possible(tables), law.contents(decision, tables)
    by_number = {number: contents[text] for text, number in law.matched(decision, tables).items()}
    columns: list[dict[Hashable, int]] = [
        {outcome: possible & worlds for outcome, worlds in law.reading(tables).outcome(decision).items()},
        *({True: possible & by_number[number], False: possible & ~by_number[number]} for number in law.shown(decision)),
    ]
    return [TableWalk(column, conditions, len(tables.names)) for column in columns]
