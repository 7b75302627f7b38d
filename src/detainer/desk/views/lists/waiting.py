"""Approvals: the steps that wait for a second person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from detainer import clock
from detainer.desk.duties import looks
from detainer.desk.duties.accounts import names_of
from detainer.desk.duties.permissions import Action, Duties, own_entry
from detainer.desk.pages import agency_name, require, show, staff, zone_of
from detainer.desk.request import approvals
from detainer.desk.request.deeds import STEP_WORDS
from detainer.desk.wording import people
from detainer.desk.wording.clockwords import moment, remaining
from detainer.desk.wording.outcome import law_says
from detainer.desk.wording.words import tr
from detainer.record.models import Request


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """What waits at this person's agencies, the oldest first; each is approved on its request's own page."""
    agencies = require(duties, Action.APPROVE)
    asked, now = approvals.waiting(agencies), clock.now()
    found = Request.objects.in_bulk([one.request_id for one in asked])
    entered = approvals.who_entered(found)
    persons, names = people.persons(list(found)), names_of(one.author for one in asked)
    rows = [
        {
            "id": one.request_id,
            "number": found[one.request_id].number,
            "name": people.shown(persons.get(one.request_id)),
            "agency": agency_name(found[one.request_id].agency),
            "words": tr(STEP_WORDS[one.step][0]),
            "law": law_says(found[one.request_id]),
            "asked": f"{names[one.author]}, {moment(one.at, zone_of(found[one.request_id].agency), now=now)}",
            "since": remaining(one.at, now=now),
            "own": own_entry(duties, by, approvals.keepers(by)),
        }
        for one in asked
        for by in [entered.get(one.request_id, frozenset())]
    ]
    looks.named(request, found, agencies, "approvals", duties.author, must=True)
    return show(request, "approvals.html", {"page": "approvals", "rows": rows})
