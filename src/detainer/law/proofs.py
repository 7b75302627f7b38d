"""Proofs about a law for every state of the facts: guarantees, contradictions, provisions that never decide.

A state is every fact with a value and, for each ground that the law opens only when it is shown, whether it is shown;
nothing false is ever shown. What holds of all of these holds of every case, however much of it is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detainer.law.compiler import Program
from detainer.law.expand import CAUTIOUS, Layer, Readings
from detainer.law.lawfile import Guarantee, Provision
from detainer.law.stack import IMPOSSIBLE, SHOWN, Stack

PERMITS = ("must", "may")


def broken(stack: Stack, layer: Layer, guarantee: Guarantee) -> Mapping[int, bool] | None:
    """A state in which a guarantee does not hold; None proves that it always does."""
    d = stack.diagrams
    when = stack.opened(guarantee.when, layer)
    answer = d.pick(when, stack.program(CAUTIOUS).closed[guarantee.decision], d.outcome(IMPOSSIBLE))
    return d.witness(stack.sound(answer), frozenset(guarantee.never))


def contradictions(stack: Stack, layer: Layer) -> Iterator[tuple[Provision, Provision, Mapping[int, bool]]]:
    """Two provisions of one law, one permitting what the other forbids, and a state in which both apply."""
    program, d = stack.program(CAUTIOUS), stack.diagrams
    for one in layer.provisions:
        for two in layer.provisions:
            if one.effect not in PERMITS or two.effect != "must_not":
                continue
            for decision in set(one.on) & set(two.on):
                applies = [program.applies[layer.law.id, rule.id, decision] for rule in (one, two)]
                state = d.witness(stack.sound(d.all(applies)), frozenset({True}))
                if state is not None:
                    yield one, two, state
                    break


def decides(stack: Stack, layer: Layer, rule: Provision) -> bool:
    """Whether in some state, under some reading of the open questions, the answer of the law rests on this provision.

    It does where it alone gives the law's answer, or where it alone lifts another provision.
    """
    every: list[Readings] = [CAUTIOUS, *(frozenset({name}) for name in stack.questions), frozenset(stack.questions)]
    return any(
        _decides(stack, stack.program(readings), layer, rule, decision) for readings in every for decision in rule.on
    )


def _decides(stack: Stack, program: Program, layer: Layer, rule: Provision, decision: str) -> bool:
    d, law = stack.diagrams, layer.law.id
    others = [other for other in layer.provisions if other is not rule and decision in other.on]
    rivals = d.any(program.applies[law, other.id, decision] for other in others if other.effect == rule.effect)
    stronger = d.any(program.applies[law, other.id, decision] for other in others if _beats(other.effect, rule.effect))
    alone = d.all([program.applies[law, rule.id, decision], d.negate(rivals), d.negate(stronger)])
    if _possible(stack, alone):
        return True
    for other in others:
        if rule.id in other.unless:
            named = [name for name in other.unless if name != rule.id and (law, name, decision) in program.met]
            lifts = d.any(program.met[law, name, decision] for name in named)
            only = d.all([program.met[law, other.id, decision], program.met[law, rule.id, decision], d.negate(lifts)])
            if _possible(stack, only):
                return True
    return False


def _possible(stack: Stack, condition: int) -> bool:
    return stack.diagrams.witness(stack.sound(condition), frozenset({True})) is not None


def _beats(one: str, two: str) -> bool:
    order = ("may", "must", "must_not")
    return order.index(one) > order.index(two)


def told(stack: Stack, state: Mapping[int, bool]) -> str:
    """A state in the words of the law, for a finding."""
    return " ".join(stack.says(number, value) for number, value in sorted(state.items()) if number < SHOWN)
