"""Made-up rows in the columns of a file that immigration authorities released."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEADER = ("prepare_date", "detainer_type", "detention_facility", "state", "city", "lift_reason")
I_247 = "I247 - Immigration Detainer - Notice of Action (as of March 2013)"
QUEENS = "QUEENS CENTRAL BOOKING"


def row(day: str, facility: str = QUEENS, lift: str = "", form: str = I_247) -> tuple[str, ...]:
    """One made-up row."""
    return (day, form, facility, "NEW YORK", "QUEENS", lift)


def write(path: Path, *rows: Sequence[str]) -> Path:
    """Write a table of these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])
    return path
