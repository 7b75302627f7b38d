"""`detainer figures`: what others published, with its period and source."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detainer.report import published

Agency = Annotated[str, typer.Option("--agency", help="Only agencies with this in their name, as `police`.")]
File = Annotated[Path | None, typer.Option("--file", help="Read and check a file of your own instead.")]


def figures(agency: Agency = "", file: File = None) -> None:
    """List the published figures, each with agency, period, number and source; a gap is no zero."""
    if file is None:
        found = published.shipped()
    else:
        found = published.load(file, published.measures(published.DATA / "measures.csv"))
    chosen = [figure for figure in found.values() if agency.lower() in figure.agency.lower()]
    for figure in sorted(chosen, key=lambda one: (one.agency, one.measure.id, one.start)):
        value = "not known" if figure.value is None else f"{figure.value:,}"
        sure = f", {figure.sure}" if figure.sure else ""
        print(f"{figure.agency}; {figure.measure.label}; {figure.period}: {value} ({figure.source}{sure})")
    print(f"{len(chosen)} figures, {sum(one.value is None for one in chosen)} of them gaps")
