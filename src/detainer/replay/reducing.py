"""Which columns the answers hang on: many change none, and the fewer the rows are grouped by, the faster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

Said = TypeVar("Said")


def needed(told: Mapping[tuple[Any, ...], Said]) -> list[int]:
    """The places within a key on which what is told of it hangs; keys that agree there are told the same."""
    kept = list(range(len(next(iter(told), ()))))
    for at in reversed(range(len(kept))):
        without = [one for one in kept if one != at]
        if _is_told(told, without):
            kept = without
    return kept


def reduced(told: Mapping[tuple[Any, ...], Said], kept: Sequence[int]) -> dict[tuple[Any, ...], Said]:
    """What is told of the keys cut down to these places."""
    return {tuple(key[at] for at in kept): said for key, said in told.items()}


def _is_told(told: Mapping[tuple[Any, ...], Said], kept: Sequence[int]) -> bool:
    """Whether what is told hangs on these places alone."""
    found: dict[tuple[Any, ...], Said] = {}
    return all(found.setdefault(tuple(key[at] for at in kept), said) == said for key, said in told.items())
