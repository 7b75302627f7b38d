"""A report as HTML: every number with what it counts and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detainer.law.markup import Markup, join, tag
from detainer.report import charts, render, splits

if TYPE_CHECKING:
    from collections.abc import Callable

    from detainer.report.brief import Brief
    from detainer.report.definitions import Item
    from detainer.report.figures import Figure, Report

STYLE = """
body { font: 112.5%/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; color: #16181c }
table { border-collapse: collapse; margin: 0 0 1rem; display: block; overflow-x: auto }
th, td { text-align: left; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #c9cbc6; vertical-align: top }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
th .quiet { font-weight: 400 } .quiet { color: #50555e; font-size: 0.85rem } code { overflow-wrap: anywhere }
figure { margin: 1.5rem 0 } figcaption { font-weight: 600 } svg { max-width: 100%; height: auto; font-size: 14px }
.bar { fill: #0b4f9e } .gap { fill: none; stroke: #50555e; stroke-dasharray: 3 3 } .axis { stroke: #16181c }
"""


def whole(report: Report) -> str:
    """The report as a document of its own."""
    title = f"{report.definition.title}: {render.day(report.start)} to {render.day(report.end)}"
    return _document(title, fragment(report))


def _document(title: str, body: Markup) -> str:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">{tag("title", title)}'
    main = tag("main", tag("h1", title), body)
    return f'<!doctype html>\n<html lang="en"><head>{head}<style>{STYLE}</style></head><body>{main}</body></html>\n'


def brief(made: Brief) -> str:
    """A brief as a document of its own: sentences, charts by month with their numbers, others' figures, notes."""
    now, before = made.now, made.before
    title = f"{now.agency.name}: {made.spans[0]} against {made.spans[1]}"
    elsewhere = list(made.published())
    body = [
        tag("p", f"Counted by {now.definition.cite}"),
        tag("ul", *(tag("li", one.sentence()) for one in made.comparisons)),
        _by_month(now, before, made.comparisons[0].now.item, made.spans[0]),
        _by_month(before, now, made.comparisons[0].now.item, made.spans[1]),
        *([tag("h2", "Published elsewhere, and not of this record")] if elsewhere else []),
        tag("ul", *(tag("li", line) for line in elsewhere)) if elsewhere else Markup(),
        *(tag("p", note) for note in made.notes()),
        tag("p", basis(now), class_="quiet"),
    ]
    return _document(title, join(body))


def _bars(counts: dict[str, int]) -> list[charts.Bar]:
    return [charts.Bar(charts.month(month), count) for month, count in counts.items()]


def _by_month(report: Report, other: Report, item: Item, words: str) -> Markup:
    """One item of a report month by month: sentence, chart and table; the chart in the scale of the other's too."""
    counts = report.months.get(item.id)
    if not counts:
        return tag("p", f"{item.label}, {words}: not recorded.")
    says = f"{item.label}, {words}: {sum(counts.values()):,}."
    bars, beside = _bars(counts), _bars(other.months.get(item.id, {}))
    rows = [tag("tr", *(tag("th", charts.month(month), class_="n") for month in counts))]
    rows.append(tag("tr", *(tag("td", f"{count:,}", class_="n") for count in counts.values())))
    chart = charts.columns(f"months-{report.start}", item.label, says, bars, beside=beside)
    return tag("figure", tag("figcaption", says), chart, tag("table", *rows))


def fragment(
    report: Report,
    level: int = 2,
    number: Callable[[Figure], str] = render.number,
    month: Callable[[Item, str, int], str] = lambda _item, _month, count: f"{count:,}",
) -> Markup:
    """The report without its title, to stand in a page; its headings are of this level.

    `number` tells a figure's number, `month` an item's in a month.
    """
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
            _months(report, level, month),
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
    return _table(caption, tag("caption", caption), tag("thead", head), tag("tbody", *rows))


def _table(label: str, *parts: str) -> Markup:
    """A table that scrolls where the page is narrow, for the keyboard too."""
    return tag("div", tag("table", *parts), class_="scroll", tabindex="0", role="region", aria_label=label)


def _parts(figure: Figure, level: int) -> Markup:
    heads = [tag("th", splits.HEADS[name], scope="col") for name in figure.item.split]
    rows = [
        tag("tr", *(tag("td", word) for word in words), tag("td", part.said, class_="n"))
        for words, part in render.parts(figure)
    ]
    head = tag("tr", *heads, tag("th", "Number", scope="col", class_="n"))
    return join(
        [tag(f"h{level}", figure.item.label), _table(figure.item.label, tag("thead", head), tag("tbody", *rows))]
    )


def _months(report: Report, level: int, number: Callable[[Item, str, int], str]) -> Markup:
    counted = [figure.item for figure in report.items if figure.item.id in report.months]
    if not counted:
        return Markup()
    heads = [tag("th", item.noun, scope="col", class_="n") for item in counted]
    rows = [
        tag(
            "tr",
            tag("th", month, scope="row"),
            *(tag("td", number(item, month, report.months[item.id][month]), class_="n") for item in counted),
        )
        for month in report.months[counted[0].id]
    ]
    head = tag("tr", tag("th", "Month", scope="col"), *heads)
    return join([tag(f"h{level}", "By month"), _table("By month", tag("thead", head), tag("tbody", *rows))])
