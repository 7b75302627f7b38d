"""`detainer law list`: the places, the laws with their versions, and the agencies that they bind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Literal

import typer

from detainer.commands.laws import Laws
from detainer.law import LawBook, catalog
from detainer.law.lawfile import LawFile
from detainer.law.lawreader import GRADES
from detainer.law.paper import wrapped
from detainer.law.reading import span
from detainer.law.wording import listed


def run(
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="Text for people, or one JSON object.")
    ] = "text",
    laws: Laws = None,
) -> None:
    """List the places, their laws with every version, how well each provision is confirmed, and the agencies."""
    book = LawBook.load(laws)
    if form == "json":
        print(json.dumps(catalog.as_json(book), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(book)))


def _lines(book: LawBook) -> Iterator[str]:
    for place in catalog.places(book):
        yield place.path
        for law in place.laws:
            yield from wrapped(f"{law.id}: {law.name}, {law.cite}", "    ", "  ")
            yield from _law(law)
        yield ""
    yield "Agencies, each with the laws that bind it, widest first"
    for agency in book.agencies.values():
        yield from wrapped(f"{agency.id}: {agency.name} ({agency.kind}). {' → '.join(agency.laws)}", "    ", "  ")
    yield ""
    yield "Grades"
    yield from (f"  {grade}: {says}" for grade, says in catalog.GRADE_SAYS.items())


def _law(law: LawFile) -> Iterator[str]:
    for version in law.versions:
        yield from wrapped(f"{span(version.span.first, version.span.last)}: {version.by}", "        ", "    ")
    counted = catalog.grades(law)
    said = [f"{counted[grade]} of grade {grade}{_which(law, grade)}" for grade in GRADES if counted[grade]]
    said += [f"{counted['']} not graded{_which(law, '')}"] if counted[""] else []
    yield from wrapped(f"{len(law.provisions)} provisions: {listed(said, 'and')}", "        ", "    ")


def _which(law: LawFile, grade: str) -> str:
    """The provisions that are not fully confirmed, by name."""
    names = [rule.id for rule in law.provisions if rule.grade == grade]
    return f" ({', '.join(names)})" if grade != "A" else ""
