"""A picture of a page becomes print and boxes in their places, by character recognition on this machine alone.

Needs the extra `ocr`. The models lie in rapidocr's own wheel; one thread each, since the machine has other work.
"""

from __future__ import annotations

import itertools
import logging
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidocr import RapidOCR

from detainer.intake.paper import squares
from detainer.intake.paper.labels import option
from detainer.intake.paper.pictures import Grey, Picture
from detainer.intake.paper.shapes import Box, Glyph, Page, Print, Tick
from detainer.intake.paper.upright import Upright, faint_of, ink_of, upright

_FIND = 110  # dpi at which lines are looked for
_SHORT_WORDS = frozenset("a an by i if in or to".split())  # that an option begins with: no misread box
_TELLING = 6  # heights of a line that tell which way up it is
_WORST = 0.5  # print read less surely is taken for a scribble


@cache
def _engine() -> RapidOCR:
    logging.getLogger("RapidOCR").disabled = True
    cv2.setNumThreads(1)
    threads = {f"EngineConfig.onnxruntime.{name}_op_num_threads": 1 for name in ("intra", "inter")}
    return RapidOCR(
        params={**threads, "Global.max_side_len": 4000, "Global.log_level": "critical", "Det.limit_side_len": 640}
    )


def page(picture: Picture, number: int) -> Page:
    """Page `number` of a file, from 1, read from its picture."""
    straight = upright(picture)
    lines = _lines(straight)
    if on_its_head(straight, lines):
        straight = straight.turned()
        lines = _lines(straight)
    ink, faint, scale = ink_of(straight.grey), faint_of(straight.grey), straight.scale
    plain = _without_rules(straight.grey, ink, scale)
    ticks = squares.boxes(faint, ink, scale)
    letters: list[Tick] = []
    prints: list[Print] = []
    while not prints or letters:  # what stood between letters of a word was one of them: read those lines again
        ticks = [tick for tick in ticks if tick not in letters]
        white = plain.copy()
        for tick in ticks:
            _erase(white, tick, scale)
        again = [line for line in lines if not prints or any(_points(line, scale).holds(one.box) for one in letters)]
        kept = [one for one in prints if not any(_points(line, scale).holds(one.box) for line in again)]
        prints = sorted(
            kept + _prints(white, _cut(white, again, scale), scale), key=lambda one: (one.box.y0, one.box.x0)
        )
        letters = [
            tick for tick in ticks if any(_within(tick.box, line) or _numeral(tick.box, line) for line in prints)
        ]
        if not prints:
            break
    height, width = straight.grey.shape
    found = Page(number, width / straight.scale, height / straight.scale, scanned=True)
    found.shown, found.sheet = straight.shown, picture.points
    found.ink = _Ink(ink_of(_without_rules(straight.grey, ink, scale)), scale)
    found.ticks, found.prints = ticks, _with_broken_boxes(prints, ticks, faint_of(white), ink, scale)
    found.again = _Again(white, straight.scale)
    return found


def _lines(straight: Upright) -> list[Box]:
    """Where lines of print stand, in pixels of the upright page."""
    factor = _FIND / (straight.scale * 72)
    small = cv2.resize(straight.grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    found: Any = _engine()(cv2.cvtColor(small, cv2.COLOR_GRAY2BGR), use_det=True, use_cls=False, use_rec=False)
    if found is None or getattr(found, "boxes", None) is None:
        return []
    quads = np.asarray(found.boxes) / factor
    low, high = quads.min(axis=1), quads.max(axis=1)
    return [Box(*map(float, (*least, *most))) for least, most in zip(low, high, strict=True)]


def on_its_head(straight: Upright, lines: Sequence[Box] | None = None) -> bool:
    """Whether most of the longer lines are upside down, by how each begins.

    Only its beginning, since a whole long line is squeezed beyond recognition to fit what tells the two ways apart.
    """
    lines = _lines(straight) if lines is None else lines
    long = sorted((line for line in lines if line.width > 4 * line.height), key=lambda line: -line.width)[:24]
    if not long:
        return False
    crops = [_crop(straight.grey, replace(line, x1=min(line.x1, line.x0 + _TELLING * line.height))) for line in long]
    said: Any = _engine().cls_and_rotate(crops)[1].cls_res
    return bool(sum((1 if label == "180" else -1) * score for label, score in said) > 0)


def _crop(grey: Grey, box: Box) -> NDArray[np.uint8]:
    height, width = grey.shape
    part = grey[max(0, int(box.y0)) : min(height, int(box.y1) + 1), max(0, int(box.x0)) : min(width, int(box.x1) + 1)]
    return cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_GRAY2BGR)  # type: ignore[return-value]


def _erase(grey: Grey, tick: Tick, scale: float) -> None:
    """Take a box off the page, so that it is read for no letter."""
    box, more = tick.box, 1.4
    grey[
        max(0, round((box.y0 - more) * scale)) : round((box.y1 + more) * scale),
        max(0, round((box.x0 - more) * scale)) : round((box.x1 + more) * scale),
    ] = 255


def _cut(grey: Grey, lines: Sequence[Box], scale: float) -> list[Box]:
    ink = ink_of(grey)
    return [piece for line in lines for piece in _pieces(ink, line, scale)]


def _pieces(ink: NDArray[np.bool_], line: Box, scale: float) -> list[Box]:
    """A line cut where its print has wide gaps, each piece close around its ink."""
    x0, y0 = max(0, int(line.x0 - 1.5 * scale)), max(0, int(line.y0))
    part = ink[y0 : int(line.y1) + 1, x0 : int(line.x1 + 1.5 * scale) + 1]
    columns = np.flatnonzero(part.sum(axis=0) > 0)
    if not len(columns):
        return []
    gaps = np.flatnonzero(np.diff(columns) > 1.25 * line.height)
    starts, ends = [0, *(gaps + 1)], [*gaps, len(columns) - 1]
    margin = 1.2 * scale
    return [
        Box(x0 + columns[first] - margin, line.y0, x0 + columns[last] + 1 + margin, line.y1)
        for first, last in zip(starts, ends, strict=True)
        if columns[last] - columns[first] >= 0.7 * scale
    ]


def _read(crops: list[NDArray[np.uint8]]) -> list[tuple[str, list[float], list[float]]]:
    """Each crop's characters, how sure each is, and how far along the crop it stands (0 to 1)."""
    if not crops:
        return []
    engine = _engine()
    engine.return_word_box = True
    said: Any = engine.recognize_txt(crops)
    found = []
    for text, info in zip(said.txts, said.word_results, strict=True):
        columns = [column for word in info.word_cols for column in word]
        places = iter((column + 0.5) / max(1.0, info.line_txt_len) for column in columns)
        at = [next(places, 1.0) if not one.isspace() else -1.0 for one in text]
        found.append((text, [float(one) for one in info.confs][: len(text)], at))
    return found


def _prints(grey: Grey, pieces: Sequence[Box], scale: float) -> list[Print]:
    crops = [_crop(grey, piece) for piece in pieces]
    prints = []
    for piece, crop, (text, sure, at) in zip(pieces, crops, _read(crops), strict=True):
        text, sure, at = _spaced(text, sure, at, crop)  # noqa: PLW2901  the same line, with its blanks
        if not text.strip() or float(np.mean(sure)) < _WORST:
            continue
        prints.append(Print(tuple(_glyphs(piece, text, sure, at, scale)), "scan"))
    return sorted(prints, key=lambda one: (one.box.y0, one.box.x0))


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


def _with_broken_boxes(
    prints: Sequence[Print], ticks: list[Tick], faint: NDArray[np.bool_], ink: NDArray[np.bool_], scale: float
) -> list[Print]:
    """Add the boxes of options that have none yet to `ticks`, and take what was read of them from the print."""
    found = []
    for line in prints:
        boxed = any(0 < line.box.x0 - tick.box.x1 < 26 and tick.box.beside(line.box) > 0.3 for tick in ticks)
        tick = None
        numbered = re.match(r"\d?[.)]", line.text)  # a paragraph's number is no box
        if not (boxed or numbered) and any(
            option(words, near=True) for words in (line.text, line.text.partition(" ")[2])
        ):
            place = Box(*(side * scale for side in (line.box.x0, line.box.y0, line.box.x1, line.box.y1)))
            first = line.text.partition(" ")[0]
            tick = squares.leading(
                faint, ink, place, scale, inside=len(first) < 3 and first.lower() not in _SHORT_WORDS
            )
        if tick:
            ticks.append(tick)
            line = Print(tuple(one for one in line.glyphs if one.box.x0 + one.box.x1 > 2 * tick.box.x1), "scan")  # noqa: PLW2901
        if line.glyphs:
            found.append(line)
    return found


def _spaced(
    text: str, sure: Sequence[float], at: Sequence[float], crop: NDArray[np.uint8]
) -> tuple[str, list[float], list[float]]:
    """The line with a blank also where it has a wide gap, and none where letters stand no wider apart than others."""
    letters = [n for n, place in enumerate(at) if place >= 0]
    inked: NDArray[np.bool_] = np.asarray((crop[:, :, 0] < 150).any(axis=0))
    width, height = len(inked), crop.shape[0]
    gaps = []
    for left, right in itertools.pairwise(letters):
        between: NDArray[np.bool_] = inked[int(at[left] * width) : int(at[right] * width) + 1]
        gaps.append(_longest(~between) / height)
    usual = float(np.median(gaps)) if gaps else 0.0
    said: list[str] = []
    scores: list[float] = []
    places: list[float] = []
    for n, letter in enumerate(letters):
        said.append(text[letter])
        scores.append(sure[letter] if letter < len(sure) else 0.0)
        places.append(at[letter])
        if n == len(gaps):
            break
        blank = letters[n + 1] - letter > 1
        wide = 0.1 if text[letter] == "," else 0.24
        if gaps[n] > usual + wide or (blank and (gaps[n] > usual or usual < 0.05)):
            said.append(" ")
            scores.append(1.0)
            places.append(-1.0)
    return "".join(said), scores, places


def _longest(run: NDArray[np.bool_]) -> int:
    """How long the longest row of True is."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], run.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def _glyphs(piece: Box, text: str, sure: Sequence[float], at: Sequence[float], scale: float) -> list[Glyph]:
    """Characters in points; the boxes meet half way between them."""
    margin = 1.2 * scale
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
        glyphs += [Glyph(plain, box, sure[n] if n < len(sure) else 0.0) for plain in _plain(one)]
    return glyphs


def _plain(one: str) -> str:
    """A character as it is typed: full-width signs and curly quotes in their usual form."""
    return unicodedata.normalize("NFKC", one).translate(_USUAL)


_USUAL = str.maketrans({"，": ",", "：": ":", "。": ".", "、": ",", "‘": "'", "’": "'", "“": '"', "”": '"'})


class _Again:
    """Reads a place once more from a picture softened and drawn larger, to see whether it says the same."""

    def __init__(self, grey: Grey, scale: float) -> None:
        self.grey, self.scale = grey, scale

    def __call__(self, box: Box) -> tuple[str, float]:
        more = 2.2
        place = Box(
            (box.x0 - more) * self.scale, (box.y0 - 1.0) * self.scale,
            (box.x1 + more) * self.scale, (box.y1 + 1.0) * self.scale,
        )  # fmt: skip
        crop = cv2.GaussianBlur(_crop(self.grey, place), (0, 0), 0.35 * self.scale)
        ((text, sure, _),) = _read([crop])  # type: ignore[list-item]
        return "".join(map(_plain, text)), min(sure, default=0.0)


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
