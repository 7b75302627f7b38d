"""Which agency runs which facility: a table of our own reading, since no published file says it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from detainer.errors import UserError
from detainer.replay.mapping import folded

NOBODY = "none"  # the agency of a facility that no agency of the law book runs, such as a federal jail
_KEYS = ("facility", "state", "agency", "reading")


@dataclass(frozen=True)
class Facilities:
    """One table of facilities: the agency of each name, where the state agrees."""

    name: str
    agency_at: Mapping[str, tuple[str, str]]  # facility → (state, agency)

    @classmethod
    def load(cls, name: str) -> Facilities:
        """The shipped table `name`, or the one in the file `name` (ending in .csv); UserError if there is none."""
        file = (
            Path(name) if name.endswith(".csv") else Path(str(resources.files(__package__))) / f"facilities/{name}.csv"
        )
        if not file.is_file():
            raise UserError(f"there is no table of facilities {name!r}")
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text)
            if tuple(reader.fieldnames or ()) != _KEYS:
                raise UserError(f"a table of facilities has the columns {', '.join(_KEYS)}", where=name)
            return cls(name, {folded(row["facility"]): (state_named(row["state"]), row["agency"]) for row in reader})

    def agency(self, facility: str | None, state: str | None) -> str | None:
        """The agency of a facility, `none` where nobody of ours runs it; None where the table does not say."""
        found = self.agency_at.get(folded(facility)) if facility else None
        if found is None or (state and state_named(state) != found[0]):
            return None
        return found[1]


def state_named(text: str) -> str:
    """A state as it is compared, whether written out or by its two letters."""
    plain = folded(text)
    return _STATES.get(plain, plain)


_STATES = dict(
    one.split("=")
    for one in (
        "al=alabama ak=alaska az=arizona ar=arkansas ca=california co=colorado ct=connecticut de=delaware fl=florida "
        "ga=georgia hi=hawaii id=idaho il=illinois in=indiana ia=iowa ks=kansas ky=kentucky la=louisiana me=maine "
        "md=maryland ma=massachusetts mi=michigan mn=minnesota ms=mississippi mo=missouri mt=montana ne=nebraska "
        "nv=nevada nh=new_hampshire nj=new_jersey nm=new_mexico ny=new_york nc=north_carolina nd=north_dakota oh=ohio "
        "ok=oklahoma or=oregon pa=pennsylvania ri=rhode_island sc=south_carolina sd=south_dakota tn=tennessee tx=texas "
        "ut=utah vt=vermont va=virginia wa=washington wv=west_virginia wi=wisconsin wy=wyoming "
        "dc=district_of_columbia pr=puerto_rico gu=guam vi=virgin_islands"
    ).split()
)
_STATES = {letters: name.replace("_", " ") for letters, name in _STATES.items()}
