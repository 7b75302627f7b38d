"""A report as HTML: every number with what it counts and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detainer.law.markup import Markup, join, tag
from detainer.report import render, splits

if TYPE_CHECKING:
    from collections.abc import Callable

    from detainer.report.figures import Figure, Report

STYLE = """
body { font: 112.5%/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; color: #16181c }
table { border-collapse: collapse; margin: 0 0 1rem; display: block; overflow-x: auto }
th, td { text-align: left; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #c9cbc6; vertical-align: top }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
.quiet { color: #50555e; font-size: 0.85rem } code { overflow-wrap: anywhere }
"""


def whole(report: Report) -> str:
    """The report as a document of its own."""
    title = f"{report.definition.title}: {render.day(report.start)} to {render.day(report.end)}"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">{tag("title", title)}'
    body = tag("main", tag("h1", title), fragment(report))
    return f'<!doctype html>\n<html lang="en"><head>{head}<style>{STYLE}</style></head><body>{body}</body></html>\n'


def fragment(report: Report, level: int = 2, number: Callable[[Figure], str] = render.number) -> Markup:
    """The report without its title, to stand in a page; its headings are of this level, `number` tells a figure's."""
    asked = [figure for figure in report.items if figure.item.number is not None]
    beside = [figure for figure in report.items if figure.item.number is None]
    return join(
        [
            tag(
                "p", f"{report.agency.name}. {report.definition.cite}, {report.version.source}. {render.period(report)}"
            ),
            _figures("What the law asks for", asked, number),
            *([_figures("Told beside it", beside, number)] if beside else []),
            *[_parts(figure, level) for figure in report.items if figure.parts],
            _months(report, level),
            *[tag("p", note) for note in report.notes],
            tag("p", basis(report), class_="quiet"),
        ]
    )


def basis(report: Report) -> Markup:
    """When and on what it was counted."""
    root = tag("code", report.basis.root)
    return join([f"As of {render.as_of(report)}; checkpoint of {report.basis.size:,} events, root ", root, "."])


def _figures(caption: str, figures: list[Figure], number: Callable[[Figure], str]) -> Markup:
    rows = [
        tag(
            "tr",
            tag("td", str(figure.item.number or "")),
            tag(
                "th",
                figure.item.label,
                tag("div", figure.item.says, class_="quiet"),
                tag("div", figure.basis, class_="quiet"),
                scope="row",
            ),
            tag("td", number(figure), class_="n"),
        )
        for figure in figures
    ]
    head = tag(
        "tr",
        tag("th", "Item", scope="col"),
        tag("th", "What is counted", scope="col"),
        tag("th", "Number", scope="col"),
    )
    return tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *rows))


def _parts(figure: Figure, level: int) -> Markup:
    heads = [tag("th", splits.HEADS[name], scope="col") for name in figure.item.split]
    rows = [
        tag("tr", *(tag("td", word) for word in words), tag("td", part.said, class_="n"))
        for words, part in render.parts(figure)
    ]
    head = tag("tr", *heads, tag("th", "Number", scope="col", class_="n"))
    return join([tag(f"h{level}", figure.item.label), tag("table", tag("thead", head), tag("tbody", *rows))])


def _months(report: Report, level: int) -> Markup:
    counted = [figure.item for figure in report.items if figure.item.id in report.months]
    if not counted:
        return Markup()
    heads = [tag("th", item.noun, scope="col", class_="n") for item in counted]
    rows = [
        tag(
            "tr",
            tag("th", month, scope="row"),
            *(tag("td", f"{report.months[item.id][month]:,}", class_="n") for item in counted),
        )
        for month in report.months[counted[0].id]
    ]
    head = tag("tr", tag("th", "Month", scope="col"), *heads)
    return join([tag(f"h{level}", "By month"), tag("table", tag("thead", head), tag("tbody", *rows))])
