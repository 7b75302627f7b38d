"""`detainer law new`: a folder to begin a new place from."""

from __future__ import annotations

from typing import Annotated

import typer

from detainer.commands.laws import Laws
from detainer.commands.near import near
from detainer.law import LawBook
from detainer.law.begin import begin


def run(
    place: Annotated[str, typer.Argument(help="The place, wider ones first, as us/or or us/or/multnomah.")],
    laws: Laws = None,
) -> None:
    """Begin a new place: a law, an agency, an offense list and worked cases, all commented and passing the tests.

    Nothing that is there is overwritten.
    """
    book = LawBook.load(laws)
    written = begin(book, place)
    for path in written:
        print(near(path))
    where = f" --laws {near(book.root)}" if laws else ""
    print(f"Now edit them, then run `detainer law test {near(written[-1].parent)}{where}`.")
