"""Who a request is about: names and numbers, read from the removable personal data and kept nowhere else."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest

from detainer import clock
from detainer.record import journal
from detainer.record.models import Event, Personal, Request

NAME, BORN, FILE, BOOKING = "name", "born", "file_number", "booking_number"
LABELS = {NAME: "Name", BORN: "Date of birth", FILE: "File number on the form", BOOKING: "Arrest or booking number"}
_TELL = ("received", "facts", "corrected")
_LOOK_AGAIN = timedelta(minutes=10)
_NAMED = "desk_named"
_MOST_FOUND = 500


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
    return str((person or {}).get(NAME) or "Name not recorded")


def value(key: str, said: Any) -> str:
    """One of a person's data as a page shows it; a date of birth as a day."""
    if key != BORN:
        return str(said)
    born = date.fromisoformat(str(said))
    return f"{born.day} {born:%b %Y}"


def search(words: str, agencies: Iterable[str]) -> set[str]:
    """The requests at these agencies whose number, or whose person's name or numbers, contain what was typed."""
    at = list(agencies)
    numbered = Request.objects.filter(agency__in=at, number__icontains=words, sealed_at=None).values_list(
        "id", flat=True
    )
    found = set(numbered[:_MOST_FOUND])
    named = Personal.objects.filter(
        event__agency__in=at, event__kind__in=_TELL, body__icontains=json.dumps(words, ensure_ascii=False)[1:-1]
    )
    for request_id, body in named.values_list("event__request_id", "body").iterator():
        person = json.loads(body).get("person") or {}
        if any(words.casefold() in str(value).casefold() for value in person.values()):
            found.add(request_id)
        if len(found) >= _MOST_FOUND:
            break
    return found


def named(request: HttpRequest, ids: Iterable[str], agencies: Iterable[str], what: str, author: str) -> None:
    """Record that a page named the people of these requests: each once for each session and ten minutes."""
    now = clock.now()
    kept = request.session.get(_NAMED) or {"since": now.isoformat(), "ids": []}
    if abs(now - datetime.fromisoformat(kept["since"])) >= _LOOK_AGAIN:
        kept = {"since": now.isoformat(), "ids": []}
    fresh = sorted(set(ids) - set(kept["ids"]))
    if not fresh:
        return
    journal.listed(list(agencies), fresh, what, author=author)
    request.session[_NAMED] = {**kept, "ids": [*kept["ids"], *fresh]}


def looked(found: Request, author: str, what: str, *, now: datetime) -> None:
    """Record that somebody looked at a person's record: once for each person, request and ten minutes."""
    last = Event.objects.filter(request_id=found.id, kind="viewed", author=author).order_by("-seq").first()
    if last is None or abs(now - last.entered_at) >= _LOOK_AGAIN:  # the clock can be set back
        journal.act(found, "viewed", happened=now, author=author, detail={"what": what})
