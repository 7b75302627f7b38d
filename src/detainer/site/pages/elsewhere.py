"""Figures that others published, and what was said of them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from detainer.law.markup import Markup, join, tag
from detainer.report import charts, claims, published
from detainer.report.claims import Judged, Outcome, Verdict
from detainer.site.shell import Page, figure, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from detainer.report.published import Published
    from detainer.site.gather import Material

CITY = "New York City"
FEWEST = 2  # figures from which on a series is drawn


def pages(material: Material) -> Iterator[Page]:
    """`published.html` and `published-rows.html`: every figure with period, source and how sure it is.

    Series are drawn by kind of year. The agencies of the record come first, then the city's others, then everyone else.
    """
    ours = [published.OURS.get(told.agency.id, "") for told in material.agencies]

    def order(one: Published) -> tuple[bool, bool, bool, str, str, str, date]:
        rank = (one.agency not in ours, one.agency not in published.OURS.values(), not one.agency.startswith(CITY))
        return *rank, one.agency, one.measure.label, one.kind_of_period, one.start

    found = sorted(published.shipped().values(), key=order)
    said = [one for one in found if not one.counted_in_rows]
    counted = [one for one in found if one.counted_in_rows]
    more = tag(
        "p", tag("a", "What was counted in rows that ICE released", href=path(counted[0])), " is a page of its own."
    )
    yield Page(path(said[0]), "Figures published elsewhere", join([tag("p", SAYS), more, *_by_agency(said)]))
    yield Page(path(counted[0]), "Counted in ICE’s rows", join([tag("p", ROWS_SAY), *_by_agency(counted)]))


def path(one: Published) -> str:
    """The page on which a figure stands."""
    return "published-rows.html" if one.counted_in_rows else "published.html"


def _by_agency(found: Sequence[Published]) -> Iterator[Markup]:
    agencies = list(dict.fromkeys(one.agency for one in found))
    links = [tag("li", tag("a", agency, href=f"#{_anchor(agency)}")) for agency in agencies]
    yield tag("ul", *links)
    for agency, of_agency in groupby(found, key=lambda one: one.agency):
        yield tag("h2", agency, id=_anchor(agency))
        for (_, kind), these in groupby(of_agency, key=lambda one: (one.measure.label, one.kind_of_period)):
            yield _series(kind, list(these))


def _anchor(agency: str) -> str:
    return "of-" + "-".join(re.findall(r"[a-z0-9]+", agency.lower()))


SAYS = (
    "Numbers from testimony, reports and the press, which are not of this record. Each has its period and its source. "
    "Years that end in December, June and September are never put into one series. A report that must exist and whose "
    "number is not known to us is a gap."
)

ROWS_SAY = (
    "ICE keeps a row for each detainer that it makes, and released rows under the Freedom of Information Act. What was "
    "counted in them says what ICE wrote down, not what an agency received or did. Places are named as in the rows."
)


_KINDS = {
    "calendar year": "calendar years",
    "year to June": "years to June",
    "year to September": "years to September",
    "another span": "other spans",
}


def _series(kind: str, figures: Sequence[Published]) -> Markup:
    first = figures[0]
    title = f"{first.measure.label}, {first.agency}, {_KINDS[kind]}"
    data = table(title, ["Period", "Number", "Source", "How sure"], [_row(one) for one in figures], (1,))
    drawn = [one for one in figures if one.state in ("stands", "gap")]
    known = [one for one in drawn if one.value is not None]
    once = len({one.start for one in drawn}) == len(drawn)
    if kind == "another span" or len(known) < FEWEST or not once:
        return join([data, tag("p", first.measure.definition, class_="quiet")])
    says = (
        f"{first.measure.label}, {first.agency}: " + ", ".join(f"{one.value:,} in {one.period}" for one in known) + "."
    )
    bars = [charts.Bar(one.period, one.value) for one in _every_year(drawn)]
    chart = charts.rows(f"series-{first.id}", title, says, bars)
    return figure(says, chart, data, [("data/published-figures.csv", "CSV of all of them")], first.measure.definition)


def _every_year(figures: Sequence[Published]) -> Iterator[Published]:
    """The figures in order; a year between two of them that has none is a gap of its own."""
    for one, following in zip(figures, [*figures[1:], None], strict=True):
        yield one
        ahead = 0 if following is None else following.end.year - one.end.year
        for by in range(1, ahead):
            start, end = one.start.replace(year=one.start.year + by), one.end.replace(year=one.end.year + by)
            yield replace(one, id=f"{one.id}_{by}", start=start, end=end, value=None, state="gap")


def _row(one: Published) -> list[str]:
    state = published.STATES[one.state]
    number: str = tag("span", "not known", class_="gap") if one.value is None else f"{one.value:,}"
    said = [tag("span", one.source), *([tag("div", one.note, class_="quiet")] if one.note else [])]
    if state and one.value is not None:
        said.append(tag("div", f"{state.capitalize()}.", class_="quiet"))
    return [tag("span", one.period, id=one.id), number, join(said), one.sure or "–"]


def claims_page() -> Page:
    """`claims.html`: each claim, the arithmetic, the judgment."""
    judged = claims.shipped_claims()
    numbers = {verdict: sum(one.verdict is verdict for one in judged) for verdict in Verdict}
    counts = [f"{count} {verdict if count == 1 else _PLURAL[verdict]}" for verdict, count in numbers.items()]
    intro = tag(
        "p",
        "What was said in public, computed again from the figures it rests on. "
        f"Of {len(judged)} claims {', '.join(counts)}. "
        "The judgment is computed and never written by hand; the words are our short account of what was said.",
    )
    return Page("claims.html", "Claims checked", join([intro, *(_claim(one) for one in judged)]))


_PLURAL = {
    Verdict.HOLDS: "hold",
    Verdict.NOTED: "hold with a note",
    Verdict.CANNOT: "cannot be told",
    Verdict.NOT: "do not follow",
}
_CLASS = {Verdict.HOLDS: "holds", Verdict.NOTED: "noted", Verdict.CANNOT: "cannot", Verdict.NOT: "not"}
_MARK = {Verdict.HOLDS: "✓", Verdict.NOTED: "✓", Verdict.CANNOT: "?", Verdict.NOT: "✗"}


def _claim(judged: Judged) -> Markup:
    claim, verdict = judged.claim, judged.verdict
    said = f"{_MARK[verdict]} {str(verdict).capitalize()}"
    return tag(
        "section",
        tag("h2", claim.says),
        tag("p", f"{claim.who}, {claim.when}. ", tag("span", said, class_=f"verdict verdict-{_CLASS[verdict]}")),
        *(_outcome(outcome, claim.id) for outcome in judged.outcomes),
        *([tag("p", claim.note)] if claim.note else []),
        class_="claim",
        id=claim.id,
    )


def _outcome(outcome: Outcome, of: str) -> Markup:
    rows = [
        [
            _names(computed.sum.figures) or computed.sum.text,
            computed.sum.shown() if computed.sum.computes else "as published",
            claims.result(computed, outcome.check),
            "another" if computed in outcome.instead else "of its own subject",
        ]
        for computed in (*outcome.own, *outcome.instead)
    ]
    caption = f"Claimed: {claims.claimed(outcome.check)}"
    said = [tag("p", outcome.why)] if outcome.why else []
    return join([table(caption, ["Figures", "Arithmetic", "Result", "Series"], rows, (2,), f"{of}, {caption}"), *said])


def _names(figures: Sequence[Published]) -> Markup:
    """The figures that a sum rests on, each with its agency and period, each once."""
    known = published.shipped()
    lines = []
    for one in dict.fromkeys(figures):
        words = f"{one.measure.label}, {one.agency}, {one.period}"
        lines.append(tag("div", tag("a", words, href=f"{path(one)}#{one.id}") if one.id in known else words))
    return join(lines)
