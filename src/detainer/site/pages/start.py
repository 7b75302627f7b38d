"""The first page: one year against another, each number beside what others published, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detainer.law.markup import Markup, join, tag
from detainer.report import charts, published
from detainer.site.numbers import name, shown
from detainer.site.shell import Page, figure, link, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detainer.report.definitions import Item
    from detainer.report.published import Published
    from detainer.site.gather import Material, Told, Year


def page(material: Material) -> Page:
    """The page `index.html`."""
    parts: list[Markup] = [tag("p", SAYS, class_="lead")]
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
                "Calendar years. What each row counts is told under ",
                link("methods.html", "methods"),
                "; where the published numbers come from, under ",
                link("published.html", "published elsewhere"),
                ". A dash means that no such number was found, which is no zero.",
                class_="quiet",
            ),
        ]
    )


def _chart(told: Told, before: Year, now: Year) -> Markup:
    item = told.items[0]
    bars = [charts.Bar(year.words, value) for year in (before, now) for value in [_value(year, item)]]
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
    return join([link(f"published.html#{found.id}", f"{found.value:,}"), _called(found, item)])


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
                "The record is a ledger that can only grow. Each number is a count over its events, and ",
                link("check.html", "anyone can count it again"),
                " from the files of this folder. Numbers published elsewhere stand beside it with their source; ",
                link("claims.html", "what was said of them"),
                " is computed again.",
            ),
        ]
    )
