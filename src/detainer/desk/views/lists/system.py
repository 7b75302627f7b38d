"""The system's state: watch, ledger, database, disk, outbox, version; no case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from detainer import clock
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.lists import state
from detainer.desk.pages import require, show, staff, zone_of


@staff
def page(request: HttpRequest, duties: Duties) -> HttpResponse:
    """How the system stands now."""
    agencies = require(duties, Action.SEE_SYSTEM)
    now, zone = clock.now(), zone_of(agencies[0])
    return show(request, "system.html", {"page": "system", "parts": state.parts(zone, now=now)})
