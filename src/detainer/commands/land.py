"""`detainer land`: what each place says of the same facts."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from detainer.law import LawBook, read_cases
from detainer.law import land as the_land


class Format(StrEnum):
    """How the answers are printed."""

    text = "text"
    json = "json"


def land(
    file: Annotated[Path, typer.Argument(help="A case file; the agency that it names does not matter here.")],
    agency: Annotated[
        list[str] | None,
        typer.Option("--agency", help="An agency to ask; again for another. All, if not given."),
    ] = None,
    as_: Annotated[Format, typer.Option("--format", help="Text, or one JSON object a case.")] = Format.text,
) -> None:
    """Show what each place says of the same facts, with the provisions that say so."""
    book = LawBook.load()
    cases = list(read_cases(file))
    asked = [(case, the_land.land(book, case, agency or ())) for case in cases]
    for number, (case, places) in enumerate(asked):
        if as_ is Format.json:
            print(json.dumps(the_land.as_json(case, places), ensure_ascii=False))
        else:
            print(("\n" if number else "") + the_land.text(case, places))
