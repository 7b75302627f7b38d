"""Exports: a list or one person's file, for a reason that is kept; the page says who took what."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from django.http import HttpRequest, HttpResponse

from detainer import clock
from detainer.desk.duties import heavy, quota
from detainer.desk.duties.accounts import names_of
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.form.typed import read_day
from detainer.desk.lists import exports
from detainer.desk.pages import agency_name, find, require, show, staff, zone_of
from detainer.desk.request.known import bodies_of, known
from detainer.desk.request.timeline import timeline
from detainer.desk.wording import people
from detainer.desk.wording.clockwords import moment
from detainer.desk.wording.mistakes import told
from detainer.desk.wording.words import say, tr
from detainer.errors import UserError
from detainer.record import journal
from detainer.record.models import Event, Request

_TYPED = ("agency", "first", "last", "reason", "reference")


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """The form for a list, and what was exported lately."""
    agencies, now = require(duties, Action.EXPORT), clock.now()
    typed = {name: request.POST.get(name, "").strip() for name in _TYPED}
    problem = ""
    if request.method == "POST":
        try:
            with heavy.work(duties.author, duties.everywhere):
                return _list(duties, agencies, typed)
        except UserError as error:
            problem = told(error, zone_of(agencies[0]))
    taken = Event.rare("exports").order_by("-seq")[:200]
    mine = [event for event in taken if set(event.published()["agencies"]) <= set(agencies)][:20]
    names = names_of(event.author for event in mine)
    rows = [
        {
            "when": moment(event.entered_at, zone_of(agencies[0]), now=now),
            "who": names[event.author],
            "why": tr(dict(exports.REASONS).get(event.published()["reason"], "")),
            "reference": event.published()["reference"],
            "count": len(event.published()["requests"]),
        }
        for event in mine
    ]
    context = {
        "page": "exports",
        "agencies": [(one, agency_name(one)) for one in agencies],
        "reasons": exports.REASONS,
        "typed": typed,
        "problem": problem,
        "rows": rows,
        "most": exports.MOST,
    }
    return show(request, "exports.html", context, status=422 if problem else 200)


def _list(duties: Duties, agencies: tuple[str, ...], typed: dict[str, str]) -> HttpResponse:
    """The requests of one agency that came on some days; never a sealed one."""
    if typed["agency"] not in agencies:
        raise UserError(tr("Choose one of your agencies"))
    agency, zone = typed["agency"], zone_of(typed["agency"])
    first, last = (_day(typed[name]) for name in ("first", "last"))
    if last < first:
        raise UserError(tr("The last day lies before the first"))
    start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, last + timedelta(days=1)))
    there = Request.objects.filter(agency=agency, sealed_at=None, received_at__gte=start, received_at__lt=end)
    found = list(there.order_by("received_at", "id")[: exports.MOST + 1])
    if len(found) > exports.MOST:
        raise UserError(say("That is more than {most} requests", most=exports.MOST), fix=tr("Choose fewer days."))
    if not found:
        raise UserError(tr("No request came on these days"))
    persons = people.persons([one.id for one in found])
    why = exports.why(typed["reason"], typed["reference"], persons.values())
    quota.take(duties.author, "exports")
    content = exports.listing(found, {agency: zone})
    journal.listed([agency], [one.id for one in found], "export", author=duties.author, **why)
    return _file(content, "text/csv; charset=utf-8", f"requests-{first}-{last}.csv")


def _day(text: str) -> date:
    if not text:
        raise UserError(tr("Say from which day to which"))
    return read_day(text)


@staff
def one(request: HttpRequest, duties: Duties, request_id: str) -> HttpResponse:
    """The form that asks why, and one person's file; its event has the digest of what was handed out."""
    found = find(duties, request_id, Action.EXPORT)
    if request.method != "POST":
        return show(request, "export.html", {"found": found, "export_reasons": exports.REASONS, "typed": {}})
    reason, reference = (request.POST.get(name, "").strip() for name in ("reason", "reference"))
    try:
        why = exports.why(reason, reference, [found.person()])
    except UserError as error:
        context = {"found": found, "export_reasons": exports.REASONS, "typed": request.POST}
        return show(request, "export.html", context | {"wrong": told(error, zone_of(found.agency))}, status=422)
    quota.take(duties.author, "exports")
    with heavy.work(duties.author, duties.everywhere):
        return _person_file(duties, found, why)


def _person_file(duties: Duties, found: Request, why: dict[str, str]) -> HttpResponse:
    now, zone = clock.now(), zone_of(found.agency)
    events = list(Event.objects.filter(request_id=found.id).order_by("seq"))
    bodies, names = bodies_of(found.id), names_of(event.author for event in events)
    facts = [] if found.expunged_at else known(found.case(now), events, bodies, names, (), zone, now=now)
    steps = timeline(events, bodies, names, found.from_, zone, now=now)
    content = exports.person_file(found, steps, facts)
    detail = {"what": "file", **why, "document": f"sha256:{sha256(content).hexdigest()}"}
    journal.act(found, "exported", happened=now, author=duties.author, detail=detail)
    return _file(content, "application/zip", f"request-{found.number}.zip")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
