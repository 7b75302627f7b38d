"""Places on a page that came turned, as they stand on it once it is upright."""

from __future__ import annotations

import math
from collections.abc import Sequence


def turn_of(across: float, down: float) -> int:
    """By how many degrees clockwise a page is turned to stand upright, where its print runs so far across and down."""
    return round(-math.degrees(math.atan2(down, across)) / 90) * 90 % 360


def size(width: float, height: float, turn: int) -> tuple[float, float]:
    """A page's width and height after a turn of so many degrees clockwise."""
    return (height, width) if turn in (90, 270) else (width, height)


def box(place: Sequence[float], width: float, height: float, turn: int) -> tuple[float, float, float, float]:
    """A place (left, top, right, bottom) of a page so wide and high, after a turn of the page clockwise."""
    x0, y0, x1, y1 = place
    if turn == 90:
        return height - y1, x0, height - y0, x1
    if turn == 180:
        return width - x1, height - y1, width - x0, height - y0
    if turn == 270:
        return y0, width - x1, y1, width - x0
    return x0, y0, x1, y1
