"""`detainer law show`: a law as a lawyer reads it."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from detainer.commands.day import day_of
from detainer.commands.laws import Laws
from detainer.law import LawBook, pages, paper, reading


def run(
    law: Annotated[str, typer.Argument(help="The law; `detainer law list` names them.")],
    on: Annotated[str, typer.Option(help="The day, as 2017-06-01; left out: today.")] = "",
    form: Annotated[
        Literal["text", "json", "html"], typer.Option("--format", help="Text, one JSON object, or a part of a page.")
    ] = "text",
    laws: Laws = None,
) -> None:
    """Show a law in its own order, as it stood on a day: provisions, terms, questions, times and sources."""
    book = LawBook.load(laws)
    page = reading.read(book, law, day_of(on))
    if form == "json":
        print(json.dumps(page.as_json(), ensure_ascii=False, indent=2))
    else:
        print(pages.html(page) if form == "html" else paper.text(page))
