"""Decision diagrams: the exact answer over every way of filling in what is not known.

A diagram is a condition or a decision over numbered atoms, reduced so that equal diagrams are one node. Walking it
under a state (some atoms true, some false, the rest unknown) reaches exactly the outcomes that
some completion of the state gives.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Mapping

State = Mapping[int, bool]  # the known atoms; what is not in it is unknown


class Diagrams:
    """A family of diagrams that share their nodes. Nodes are numbers; `outcome` makes a leaf, `choice` a branch."""

    def __init__(self) -> None:
        self._atom: list[int] = []
        self._low: list[int] = []
        self._high: list[int] = []
        self._value: list[Hashable] = []
        self._unique: dict[Hashable, int] = {}
        self._merged: dict[tuple[int, int, int], int] = {}
        self.no = self.outcome(False)
        self.yes = self.outcome(True)

    def outcome(self, value: Hashable) -> int:
        """The diagram that always has this outcome."""
        return self._node(("outcome", type(value).__name__, value), _LEAF, -1, -1, value)

    def atom(self, number: int) -> int:
        """The condition that the atom is true."""
        return self._choice(number, self.no, self.yes)

    def pick(self, when: int, then: int, otherwise: int) -> int:
        """`then` where the condition `when` holds, else `otherwise`; both may be any diagrams."""
        if when == self.yes or then == otherwise:
            return then
        if when == self.no:
            return otherwise
        if then == self.yes and otherwise == self.no:
            return when
        key = (when, then, otherwise)
        found = self._merged.get(key)
        if found is None:
            atom, below, above = self._atom, self._low, self._high
            one, two, three = atom[when], atom[then], atom[otherwise]
            top = min(one, two, three)
            low = self.pick(
                below[when] if one == top else when,
                below[then] if two == top else then,
                below[otherwise] if three == top else otherwise,
            )
            high = self.pick(
                above[when] if one == top else when,
                above[then] if two == top else then,
                above[otherwise] if three == top else otherwise,
            )
            found = self._merged[key] = self._choice(top, low, high)
        return found

    def negate(self, node: int) -> int:
        """The condition that the other is not met."""
        return self.pick(node, self.no, self.yes)

    def all(self, nodes: Iterable[int]) -> int:
        """The condition that all are met."""
        found = self.yes
        for node in nodes:
            found = self.both(found, node)
        return found

    def any(self, nodes: Iterable[int]) -> int:
        """The condition that at least one is met."""
        found = self.no
        for node in nodes:
            found = self.either(found, node)
        return found

    def both(self, one: int, two: int) -> int:
        """The condition that both are met; asked either way round, it is worked out once."""
        return self.pick(one, two, self.no) if one < two else self.pick(two, one, self.no)

    def either(self, one: int, two: int) -> int:
        """The condition that one or the other is met."""
        return self.pick(one, self.yes, two) if one < two else self.pick(two, self.yes, one)

    def forced(self, node: int, number: int, value: bool) -> frozenset[tuple[int, bool]] | None:
        """The atoms with the values that they must have for a condition and this value of an atom to hold together.

        None where they never do.
        """
        names = sorted(self.atoms(node) | {number})
        bits = {name: place for place, name in enumerate(names)}
        memo: dict[int, tuple[int, int] | None] = {self.no: None, self.yes: (0, 0)}  # true, and false, as bits

        def walk(here: int) -> tuple[int, int] | None:
            if here not in memo:
                name = self._atom[here]
                bit, asked = 1 << bits[name], name == number
                low = None if asked and value else walk(self._low[here])
                high = None if asked and not value else walk(self._high[here])
                if low is None or high is None:
                    memo[here] = (high[0] | bit, high[1]) if high else (low[0], low[1] | bit) if low else None
                else:
                    memo[here] = low[0] & high[0], low[1] & high[1]
            return memo[here]

        if (found := walk(node)) is None:
            return None
        true, false = ({name for name in names if one >> bits[name] & 1} for one in found)
        (true if value else false).add(number)
        return frozenset([*((name, True) for name in true), *((name, False) for name in false)])

    def reached(self, node: int, state: State) -> frozenset[Hashable]:
        """The outcomes that some completion of the state gives."""
        seen: set[int] = set()
        found: set[Hashable] = set()
        open_nodes = [node]
        while open_nodes:
            here = open_nodes.pop()
            if here in seen:
                continue
            seen.add(here)
            number = self._atom[here]
            if number == _LEAF:
                found.add(self._value[here])
                continue
            value = state.get(number)
            if value is not True:
                open_nodes.append(self._low[here])
            if value is not False:
                open_nodes.append(self._high[here])
        return frozenset(found)

    def witness(self, node: int, wanted: frozenset[Hashable]) -> dict[int, bool] | None:
        """Values of some atoms under which the diagram has one of the wanted outcomes; None when it never has."""
        dead: set[int] = set()

        def walk(here: int) -> dict[int, bool] | None:
            if here in dead:
                return None
            if self._atom[here] == _LEAF:
                found: dict[int, bool] | None = {} if self._value[here] in wanted else None
            else:
                found = self._first(walk, here)
            if found is None:
                dead.add(here)
            return found

        return walk(node)

    def _first(self, walk: Callable[[int], dict[int, bool] | None], here: int) -> dict[int, bool] | None:
        for value, below in ((False, self._low[here]), (True, self._high[here])):
            if (found := walk(below)) is not None:
                return {self._atom[here]: value, **found}
        return None

    def branch(self, node: int) -> tuple[int, int, int] | None:
        """The atom that a node asks for and the nodes below it, false and true; None for an outcome."""
        if self._atom[node] == _LEAF:
            return None
        return self._atom[node], self._low[node], self._high[node]

    def value(self, node: int) -> Hashable:
        """The outcome at a leaf."""
        return self._value[node]

    def restricted(self, node: int, state: State) -> int:
        """The diagram with the known atoms of the state filled in."""
        memo: dict[int, int] = {}

        def walk(here: int) -> int:
            if here not in memo:
                number = self._atom[here]
                if number == _LEAF:
                    memo[here] = here
                elif number in state:
                    memo[here] = walk(self._high[here] if state[number] else self._low[here])
                else:
                    memo[here] = self._choice(number, walk(self._low[here]), walk(self._high[here]))
            return memo[here]

        return walk(node)

    def adopted(self, family: Diagrams, node: int, meaning: Callable[[int], int]) -> int:
        """A diagram of another family as one of this, each atom replaced by the condition that `meaning` gives it."""
        memo: dict[int, int] = {}

        def walk(here: int) -> int:
            if here not in memo:
                number = family._atom[here]
                if number == _LEAF:
                    memo[here] = self.outcome(family._value[here])
                else:
                    memo[here] = self.pick(meaning(number), walk(family._high[here]), walk(family._low[here]))
            return memo[here]

        return walk(node)

    def having(self, node: int, outcome: Hashable) -> int:
        """The condition under which a diagram has this outcome."""
        memo: dict[int, int] = {}
        wanted = self.outcome(outcome)

        def walk(here: int) -> int:
            if here not in memo:
                if self._atom[here] == _LEAF:
                    memo[here] = self.yes if here == wanted else self.no
                else:
                    memo[here] = self._choice(self._atom[here], walk(self._low[here]), walk(self._high[here]))
            return memo[here]

        return walk(node)

    def split(self, *nodes: int) -> tuple[int, list[int], list[int]] | None:
        """The first atom on which any of the diagrams turns, and what each becomes where it is false and where true.

        None when none of them turns on anything.
        """
        top = min(self._atom[node] for node in nodes)
        if top == _LEAF:
            return None
        low, high = ([self._branch(node, top, value) for node in nodes] for value in (False, True))
        return top, low, high

    def halves(self, one: int, two: int) -> tuple[int, int, int, int]:
        """Two diagrams of which one has a branch: both where the first atom of either is false, both where true."""
        first, second = self._atom[one], self._atom[two]
        low_one, high_one = (self._low[one], self._high[one]) if first <= second else (one, one)
        low_two, high_two = (self._low[two], self._high[two]) if second <= first else (two, two)
        return low_one, low_two, high_one, high_two

    def varies(
        self, node: int, together: Container[int], ignored: Hashable, alike: frozenset[Hashable] = frozenset()
    ) -> bool:
        """Whether two completions that differ in these atoms alone have different outcomes.

        An outcome that is `ignored` does not count, and the outcomes that are `alike` count as one.
        """
        seen: set[frozenset[int]] = set()
        open_sets = [frozenset({node})]
        while open_sets:
            here = open_sets.pop()
            if here in seen:
                continue
            seen.add(here)
            top = min(self._atom[one] for one in here)
            if top == _LEAF:
                values = {self._value[one] for one in here} - {ignored}
                if len(values) > 1 and not alike.issuperset(values):
                    return True
                continue
            low, high = (frozenset(self._branch(one, top, value) for one in here) for value in (False, True))
            open_sets += [low | high] if top in together else [low, high]
        return False

    def atoms(self, node: int) -> frozenset[int]:
        """The atoms that stand in the diagram."""
        seen: set[int] = set()
        found: set[int] = set()
        open_nodes = [node]
        while open_nodes:
            here = open_nodes.pop()
            if here in seen or self._atom[here] == _LEAF:
                continue
            seen.add(here)
            found.add(self._atom[here])
            open_nodes += (self._low[here], self._high[here])
        return frozenset(found)

    def _branch(self, node: int, number: int, value: bool) -> int:
        if self._atom[node] != number:
            return node
        return self._high[node] if value else self._low[node]

    def _choice(self, number: int, low: int, high: int) -> int:
        if low == high:
            return low
        return self._node((number, low, high), number, low, high, None)

    def _node(self, key: Hashable, number: int, low: int, high: int, value: Hashable) -> int:
        found = self._unique.get(key)
        if found is None:
            found = self._unique[key] = len(self._atom)
            self._atom.append(number)
            self._low.append(low)
            self._high.append(high)
            self._value.append(value)
        return found


_LEAF = 1 << 30  # sorts after every atom
