"""Patterns: the fewest things to know under which a condition surely holds.

A pattern gives some atoms a value. `cover` finds patterns that together reach every state in which a condition holds,
the shortest first, each as general as its length allows; the search is exact, over diagrams, and samples nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detainer.law.diagram import Diagrams

Literal = tuple[int, bool]
Pattern = tuple[Literal, ...]
_MANY = 1 << 30  # more atoms than there are


def cover(d: Diagrams, wanted: int, implied: Implied) -> Iterator[Pattern]:
    """Patterns under which every possible state is a wanted one, until every wanted state has its pattern.

    `wanted` must lie within what `implied` holds to be possible. No shorter pattern reaches a state that is left over
    by those before.
    """
    region, left = d.any([wanted, d.negate(implied.possible)]), wanted
    shortest, widening = _Shortest(d, region, wanted), _Widening(d, region, implied)
    size = 0
    while left != d.no:
        found = shortest.find(left, size)
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
        self._forced: dict[Literal, frozenset[Literal] | None] = {}

    def brings(self, one: Literal, two: Literal) -> bool:
        """Whether wherever the one is so, the other is."""
        if one not in self._forced:
            self._forced[one] = self.d.forced(self.possible, *one)
        forced = self._forced[one]
        return forced is None or two in forced


def condition(d: Diagrams, pattern: Pattern) -> int:
    """The condition that every atom of a pattern has its value."""
    return d.all(_literal(d, number, value) for number, value in pattern)


def _literal(d: Diagrams, number: int, value: bool) -> int:
    return d.atom(number) if value else d.negate(d.atom(number))


class _Shortest:
    """Finds a pattern of at most so many atoms that lies within a region and reaches something that is left over.

    A pattern that says nothing of an atom must lie within the region on both sides of it. What is left over is part
    of what was wanted at first: where no pattern reaches that, none is looked for again.
    """

    def __init__(self, d: Diagrams, region: int, wanted: int) -> None:
        self.d, self.region, self.wanted = d, region, wanted
        self._dead: set[tuple[int, int, int]] = set()
        self._sizes: dict[tuple[int, int], tuple[int, int]] = {}  # the most known to be too few, the least to do

    def find(self, left: int, size: int) -> Pattern | None:
        """The first such pattern; a shorter one is not preferred."""
        return self._find(self.region, self.wanted, left, size)

    def _find(self, region: int, wanted: int, left: int, size: int) -> Pattern | None:
        d = self.d
        if not self._able(region, wanted, size) or d.both(region, left) == d.no:
            return None
        if region == d.yes:
            return ()
        key = region, left, size
        if key in self._dead or (parted := d.split(region, wanted, left)) is None:
            return None
        number, low, high = parted
        found = self._find(d.both(low[0], high[0]), d.either(low[1], high[1]), d.either(low[2], high[2]), size)
        if found is not None:
            return found
        for value, below in ((True, high), (False, low)):
            if (rest := self._find(below[0], below[1], below[2], size - 1)) is not None:
                return ((number, value), *rest)
        self._dead.add(key)
        return None

    def _able(self, region: int, wanted: int, size: int) -> bool:
        """Whether some pattern of at most so many atoms lies within the region and reaches something wanted."""
        d = self.d
        if size < 0 or d.both(region, wanted) == d.no:
            return False
        if region == d.yes:
            return True
        if size == 0:
            return False
        over, enough = self._sizes.get((region, wanted), (0, _MANY))
        if over < size < enough:
            over, enough = (over, size) if self._parted(region, wanted, size) else (size, enough)
            self._sizes[region, wanted] = over, enough
        return size >= enough

    def _parted(self, region: int, wanted: int, size: int) -> bool:
        d = self.d
        low, low_wanted, high, high_wanted = d.halves(region, wanted)
        if self._able(high, high_wanted, size - 1) or self._able(low, low_wanted, size - 1):
            return True
        return self._able(d.both(low, high), d.either(low_wanted, high_wanted), size)


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
