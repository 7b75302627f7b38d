"""A law's page as a fragment of HTML: no style, no script; every provision, term and question has an anchor.

Anchors are `provision-b.1`, `definition-judicial_warrant`, `question-repealed_sections` and so on; `anchor` makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from detainer.law.catalog import GRADE_SAYS
from detainer.law.entries import Entry, Field
from detainer.law.lawfile import Version
from detainer.law.markup import Markup, join, tag
from detainer.law.reading import Page, Section, span
from detainer.law.wording import HEADS, Clause, Piece

_LINKED = {"unless": "provision", "until": "clock", "clock": "clock", "at": ""}


@dataclass(frozen=True, slots=True)
class Beside:
    """What the surroundings of a page add: the address of a version's own page, and what stands below an entry."""

    version: Callable[[Version], str] = lambda _version: ""
    entry: Callable[[Entry], tuple[Markup, ...]] = lambda _entry: ()


ALONE = Beside()


def anchor(kind: str, name: str) -> str:
    """The anchor of an entry on its page."""
    return f"{kind}-{name}"


def html(page: Page, level: int = 2, beside: Beside = ALONE) -> Markup:
    """The page; its title is a heading of this level, its sections one below."""
    if page.version:
        state = f"As in force on {page.on}: the version of {page.version.name}, by {page.version.by}."
    else:
        state = f"Not in force on {page.on}."
    return tag(
        "article",
        tag(f"h{level}", page.cite),
        tag("p", page.name, class_="law-name"),
        tag("p", state, class_="law-state"),
        *([tag("p", page.about)] if page.about else []),
        _versions(page, beside),
        *(_section(section, level + 1, beside) for section in page.sections),
        class_="law",
        id=f"law-{page.law}",
    )


def grade(mark: str) -> Markup:
    """How well something is confirmed, in a letter and in words."""
    return tag("span", f"grade {mark}", class_=f"grade grade-{mark.lower()}", title=GRADE_SAYS[mark])


def _versions(page: Page, beside: Beside) -> Markup:
    """The versions; the one in force is marked for eyes and for screen readers."""
    items = []
    for version in page.versions:
        days, address = span(version.span.first, version.span.last), beside.version(version)
        words = [tag("a", days, href=address) if address else days, f": {version.by}. {version.says}"]
        current = "true" if version is page.version else ""
        graded = [" ", grade(version.grade)] if version.grade else []
        items.append(tag("li", *words, *graded, aria_current=current))
    return tag("ol", *items, class_="versions")


def _section(section: Section, level: int, beside: Beside) -> Markup:
    body = [_entry(entry, beside) for entry in section.entries]
    return tag("section", tag(f"h{level}", section.title), *body, class_=f"law-{section.name}")


def _entry(entry: Entry, beside: Beside) -> Markup:
    if entry.kind == "source":
        return tag("p", tag("strong", entry.id), ": ", entry.says)
    name = anchor(entry.kind, entry.id) if entry.id and entry.kind != "doubt" else ""
    head = [tag("cite", entry.cite)] if entry.cite else []
    head += [join([" "]), tag("code", entry.id)] if entry.id else []
    head += [join([" "]), grade(entry.grade)] if entry.grade else []
    return tag(
        "div",
        *([tag("p", *head, class_="head")] if head else []),
        tag("p", entry.says, class_="says"),
        *(_field(field) for field in entry.fields),
        *(tag("div", tag("p", "Open question"), _entry(inner, ALONE), class_="open") for inner in entry.inner),
        *beside.entry(entry),
        class_=entry.kind,
        id=name,
    )


def _field(field: Field) -> Markup:
    label = tag("strong", field.label)
    if isinstance(field.value, str):
        return tag("p", label, ": ", field.value, class_=field.name)
    if isinstance(field.value, Clause):
        return tag("div", label, " ", *_clause(field.value), class_=field.name, title=field.written)
    return tag("div", label, _links(field.name, field.value), class_=field.name)


def _links(name: str, items: Mapping[str, str]) -> Markup:
    """Other entries of the page. Where a question arises may be a term or a provision: only its id is told there."""
    kind = _LINKED[name]
    links = [
        tag("li", tag("a", says, href=f"#{anchor(kind, key)}") if kind else f"{says} ({key})")
        for key, says in items.items()
    ]
    return tag("ul", *links)


def _clause(clause: Clause) -> Iterator[Markup]:
    """A condition: one statement in a line, several as a list that says whether all or any of them count."""
    if not clause.parts:
        yield tag("span", *map(_piece, clause.pieces))
        return
    head = [*map(_piece, clause.pieces)]
    if len(clause.parts) > 1:
        head.append(join([" " if head else "", HEADS[clause.joint]]))
    yield tag("span", *head)
    yield tag("ul", *(tag("li", *_clause(part)) for part in clause.parts))


def _piece(piece: Piece) -> Markup:
    if not piece.term:
        return join([piece.text])
    return tag("a", piece.text, href=f"#{anchor('definition', piece.term)}")
