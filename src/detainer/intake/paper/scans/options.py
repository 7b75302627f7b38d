"""The boxes of options on a picture: where the words of one are printed, its box stands before them.

However little a fax leaves of a box's outline, its place is known by its words; what is in it is compared with what is
in the other boxes of the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from detainer.intake.paper.choices import option
from detainer.intake.paper.scans.squares import Ink
from detainer.intake.paper.scans.upright import without_specks
from detainer.intake.paper.shapes import SUREST_OF_SCANS, Box, Print, Tick

# That an option begins with, or that stand in its words: no misread box.
_SHORT_WORDS = frozenset("a an and any by dhs for has if ice in is not of on or the to u.s us you".split())
_BEFORE, _AFTER = 27.0, 24.0  # points before and after a line's start in which its box is looked for
_REACH = 7.5  # points over and under the middle of a line
_GAP = 2.0  # points between a box and the words after it, at least
_LEAST, _WIDEST, _LOWEST = 3.5, 15.5, 4.5  # points of a box's sides
_TICKED = 0.11  # of a box's middle that is darker than in an empty one, at least
_BRACKET = 3.6  # points
_NUMBERED = re.compile(r"\d?[.)]")  # a paragraph's number is no box
_BRACKETS = re.compile(r"[\[(|{1Il!]\s*[-–—xX*%✓.]?\s*[\])|}1Il!J]\s*[.,']?\s*(?=\w)")  # as brackets are read
_ALIGNED = 4.0  # points
# Their options have boxes on every printing; those of others only where one stands in line with these.
_BOXED = frozenset({"probable_cause", "resume_custody", "cancels_form_of", "served_how"})
_FAR = 20.0  # points between a box and its words, at most


def boxed(
    prints: Sequence[Print], ticks: Sequence[Tick], faint: Ink, ink: Ink, scale: float
) -> tuple[list[Print], list[Tick]]:
    """The print without what was read of boxes, and all boxes: those of options that had none yet among them."""
    drawn = without_specks(faint, 1.5 * scale * scale)
    of_options: list[Tick] = []
    added: list[tuple[Tick, bool]] = []
    found = []
    for line in prints:
        known = _option(line)
        if known:
            start = _start(drawn, line, scale)
            tick = _known(start, line, ticks)
            box = tick.box if tick else leading(drawn, start, line, prints, scale)
            if tick:
                of_options.append(tick)
            elif box:
                added.append((Tick(box, None, 0.0, "scan"), known in _BOXED))
            if box:
                line = start.line(line)  # noqa: PLW2901  the same line without its box
        found.append(line)
    column = [tick.box.x0 for tick in of_options] + [tick.box.x0 for tick, sure in added if sure]
    of_options += [tick for tick, sure in added if sure or any(abs(tick.box.x0 - x) < _ALIGNED for x in column)]
    judged = _judged(of_options, ink, scale)
    kept = [judged.pop(id(tick), tick) for tick in ticks]
    return found, kept + list(judged.values())


def _option(line: Print) -> str:
    """The field that the words of a line, or those after its box, are an option of; none where they are none."""
    if _NUMBERED.match(line.text):
        return ""
    hits = (option(line.text[start:], near=True) for start in {0, _sign(line), len(line.text.partition(" ")[0])})
    return next((hit[0] for hit in hits if hit), "")


def _sign(line: Print) -> int:
    """How many glyphs at the start of a line are a box that was read as signs."""
    if brackets := _BRACKETS.match(line.text):
        return brackets.end()
    sign = line.text.partition(" ")[0]
    misread = not any(one.isalpha() for one in sign) or (len(sign) <= 3 and sign.lower() not in _SHORT_WORDS)
    if misread and sign not in ("-", "–", "—"):
        return next((n for n, one in enumerate(line.glyphs) if n >= len(sign) and one.text.strip()), 0)
    return 0


@dataclass(frozen=True)
class _Start:
    """Where the words of an option begin: which glyph, where its ink is, and what ink stands around in their line."""

    glyph: int
    words: float
    blobs: Sequence[tuple[float, float]]

    def line(self, whole: Print) -> Print:
        """The words without what was read of their box."""
        first, *rest = whole.glyphs[self.glyph :]
        return Print((replace(first, box=replace(first.box, x0=min(self.words, first.box.x1 - 0.5))), *rest), "scan")


def _start(faint: Ink, line: Print, scale: float) -> _Start:
    """Where the words begin: not with a box that was read as a sign, or passed over."""
    place = Box(line.box.x0 - _BEFORE, line.box.middle - _REACH, line.box.x0 + _AFTER, line.box.middle + _REACH)
    blobs = _blobs(faint, place, scale)
    first = _sign(line)
    words = min((x0 for x0, _ in blobs), key=lambda x0: abs(x0 - _expected(line, first)), default=line.box.x0)
    return _Start(first, words, blobs)


def _expected(line: Print, first: int) -> float:
    """About where the words from glyph `first` begin: back from their second word, whose place is surer.

    A box that a recogniser passed over pulls the letter after it to its own place; one that it read does not.
    """
    middles = [(one.box.x0 + one.box.x1) / 2 for one in line.glyphs]
    if first:
        letters = [middles[n] for n in range(first, len(middles)) if line.glyphs[n].text.strip()]
        return middles[first] - (float(np.median(np.diff(letters))) / 2 if len(letters) > 1 else 3)
    blank = next((n for n, one in enumerate(line.glyphs) if n > first and not one.text.strip()), 0)
    if not blank or blank + 2 >= len(line.glyphs):
        return line.glyphs[first].box.x1 - 4
    step = float(
        np.median(np.diff([middles[n] for n in range(blank + 1, len(middles)) if line.glyphs[n].text.strip()]))
    )
    return middles[blank + 1] - (blank - first + 1.5) * step


def _known(start: _Start, line: Print, ticks: Sequence[Tick]) -> Tick | None:
    """The square that stands before the words."""
    before = [one for one in ticks if -2 < start.words - one.box.x1 < 26 and one.box.beside(line.box) > 0.3]
    return max(before, key=lambda one: one.box.x1, default=None)


def leading(faint: Ink, start: _Start, line: Print, prints: Sequence[Print], scale: float) -> Box | None:
    """The box before the words of a line, in points, however broken; None where nothing like one stands there."""
    others = [one.box for one in prints if one is not line and one.box.beside(line.box) > 0.3]
    before = [
        (x0, x1) for x0, x1 in start.blobs
        if x1 <= start.words - 0.5 and not any(other.x0 - 1 < x1 and x0 < other.x1 + 1 for other in others)
    ]  # fmt: skip
    top, low = max(0, round((line.box.middle - _REACH) * scale)), round((line.box.middle + _REACH) * scale)
    while before and start.words - before[-1][1] <= _FAR:
        x0, x1 = before.pop()
        while before and x1 - before[-1][0] <= _WIDEST and x0 - before[-1][1] < _between(before[-1], (x0, x1)):
            x0 = before.pop()[0]
        rows = np.flatnonzero(faint[top:low, round(x0 * scale) : round(x1 * scale)].any(axis=1))
        if not len(rows):
            continue
        box = Box(x0, (top + int(rows[0])) / scale, x1, (top + int(rows[-1]) + 1) / scale)
        if _LEAST <= box.width <= _WIDEST and _LOWEST <= box.height <= _WIDEST:
            return box
    return None


def _between(left: tuple[float, float], right: tuple[float, float]) -> float:
    """How far parts of one box stand apart, at most: two brackets farther than the strokes of a square."""
    return 9.0 if max(left[1] - left[0], right[1] - right[0]) < _BRACKET else 3.5


def _blobs(faint: Ink, place: Box, scale: float) -> list[tuple[float, float]]:
    """From where to where ink stands in a strip of a page, parted where a gap is as wide as one between words."""
    left = max(0, round(place.x0 * scale))
    part = faint[max(0, round(place.y0 * scale)) : round(place.y1 * scale), left : round(place.x1 * scale)]
    columns = np.flatnonzero(part.any(axis=0))
    if not len(columns):
        return []
    cuts = np.flatnonzero(np.diff(columns) > _GAP * scale)
    ends = zip([0, *(cuts + 1)], [*cuts, len(columns) - 1], strict=True)
    return [((left + int(columns[a])) / scale, (left + int(columns[b]) + 1) / scale) for a, b in ends]


def _judged(ticks: Sequence[Tick], ink: Ink, scale: float) -> dict[int, Tick]:
    """Each box, ticked where its middle is darker than those of the page's empty boxes, by the box's `id`."""
    dark = {id(tick): _dark(ink, tick.box, scale) for tick in ticks}
    levels = sorted(dark.values())
    if not levels:
        return {}
    empty = float(np.median(levels[: max(1, (len(levels) + 1) // 2)])) if len(levels) >= 3 else 0.0
    empty = min(empty, 0.2)
    least = max(_TICKED, 0.3 * (levels[-1] - empty))
    found = {}
    for tick in ticks:
        more = dark[id(tick)] - empty
        clear = more < 0.5 * least or more > 1.6 * least
        found[id(tick)] = replace(tick, ticked=more > least, score=SUREST_OF_SCANS if clear else 0.6)
    return found


def _dark(ink: Ink, box: Box, scale: float) -> float:
    across, down = 0.3 * box.width, 0.3 * box.height
    within = ink[
        round((box.y0 + down) * scale) : round((box.y1 - down) * scale),
        round((box.x0 + across) * scale) : round((box.x1 - across) * scale),
    ]
    return float(within.mean()) if within.size else 0.0
