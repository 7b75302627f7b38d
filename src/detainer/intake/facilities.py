"""Which agency runs which facility: tables of our own making, since no released file says it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from detainer.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

NOBODY_OURS = "none"  # the agency of a facility that no agency of ours runs, such as a federal jail


@dataclass(frozen=True)
class Facility:
    """A place that requests are sent to, and the agency that we read its name to mean."""

    name: str
    state: str
    agency: str
    reading: str


def plain(text: str) -> str:
    """A name as it is compared: capitals, single spaces."""
    return " ".join(text.upper().split())


@dataclass(frozen=True)
class Facilities:
    """One table of facilities, looked up by name and state."""

    name: str
    rows: Mapping[str, Facility]

    @classmethod
    def load(cls, name: str) -> Facilities:
        """The shipped table `name`; UserError if there is none."""
        file = resources.files("detainer.intake") / "facilities" / f"{name}.csv"
        if not file.is_file():
            raise UserError(f"there is no table of facilities named {name!r}")
        lines = file.read_text(encoding="utf-8").splitlines()
        read = [Facility(row["facility"], row["state"], row["agency"], row["reading"]) for row in csv.DictReader(lines)]
        return cls(name, {plain(row.name): row for row in read})

    def find(self, name: str, state: str) -> Facility | None:
        """The facility of that name; None if the table does not list it, or lists it for another state."""
        found = self.rows.get(plain(name))
        if found is None or (state and plain(state) != plain(found.state)):
            return None
        return found
