"""Whether the watch goes round, for every page and for `/healthz`."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from detainer.watch.loop import stopped_since


def context(request: HttpRequest) -> dict[str, Any]:
    """For every page: since when the watch has stopped, or None while it goes round."""
    return {"watch_stopped": stopped_since()}


def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process serves and the watch goes round, 503 otherwise; says nothing of the record."""
    try:
        since = stopped_since()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain; charset=utf-8", status=503)
    if since:
        return HttpResponse("the watch has stopped\n", content_type="text/plain; charset=utf-8", status=503)
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
