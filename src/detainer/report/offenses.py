"""How many sections the city's list of offenses names: counted, since the number is often told wrongly."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE = "us/ny/nyc/offenses.csv"
PENAL_LAW = "PL"


def counted(laws: Path) -> tuple[tuple[str, str, int], ...]:
    """(figure, what it is, how many): sections of the Penal Law in the statute's own list, and with those a rule added.

    A section counts once, however many lines tell of it; hate crimes, attempts and the one traffic offense that the
    law names beside the list are no sections of it.
    """
    with (laws / FILE).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["law"] == PENAL_LAW]
    statute = {row["section"] for row in rows if row["marks"].split()[0] == "statute"}
    return (
        ("offense_sections_in_the_statute", "Sections of the Penal Law that the statute lists", len(statute)),
        (
            "offense_sections_with_the_rule",
            "Sections of the Penal Law that the statute lists or a rule added",
            len({row["section"] for row in rows}),
        ),
    )
