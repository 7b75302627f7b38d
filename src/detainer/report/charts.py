"""Bar charts as SVG: bars from zero, each with its number beside it, a gap drawn as a gap, words for who cannot see it.

Colours and fonts come from the page's stylesheet, by class, so that a chart reads in the dark as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from detainer.law.markup import Markup, join, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 720
ROW = 30
LABEL = 190
BAR = 20
FOR_NUMBER = 110
COLUMN_HEIGHT = 220
FOOT = 26
LEGEND = 22
GAP_WIDTH = 12
MANY = 30  # columns from which on only every third is labelled


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its number (None for a gap), what is said where there is no number, and the number's name."""

    label: str
    value: float | None
    gap: str = "not known"
    named: str = ""


def rows(name: str, title: str, says: str, bars: Sequence[Bar]) -> Markup:
    """Bars lying one below the other; for years and for things compared. `name` is the chart's own in its page."""
    scale = _scale(bars, WIDTH - LABEL - FOR_NUMBER)
    height = ROW * len(bars) + 8
    parts: list[Markup] = [_line(LABEL, 0, LABEL, height)]
    for number, bar in enumerate(bars):
        top = 4 + ROW * number
        middle = top + BAR / 2 + 5
        parts.append(_text(LABEL - 8, middle, bar.label, "end"))
        if bar.value is None:
            parts.append(_rect(LABEL, top, GAP_WIDTH, BAR, "gap"))
            parts.append(_text(LABEL + GAP_WIDTH + 8, middle, bar.gap, "start", "gap-word"))
        else:
            width = bar.value * scale
            parts.append(_rect(LABEL, top, width, BAR, "bar"))
            parts.append(_text(LABEL + width + 8, middle, f"{bar.value:,}", "start", named=bar.named))
    return _picture(name, title, says, WIDTH, height, parts)


def columns(name: str, title: str, says: str, bars: Sequence[Bar], *, beside: Sequence[Bar] = ()) -> Markup:
    """Bars standing side by side; for months. Each has its number above it.

    `beside` are the bars of a chart that will be read beside this one: both then have one scale.
    """
    scale = _scale([*bars, *beside], COLUMN_HEIGHT - 24)
    step = WIDTH / max(len(bars), 1)
    wide = max(step * 0.7, 1)
    parts: list[Markup] = [_line(0, COLUMN_HEIGHT, WIDTH, COLUMN_HEIGHT)]
    for number, bar in enumerate(bars):
        left = step * number + (step - wide) / 2
        middle = left + wide / 2
        if bar.value is None:
            parts.append(_rect(left, COLUMN_HEIGHT - GAP_WIDTH, wide, GAP_WIDTH, "gap"))
        else:
            tall = bar.value * scale
            parts.append(_rect(left, COLUMN_HEIGHT - tall, wide, tall, "bar"))
            if len(bars) <= MANY:
                parts.append(_text(middle, COLUMN_HEIGHT - tall - 6, f"{bar.value:,}", "middle", named=bar.named))
        if len(bars) <= MANY or number % 3 == 0:
            parts.append(_text(middle, COLUMN_HEIGHT + 18, bar.label, "middle"))
    height = COLUMN_HEIGHT + FOOT
    if any(bar.value is None for bar in bars):
        height += LEGEND
        parts.append(_text(0, height - 6, "Dashed: no number.", "start", "gap-word"))
    return _picture(name, title, says, WIDTH, height, parts)


def month(written: str) -> str:
    """A month written as 2016-01, as a label: `Jan`."""
    return date.fromisoformat(f"{written}-01").strftime("%b")


def _scale(bars: Sequence[Bar], room: float) -> float:
    """Units of the picture for one of what is counted; the largest bar fills the room."""
    return room / max((bar.value for bar in bars if bar.value), default=1)


def _picture(name: str, title: str, says: str, width: float, height: float, parts: list[Markup]) -> Markup:
    inner = join([tag("title", title, id=f"{name}-title"), tag("desc", says, id=f"{name}-desc"), *parts])
    return Markup(
        f'<svg class="chart" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">{inner}</svg>'
    )


def _rect(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    return Markup(f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>')


def _line(x1: float, y1: float, x2: float, y2: float) -> Markup:
    return Markup(f'<line class="axis" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"/>')


def _text(x: float, y: float, words: str, anchor: str, kind: str = "", *, named: str = "") -> Markup:
    return tag("text", words, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, class_=kind, data_figure=named)
