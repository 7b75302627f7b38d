"""Made-up tables in the columns of published releases, in every shape in which they lie about."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

from detainer.replay.run import Replay

Replayed = Callable[..., Replay]  # the fixture `replay`
HEADER = ("prepare_date", "detainer_type", "detention_facility", "state")
I_247 = "I247 - Immigration Detainer - Notice of Action (as of March 2013)"
I_247D = "I247D - Immigration Detainer - Request for Action"
I_247N = "I247N - Immigration Advisal - Request for Notification"
QUEENS, RIKERS, FEDERAL = "QUEENS CENTRAL BOOKING", "RIKERS ISLAND, QUEENS, NY", "BROOKLYN MDC"


def row(
    day: str = "2015-03-02", form: str = I_247D, facility: str = QUEENS, state: str = "NEW YORK"
) -> tuple[str, ...]:
    """One made-up row."""
    return day, form, facility, state


def write(path: Path, *rows: Sequence[str], header: Sequence[str] = HEADER, before: str = "") -> Path:
    """Write a CSV of these rows, with lines before its header if any."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(before)
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return path
