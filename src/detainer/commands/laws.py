"""The option that names a folder of laws, for every command that reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Laws = Annotated[
    Path | None,
    typer.Option("--laws", metavar="FOLDER", help="A folder of laws of your own; left out: those of the program."),
]
