"""Boxes to tick on a picture: squares and pairs of brackets by their strokes, ticked by the ink inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detainer.intake.paper.shapes import SUREST_OF_SCANS, Box, Tick

Ink = NDArray[np.bool_]
_LEAST, _MOST = 6.0, 17.0  # points high
_EMPTY, _INKED, _SURELY = 0.02, 0.045, 0.09  # of the inside


@dataclass(frozen=True)
class Stroke:
    """An upright stroke, in pixels."""

    x0: int
    y0: int
    x1: int
    y1: int


def boxes(faint: Ink, ink: Ink, scale: float) -> list[Tick]:
    """Every box to tick, `scale` pixels a point: its lines may be as faint as `faint`, what is in it must be ink."""
    strokes = _strokes(faint, scale)
    found: list[tuple[float, Tick]] = []
    for left in strokes:
        height = left.y1 - left.y0
        for right in strokes:
            wide = right.x1 - left.x0
            if right.x0 <= left.x1 or wide > _MOST * scale or wide < 0.6 * height:
                continue
            if min(left.y1, right.y1) - max(left.y0, right.y0) < 0.8 * max(height, right.y1 - right.y0):
                continue
            place = Stroke(left.x0, max(left.y0, right.y0), right.x1, min(left.y1, right.y1))
            kind = _kind(faint, left, right, place, scale)
            if kind:
                found.append((kind, _tick(ink, left, right, place, scale, square=kind >= 1)))
    kept: list[Tick] = []
    for _, tick in sorted(found, key=lambda one: (-one[0], one[1].box.width * one[1].box.height)):
        if not any(other.box.over(tick.box) > 0 and other.box.beside(tick.box) > 0.2 for other in kept):
            kept.append(tick)
    return kept


def _strokes(ink: Ink, scale: float) -> list[Stroke]:
    mask: Any = ink.astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 1), np.uint8))
    long = round(_LEAST * 0.85 * scale) | 1  # odd: an even one would move every stroke by half a pixel and more
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((long, 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    found = [Stroke(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:]]
    return [
        one
        for one in found
        if one.x1 - one.x0 <= 3.2 * scale and _LEAST * scale * 0.85 <= one.y1 - one.y0 <= _MOST * scale
    ]


def _kind(ink: Ink, left: Stroke, right: Stroke, place: Stroke, scale: float) -> float:
    """How much like a square (from 1) or a pair of brackets (below 1) two strokes are; 0 where they are neither."""
    height, width = place.y1 - place.y0, place.x1 - place.x0
    near = max(1, round(1.2 * scale))
    inner = slice(left.x1, right.x0)
    if right.x0 - left.x1 < 2 * scale:
        return 0.0
    over = round(0.5 * scale)  # a square's top joins its sides where they end; a letter's bows out above them
    top = ink[max(0, place.y0 - over) : place.y0 + near, inner]
    low = ink[place.y1 - near : place.y1 + over, inner]
    covered = min(_run(top), _run(low))
    if covered > 0.8 and 0.72 <= width / height <= 1.38 and height >= 5.6 * scale and _stands_alone(ink, place, scale):
        return 1 + covered
    if height < 7.2 * scale or not 0.6 <= width / height <= 1.7:
        return 0.0
    # Brackets: each has its two short arms turned inwards, nothing outside, and no line from one to the other.
    arm = max(2, round(0.9 * scale))
    out = max(1, round(0.8 * scale))
    inwards = [
        ink[rows, columns].any(axis=0).mean()
        for rows in (slice(max(0, place.y0 - 1), place.y0 + near), slice(place.y1 - near, place.y1 + 1))
        for columns in (slice(left.x1, left.x1 + arm), slice(right.x0 - arm, right.x0))
    ]
    outwards = [
        ink[place.y0 : place.y1, max(0, left.x0 - out - 1) : left.x0 - 1].any(axis=1).mean(),
        ink[place.y0 : place.y1, right.x1 + 1 : right.x1 + out + 1].any(axis=1).mean(),
    ]
    middle = slice(left.x1 + arm, right.x0 - arm)
    rows = slice(place.y0 + height // 3, place.y1 - height // 3)
    stem = max(ink[rows, left.x1 + 1 : left.x1 + 1 + arm].mean(), ink[rows, right.x0 - arm - 1 : right.x0 - 1].mean())
    open_below = ink[place.y1 - near // 2 - 1 : place.y1 + 1, middle].any(axis=0).mean() < 0.5  # an X ends above
    alone = max(_beside(ink, place, scale, 3.0, 2.0)) < 0.02
    if min(inwards) > 0.6 and max(outwards) < 0.35 and stem < 0.3 and open_below and alone:
        return 0.5
    return 0.0


def _stands_alone(ink: Ink, place: Stroke, scale: float) -> bool:
    """Whether a square has its corners and no letter close to it: D, O and B have the strokes of one, too."""
    corner, off = max(2, round(0.9 * scale)), max(1, round(0.4 * scale))  # a stroke's end may lie outside its corner
    filled = [
        any(ink[y : y + corner, x : x + corner].mean() > 0.4 for y in rows)
        for rows in (range(place.y0, place.y0 + off + 1), range(place.y1 - corner - off, place.y1 - corner + 1))
        for x in (place.x0, place.x1 - corner)
    ]
    close = max(_beside(ink, place, scale, 2.2, 2.2))  # a tick may reach out of its box
    return sum(filled) >= 3 and close < 0.36 and max(_beside(ink, place, scale, 3.0, 2.8, 2.0)) < 0.1


def _beside(
    ink: Ink, place: Stroke, scale: float, before: float, after: float, off: float = 0.7
) -> tuple[float, float]:
    """In how many of its rows something stands left and right of a place: from `off` to `before` and `after` points."""
    near = round(off * scale) + 1
    left = ink[place.y0 : place.y1, max(0, place.x0 - round(before * scale) - 1) : max(0, place.x0 - near)]
    right = ink[place.y0 : place.y1, place.x1 + near : place.x1 + round(after * scale) + 1]
    found = [float(side.any(axis=1).mean()) if side.size else 0.0 for side in (left, right)]
    return found[0], found[1]


def _run(band: Ink) -> float:
    """How much of a band's width one level line of ink covers, a pixel up or down."""
    if band.size == 0:
        return 0.0
    thick = band.copy()
    thick[1:] |= band[:-1]
    return float(thick.mean(axis=1).max())


def _tick(ink: Ink, left: Stroke, right: Stroke, place: Stroke, scale: float, *, square: bool) -> Tick:
    height = place.y1 - place.y0
    inset = round((0.22 if square else 0.12) * height)
    side = max(1, round(0.14 * (right.x0 - left.x1))) if square else round(0.8 * scale) + 1
    inside = ink[place.y0 + inset : place.y1 - inset, left.x1 + side : right.x0 - side]
    dark = float(inside.mean()) if inside.size else 0.0
    score = SUREST_OF_SCANS if dark < _EMPTY or dark > _SURELY else 0.8
    box = Box(place.x0 / scale, place.y0 / scale, place.x1 / scale, place.y1 / scale)
    return Tick(box, dark > _INKED, score, "scan")
