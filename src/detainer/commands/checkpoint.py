"""`detainer checkpoint`: print the signed checkpoint, or export what others can check the record with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detainer import setup


def checkpoint(
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Every checkpoint, oldest first, not the last one alone.")
    ] = False,
    export: Annotated[
        Path | None,
        typer.Option(
            help="A new folder for the leaves (no personal data), checkpoints, keys and the checking program."
        ),
    ] = None,
) -> None:
    """Print the last signed checkpoint. Publish it: on letters, in reports, on the public site."""
    setup.django()
    from detainer.record import export as evidence
    from detainer.record import ledger

    if export:
        size = evidence.write(export)
        print(f"{export}: {size} events. Check them with `python verify.py . --key verifiers.txt` in that folder.")
    elif every:
        for note in evidence.notes():
            print(note)
    else:
        print(ledger.latest().note, end="")
