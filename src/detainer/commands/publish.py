"""`detainer publish`: the public site as plain files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detainer import setup

Folder = Annotated[
    Path | None,
    typer.Argument(metavar="DIR", help="The folder to write; left out: the one that the desk serves at /public/."),
]


def publish(folder: Folder = None) -> None:
    """Write the public site: figures, claims, the law, reports, data, and all that it takes to count it again."""
    setup.django()
    from detainer.house import house
    from detainer.site.export import publish as write

    target = folder or house().public
    with setup.failures_told():
        done = write(target)
    print(f"{target}: {done.files} files, {done.figures:,} figures of the record at {done.size:,} events.")
    print(f"Anyone can count them again: python3 {target / 'record' / 'verify.py'} {target}")
