"""What a page is made of before anything on it is understood: lines of print, boxes to tick, blanks filled in.

All places are in points from the upper left corner of the page as it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

# What is read from a picture is below what lets a person compare several values at one go (`confirming.SURE`).
SUREST_OF_SCANS = 0.96


@dataclass(frozen=True)
class Box:
    """A place on a page."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.y0 + self.y1) / 2

    def holds(self, other: Box) -> bool:
        """Whether the other's centre lies in here."""
        return self.x0 <= (other.x0 + other.x1) / 2 <= self.x1 and self.y0 <= other.middle <= self.y1

    def beside(self, other: Box) -> float:
        """How much of the lower one's height the two share; 0 where they are not on one line."""
        shared = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(0.0, shared) / max(1.0, min(self.height, other.height))

    def over(self, other: Box) -> float:
        """How many points of width the two share."""
        return max(0.0, min(self.x1, other.x1) - max(self.x0, other.x0))

    def joined(self, other: Box) -> Box:
        """The smallest place that has both."""
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def as_list(self) -> list[float]:
        """Left, top, right, bottom."""
        return [round(self.x0, 1), round(self.y0, 1), round(self.x1, 1), round(self.y1, 1)]


@dataclass(frozen=True)
class Glyph:
    """One character where it stands."""

    text: str
    box: Box
    score: float = 1.0


@dataclass(frozen=True)
class Print:
    """A run of print without a wide gap, or what was filled in at one place (`filled`)."""

    glyphs: tuple[Glyph, ...]
    source: str = "text"
    filled: bool = False

    @cached_property
    def text(self) -> str:
        """The characters as they stand."""
        return "".join(one.text for one in self.glyphs)

    @cached_property
    def box(self) -> Box:
        """Where the run stands."""
        return around([one.box for one in self.glyphs])

    @cached_property
    def squeezed(self) -> tuple[str, tuple[int, ...]]:
        """Its letters and digits alone, in small, and which glyph each is."""
        pairs = [(low, n) for n, one in enumerate(self.glyphs) for low in one.text.lower() if low.isalnum()]
        return "".join(low for low, _ in pairs), tuple(n for _, n in pairs)

    @property
    def score(self) -> float:
        """How sure the reading of its characters is."""
        return min((one.score for one in self.glyphs), default=1.0)

    def part(self, first: int, last: int) -> Print | None:
        """Glyphs `first` to before `last`, without blanks at the ends; None where nothing is left."""
        kept = list(self.glyphs[first:last])
        while kept and not kept[0].text.strip(" \t_.:;|"):
            kept.pop(0)
        while kept and not kept[-1].text.strip(" \t_:;|"):
            kept.pop()
        return Print(tuple(kept), self.source, self.filled) if kept else None


@dataclass(frozen=True)
class Tick:
    """A box to tick: ticked, empty, or contradicting itself (None)."""

    box: Box
    ticked: bool | None
    score: float
    source: str


@dataclass(frozen=True)
class Look:
    """What one look at a place reads, and how sure each character is."""

    text: str
    sure: tuple[float, ...]


class Again(Protocol):
    """Looks at a place of a picture again: the first of several ways, or the others; `letters` are all it may read."""

    def __call__(self, box: Box, letters: str = "", *, first: bool = True) -> list[Look]:
        """What each look reads."""


@dataclass
class Page:
    """One page: its print in reading order, its boxes, what is filled in, and how dark a place of it is."""

    number: int
    width: float
    height: float
    prints: list[Print] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    signed: list[Box] = field(default_factory=list)  # signatures and ink that a program added
    blanks: list[Box] = field(default_factory=list)  # fields to fill in that nobody filled in
    ink: Callable[[Box], float] = lambda _: 0.0
    scanned: bool = False
    # A scan is read level: where a place of it stands on the page as shown, and what a second look reads there.
    shown: Callable[[Box], Box] = lambda box: box
    again: Again | None = None
    sheet: tuple[float, float] | None = None  # width and height of the page as shown, where it was turned to be read
    turn: int = 0  # degrees clockwise by which the page as shown is turned to stand upright
    unread: str = ""  # why no program could read it

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page as shown, in points."""
        return self.sheet or (self.width, self.height)

    @cached_property
    def words(self) -> str:
        """The print of the page in one string, blanks as they come."""
        return "\n".join(re.sub(r"\s+", " ", one.text) for one in self.prints if not one.filled)

    @cached_property
    def squeezed(self) -> str:
        """The same, letters and digits alone, in small."""
        return re.sub(r"[^0-9a-z]+", "", self.words.lower())


def around(boxes: Sequence[Box]) -> Box:
    """The smallest place that has them all."""
    return Box(
        min(one.x0 for one in boxes),
        min(one.y0 for one in boxes),
        max(one.x1 for one in boxes),
        max(one.y1 for one in boxes),
    )


def lines_of(glyphs: Sequence[Glyph], source: str = "text", gap: float = 1.6) -> list[Print]:
    """Characters as runs of print: one line each, broken where a gap is wider than `gap` times the height."""
    rows: list[list[Glyph]] = []
    for one in sorted((glyph for glyph in glyphs if glyph.text.strip()), key=lambda glyph: glyph.box.middle):
        near = [row for row in rows[-6:] if row[-1].box.beside(one.box) > 0.55 or row[0].box.beside(one.box) > 0.55]
        if near:
            near[-1].append(one)
        else:
            rows.append([one])
    found = [run for row in rows for run in _runs(sorted(row, key=lambda glyph: glyph.box.x0), gap)]
    return [Print(tuple(run), source) for run in sorted(found, key=lambda run: (run[0].box.y0, run[0].box.x0))]


def _runs(row: Sequence[Glyph], gap: float) -> list[list[Glyph]]:
    runs: list[list[Glyph]] = []
    for one in row:
        if not runs:
            runs.append([one])
            continue
        last = runs[-1][-1]
        height = max(last.box.height, one.box.height, 4.0)
        wide = one.box.x0 - last.box.x1
        if wide > gap * height:
            runs.append([one])
            continue
        if wide > 0.17 * height:
            between = Box(last.box.x1, last.box.y0, one.box.x0, last.box.y1)
            runs[-1].append(Glyph(" ", between, min(last.score, one.score)))
        runs[-1].append(one)
    return runs
