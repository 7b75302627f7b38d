"""The frame of every page: a document without script, whose links lead within the folder it lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from detainer.law.markup import Markup, join, tag
from detainer.report.render import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from detainer.site.gather import Material

NAME: Final = "Detainer requests in figures"
MENU: Final = (
    ("index.html", "In short"),
    ("figures.html", "Figures"),
    ("published.html", "Published elsewhere"),
    ("claims.html", "Claims checked"),
    ("reports.html", "Reports"),
    ("law.html", "The law"),
    ("methods.html", "Methods"),
    ("data.html", "Data"),
    ("check.html", "Check it"),
)


@dataclass(frozen=True)
class Page:
    """One page: its path in the folder, its title, and what stands in it."""

    path: str
    title: str
    body: Markup

    def html(self, material: Material) -> str:
        """The whole document."""
        up = "../" * self.path.count("/")
        head = join(
            [
                Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
                Markup('<meta name="color-scheme" content="light dark">'),
                tag("title", f"{self.title} · {NAME}"),
                Markup(f'<link rel="stylesheet" href="{up}site.css">'),
            ]
        )
        menu = [_entry(up, path, words, current=path == self.path) for path, words in MENU]
        house = tag("div", tag("p", NAME, class_="house"), tag("nav", *menu, aria_label="Pages"), class_="top")
        top = tag("header", *([DEMONSTRATION] if material.demonstration else []), house)
        body = join(
            [
                tag("a", "Skip to the page", class_="skip", href="#main"),
                top,
                tag("main", tag("h1", self.title), self.body, id="main"),
                tag("footer", tag("p", *_foot(material, up)), class_="foot"),
            ]
        )
        return f'<!doctype html>\n<html lang="en">\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n'


DEMONSTRATION: Final = tag(
    "p", "Demonstration. Every person and every request in its record is made up.", class_="demo", role="note"
)


def _entry(up: str, path: str, words: str, *, current: bool) -> Markup:
    return tag("a", words, href=f"{up}{path}", aria_current="page" if current else "")


def _foot(material: Material, up: str) -> list[str]:
    when = material.basis.as_of
    return [
        f"As of {day(when.date())}, {when:%H:%M} UTC, at a checkpoint of {material.basis.size:,} events, root ",
        tag("code", material.basis.root),
        ". Every number of the record ",
        tag("a", "can be counted again", href=f"{up}check.html"),
        " by whoever has these files. No script, no tracker, nothing fetched from elsewhere.",
    ]


def link(href: str, words: str) -> Markup:
    """A link within the folder."""
    return tag("a", words, href=href)


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = (), label: str = ""
) -> Markup:
    """A table: the first cell of a row is its heading, the columns in `numbers` stand to the right.

    `label` is its name for whoever cannot see where it stands, if the caption alone would not be its own in the page.
    """
    right = set(numbers)
    head = [tag("th", word, scope="col", class_="n" if at in right else "") for at, word in enumerate(heads)]
    body = [
        tag(
            "tr",
            *(
                tag("td" if at else "th", cell, scope="" if at else "row", class_="n" if at in right else "")
                for at, cell in enumerate(row)
            ),
        )
        for row in rows
    ]
    whole = tag("table", tag("caption", caption), tag("thead", tag("tr", *head)), tag("tbody", *body))
    return tag("div", whole, class_="scroll", tabindex="0", role="region", aria_label=label or caption)


def figure(
    sentence: Markup | str, chart: Markup, data: Markup, files: Sequence[tuple[str, str]], *basis: str
) -> Markup:
    """A chart with its sentence, its table, its files and what it rests on: never one without the others."""
    downloads = join([join([link(path, words), " "]) for path, words in files])
    return tag(
        "figure",
        tag("figcaption", sentence),
        tag("div", chart, class_="scroll", tabindex="0"),
        tag("details", tag("summary", "The numbers as a table"), data),
        tag("p", "Download: ", downloads, class_="quiet"),
        *([tag("p", " ".join(filter(None, basis)), class_="quiet")] if basis else []),
    )
