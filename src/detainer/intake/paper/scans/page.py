"""A picture of a page becomes print and boxes in their places, by character recognition on this machine alone."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from detainer.intake.paper.scans import options, squares
from detainer.intake.paper.scans.again import Again
from detainer.intake.paper.scans.lines import cut, lines_of, on_its_head, overlooked, prints_of
from detainer.intake.paper.scans.pictures import Grey, Picture
from detainer.intake.paper.scans.upright import faint_of, ink_of, upright
from detainer.intake.paper.shapes import Box, Page, Print, Tick


def page(picture: Picture, number: int) -> Page:
    """Page `number` of a file, from 1, read from its picture."""
    straight = upright(picture)
    lines = lines_of(straight)
    if on_its_head(straight, lines):
        straight = straight.turned()
        lines = lines_of(straight)
    ink, faint, scale = ink_of(straight.grey), faint_of(straight.grey), straight.scale
    plain = _without_rules(straight.grey, ink, scale)
    ticks = squares.boxes(faint, ink, scale)
    lines += overlooked(_erased(plain, ticks, scale), lines, scale)
    prints, ticks = _read(plain, lines, ticks, scale)
    white = _erased(plain, ticks, scale)
    height, width = straight.grey.shape
    found = Page(number, width / scale, height / scale, scanned=True)
    found.shown, found.sheet, found.turn = straight.shown, picture.points, straight.turn
    found.ink = _Ink(ink_of(plain), scale)
    found.prints, found.ticks = options.boxed(prints, ticks, faint_of(white), ink, scale)
    found.again = Again(white, scale)
    return found


def _read(plain: Grey, lines: Sequence[Box], ticks: Sequence[Tick], scale: float) -> tuple[list[Print], list[Tick]]:
    """The print, and the boxes that are none of its letters: lines with one of those are read again."""
    kept, prints = list(ticks), list[Print]()
    again = list(lines)
    while again:
        white = _erased(plain, kept, scale)
        aside = [one for one in prints if not any(_points(line, scale).holds(one.box) for line in again)]
        prints = aside + prints_of(white, cut(white, again, scale), scale)
        letters = [tick for tick in kept if any(_within(tick.box, line) or _numeral(tick.box, line) for line in prints)]
        kept = [tick for tick in kept if tick not in letters]
        again = [line for line in lines if any(_points(line, scale).holds(one.box) for one in letters)]
    return sorted(prints, key=lambda one: (one.box.y0, one.box.x0)), kept


def _erased(grey: Grey, ticks: Sequence[Tick], scale: float) -> Grey:
    """The page without its boxes, so that none is read for a letter."""
    found, more = grey.copy(), 1.4
    for box in (tick.box for tick in ticks):
        found[
            max(0, round((box.y0 - more) * scale)) : round((box.y1 + more) * scale),
            max(0, round((box.x0 - more) * scale)) : round((box.x1 + more) * scale),
        ] = 255
    return found


def _points(box: Box, scale: float) -> Box:
    return Box(box.x0 / scale, box.y0 / scale, box.x1 / scale, box.y1 / scale)


def _within(box: Box, line: Print) -> bool:
    """Whether a place lies between the letters of a line, with no more room beside it than they have."""
    if not (line.box.x0 < box.x0 and box.x1 < line.box.x1 and line.box.beside(box) > 0.3):
        return False
    middle = (box.x0 + box.x1) / 2
    letters = [one.box for one in line.glyphs if one.text.strip()]
    before = max((one.x1 for one in letters if one.x0 + one.x1 < 2 * middle), default=box.x0)
    after = min((one.x0 for one in letters if one.x0 + one.x1 > 2 * middle), default=box.x1)
    return after - before < box.width + 8


def _numeral(box: Box, line: Print) -> bool:
    """Whether a point or bracket stands right after a place, as after the number of a paragraph."""
    return line.text[:1] in {".", ")"} and -2 < line.box.x0 - box.x1 < 3 and line.box.beside(box) > 0.3


class _Ink:
    """How much of a place is dark."""

    def __init__(self, ink: NDArray[np.bool_], scale: float) -> None:
        self.ink, self.scale = ink, scale

    def __call__(self, box: Box) -> float:
        x0, y0, x1, y1 = (round(side * self.scale) for side in (box.x0, box.y0, box.x1, box.y1))
        part = self.ink[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]
        return float(part.mean()) if part.size else 0.0


def _without_rules(grey: Grey, ink: NDArray[np.bool_], scale: float) -> Grey:
    """Without ruled lines, save where print crosses them."""
    rules = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, round(30 * scale)), np.uint8))
    reach = max(2, round(0.6 * scale))
    wide = cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0
    above, below = np.zeros_like(ink), np.zeros_like(ink)
    above[2 * reach :], below[: -2 * reach] = ink[: -2 * reach], ink[2 * reach :]
    found = grey.copy()
    found[wide & ~(above & below)] = 255
    return found
