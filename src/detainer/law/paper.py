"""A law's page as text of at most 100 columns, for a terminal or a printer."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import TextWrapper

from detainer.law.entries import Entry, Field
from detainer.law.reading import Page, Section, span
from detainer.law.wording import Clause, outline, sentence

_WIDTH = 100
_SHORT = 160  # a condition up to this length reads well on one line


def text(page: Page) -> str:
    """The page as text."""
    return "\n".join(_lines(page))


def _lines(page: Page) -> Iterator[str]:
    yield page.cite
    yield from wrapped(f"{page.name} ({page.law})")
    if page.version is None:
        yield f"Not in force on {page.on}."
    else:
        yield from wrapped(f"As in force on {page.on}: the version of {page.version.name}, by {page.version.by}.")
    if page.about:
        yield ""
        yield from wrapped(page.about)
    yield ""
    yield "Versions"
    for version in page.versions:
        mark = "→" if version is page.version else " "
        line = f"{span(version.span.first, version.span.last)}: {version.by}. {version.says}{_graded(version.grade)}"
        yield from wrapped(line, "    ", f"{mark} ")
    for section in page.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield ""
    yield section.title
    yield "─" * len(section.title)
    for entry in section.entries:
        if entry.kind != "source":
            yield ""
        yield from _entry(entry, "")


def _entry(entry: Entry, indent: str) -> Iterator[str]:
    inner = indent + "  "
    if entry.kind == "source":
        yield from wrapped(f"{entry.id}: {entry.says}", inner, indent)
        return
    head = " · ".join(filter(None, (entry.cite, entry.id)))
    if head:
        yield from wrapped(head + _graded(entry.grade), inner, indent)
    yield from wrapped(entry.says, inner)
    for field in entry.fields:
        yield from _field(field, inner)
    for doubt in entry.inner:
        yield f"{inner}Open question"
        yield from _entry(doubt, inner + "  ")


def _field(field: Field, indent: str) -> Iterator[str]:
    value = field.value
    if isinstance(value, str):
        yield from wrapped(f"{field.label}: {value}", indent + "  ", indent)
    elif isinstance(value, Clause):
        yield from _condition(field.label, value, indent)
    else:
        yield f"{indent}{field.label}:"
        for name, says in value.items():
            yield from wrapped(f"{says} ({name})", indent + "    ", f"{indent}  - ")


def _condition(label: str, clause: Clause, indent: str) -> Iterator[str]:
    line = sentence(clause)
    if len(line) <= _SHORT:
        yield from wrapped(f"{label}: {line}", indent + "  ", indent)
        return
    lines = [(depth, "".join(piece.text for piece in pieces)) for depth, pieces in outline(clause)]
    yield from wrapped(f"{label} {lines[0][1]}", indent + "  ", indent)
    for depth, line in lines[1:]:
        inner = indent + "  " * depth
        yield from wrapped(line, f"{inner}  ", f"{inner}- ")


def _graded(grade: str) -> str:
    return f" [{grade}]" if grade else ""


def wrapped(line: str, indent: str = "", first: str | None = None) -> list[str]:
    """A line broken at 100 columns; `first` begins the first line, `indent` the others."""
    start = indent if first is None else first
    return TextWrapper(_WIDTH, initial_indent=start, subsequent_indent=indent, break_on_hyphens=False).wrap(line)
