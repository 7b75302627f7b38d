"""`detainer decide`: the cases of a case file, decided."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from detainer.commands.laws import Laws
from detainer.law import LawBook, answer_page, explain, read_cases


class Format(StrEnum):
    """How the answers are printed."""

    text = "text"
    json = "json"
    html = "html"


def decide(
    file: Annotated[Path, typer.Argument(help="A case file (docs/case-format.md); - reads standard input.")],
    as_: Annotated[
        Format, typer.Option("--format", help="Text, one JSON object a line, or a part of a page.")
    ] = Format.text,
    laws: Laws = None,
) -> None:
    """Decide the cases of a case file under every law that binds the agency.

    Every case is read and checked before the first answer is printed.
    """
    book = LawBook.load(laws)
    cases = list(read_cases(Path("/dev/stdin") if str(file) == "-" else file))
    answers = [(book.decide(case), book.agency(case.agency).zone) for case in cases]
    for number, (answer, zone) in enumerate(answers):
        if as_ is Format.json:
            print(json.dumps(answer.as_json(), ensure_ascii=False))
        elif as_ is Format.html:
            print(answer_page.html(answer, zone))
        else:
            print(("\n" if number else "") + explain.text(answer, zone))
