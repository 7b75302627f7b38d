"""`detainer intake`: rows of a released table into the record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from detainer import setup

File = Annotated[Path, typer.Argument(help="The CSV file, in UTF-8.")]
Agency = Annotated[str, typer.Option(help="The agency whose requests to take in, such as us-ny-nyc-police.")]
MappingName = Annotated[str, typer.Option("--mapping", help="How to read the columns: a name, or a .yaml file.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be read in; write nothing.")]
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="How to tell what was done.")]


def intake(file: File, agency: Agency, mapping: MappingName, dry_run: DryRun = False, form: Format = "text") -> int:
    """Read a table of requests into the record. The same rows are never taken in twice.

    Exit code 1 where a row could not be read; the others are in the record then.
    """
    setup.django(make=True)
    from detainer.intake import csvfile

    console = Console(stderr=True)
    columns = SpinnerColumn(), TextColumn("{task.completed:,} rows"), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("rows", total=None)
        summary = csvfile.read(
            file, agency, mapping, dry_run=dry_run, progress=lambda done: shown.update(task, completed=done)
        )
    print(json.dumps(summary.as_json(), ensure_ascii=False) if form == "json" else summary.as_text())
    return 1 if summary.bad else 0
