"""Patterns: the fewest things to know under which a condition surely holds.

A pattern gives some atoms a value. `cover` finds patterns that together reach every state in which a condition holds,
the shortest first, each as general as its length allows; the search is exact, over diagrams, and samples nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detainer.law.diagram import Diagrams

Literal = tuple[int, bool]
Pattern = tuple[Literal, ...]


def cover(d: Diagrams, wanted: int, implied: Implied) -> Iterator[Pattern]:
    """Patterns under which every possible state is a wanted one, until every wanted state has its pattern.

    `wanted` must lie within what `implied` holds to be possible. No shorter pattern reaches a state that is left over
    by those before.
    """
    region, left = d.any([wanted, d.negate(implied.possible)]), wanted
    shortest, widening = _Shortest(d), _Widening(d, region, implied)
    size = 0
    while left != d.no:
        found = shortest.find(region, left, size)
        if found is None:
            size += 1
            continue
        pattern = widening.widest(found)
        yield pattern
        left = d.all([left, d.negate(condition(d, pattern))])


class Implied:
    """What an atom with its value brings with it in every possible state."""

    def __init__(self, d: Diagrams, possible: int) -> None:
        self.d, self.possible = d, possible
        self._found: dict[tuple[Literal, Literal], bool] = {}
        self._states: dict[Literal, int] = {}

    def brings(self, one: Literal, two: Literal) -> bool:
        """Whether wherever the one is so, the other is."""
        if (one, two) not in self._found:
            if one not in self._states:
                self._states[one] = self.d.all([self.possible, _literal(self.d, *one)])
            against = self.d.negate(_literal(self.d, *two))
            self._found[one, two] = self.d.all([self._states[one], against]) == self.d.no
        return self._found[one, two]


def condition(d: Diagrams, pattern: Pattern) -> int:
    """The condition that every atom of a pattern has its value."""
    return d.all(_literal(d, number, value) for number, value in pattern)


def _literal(d: Diagrams, number: int, value: bool) -> int:
    return d.atom(number) if value else d.negate(d.atom(number))


class _Shortest:
    """Finds a pattern of at most so many atoms that lies within a region and reaches something wanted.

    A pattern that says nothing of an atom must lie within the region on both sides of it.
    """

    def __init__(self, d: Diagrams) -> None:
        self.d = d
        self._memo: dict[tuple[int, int, int], Pattern | None] = {}

    def find(self, region: int, wanted: int, size: int) -> Pattern | None:
        d = self.d
        if d.no in (region, wanted) or d.all([region, wanted]) == d.no:
            return None
        if region == d.yes:
            return ()
        if size == 0:
            return None
        key = (region, wanted, size)
        if key not in self._memo:
            self._memo[key] = self._search(region, wanted, size)
        return self._memo[key]

    def _search(self, region: int, wanted: int, size: int) -> Pattern | None:
        d = self.d
        parted = d.split(region, wanted)
        if parted is None:
            return None
        number, low, high = parted
        best = self.find(d.all([low[0], high[0]]), d.any([low[1], high[1]]), size)
        for value, (inside, aim) in ((True, high), (False, low)):
            room = size if best is None else len(best) - 1
            rest = self.find(inside, aim, room - 1) if room else None
            if rest is not None:
                best = ((number, value), *rest)
        return best


class _Widening:
    """Puts what an atom implies in its place, the most general with which a pattern still lies in the region."""

    def __init__(self, d: Diagrams, region: int, implied: Implied) -> None:
        self.d, self.outside, self.implied = d, d.negate(region), implied
        self.literals = [(number, value) for number in sorted(d.atoms(region)) for value in (True, False)]

    def widest(self, pattern: Pattern) -> Pattern:
        """The pattern with each atom as general as can be; atoms that add nothing are left out."""
        chosen = list(pattern)
        for place in range(len(chosen)):
            others = chosen[:place] + chosen[place + 1 :]
            for literal in self.literals:
                if self._wider(chosen[place], literal) and self._fits([*others, literal]):
                    chosen[place] = literal
        return tuple(self._needed(chosen))

    def _wider(self, one: Literal, two: Literal) -> bool:
        return one != two and self.implied.brings(one, two) and not self.implied.brings(two, one)

    def _fits(self, literals: Sequence[Literal]) -> bool:
        return self.d.all([*(_literal(self.d, *literal) for literal in literals), self.outside]) == self.d.no

    def _needed(self, literals: list[Literal]) -> list[Literal]:
        kept = list(dict.fromkeys(literals))
        for literal in list(kept):
            without = [other for other in kept if other != literal]
            if self._fits(without):
                kept = without
        return kept
