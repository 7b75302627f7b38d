"""What of a report may be published: tables that tell people apart by something about them, whole or not at all.

Whoever has the published events can count every exchange by what it was about and by whether the person was
transferred, before and after any of them was entered. Against such a reader no single cell of a table by what the
search showed can be withheld: the rest of its row, or the table of a week later, gives it away. So it is told whole or
not at all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from detainer.report.splits import GROUNDS, Part

if TYPE_CHECKING:
    from detainer.report.figures import Figure, Report

LEAST: Final = 5
RULE: Final = (
    "A table that tells people apart by what a search showed is withheld whole where it holds a number from 1 to 4, "
    "or where that is not recorded of everybody in it; the same numbers are told without it. It is told only as it was "
    "when the agency first published the report: a later one beside it would give single people away."
)
ABOUT_PEOPLE: Final = "ground"  # the part of a split that says something about a person


def public(report: Report, *, tables: bool = True) -> Report:
    """The report as it may be published; without `tables`, every table that tells people apart is withheld.

    Months of a figure that is itself about what the search showed are left out: the law asks for the year.
    """
    about = {figure.item.id for figure in report.items if figure.item.ground}
    return replace(
        report,
        items=tuple(_public(figure, tables) for figure in report.items),
        months={item: months for item, months in report.months.items() if item not in about},
    )


def tells_people_apart(figure: Figure) -> bool:
    """Whether the figure's table says something about people."""
    return ABOUT_PEOPLE in figure.item.split


def may_be_told(figure: Figure) -> bool:
    """Whether no number of the figure's table is small, and all are of people of whom it is known."""
    at = figure.item.split.index(ABOUT_PEOPLE)
    return all(not part.value or (part.value >= LEAST and part.of[at] in GROUNDS) for part in figure.parts)


def _public(figure: Figure, tables: bool) -> Figure:
    if not tells_people_apart(figure) or not figure.parts or (tables and may_be_told(figure)):
        return figure
    at = figure.item.split.index(ABOUT_PEOPLE)
    sums: Counter[tuple[str, ...]] = Counter()
    for part in figure.parts:
        sums[part.of[:at] + part.of[at + 1 :]] += part.value or 0
    split = tuple(name for name in figure.item.split if name != ABOUT_PEOPLE)
    return replace(
        figure,
        item=figure.item.model_copy(update={"split": split}),
        parts=tuple(Part(of, count) for of, count in sorted(sums.items())) if split else (),
        basis=f"{figure.basis} By what the search showed: withheld. {RULE}",
    )
