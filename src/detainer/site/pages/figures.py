"""The record's own figures: by year of each kind, never mixed, and by month; a year without an event is a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detainer.law.markup import Markup, join, tag
from detainer.report import charts
from detainer.report.tally import months
from detainer.site.gather import YEARS
from detainer.site.numbers import month_days, name, shown
from detainer.site.shell import Page, figure, link, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detainer.report.definitions import Item
    from detainer.site.gather import Material, Told

GAP = "no event in the record"


def pages(material: Material) -> Iterator[Page]:
    """`figures.html`, and a page of months for each year of each agency."""
    parts: list[Markup] = [tag("p", SAYS)]
    for told in material.agencies:
        parts.append(tag("h2", told.agency.name))
        parts += [_years(told, item) for item in told.items]
        parts.append(_other_years(told))
        years = [year for year in told.of_kind("calendar year") if year.figures]
        links = [join([link(f"figures/{told.agency.id}-{year.end.year}.html", year.words), " "]) for year in years]
        parts.append(tag("p", "By month: ", *links))
        yield from (_months(told, year.end.year) for year in years)
    yield Page("figures.html", "Figures of the record", join(parts))


SAYS = (
    "Counts over the events of the record, in the days of the agency's own clock. Calendar years, years to June and "
    "years to September are told apart: a number of one is no number of another. A year in which the record holds no "
    "event is a gap: whether no request came or none was entered, it cannot say."
)


def _years(told: Told, item: Item) -> Markup:
    years = told.of_kind("calendar year")
    values = [(year, found.value if (found := year.figure(item.id)) else None, bool(year.figures)) for year in years]
    bars = [
        charts.Bar(
            year.words,
            value,
            "not recorded" if any_ else GAP,
            name(told.agency.id, item.id, year.start, year.end),
        )
        for year, value, any_ in values
    ]
    told_of = [f"{value:,} in {year.words}" for year, value, _ in values if value is not None]
    sentence = f"{item.label}: {', '.join(told_of) or 'not recorded for any year'}."
    chart = charts.rows(f"{told.agency.id}-{item.id}", item.label, sentence, bars)
    rows = [
        [
            f"{year.words}{'' if year.over else ' (not over)'}",
            shown(name(told.agency.id, item.id, year.start, year.end), value, "" if any_ else GAP),
            _missing(told, year.figure(item.id)) if any_ else Markup(),
        ]
        for year, value, any_ in values
    ]
    data = table(item.label, ["Calendar year", "Number", "Not recorded"], rows, (1, 2))
    basis = next((found.basis for year, _, _ in reversed(values) if (found := year.figure(item.id))), "")
    return figure(sentence, chart, data, [("data/record-years.csv", "CSV of all years")], item.says, basis, item.cite)


def _missing(told: Told, found: object) -> Markup:
    count = getattr(found, "not_recorded", 0)
    return tag("span", f"{count:,}") if count else Markup("–")


def _other_years(told: Told) -> Markup:
    parts = []
    for kind in list(YEARS)[1:]:
        years = [year for year in told.of_kind(kind) if year.figures]
        rows = [
            [
                f"{year.end.year}{'' if year.over else ' (not over)'}",
                *(
                    shown(name(told.agency.id, item.id, year.start, year.end), found.value)
                    for item in told.items
                    if (found := year.figure(item.id))
                ),
            ]
            for year in years
        ]
        heads = [kind.capitalize(), *(item.noun for item in told.items)]
        parts.append(table(f"{told.agency.name}, {kind}", heads, rows, range(1, len(heads))))
    return tag("details", tag("summary", "The same by years that end in June and in September"), *parts)


def _months(told: Told, year: int) -> Page:
    first, last = month_days(f"{year}-01")[0], month_days(f"{year}-12")[1]
    these = months(max(first, told.first), min(last, told.last))
    parts: list[Markup] = [tag("p", link("../figures.html", "All years"))]
    for item in told.items:
        counts = [told.months[item.id].get(month, 0) for month in these]
        if not any(counts):
            continue
        sentence = f"{item.label}, {told.agency.name}, {year}: {sum(counts):,} in the months below."
        bars = [
            charts.Bar(charts.month(month), count, named=_named(told, item, month) if count else "")
            for month, count in zip(these, counts, strict=True)
        ]
        chart = charts.columns(f"{told.agency.id}-{item.id}-{year}", item.label, sentence, bars)
        rows = [[month, _of_month(told, item, month, count)] for month, count in zip(these, counts, strict=True)]
        data = table(f"{item.label}, {year}", ["Month", "Number"], rows, (1,))
        files = [("../data/record-months.csv", "CSV of all months")]
        parts.append(figure(sentence, chart, data, files, item.says, "What is not recorded is told with the year."))
    title = f"{told.agency.name}: {year} by month"
    return Page(f"figures/{told.agency.id}-{year}.html", title, join(parts))


def _of_month(told: Told, item: Item, month: str, count: int) -> Markup:
    if not count:
        return Markup("0")
    return shown(_named(told, item, month), count)


def _named(told: Told, item: Item, month: str) -> str:
    return name(told.agency.id, item.id, *month_days(month))
