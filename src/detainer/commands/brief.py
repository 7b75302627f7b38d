"""`detainer brief`: one period of a report against another, for a hearing."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from detainer import setup
from detainer.commands.day import given
from detainer.commands.report import First, Last, Name

Against = Annotated[tuple[str, str], typer.Option(metavar="FROM TO", help="First and last day of the other period.")]
Format = Annotated[
    Literal["text", "json", "html"], typer.Option("--format", help="How to print it; html has the charts.")
]


def brief(name: Name, first: First, last: Last, against: Against, form: Format = "text") -> None:
    """Compare a period with another: ratio, difference and months, in sentences that say no more than the numbers."""
    this = given(first, "--from"), given(last, "--to")
    other = given(against[0], "--against"), given(against[1], "--against")
    setup.django()
    from detainer.report import count
    from detainer.report.brief import compare

    made = compare(count.run(name, *this), count.run(name, *other))
    match form:
        case "json":
            print(json.dumps(made.as_json(), ensure_ascii=False))
        case "html":
            print(made.as_html(), end="")
        case "text":
            print(made.as_text())
