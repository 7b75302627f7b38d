"""Lines of print on a level page: found, cut where they have wide gaps, and read."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detainer.intake.paper.scans.pictures import Grey
from detainer.intake.paper.scans.recognizer import Crop, Said, crop, engine, plain, read
from detainer.intake.paper.scans.upright import Upright, ink_of, without_specks
from detainer.intake.paper.shapes import Box, Glyph, Print

_FIND = 110  # dpi at which lines are looked for
_TELLING = 6  # heights of a line that tell which way up it is
_WORST = 0.5  # print read less surely is taken for a scribble
_MARGIN = 1.2  # points left and right of a piece's ink
_FEW = 1.4  # a piece narrower than so many times its height is a letter or two
_OVERLOOKED = 40  # places
_HIGHER = 1.5  # times as high as it came a line is drawn to be read again


def lines_of(straight: Upright) -> list[Box]:
    """Where lines of print stand, in pixels of the upright page."""
    factor = _FIND / (straight.scale * 72)
    small = cv2.resize(straight.grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    found: Any = engine()(cv2.cvtColor(small, cv2.COLOR_GRAY2BGR), use_det=True, use_cls=False, use_rec=False)
    if found is None or getattr(found, "boxes", None) is None:
        return []
    quads = np.asarray(found.boxes) / factor
    low, high = quads.min(axis=1), quads.max(axis=1)
    return [Box(*map(float, (*least, *most))) for least, most in zip(low, high, strict=True)]


def on_its_head(straight: Upright, lines: Sequence[Box] | None = None) -> bool:
    """Whether most of the longer lines are upside down, by how each begins.

    Only its beginning, since a whole long line is squeezed beyond recognition to fit what tells the two ways apart.
    """
    lines = lines_of(straight) if lines is None else lines
    long = sorted((line for line in lines if line.width > 4 * line.height), key=lambda line: -line.width)[:24]
    if not long:
        return False
    crops = [crop(straight.grey, replace(line, x1=min(line.x1, line.x0 + _TELLING * line.height))) for line in long]
    said: Any = engine().cls_and_rotate(crops)[1].cls_res
    return bool(sum((1 if label == "180" else -1) * score for label, score in said) > 0)


def cut(grey: Grey, lines: Sequence[Box], scale: float) -> list[Box]:
    """Lines as pieces without wide gaps."""
    ink = without_specks(ink_of(grey), 0.6 * scale * scale)
    return [piece for line in lines for piece in _pieces(ink, line, scale)]


def _pieces(ink: NDArray[np.bool_], line: Box, scale: float) -> list[Box]:
    """A line cut where its print has wide gaps, each piece close around its ink."""
    x0, y0 = max(0, int(line.x0 - 1.5 * scale)), max(0, int(line.y0))
    part = ink[y0 : int(line.y1) + 1, x0 : int(line.x1 + 1.5 * scale) + 1]
    columns = np.flatnonzero(part.sum(axis=0) > 0)
    if not len(columns):
        return []
    gaps = np.flatnonzero(np.diff(columns) > 1.1 * line.height)
    starts, ends = [0, *(gaps + 1)], [*gaps, len(columns) - 1]
    margin = _MARGIN * scale
    return [
        Box(x0 + columns[first] - margin, line.y0, x0 + columns[last] + 1 + margin, line.y1)
        for first, last in zip(starts, ends, strict=True)
        if columns[last] - columns[first] >= 0.7 * scale
    ]


def overlooked(grey: Grey, lines: Sequence[Box], scale: float) -> list[Box]:
    """Places with ink as high as print that no line has: single letters, mostly. In pixels, as `lines` are."""
    left = ink_of(grey).astype(np.uint8)
    for line in lines:
        left[
            max(0, int(line.y0 - scale)) : int(line.y1 + scale),
            max(0, int(line.x0 - 3 * scale)) : int(line.x1 + 3 * scale),
        ] = 0
    near: Any = cv2.morphologyEx(left, cv2.MORPH_CLOSE, np.ones((1, round(3 * scale)), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    most = 1.5 * scale
    return [
        Box(float(x), float(y - most), float(x + w), float(y + h + most))
        for x, y, w, h, area in stats[1:]
        if 5 * scale <= h <= 13 * scale and 2 * scale <= w <= 60 * scale and area > 2.5 * scale * scale
    ][:_OVERLOOKED]


def prints_of(grey: Grey, pieces: Sequence[Box], scale: float) -> list[Print]:
    """What stands in each piece, in reading order; scribbles are left out."""
    crops = [crop(grey, piece) for piece in pieces]
    prints = []
    for piece, said in zip(pieces, read_lines(crops), strict=True):
        if said.text.strip() and float(np.mean(said.sure)) >= _WORST:
            prints.append(Print(tuple(_glyphs(piece, said, scale)), "scan"))
    return sorted(prints, key=lambda one: (one.box.y0, one.box.x0))


@dataclass(frozen=True)
class Way:
    """How a line is drawn before it is read: so many times as wide, softened and with paper around by so many points.

    Somewhat narrower than it is printed, a value on a fax is read best.
    """

    wide: float
    soft: float
    around: float

    def draw(self, cut_out: Crop, scale: float) -> Crop:
        """The line, half as high again."""
        drawn = cv2.resize(cut_out, None, fx=_HIGHER * self.wide, fy=_HIGHER, interpolation=cv2.INTER_CUBIC)
        if self.soft:
            drawn = cv2.GaussianBlur(drawn, (0, 0), self.soft * scale)
        edge = round(self.around * scale)
        return cv2.copyMakeBorder(drawn, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=(255, 255, 255))  # type: ignore[return-value]

    def undrawn(self, said: Said, cut_out: Crop, scale: float) -> Said:
        """What was read, its places those on the line as it was cut out."""
        inside = cut_out.shape[1] * _HIGHER * self.wide
        edge = round(self.around * scale)
        at = [min(1.0, max(0.0, (one * (inside + 2 * edge) - edge) / inside)) if one >= 0 else one for one in said.at]
        return Said(said.text, said.sure, at)


def read_lines(crops: Sequence[Crop]) -> list[Said]:
    """What stands in each crop, blanks where its gaps are."""
    said = _read(crops)
    return [spaced(one, cut_out) for one, cut_out in zip(said, crops, strict=True)]


def read_again(cut_out: Crop, scale: float, letters: str, ways: Sequence[Way]) -> list[Said]:
    """What stands in a crop, drawn in each of these ways."""
    said = _read([way.draw(cut_out, scale) for way in ways], letters)
    return [spaced(way.undrawn(one, cut_out, scale), cut_out) for one, way in zip(said, ways, strict=True)]


def _read(crops: Sequence[Crop], letters: str = "") -> list[Said]:
    """What stands in each crop; a letter that stands alone is read as three of it."""
    few = [one.shape[1] < _FEW * one.shape[0] for one in crops]
    said = read([_thrice(one) if alone else one for one, alone in zip(crops, few, strict=True)], letters)
    found = [_third(one) if alone else one for one, alone in zip(said, few, strict=True)]
    unclear = [n for n, one in enumerate(found) if few[n] and not one.text]
    for n, one in zip(unclear, read([crops[n] for n in unclear], letters), strict=True):
        found[n] = one
    return found


def _thrice(cut_out: Crop) -> Crop:
    return np.concatenate([cut_out] * 3, axis=1)


def _third(said: Said) -> Said:
    """The one of three that are alike; nothing where they are not."""
    text = "".join(said.text.split())
    if not text or len(text) % 3 or text != text[: len(text) // 3] * 3:
        return Said("", [], [])
    many = len(text) // 3
    sure = [one for one, letter in zip(said.sure, said.text, strict=False) if not letter.isspace()]
    return Said(text[:many], [min(sure)] * many, [(n + 0.5) / many for n in range(many)])


def spaced(said: Said, cut_out: Crop) -> Said:
    """The line with a blank also where it has a wide gap, and none where letters stand no wider apart than others."""
    text, sure, at = said.text, said.sure, said.at
    letters = [n for n, place in enumerate(at) if place >= 0]
    inked: NDArray[np.bool_] = np.asarray((cut_out[:, :, 0] < 150).any(axis=0))
    width, height = len(inked), cut_out.shape[0]
    gaps = []
    for left, right in itertools.pairwise(letters):
        between: NDArray[np.bool_] = inked[int(at[left] * width) : int(at[right] * width) + 1]
        gaps.append(_longest(~between) / height)
    usual = float(np.median(gaps)) if gaps else 0.0
    found: list[str] = []
    scores: list[float] = []
    places: list[float] = []
    for n, letter in enumerate(letters):
        found.append(text[letter])
        scores.append(sure[letter] if letter < len(sure) else 0.0)
        places.append(at[letter])
        if n == len(gaps):
            break
        blank = letters[n + 1] - letter > 1
        wide = 0.1 if text[letter] == "," else 0.24
        if gaps[n] > usual + wide or (blank and (gaps[n] > usual or usual < 0.05)):
            found.append(" ")
            scores.append(1.0)
            places.append(-1.0)
    return Said("".join(found), scores, places)


def _longest(run: NDArray[np.bool_]) -> int:
    """How long the longest row of True is."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], run.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def _glyphs(piece: Box, said: Said, scale: float) -> list[Glyph]:
    """Characters in points; the boxes meet half way between them."""
    text, sure, at = said.text, said.sure, said.at
    margin = _MARGIN * scale
    inner = Box(piece.x0 + margin, piece.y0, piece.x1 - margin, piece.y1)
    letters = [n for n, place in enumerate(at) if place >= 0]
    middle = {n: piece.x0 + at[n] * piece.width for n in letters}
    edges: dict[int, tuple[float, float]] = {}
    for order, n in enumerate(letters):
        before = (middle[letters[order - 1]] + middle[n]) / 2 if order else inner.x0
        after = (middle[n] + middle[letters[order + 1]]) / 2 if order + 1 < len(letters) else inner.x1
        edges[n] = before, max(after, before + 0.5)
    glyphs: list[Glyph] = []
    last = inner.x0
    shrink = 0.14 * piece.height
    for n, one in enumerate(text):
        x0, x1 = edges.get(n, (last, last))
        last = x1
        box = Box(x0 / scale, (piece.y0 + shrink) / scale, x1 / scale, (piece.y1 - shrink) / scale)
        glyphs += [Glyph(letter, box, sure[n] if n < len(sure) else 0.0) for letter in plain(one)]
    return glyphs
