"""A diagram is its truth table: every operation against brute force over all states of up to eight atoms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from detainer.law.diagram import Diagrams

ATOMS = 8
OUTCOMES = ("may", "must", "must_not", "silent", True, False, 1, 0)
Formula = tuple  # ("atom", n) | ("outcome", value) | ("pick", when, then, otherwise) | ("not", f) | ("all"|"any", …)

conditions = st.recursive(
    st.integers(0, ATOMS - 1).map(lambda number: ("atom", number)) | st.booleans().map(lambda value: ("fixed", value)),
    lambda inner: (
        inner.map(lambda part: ("not", part))
        | st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, max_size=4))
        | st.tuples(st.just("pick"), inner, inner, inner)
    ),
    max_leaves=20,
)
decisions = st.recursive(
    st.sampled_from(OUTCOMES).map(lambda value: ("outcome", value)),
    lambda inner: st.tuples(st.just("pick"), conditions, inner, inner),
    max_leaves=8,
)
states = st.dictionaries(st.integers(0, ATOMS - 1), st.booleans())


def built(d: Diagrams, formula: Formula) -> int:
    match formula:
        case ("atom", number):
            return d.atom(number)
        case ("fixed", value):
            return d.yes if value else d.no
        case ("outcome", value):
            return d.outcome(value)
        case ("not", part):
            return d.negate(built(d, part))
        case ("all", parts):
            return d.all(built(d, part) for part in parts)
        case ("any", parts):
            return d.any(built(d, part) for part in parts)
        case ("pick", when, then, otherwise):
            return d.pick(built(d, when), built(d, then), built(d, otherwise))
    raise AssertionError(formula)


def value(formula: Formula, world: Mapping[int, bool]) -> object:
    match formula:
        case ("atom", number):
            return world[number]
        case ("fixed" | "outcome", found):
            return found
        case ("not", part):
            return not value(part, world)
        case ("all", parts):
            return all(value(part, world) for part in parts)
        case ("any", parts):
            return any(value(part, world) for part in parts)
        case ("pick", when, then, otherwise):
            return value(then if value(when, world) else otherwise, world)
    raise AssertionError(formula)


def worlds(state: Mapping[int, bool]) -> Iterator[dict[int, bool]]:
    """Every completion of a state."""
    free = [number for number in range(ATOMS) if number not in state]
    for values in product((False, True), repeat=len(free)):
        yield {**state, **dict(zip(free, values, strict=True))}


def told_apart(values: set[object]) -> set[tuple[str, object]]:
    """True is not 1 and False is not 0."""
    return {(type(one).__name__, one) for one in values}


def outcomes(formula: Formula, state: Mapping[int, bool]) -> set[tuple[str, object]]:
    return {(type(one).__name__, one) for world in worlds(state) for one in [value(formula, world)]}


@given(conditions | decisions, states)
def test_the_outcomes_reached_are_those_of_the_completions(formula: Formula, state: dict[int, bool]) -> None:
    d = Diagrams()
    assert told_apart(d.reached(built(d, formula), state)) <= outcomes(formula, state)
    assert {one for _, one in outcomes(formula, state)} == d.reached(built(d, formula), state)


@given(conditions, conditions)
def test_equal_conditions_are_one_node_and_others_are_not(one: Formula, two: Formula) -> None:
    d = Diagrams()
    same = all(value(one, world) == value(two, world) for world in worlds({}))
    assert (built(d, one) == built(d, two)) is same


@given(decisions, states)
def test_a_restricted_diagram_is_the_diagram_with_the_state_filled_in(formula: Formula, state: dict[int, bool]) -> None:
    d = Diagrams()
    restricted = d.restricted(built(d, formula), state)
    assert not d.atoms(restricted) & set(state)
    for world in worlds(state):
        assert d.reached(restricted, world) == {value(formula, world)}


@given(decisions | conditions)
def test_the_atoms_of_a_diagram_are_those_on_which_it_turns(formula: Formula) -> None:
    d = Diagrams()
    turning = {
        number
        for number in range(ATOMS)
        if any(value(formula, {**w, number: True}) is not value(formula, {**w, number: False}) for w in worlds({}))
    }
    assert d.atoms(built(d, formula)) == turning


@given(
    decisions,
    st.frozensets(st.integers(0, ATOMS - 1), max_size=3),
    st.sampled_from(OUTCOMES),
    st.frozensets(st.sampled_from(OUTCOMES[:4]), max_size=2),
)
def test_it_varies_with_atoms_where_worlds_that_differ_in_them_alone_differ(
    formula: Formula, together: frozenset[int], ignored: object, alike: frozenset[object]
) -> None:
    d = Diagrams()

    def varies(rest: dict[int, bool]) -> bool:
        found = {
            value(formula, {**rest, **dict(zip(together, values, strict=True))})
            for values in product((False, True), repeat=len(together))
        } - {ignored}
        return len(found) > 1 and not found <= alike

    found = d.varies(built(d, formula), together, ignored, alike)
    assert found is any(map(varies, worlds({})))


@given(decisions, st.sampled_from(OUTCOMES))
def test_the_condition_of_an_outcome_holds_where_the_diagram_has_it(formula: Formula, outcome: object) -> None:
    d = Diagrams()
    having = d.having(built(d, formula), outcome)
    for world in worlds({}):
        found = value(formula, world)
        assert d.reached(having, world) == {type(found) is type(outcome) and found == outcome}


@given(decisions, st.frozensets(st.sampled_from(OUTCOMES[:4]), max_size=3))
def test_a_witness_gives_a_wanted_outcome_whatever_it_leaves_open(formula: Formula, wanted: frozenset[object]) -> None:
    d = Diagrams()
    node = built(d, formula)
    found = d.witness(node, wanted)
    if found is None:
        assert not d.reached(node, {}) & wanted
    else:
        assert d.reached(node, found) <= wanted


@given(decisions, decisions)
def test_split_takes_the_first_atom_of_any(one: Formula, two: Formula) -> None:
    d = Diagrams()
    nodes = [built(d, one), built(d, two)]
    found = d.split(*nodes)
    atoms = d.atoms(nodes[0]) | d.atoms(nodes[1])
    if found is None:
        assert not atoms
        return
    atom, low, high = found
    assert atom == min(atoms)
    for node, without, with_ in zip(nodes, low, high, strict=True):
        assert (d.restricted(node, {atom: False}), d.restricted(node, {atom: True})) == (without, with_)


@given(decisions, st.permutations(range(ATOMS)))
def test_a_diagram_adopted_by_another_family_means_what_its_atoms_mean_there(
    formula: Formula, order: list[int]
) -> None:
    d, other = Diagrams(), Diagrams()
    means: Callable[[int], int] = lambda number: d.negate(d.atom(order[number]))  # noqa: E731
    node = d.adopted(other, built(other, formula), means)
    for world in worlds({}):
        there = {number: not world[order[number]] for number in range(ATOMS)}
        assert d.reached(node, world) == {value(formula, there)}


@given(decisions)
def test_a_branch_leads_to_what_is_left_when_its_atom_is_told(formula: Formula) -> None:
    d = Diagrams()
    node = built(d, formula)
    found = d.branch(node)
    if found is None:
        assert d.reached(node, {}) == {d.value(node)}
        return
    atom, low, high = found
    assert (low, high) == (d.restricted(node, {atom: False}), d.restricted(node, {atom: True}))


@given(conditions, st.integers(0, ATOMS - 1), st.booleans())
def test_what_is_forced_is_so_in_every_state_that_is_left(formula: Formula, number: int, fixed: bool) -> None:
    d = Diagrams()
    node = built(d, formula)
    left = [world for world in worlds({number: fixed}) if value(formula, world)]
    forced = d.forced(node, number, fixed)
    if not left:
        assert forced is None
    else:
        named = d.atoms(node) | {number}
        always = {(name, world) for name in named for world in (True, False) if all(w[name] is world for w in left)}
        assert forced == always


@given(conditions, conditions)
def test_two_conditions_are_halved_at_the_first_atom_of_either(one: Formula, two: Formula) -> None:
    d = Diagrams()
    nodes = built(d, one), built(d, two)
    atoms = d.atoms(nodes[0]) | d.atoms(nodes[1])
    if atoms:
        first = min(atoms)
        false, true = ([d.restricted(node, {first: fixed}) for node in nodes] for fixed in (False, True))
        assert [*d.halves(*nodes)] == [*false, *true]
