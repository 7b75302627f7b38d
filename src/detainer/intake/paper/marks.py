"""What the boxes to tick say: each belongs to the words beside it."""

from __future__ import annotations

from dataclasses import dataclass

from detainer.intake.paper.choices import option
from detainer.intake.paper.shapes import Page, Print, Tick


@dataclass(frozen=True)
class Marked:
    """One box: the field and value its words stand for, and whether it is ticked (None: it contradicts itself)."""

    field: str
    value: str
    tick: Tick
    words: str


def read(page: Page) -> list[Marked]:
    """Every box whose words are known. Words stand right of their box; on some printings left of it."""
    found: dict[int, Marked] = {}
    for n, tick in enumerate(page.ticks):
        lines = _right(page, tick)
        known = next((hit for words in (lines[0], " ".join(lines)) if (hit := option(words, near=page.scanned))), None)
        if known:
            found[n] = Marked(*known, tick, lines[0])
    for n, tick in enumerate(page.ticks):
        if n in found:
            continue
        words = _left(page, tick)
        known = option(words, near=page.scanned) if words else None
        if known and not any((one.field, one.value) == known for one in found.values()):
            found[n] = Marked(*known, tick, words)
    return list(found.values())


def _right(page: Page, tick: Tick) -> tuple[str, ...]:
    """The words right of a box up to the next box, and after them the lines they run on to."""
    ahead = [other.box.x0 for other in page.ticks if other is not tick and other.box.beside(tick.box) > 0.4]
    stop = min((x for x in ahead if x > tick.box.x1), default=page.width)
    start = [
        (max(line.box.x0, tick.box.x1), line)
        for line in page.prints
        if not line.filled and line.box.beside(tick.box) > 0.4 and line.box.x1 > tick.box.x1 and line.box.x0 < stop
    ]
    start = [(x, line) for x, line in start if _from(line, tick.box.x1 - 1, stop)]
    if not start:
        return ("",)
    x, line = min(start, key=lambda one: one[0])
    if x - tick.box.x1 > 6 * max(8.0, tick.box.height):
        return ("",)
    words = [_from(line, tick.box.x1 - 1, stop)]
    words += [
        _from(other, tick.box.x1 - 1, stop) for at, other in sorted(start, key=lambda one: one[0]) if other is not line
    ]
    words = [" ".join(words)]
    below = tick.box.y1
    for other in page.prints:
        if other.filled or not 0 < other.box.middle - line.box.middle < 3.2 * line.box.height:
            continue
        taken = any(one is not tick and one.box.beside(other.box) > 0.4 for one in page.ticks)
        if not taken and other.box.x0 >= tick.box.x0 - 4 and other.box.over(line.box) > 0 and other.box.y0 >= below - 6:
            words.append(other.text)
        elif taken:
            break
    return tuple(words)


def _left(page: Page, tick: Tick) -> str:
    """The words left of a box, back to the box before it."""
    behind = [other.box.x1 for other in page.ticks if other is not tick and other.box.beside(tick.box) > 0.4]
    stop = max((x for x in behind if x < tick.box.x0), default=0.0)
    near = [
        line
        for line in page.prints
        if not line.filled and line.box.beside(tick.box) > 0.4 and line.box.x0 < tick.box.x0 and line.box.x1 > stop
    ]
    if not near:
        return ""
    line = max(near, key=lambda one: min(one.box.x1, tick.box.x0))
    return "".join(one.text for one in line.glyphs if stop <= one.box.x0 and one.box.x1 <= tick.box.x0 + 2).strip()


def _from(line: Print, x: float, stop: float) -> str:
    return "".join(one.text for one in line.glyphs if x <= one.box.x0 < stop).strip()
