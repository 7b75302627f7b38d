"""`detainer report`: a report that a law prescribes, counted over the record."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from detainer import setup
from detainer.commands.day import given

Name = Annotated[str, typer.Argument(help="The report, such as us-ny-nyc-police/annual.")]
First = Annotated[str, typer.Option("--from", help="First day of the period, as 2017-01-01.")]
Last = Annotated[str, typer.Option("--to", help="Last day of the period, as 2017-12-31.")]
Format = Annotated[Literal["text", "json", "csv"], typer.Option("--format", help="How to print it.")]


def report(name: Name, first: First, last: Last, form: Format = "text") -> None:
    """Count a report's items over a period, both days included, each with its definition and its basis."""
    start, end = given(first, "--from"), given(last, "--to")
    setup.django()
    from detainer.report import count

    counted = count.run(name, start, end)
    match form:
        case "json":
            print(json.dumps(counted.as_json(), ensure_ascii=False))
        case "csv":
            print(counted.as_csv(), end="")
        case "text":
            print(counted.as_text())
