"""Small cells withheld, and others with them, so that no total betrays what was withheld.

The rule: where a table that tells people apart by something about them holds a number from 1 to 4, every number below 5
is withheld, zeros too, and with them the smallest of the larger ones, each of them if several are alike. Fewer would
not do: whoever knows the rule and the total could tell a lone number, fours from the sum of several, or from which of
two like numbers was withheld which cell came first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from detainer.report.figures import Figure, Report

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST: Final = 5
RULE: Final = (
    "Where a table that tells people apart by something about them holds a number from 1 to 4, all numbers below 5 and "
    "the smallest of the others are withheld, so that the total gives none away."
)

Cell = tuple[str, ...]
ABOUT_PEOPLE: Final = "ground"  # the part of a split that says something about a person


def public(report: Report) -> Report:
    """The report as it may be published: small parts that tell people apart withheld, its figures as the law orders."""
    return replace(report, items=tuple(_public(figure) for figure in report.items))


def _public(figure: Figure) -> Figure:
    if ABOUT_PEOPLE not in figure.item.split:
        return figure
    hidden = withheld({part.of: part.value or 0 for part in figure.parts})
    parts = tuple(replace(part, value=None) if part.of in hidden else part for part in figure.parts)
    return replace(figure, parts=parts, basis=f"{figure.basis} {RULE}" if hidden else figure.basis)


def withheld(cells: Mapping[Cell, int]) -> frozenset[Cell]:
    """The cells that are not shown: none where no number is small, else all below LEAST and the next larger ones."""
    if not any(0 < count < LEAST for count in cells.values()):
        return frozenset()
    next_larger = min((count for count in cells.values() if count >= LEAST), default=LEAST)
    return frozenset(cell for cell, count in cells.items() if count <= next_larger)
