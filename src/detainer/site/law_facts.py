"""Facts to try, as the address keeps them: read by the desk's own form, for one agency or for every one.

Nothing but facts of the case format is taken; who a person is has no name there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict

from detainer import clock
from detainer.desk.form.entry import ASKED, SOME, Entry, Typed
from detainer.desk.form.typed import read_moment, show_moment
from detainer.errors import UserError
from detainer.law import Case
from detainer.law.book import Agency
from detainer.law.vocabulary import LISTS
from detainer.record.agencies import book
from detainer.site.law_links import encoded

HEAD = ("agency", "at")
_DONE = re.compile(r"(?P<deed>add|remove) (?P<list>[a-z_.]+)(?: (?P<key>\d{1,4}))?")
_ROW = re.compile(r"(?P<list>[a-z_.]+?)\.(?:row|\d{1,4}\.(?P<inner>[a-z_.0-9]+))")
_ENDS = ("", ".at", ".mark")


@dataclass(frozen=True)
class Tried:
    """Facts read for one agency at one moment, with what stands for every request of it."""

    agency: Agency
    at: datetime
    entry: Entry
    case: Case
    standing: tuple[str, ...]

    @property
    def wrong(self) -> tuple[tuple[str, str], ...]:
        """What could not be read: the input and the line that says why."""
        return tuple(self.entry.errors.items())


def typed(query: QueryDict) -> Typed:
    """What the address says; UserError for an input that is no fact of the case format."""
    for name in query:
        if name not in (*HEAD, "do") and not _is_fact(name):
            raise UserError(
                f"“{name[:60]}” is no fact of the case format", fix="Only such facts may stand in the address."
            )
    return Typed({name: tuple(query.getlist(name)) for name in query})


def tidied(query: QueryDict) -> str | None:
    """The shortest address of the same facts, with the button's deed done; None where it is that already."""
    said = typed(query)
    place, done = "", said.one("do")
    found = _DONE.fullmatch(done)
    if found and found["list"] in LISTS:
        said = (
            said.with_row(found["list"])
            if found["deed"] == "add"
            else said.without_row(found["list"], found["key"] or "")
        )
        place = f"#g-f-{found['list'].replace('.', '-').replace('_', '-')}"
    for name in LISTS:
        if said.one(name) == SOME and not said.rows(name) and not found:
            said = said.with_row(name)
    kept = encoded({name: values for name, values in said.values.items() if name != "do"})
    return None if kept == encoded(dict(query.lists())) and all(_all_set(query)) else f"?{kept}{place}"


def read(said: Typed, agency: Agency, now: datetime | None = None) -> Tried:
    """The facts as that agency would have them, every time of day read as its local time.

    Raises UserError for a moment of the act that is none; a fact that cannot be read is in `wrong`.
    """
    now = now or clock.now()
    try:
        at = read_moment(said.one("at"), agency.zone, now=now) if said.one("at") else now
        entry = Entry(said, agency.zone, now=at)
        facts = {"id": "tried", "agency": agency.id, "at": at.astimezone(agency.zone), **entry.mapping()}
        case = Case.read(facts, "these facts")
    except OverflowError:
        raise UserError("a time lies out of reach", fix="Give a year from 1900 to 2199.") from None
    standing = Case.read({"id": "standing", "agency": agency.id, "at": at, **agency.standing})
    added = tuple(path for path in (*standing.facts, *standing.lists) if path not in (*case.facts, *case.lists))
    full = replace(case, facts={**standing.facts, **case.facts}, lists={**standing.lists, **case.lists})
    return Tried(agency, at, entry, full, added)


def agency_in(said: Typed) -> Agency:
    """The agency that the address names, or the first of the law book; UserError for one that is not there."""
    return book().agency(said.one("agency") or next(iter(book().agencies)))


def address(said: Typed, tried: Tried, **head: str) -> str:
    """The query that keeps the facts and the moment; `head` names another agency, say."""
    first = {"agency": tried.agency.id, "at": show_moment(tried.at, tried.agency.zone)} | head
    facts: Mapping[str, Sequence[str]] = {name: said.values[name] for name in said.values if name not in (*HEAD, "do")}
    kept = [urlencode({name: value for name, value in first.items() if value}, safe="/:"), encoded(facts)]
    return "?" + "&".join(filter(None, kept))


def _all_set(query: QueryDict) -> list[bool]:
    """For every value of the address, whether anything stands in it."""
    return [bool(value.strip()) for _, values in query.lists() for value in values]


def _is_fact(name: str) -> bool:
    if any(name == f"{path}{end}" for path in ASKED for end in _ENDS):
        return True
    found = _ROW.fullmatch(name)
    if not found or found["list"] not in LISTS:
        return False
    return found["inner"] is None or any(
        found["inner"] == f"{inner}{end}" for inner in LISTS[found["list"]] for end in _ENDS
    )
