"""Tables over every partial state: each condition no, yes or unknown.

A table is a number with one bit for each of the 3^n states; digit i of a state (to base 3) is 0, 1 or 2 for no, yes
and unknown of the i-th condition.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

NO, YES, UNKNOWN = 0, 1, 2


class States:
    """Every partial state of so many conditions."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.all = (1 << 3**size) - 1

    def where(self, condition: int, digit: int) -> int:
        """The states in which a condition has this digit."""
        return _digits(self.size, condition, digit)

    def number(self, digits: Sequence[int]) -> int:
        """The number of the state with these digits."""
        return sum(digit * 3**place for place, digit in enumerate(digits))

    def some_completion(self, worlds: int) -> int:
        """The states of which some completion lies in a set of worlds (a table with 2^n bits)."""
        done: dict[tuple[int, int], int] = {}

        def spread(table: int, left: int) -> int:
            if left == 0:
                return table
            if table == 0:
                return 0
            if (table, left) not in done:
                half = 1 << (left - 1)
                no, yes = spread(table & ((1 << half) - 1), left - 1), spread(table >> half, left - 1)
                third = 3 ** (left - 1)
                done[table, left] = no | yes << third | (no | yes) << 2 * third
            return done[table, left]

        return spread(worlds, self.size)


@cache
def _digits(size: int, condition: int, digit: int) -> int:
    run = 3**condition
    found = ((1 << run) - 1) << digit * run
    for place in range(condition + 1, size):
        found |= found << 3**place | found << 2 * 3**place
    return found
