"""Who a request is about: names and numbers, read from the removable personal data and kept nowhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from detainer.desk.wording.clockwords import date_words
from detainer.desk.wording.words import tr
from detainer.record import terms
from detainer.record.models import Counter, Personal, Request, Term

NAME, BORN, FILE, BOOKING = "name", "born", "file_number", "booking_number"
LABELS = {NAME: "Name", BORN: "Date of birth", FILE: "File number on the form", BOOKING: "Arrest or booking number"}
_TELL = ("received", "facts", "corrected")
_LOOK_AGAIN = timedelta(minutes=10)
_NAMED = "desk_named"
_MOST_FOUND = 500
_RARE = 300  # terms of one beginning below which each is looked at
_LAST = "\U0010ffff"  # stands after all that begins alike


def persons(ids: Collection[str], *, sealed: bool = False) -> Mapping[str, Mapping[str, Any]]:
    """The people of these requests; none for one whose person nobody named, or that is sealed, unless asked for."""
    found: dict[str, dict[str, Any]] = {}
    told = Personal.objects.filter(event__request_id__in=list(ids), event__kind__in=_TELL).order_by("event_id")
    if not sealed:
        told = told.exclude(event__request_id__in=Request.objects.filter(id__in=list(ids), sealed_at__isnull=False))
    for request_id, body in told.values_list("event__request_id", "body"):
        said = json.loads(body).get("person")
        if said:
            found.setdefault(request_id, {}).update(said)
    return found


def shown(person: Mapping[str, Any] | None) -> str:
    """A person's name for a heading."""
    return str((person or {}).get(NAME) or tr("Name not recorded"))


def value(key: str, said: Any) -> str:
    """One of a person's data as a page shows it; a date of birth as a day."""
    if key != BORN:
        return str(said)
    return date_words(date.fromisoformat(str(said)))


def search(words: str, agencies: Iterable[str]) -> set[str]:
    """The requests at these agencies that have this number, or whose person has these names or this number.

    Names in any order, from their beginning, whatever accents and capitals; numbers from their beginning, however they
    are grouped; a request by its year and number or by the number alone. At most five hundred, and none that is sealed.
    """
    at = list(agencies)
    numbered = Request.objects.filter(agency__in=at, number__in=_numbers(words, at), sealed_at=None)
    found = set(numbered.values_list("id", flat=True))
    sealed = Request.objects.filter(agency__in=at, sealed_at__isnull=False)
    starts = [list(set(terms.words(words))), *([start] for start in terms.numbers(words))]
    for several in starts:
        if not several or len(found) >= _MOST_FOUND:
            continue
        held = _all_begin(at, several).exclude(request_id__in=sealed.values("id"))
        found.update(held.values_list("request_id", flat=True).distinct()[: _MOST_FOUND - len(found)])
    return found


def _all_begin(agencies: list[str], starts: list[str]) -> QuerySet[Term]:
    """The terms with one of these beginnings whose requests have terms with all the others, too.

    Where one is rare, those few that have it are looked at one by one: left to themselves, databases read all that have
    a first name that many have. Where none is, that is the better way: many single ones lie all over the disk.
    """
    if len(starts) == 1:
        return _begins(agencies, starts[0])
    how_many = {start: _begins(agencies, start)[:_RARE].count() for start in starts}
    rarest, *others = sorted(starts, key=lambda start: (how_many[start], -len(start)))
    held = _begins(agencies, rarest)
    for place, other in enumerate(others):
        if how_many[rarest] == _RARE:
            held = held.filter(request_id__in=_begins(agencies, other).values("request_id"))
            continue
        own = Term.objects.filter(request_id=OuterRef("request_id"), term__gte=other, term__lt=other + _LAST)
        held = held.alias(**{f"has_{place}": Subquery(own.values("term")[:1])})
        held = held.filter(**{f"has_{place}__isnull": False})
    return held


def _begins(agencies: list[str], start: str) -> QuerySet[Term]:
    return Term.objects.filter(agency__in=agencies, term__gte=start, term__lt=start + _LAST)


def _numbers(words: str, agencies: list[str]) -> list[str]:
    """The request numbers that were typed: 2026-12 and 2026-0012 are one, and 12 is that of any year."""
    typed = re.fullmatch(r"(?:(\d{4})-)?0*(\d{1,9})", words)
    if typed is None:
        return []
    year, number = typed[1], int(typed[2])
    there = Counter.objects.filter(agency__in=agencies, last__gte=number).values_list("year", flat=True).distinct()
    return [f"{one}-{number:04}" for one in ([year] if year else there)]
