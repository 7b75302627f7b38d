"""The laws that bind the agencies, every version of them, and the list of offenses: what `detainer law show` reads."""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING

from detainer.law import pages as law_pages
from detainer.law import reading
from detainer.law.markup import Markup, join, tag
from detainer.record.agencies import book
from detainer.report import claims, offenses
from detainer.site.shell import Page, link, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detainer.law.lawfile import LawFile, Version

OFFENSES = "law/offenses.html"


def pages(today: date) -> Iterator[Page]:
    """`law.html`, a page for each version of each law, and the list of offenses."""
    known = book()
    items = []
    for law in known.laws.values():
        links = [
            tag(
                "li",
                link(_path(law, version), f"{version.name} ({reading.span(version.span.first, version.span.last)})"),
            )
            for version in law.versions
        ]
        items.append(tag("section", tag("h2", law.name), tag("p", law.cite), tag("ul", *links)))
        yield from (_page(law, version, today) for version in law.versions)
    counted = claims.offense_sections().values()
    words = "; ".join(f"{one.measure.label.lower()}: {one.value:,}" for one in counted)
    listed = tag("p", link(OFFENSES, "The list of violent or serious crimes"), f" of New York City's law. {words}.")
    yield Page("law.html", "The law", join([tag("p", SAYS), listed, *items]))
    yield _offenses()


SAYS = (
    "The laws as this program reads them: each version with its days, its provisions in the law's own order, each with "
    "its condition in words and how well it is confirmed. This is no legal advice; the law's own text is the law."
)


def _path(law: LawFile, version: Version) -> str:
    first = version.span.first
    return f"law/{law.id}{f'-{first}' if first else ''}.html"


def _page(law: LawFile, version: Version, today: date) -> Page:
    """The law on the last day of the version, or today where the version is in force now."""
    first, last = version.span.first or date.min, version.span.last or date.max
    day = today if first <= today <= last else (first if first > today else last)
    body = law_pages.html(reading.read(book(), law.id, day))
    return Page(
        _path(law, version), f"{law.name}, version of {version.name}", join([link("../law.html", "All laws"), body])
    )


def _offenses() -> Page:
    with (book().root / offenses.FILE).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["marks"] != "undated"]
    cells = [
        [
            f"{row['law']} {row['section']}",
            row["subdivisions"],
            row["title"],
            row["class"],
            _how(row["marks"]),
            row["grade"],
        ]
        for row in rows
    ]
    heads = ["Section", "Only", "Title", "Class", "Listed", "Grade"]
    intro = tag(
        "p",
        "Violent or serious crimes under N.Y.C. Admin. Code §§ 9-131, 9-205 and 14-154: a conviction counts only where "
        "the offense was a felony. Classes are not needed for the answer and are less well confirmed than the list. ",
        link("../data/offenses.csv", "CSV"),
    )
    return Page(OFFENSES, "The list of violent or serious crimes", join([intro, table("Offenses", heads, cells)]))


def _how(marks: str) -> Markup:
    """How an offense came onto the list, in words."""
    words = {
        "statute": "by the statute",
        "statute repealed": "by the statute; repealed since as a crime",
        "statute added": "by the State, later",
        "rule added": "by a rule",
        "traffic": "by the statute, by name",
    }
    return Markup(words.get(marks, marks))
