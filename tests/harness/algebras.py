"""Conditions as truth tables and as formulas that z3 can prove."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import z3


class Names:
    """Collects the conditions that are asked for, in the order of asking."""

    def __init__(self) -> None:
        self.seen: dict[str, None] = {}

    def constant(self, *, value: bool) -> None: ...
    def both(self, parts: Iterable[None]) -> None:
        list(parts)

    def either(self, parts: Iterable[None]) -> None:
        list(parts)

    def negate(self, part: None) -> None: ...
    def condition(self, text: str) -> None:
        self.seen[text] = None


class Tables:
    """A condition is a number whose bit w says whether it holds in world w; bit i of w is the i-th condition there."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names, self.aliases = tuple(names), {}
        self.all = (1 << (1 << len(names))) - 1
        self._columns = {name: _column(number, len(names)) for number, name in enumerate(names)}

    def constant(self, *, value: bool) -> int:
        return self.all if value else 0

    def both(self, parts: Iterable[int]) -> int:
        found = self.all
        for part in parts:
            found &= part
        return found

    def either(self, parts: Iterable[int]) -> int:
        found = 0
        for part in parts:
            found |= part
        return found

    def negate(self, part: int) -> int:
        return self.all & ~part

    def condition(self, text: str) -> int:
        return self.aliases.get(text, self._columns.get(text))

    def same(self, one: int, two: int) -> bool:
        return one == two


def _column(number: int, size: int) -> int:
    """The table of the condition `number` among `size`: runs of 2^number worlds without it and with it."""
    run = 1 << number
    once = ((1 << run) - 1) << run
    for doubled in range(number + 1, size):
        once |= once << (1 << doubled)
    return once


class Proofs:
    """A condition is a z3 formula."""

    def __init__(self) -> None:
        self.aliases: dict[str, Any] = {}

    def constant(self, *, value: bool) -> Any:
        return z3.BoolVal(value)

    def both(self, parts: Iterable[Any]) -> Any:
        return z3.And(*parts)

    def either(self, parts: Iterable[Any]) -> Any:
        return z3.Or(*parts)

    def negate(self, part: Any) -> Any:
        return z3.Not(part)

    def condition(self, text: str) -> Any:
        return self.aliases.get(text, z3.Bool(text))

    def same(self, one: Any, two: Any) -> bool:
        solver = z3.Solver()
        solver.add(one != two)
        return solver.check() == z3.unsat


def bits(number: int) -> Iterator[int]:
    """The places of the ones in a number."""
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low
