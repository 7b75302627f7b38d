"""Counsel's queue: the questions of law that wait for an answer; each is answered on its request's own page."""

from __future__ import annotations

from itertools import islice, takewhile
from typing import Any

from django.http import HttpRequest, HttpResponse

from detainer import clock
from detainer.desk.duties import looks
from detainer.desk.duties.accounts import names_of
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.lists import counsel
from detainer.desk.lists.counsel import READINGS, Given
from detainer.desk.pages import agency_name, require, show, staff, zone_of
from detainer.desk.wording import people
from detainer.desk.wording.clockwords import moment, remaining
from detainer.desk.wording.words import tr
from detainer.record.models import Request

_PAGE = 50


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """What waits at this person's agencies, the oldest first, with what was answered to the same question before."""
    agencies, now = require(duties, Action.ADVISE), clock.now()
    mine = Request.objects.filter(agency__in=agencies, decided_at__isnull=False)
    waiting = counsel.waiting(agencies, mine.filter(id=request.GET.get("after", "")).first())
    waits = list(islice(waiting, _PAGE))
    # The questions of one request stand together.
    waits += takewhile(lambda one: one.request.id == waits[-1].request.id, waiting)
    more = (len(waits) >= _PAGE and waits[-1].request.id) or ""
    before = counsel.answered(agencies)
    persons = people.persons([one.request.id for one in waits])
    names = names_of(given.author for answers in before.values() for given in answers)
    rows = [
        {
            "one": one,
            "name": people.shown(persons.get(one.request.id)),
            "agency": agency_name(one.request.agency),
            "since": f"{moment(one.since, zone_of(one.request.agency), now=now)} ({remaining(one.since, now=now)})",
            "before": [_said(given, names[given.author]) for given in before.get((one.law, one.question), [])],
        }
        for one in waits
    ]
    looks.named(request, [one.request.id for one in waits], agencies, "counsel", duties.author)
    return show(request, "counsel.html", {"page": "counsel", "rows": rows, "more": more})


def _said(given: Given, name: str) -> dict[str, Any]:
    return {"who": name, "words": tr(dict(READINGS)[given.stands]), "reason": given.reason, "number": given.number}
