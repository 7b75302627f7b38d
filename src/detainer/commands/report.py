"""`detainer report`: a report that a law prescribes, counted over the record."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from detainer import setup
from detainer.commands.day import given
from detainer.errors import UserError

if TYPE_CHECKING:
    from detainer.report.figures import Report

Name = Annotated[str, typer.Argument(help="The report, such as us-ny-nyc-police/annual.")]
First = Annotated[str, typer.Option("--from", help="First day of the period, as 2017-01-01.")]
Last = Annotated[str, typer.Option("--to", help="Last day of the period, as 2017-12-31.")]
Format = Annotated[
    Literal["text", "json", "csv", "html", "pdf", "xlsx"],
    typer.Option("--format", help="How to print it; pdf and xlsx go into a file, by > or --out."),
]
Out = Annotated[Path | None, typer.Option("--out", help="Write it into this file instead of printing it.")]
At = Annotated[
    int | None, typer.Option("--at", help="Count at the checkpoint over so many events instead of the last one.")
]


Public = Annotated[bool, typer.Option("--public", help="Withhold what may not be published: small numbers of people.")]


def report(
    name: Name,
    first: First,
    last: Last,
    form: Format = "text",
    out: Out = None,
    size: At = None,
    public: Public = False,
) -> None:
    """Count a report's items over a period, both days included, each with its definition and its basis."""
    start, end = given(first, "--from"), given(last, "--to")
    setup.django()
    from detainer.report import count, publication

    counted = count.run(name, start, end, size=size)
    made = as_format(publication.as_public(counted, draft=True) if public else counted, form)
    if out is not None:
        write(out, made)
    elif sys.stdout.isatty() and form in ("pdf", "xlsx"):
        raise UserError(f"a {form} file is nothing to read in a terminal", fix="Add --out FILE.")
    else:
        sys.stdout.buffer.write(made)


def write(file: Path, made: bytes) -> None:
    """The bytes into the file; UserError where it cannot be written."""
    try:
        file.write_bytes(made)
    except OSError as error:
        raise UserError(f"cannot be written: {(error.strerror or '').lower()}", where=str(file)) from None


def as_format(counted: Report, form: str) -> bytes:
    """The report in one of the formats, as bytes."""
    match form:
        case "json":
            return (json.dumps(counted.as_json(), ensure_ascii=False) + "\n").encode()
        case "csv":
            return counted.as_csv().encode()
        case "html":
            return counted.as_html().encode()
        case "pdf":
            return counted.as_pdf()
        case "xlsx":
            return counted.as_xlsx()
        case _:
            return (counted.as_text() + "\n").encode()
