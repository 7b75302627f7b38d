"""Duplicates: pairs of requests that may be one, judged by a person and linked; never merged."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from detainer import clock
from detainer.desk.duties import looks
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.lists import links
from detainer.desk.pages import agency_name, find, require, show, staff, zone_of
from detainer.desk.wording import people
from detainer.desk.wording.clockwords import moment
from detainer.desk.wording.mistakes import told
from detainer.desk.wording.outcome import says
from detainer.desk.wording.words import tr
from detainer.errors import UserError
from detainer.intake import known
from detainer.record import journal
from detainer.record.models import Request

_MOST = 50


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """The pairs that nobody has judged among the last requests, the surest first, and then among those before them.

    A form for each records what a person says of it.
    """
    agencies = require(duties, Action.LINK)
    problem = ""
    if request.method == "POST":
        try:
            _link(request, duties)
        except UserError as error:
            problem = told(error, zone_of(agencies[0]))
        else:
            messages.success(request, tr("It is on record. Both requests stand."))
            return redirect("duplicates")
    now = clock.now()
    before = Request.objects.filter(agency__in=agencies, sealed_at=None, id=request.GET.get("before", "")).first()
    looked = known.latest(agencies, before)
    pairs = list(islice(links.candidates(looked), _MOST + 1))
    further = looked[-1].id if looked and known.latest(agencies, looked[-1]) else ""
    named = {one.id for pair in pairs[:_MOST] for one in (pair.late, pair.early)}
    persons = people.persons(named)

    def side(one: Request) -> dict[str, str]:
        return {
            "id": one.id,
            "number": one.number,
            "name": people.shown(persons.get(one.id)),
            "form": one.form,
            "received": moment(one.received_at, zone_of(one.agency), now=now),
            "says": says(one),
        }

    rows = [
        {"agency": agency_name(one.late.agency), "late": side(one.late), "early": side(one.early), "one": one}
        for one in pairs[:_MOST]
    ]
    looks.named(request, sorted(named), agencies, "duplicates", duties.author)
    context = {"page": "duplicates", "rows": rows, "more": len(pairs) > _MOST, "problem": problem}
    context |= {"before": before, "further": further, "since": _day(looked[-1], now) if looked else ""}
    return show(request, "duplicates.html", context | {"answers": links.ANSWERS}, status=422 if problem else 200)


def _day(one: Request, now: datetime) -> str:
    return moment(one.received_at, zone_of(one.agency), now=now)


def _link(request: HttpRequest, duties: Duties) -> None:
    """Record what the form says of two requests of one agency; UserError where it says nothing that can be."""
    late, early = (find(duties, request.POST.get(name, ""), Action.LINK) for name in ("late", "early"))
    if late.agency != early.agency:
        raise Http404
    how, note = request.POST.get("as", ""), request.POST.get("note", "").strip()
    if how not in dict(links.ANSWERS):
        raise UserError(tr("Say how the two belong together"))
    journal.link(late, early, how, happened=clock.now(), author=duties.author)
    if note:
        journal.act(late, "noted", happened=clock.now(), author=duties.author, note=note[:2000])
