"""Which value belongs to which label: beside it, under it, or (for a signature's caption) over it.

Every pair that could belong together has a cost in lines of print; the cheapest are taken first, each label and each
value once. A blank that nobody filled in is a value too: it keeps its label from taking a neighbour's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detainer.intake.paper import misread, values
from detainer.intake.paper.labels import Label, static
from detainer.intake.paper.shapes import Box, Page, Print
from detainer.intake.paper.wordings import CAPTIONS, DROPPED, NONE, OTHER

_MANY_LINES = frozenset({"to_agency", "from_office"})
# Any words would do for these; all others know their own values.
_WORDS = frozenset({"subject_name", "to_agency", "from_office", "officer_name", "officer_signed", DROPPED})
_MOST = 6.0
_WORST = 99.0


@dataclass
class Candidate:
    """Something that could be a value: print, what was filled in, or an empty blank (no print)."""

    box: Box
    print: Print | None
    after: Label | None = None  # the label before it in the same run
    static: bool = False


@dataclass(frozen=True)
class Found:
    """A value with its place; `value` is None where a blank was left empty or what stands there is no such value."""

    field: str
    value: str | None
    raw: str
    box: Box
    score: float
    source: str
    empty: bool = False
    lines: tuple[Print, ...] = ()  # the print it was read from, a line each


def candidates(page: Page, labels: Sequence[Label]) -> list[Candidate]:
    """All print that is no label, and the blanks."""
    found = [Candidate(box, None) for box in page.blanks]
    for line in page.prints:
        inside = sorted((label for label in labels if label.line is line), key=lambda label: label.first)
        edges = [0, *(edge for label in inside for edge in (label.first, label.last)), len(line.glyphs)]
        owners = [None, *inside]
        own = not line.filled and static(line)
        for n, owner in enumerate(owners):
            part = line.part(edges[2 * n], edges[2 * n + 1])
            if part is not None:
                found.append(
                    Candidate(part.box, part, owner, static=not part.filled and (static(part) or (own and not owner)))
                )
    return found


def read(page: Page, labels: Sequence[Label]) -> tuple[list[Found], list[Candidate]]:
    """The value of every label that has one, and the candidates that no label took."""
    offered = candidates(page, labels)
    pairs = []
    for at, label in enumerate(labels):
        for n, one in enumerate(offered):
            cost = _cost(label, one, labels)
            if cost < _MOST:
                pairs.append((cost, at, n))
    of_label: dict[int, int] = {}
    taken: set[int] = set()
    costs: dict[int, float] = {}
    for cost, at, n in sorted(pairs):
        if at in of_label or n in taken:
            continue
        of_label[at], costs[at] = n, cost
        taken.add(n)
    found = []
    for at, n in sorted(of_label.items()):
        label, one = labels[at], offered[n]
        lines = [one]
        if label.field in _MANY_LINES | {DROPPED} and one.print:
            lines += _below(one, offered, taken, most=4 if label.field in _MANY_LINES else 0)
        found.append(_found(label, lines, costs[at]))
    return found, [one for n, one in enumerate(offered) if n not in taken]


def _cost(label: Label, one: Candidate, labels: Sequence[Label]) -> float:  # noqa: C901  one table of places
    """How far a value is from a label, in lines; `_WORST` where it cannot be its."""
    if label.field == NONE:
        return _WORST
    fits = one.print is None or _fits(label.field, one.print)
    if one.static and label.field in _WORDS:
        return _WORST
    if one.after is label:
        return 0.0 if fits else 2.5
    if one.after is not None:
        return _WORST
    here, there = label.box, one.box
    height = max(6.0, min(here.height, 16.0))
    cost = _WORST
    if here.beside(there) > 0.4 and there.x0 >= here.x1 - 3:
        if not any(_between(here, other.box, there) for other in labels if other is not label):
            cost = 0.6 + max(0.0, there.x0 - here.x1) / (7 * height)
    elif here.over(there) > 0 or abs(there.x0 - here.x0) < 12:
        down, up = there.y0 - here.y1, here.y0 - there.y1
        caption = label.field in CAPTIONS or (label.field == OTHER and "officer" in label.line.squeezed[0])
        aside = max(0.0, there.x0 - here.x0 - 40) / (12 * height) + max(0.0, here.x0 - there.x0 - 8) / (3 * height)
        if -0.5 * height <= down < 3.2 * height:
            blocked = any(
                other is not label and other.box.over(there) > 0 and here.y1 - 2 <= other.box.middle <= there.y0
                for other in labels
            )
            cost = 1.0 + max(0.0, down) / height + aside + (2.5 if blocked else 0.0)
        if caption and -0.5 * height <= up < 3.5 * height:
            cost = min(cost, 0.7 + max(0.0, up) / height + aside)
        elif caption:
            cost += 1.5
    if cost == _WORST or fits:
        return cost
    return cost + 1.5 if one.print and one.print.filled and cost < 1.6 else _WORST


def _fits(field: str, line: Print) -> bool:
    """Whether a run of print can be read as a value of a field, that of a scan also with what it lost put right."""
    reader = values.READERS[field]
    return reader(line.text) is not None or (
        line.source == "scan" and reader(misread.mended(field, line.text)) is not None
    )


def _between(left: Box, other: Box, right: Box) -> bool:
    return left.beside(other) > 0.4 and left.x1 - 2 <= other.x0 < right.x0 - 2


def _below(first: Candidate, offered: Sequence[Candidate], taken: set[int], most: int) -> list[Candidate]:
    """The further lines of an address."""
    lines: list[Candidate] = []
    last = first
    while len(lines) < most:
        height = max(6.0, last.box.height)
        near = [
            (one.box.y0, n)
            for n, one in enumerate(offered)
            if n not in taken and one.print and not one.static and one.after is None
            and one.print.filled == (first.print is not None and first.print.filled)
            and -0.4 * height <= one.box.y0 - last.box.y1 <= 0.75 * height
            and one.box.middle > last.box.middle + 0.4 * height
            and abs(one.box.x0 - first.box.x0) < 14
        ]  # fmt: skip
        if not near:
            break
        n = min(near)[1]
        taken.add(n)
        last = offered[n]
        lines.append(last)
    return lines


def _found(label: Label, lines: Sequence[Candidate], cost: float) -> Found:
    first = lines[0]
    box = first.box
    for one in lines[1:]:
        box = box.joined(one.box)
    if first.print is None:
        return Found(label.field, None, "", box, label.score, "field", empty=True)
    raw = " ".join(one.print.text for one in lines if one.print)
    value = values.READERS[label.field](raw)
    sure = min(label.score, *(one.print.score for one in lines if one.print))
    sure *= 1.0 if cost <= 2.2 else 0.95 if cost <= 3.5 else 0.85
    prints = tuple(one.print for one in lines if one.print)
    return Found(label.field, value, " ".join(raw.split()), box, round(sure, 3), first.print.source, lines=prints)
