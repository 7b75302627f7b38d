"""Looks at people's records: each is an event, and counts towards what one account is shown in an hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.http import HttpRequest

from detainer import clock
from detainer.desk.duties import quota
from detainer.record import journal
from detainer.record.models import Event, Request

_LOOK_AGAIN = timedelta(minutes=10)
_NAMED = "desk_named"


def named(
    request: HttpRequest, ids: Iterable[str], agencies: Iterable[str], what: str, author: str, *, must: bool = False
) -> None:
    """Record that a page named the people of these requests: each once for each session and ten minutes.

    TooMuch where this account was shown too many, unless the page must be shown.
    """
    now = clock.now()
    kept = request.session.get(_NAMED) or {"since": now.isoformat(), "ids": []}
    if abs(now - datetime.fromisoformat(kept["since"])) >= _LOOK_AGAIN:
        kept = {"since": now.isoformat(), "ids": []}
    fresh = sorted(set(ids) - set(kept["ids"]))
    if not fresh:
        return
    quota.take(author, "names", len(fresh), must=must)
    journal.listed(list(agencies), fresh, what, author=author)
    request.session[_NAMED] = {**kept, "ids": [*kept["ids"], *fresh]}


def looked(found: Request, author: str, what: str, *, now: datetime) -> None:
    """Record that somebody looked at a person's record: once for each person, request and ten minutes.

    TooMuch where this account was shown too many, unless the request is open.
    """
    last = Event.objects.filter(request_id=found.id, kind="viewed", author=author).order_by("-seq").first()
    if last is None or abs(now - last.entered_at) >= _LOOK_AGAIN:  # the clock can be set back
        quota.take(author, "records", must=found.state == "open")
        journal.act(found, "viewed", happened=now, author=author, detail={"what": what})
