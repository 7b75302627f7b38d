"""The first page: one year against another, each number beside what others published, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detainer.law.markup import Markup, join, tag
from detainer.report import charts, published
from detainer.site.numbers import name, shown
from detainer.site.pages import elsewhere
from detainer.site.shell import Page, figure, link, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detainer.report.definitions import Item
    from detainer.report.published import Published
    from detainer.site.gather import Material, Told, Year


def page(material: Material) -> Page:
    """The page `index.html`."""
    parts: list[Markup] = [tag("p", SAYS, class_="lead")]
    if material.demonstration:
        parts.append(tag("p", MADE_UP))
    for told in material.agencies:
        parts += _agency(told)
    if not material.agencies:
        parts.append(tag("p", "The record holds no request of an agency that a law orders to report."))
    parts.append(_where())
    return Page("index.html", "What was asked, and what was done", join(parts))


SAYS = (
    "Federal immigration authorities ask police and jails to hold people past release, to tell of a release, or to "
    "hand people over. These pages tell how many such requests came and what became of them. Received, permitted, "
    "held, transferred and told are five facts, and none stands for another."
)


MADE_UP = (
    "This record is a demonstration. Its requests were made up so that their numbers are those that the police told "
    "the City Council for 2016 and 2017; it shows how a record is counted and checked. What really happened stands in "
    "the columns “published”, with the source of each number."
)


def _agency(told: Told) -> Iterator[Markup]:
    years = [year for year in told.of_kind("calendar year") if year.figures and year.over][-2:]
    yield tag("h2", told.agency.name)
    if len(years) == 2:
        yield _comparison(told, *years)
    elif told.years:
        yield tag("p", "Fewer than two calendar years are whole; ", link("figures.html", "all figures"), ".")


def _comparison(told: Told, before: Year, now: Year) -> Markup:
    rows = [
        [
            item.label,
            _own(told, item, before),
            _other(told, item, before),
            _own(told, item, now),
            _other(told, item, now),
        ]
        for item in told.items
    ]
    heads = [
        "What was counted",
        f"{before.words}, this record",
        f"{before.words}, published",
        f"{now.words}, this record",
        f"{now.words}, published",
    ]
    return join(
        [
            _chart(told, before, now),
            table(f"{before.words} against {now.words}", heads, rows, (1, 2, 3, 4)),
            tag(
                "p",
                "Calendar years, by the agency's own clock. A dash means that no such number was found; it is no zero.",
                class_="quiet",
            ),
            *_sources(told, before, now),
        ]
    )


def _sources(told: Told, before: Year, now: Year) -> Iterator[Markup]:
    """Where each published number of the table comes from, and where each of the record's own does."""
    lines = []
    for year in (before, now):
        for item in told.items:
            found = published.beside(told.agency.id, item.id, year.start, year.end)
            if found is not None:
                note = f" {found.note}" if found.note else ""
                number = link(
                    f"{elsewhere.path(found)}#{found.id}",
                    f"{year.words}, {found.measure.label.lower()}: {found.value:,}",
                )
                lines.append(tag("li", number, f". {found.source.rstrip('.')}.{note}"))
    if lines:
        yield tag("h3", "Sources of the published numbers")
        yield tag("ul", *lines)
    yield tag("h3", "What the record's own numbers count")
    yield tag("dl", *(join([tag("dt", item.label), tag("dd", f"{item.says} {item.cite}.")]) for item in told.items))
    yield tag("p", "By month, for other years and as files: ", link("figures.html", "figures of the record"), ".")


def _chart(told: Told, before: Year, now: Year) -> Markup:
    item = told.items[0]
    bars = [
        charts.Bar(year.words, _value(year, item), named=name(told.agency.id, item.id, year.start, year.end))
        for year in (before, now)
    ]
    chart = charts.rows(f"start-{told.agency.id}", item.label, sentence(told, before, now), bars)
    rows = [[year.words, _own(told, item, year)] for year in (before, now)]
    data = table(item.label, ["Year", "Number"], rows, (1,))
    return figure(sentence(told, before, now), chart, data, [("data/record-years.csv", "CSV of all years")], item.says)


def sentence(told: Told, before: Year, now: Year) -> str:
    """What the two years come to: `In 2017 … received 1,526 requests, 19.1 times the 80 of 2016, …`."""
    item = told.items[0]
    many, few = _value(now, item), _value(before, item)
    held = now.figure("held")
    if many is None or few is None:
        return f"For {before.words} or {now.words} it is not recorded how many requests came."
    ratio = f", {many / few:.1f} times the {few:,} of {before.words}" if few else f", after {few:,} in {before.words}"
    said = f"In {now.words} the {told.agency.name} received {many:,} {'request' if many == 1 else 'requests'}{ratio}"
    if held is None or not held.known:
        return f"{said}; whether anyone was held for them is not recorded for all."
    people = {0: "no one", 1: "one person"}.get(held.value or 0, f"{held.value:,} people")
    return f"{said}, and held {people} past release."


def _value(year: Year, item: Item) -> int | None:
    found = year.figure(item.id)
    return None if found is None else found.value


def _own(told: Told, item: Item, year: Year) -> Markup:
    found = year.figure(item.id)
    number = shown(name(told.agency.id, item.id, year.start, year.end), None if found is None else found.value)
    if found is not None and found.value is not None and found.not_recorded:
        return join([number, tag("div", f"not recorded for {found.not_recorded:,}", class_="quiet")])
    return number


def _other(told: Told, item: Item, year: Year) -> Markup:
    """What others published of the same agency, year and fact."""
    found = published.beside(told.agency.id, item.id, year.start, year.end)
    if found is None:
        return Markup("–")
    return join([link(f"{elsewhere.path(found)}#{found.id}", f"{found.value:,}"), _called(found, item)])


def _called(found: Published, item: Item) -> Markup:
    """Where another word was used for it than ours, that word."""
    same = found.measure.id in (item.id, "received")
    return Markup() if same else tag("div", f"“{found.measure.id.replace('_', ' ')}”", class_="quiet")


def _where() -> Markup:
    return join(
        [
            tag("h2", "Where each number comes from"),
            tag(
                "p",
                "The record is a list of events to which an agency can only add: a request came, a person was held, "
                "released, transferred. Each number of the record is a count of such events, by ",
                link("methods.html", "rules that are told"),
                ", and ",
                link("check.html", "anyone can count it again"),
                " from the files of this folder. ",
                link("published.html", "Numbers published elsewhere"),
                " are not of the record; each has its source. ",
                link("claims.html", "What was said in public"),
                " of such requests is computed again from them.",
            ),
        ]
    )
