"""A figure told by parts: by form, agency, requester, or by what an exchange was about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from detainer.report.definitions import Item
    from detainer.report.lives import Life, Talk

GROUNDS = ("none", "listed", "watch_list")
# What a reader is told for a word of the record.
SAYS = {
    "form": {"": "form not known"},
    "requesting": {"ice": "ICE", "cbp": "CBP", "other_federal": "another federal agency", "": "not recorded"},
    "ground": {
        "none": "no listed conviction",
        "listed": "at least one listed conviction",
        "watch_list": "no listed conviction, possible watch-list match",
        "": "not recorded",
    },
    "kind": {
        "status": "incarceration status",
        "release": "release date or time",
        "court": "court date",
        "appointment": "appointment date or time",
        "other": "other",
    },
    "transferred": {"yes": "transferred", "no": "not transferred"},
}
HEADS = {
    "form": "Form",
    "receiving": "Received by",
    "requesting": "Asked by",
    "ground": "Search showed",
    "kind": "Information",
    "transferred": "Transfer",
}


@dataclass(frozen=True)
class Part:
    """A part of a figure: what it is about, in the order of the item's split, and its number; None where withheld."""

    of: tuple[str, ...]
    value: int | None

    @property
    def said(self) -> str:
        """The number as it is told."""
        return "withheld" if self.value is None else f"{self.value:,}"


def say(dimension: str, word: str) -> str:
    """A part's word as a reader is told it."""
    return SAYS.get(dimension, {}).get(word, word)


def of_requests(item: Item, lives: Iterable[Life]) -> tuple[Part, ...]:
    """The number of requests by what the item is split by; only what there is."""
    if not item.split:
        return ()
    counts: Counter[tuple[str, ...]] = Counter()
    for life in lives:
        values = {"form": life.form, "receiving": life.agency, "requesting": life.sender}
        counts[tuple(values[name] for name in item.split)] += life.count
    return tuple(Part(of, count) for of, count in sorted(counts.items()))


def of_talks(item: Item, found: Sequence[tuple[Life, Talk]]) -> tuple[Part, ...]:
    """The number of exchanges in every cell of the split, empty cells too; none where there was no exchange at all."""
    if not item.split or not found:
        return ()
    counts: Counter[tuple[str, ...]] = Counter()
    for life, talk in found:
        values = {
            "ground": (talk.ground,),
            "kind": sorted({kind if kind in item.kinds else "other" for kind in getattr(talk, item.talks)}),
            "transferred": ("yes" if life.any_of(["transferred"]) else "no",),
            "receiving": (life.agency,),
            "requesting": (talk.by or life.sender,),
        }
        counts.update(dict.fromkeys(product(*(values[name] for name in item.split)), life.count))
    whole = {"ground": GROUNDS, "kind": item.kinds, "transferred": ("yes", "no")}
    cells = set(counts)
    if set(item.split) <= set(whole):
        cells |= set(product(*(whole[name] for name in item.split)))
    return tuple(Part(cell, counts[cell]) for cell in sorted(cells))
