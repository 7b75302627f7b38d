"""The reports that laws order, each as a page and in every format, small parts withheld."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from detainer.law.markup import Markup, join, tag
from detainer.report import page as report_page
from detainer.report import render
from detainer.site.numbers import name, shown, within
from detainer.site.shell import Page, link, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detainer.report.definitions import Item
    from detainer.report.figures import Figure, Report
    from detainer.site.gather import Material


def stem(report: Report) -> str:
    """The name of the report's files, without their ending."""
    return f"reports/{report.definition.id.replace('/', '-')}-{report.start}-to-{report.end}"


def pages(material: Material) -> Iterator[Page]:
    """`reports.html` and a page for each report."""
    rows = [
        [
            link(f"{stem(report)}.html", f"{render.day(report.start)} to {render.day(report.end)}"),
            report.agency.name,
            report.definition.cite,
            render.day(report.due) if report.due else "no day is known",
        ]
        for report in sorted(material.reports, key=lambda one: (one.agency.name, one.end), reverse=True)
    ]
    intro = tag("p", SAYS)
    listed = table("Reports", ["Period", "Agency", "Law", "Due"], rows) if rows else tag("p", "None yet.")
    yield Page("reports.html", "Reports that laws order", join([intro, listed]))
    yield from (_page(report) for report in material.reports)


SAYS = (
    "Each report over a period that its law names, that is over, and of which the record holds an event. A report over "
    "a period without any event would have to say nought, and the record cannot tell that from nothing entered."
)


def _page(report: Report) -> Page:
    files = [
        (f"{stem(report).removeprefix('reports/')}.{kind}", kind.upper()) for kind in ("pdf", "csv", "xlsx", "json")
    ]
    downloads = join([join([link(path, words), " "]) for path, words in files])

    def number(figure: Figure) -> Markup:
        words = render.number(figure)
        if figure.item.not_counted or figure.item.ground:
            return tag("span", words)
        return shown(name(report.agency.id, figure.item.id, report.start, report.end), figure.value, words)

    def of_month(item: Item, month: str, count: int) -> Markup:
        if item.ground:
            return tag("span", f"{count:,}")
        return shown(name(report.agency.id, item.id, *within(report, month)), count)

    body = join(
        [
            tag("p", "Download: ", downloads),
            report_page.fragment(report, 2, number, of_month),
            tag("p", link("../reports.html", "All reports")),
        ]
    )
    title = f"{report.definition.title}: {render.day(report.start)} to {render.day(report.end)}"
    return Page(f"{stem(report)}.html", title, body)


def files(material: Material) -> Iterator[tuple[str, bytes]]:
    """The reports' files beside their pages."""
    for report in material.reports:
        yield f"{stem(report)}.pdf", report.as_pdf()
        yield f"{stem(report)}.csv", report.as_csv().encode()
        yield f"{stem(report)}.xlsx", report.as_xlsx()
        yield f"{stem(report)}.json", (json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n").encode()
