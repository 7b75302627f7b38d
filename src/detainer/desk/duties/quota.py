"""How much of people's records one account is shown in an hour: far more than a night's work, far less than all of it.

Whatever the count, nobody is kept from an open request, from the first page of the list, from a paper that waits, or
from what waits for approval: the limit is against reading the record by the thousand, and must keep nobody in a cell.
"""

from __future__ import annotations

from detainer.desk.duties import tally
from detainer.house import house
from detainer.record import access

HOUR = 3600
# What is counted → the setting of its limit.
LIMITS = {
    "records": "read_limit",
    "names": "names_limit",
    "searches": "search_limit",
    "exports": "export_limit",
}


class TooMuch(Exception):
    """An account was shown as much as one is in an hour; `wait` seconds until it is over."""

    def __init__(self, what: str, wait: int) -> None:
        self.what, self.wait = what, wait
        super().__init__(what)


def take(author: str, what: str, number: int = 1, *, must: bool = False) -> None:
    """Count it; TooMuch where it is over the limit, unless it must be shown. The first time in an hour is an event."""
    most = int(getattr(house(), LIMITS[what]))
    count, wait = tally.add(f"{what} {author}", HOUR, number)
    if count <= most:
        return
    if count - number <= most:
        access.happened("limit_met", author, what=what)
    if not must:
        raise TooMuch(what, wait)
