"""Counsel's queue: the questions of law that wait for an answer; each is answered on its request's own page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from detainer import clock
from detainer.desk import counsel, people
from detainer.desk.accounts import names_of
from detainer.desk.clockwords import moment, remaining
from detainer.desk.counsel import READINGS, Given
from detainer.desk.pages import agency_name, require, show, staff, zone_of
from detainer.desk.permissions import Action, Duties
from detainer.desk.words import tr


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """What waits at this person's agencies, the oldest first, with what was answered to the same question before."""
    agencies, now = require(duties, Action.ADVISE), clock.now()
    waits, before = counsel.waiting(agencies), counsel.answered(agencies)
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
    people.named(request, [one.request.id for one in waits], agencies, "counsel", duties.author)
    return show(request, "counsel.html", {"page": "counsel", "rows": rows})


def _said(given: Given, name: str) -> dict[str, Any]:
    return {"who": name, "words": tr(dict(READINGS)[given.stands]), "reason": given.reason, "number": given.number}
