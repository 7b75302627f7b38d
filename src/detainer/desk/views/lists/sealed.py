"""Sealed records: the list of them for those who keep them, and the forms that seal, open and expunge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect

from detainer import clock
from detainer.desk.duties import looks
from detainer.desk.duties.accounts import names_of
from detainer.desk.duties.permissions import Action, Duties, allowed, may
from detainer.desk.form.typed import read_day
from detainer.desk.pages import agency_name, find, require, show, staff, standing, zone_of
from detainer.desk.request.sealing import KINDS
from detainer.desk.request.sealing import standing as forms
from detainer.desk.wording import people
from detainer.desk.wording.clockwords import moment
from detainer.desk.wording.mistakes import told
from detainer.desk.wording.outcome import says
from detainer.desk.wording.words import say, tr
from detainer.errors import UserError
from detainer.record import journal
from detainer.record.models import Event, Request
from detainer.record.story import Erasure

_PAGE = 50
_LONGEST_NOTE = 500
_SAID = {
    "sealed": "Sealed. The record is hidden.",
    "unsealed": "Unsealed. The record is shown again.",
    "asked": "Another person is asked to expunge it. Nothing is destroyed until they do.",
    "expunged": "Expunged. What the record held of the person is destroyed.",
    "refused": "Refused. It is on record.",
}


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """The records of this person's agencies that are sealed, and those that wait to be expunged."""
    agencies, now = require(duties, Action.SEE_SEALED), clock.now()
    asked = _asked(agencies)
    sealed = Request.objects.filter(agency__in=agencies, sealed_at__isnull=False).order_by("-sealed_at", "number")
    waiting = Request.objects.filter(id__in=asked, sealed_at=None).order_by("number")
    page = Paginator(sealed, _PAGE).get_page(request.GET.get("page"))
    found = [*waiting, *page.object_list]
    persons = people.persons([one.id for one in found], sealed=True)
    names = names_of(erasure.author for erasure in asked.values())
    rows = [_row(one, asked.get(one.id), persons.get(one.id), names, duties.author, now) for one in found]
    looks.named(request, [one.id for one in found if not one.expunged_at], agencies, "sealed", duties.author)
    return show(request, "sealed.html", {"page": "sealed", "rows": rows, "turn": page})


def _row(
    one: Request,
    erasure: Erasure | None,
    person: Mapping[str, Any] | None,
    names: Mapping[str, str],
    author: str,
    now: datetime,
) -> dict[str, Any]:
    since = one.expunged_at or one.sealed_at
    return {
        "id": one.id,
        "number": one.number,
        "agency": agency_name(one.agency),
        "name": tr("Expunged") if one.expunged_at else people.shown(person),
        "since": moment(since, zone_of(one.agency), now=now) if since else "",
        "expunged": bool(one.expunged_at),
        "says": says(one),
        "asked": names[erasure.author] if erasure else "",
        "own": erasure is not None and erasure.author == author,
    }


def _asked(agencies: tuple[str, ...]) -> dict[str, Erasure]:
    """What waits to be expunged at these agencies, by request."""
    asked = Event.rare("erasures").filter(agency__in=agencies)
    there = Request.objects.filter(id__in=asked.values("request_id"), expunged_at=None)
    return {one.id: erasure for one in there if (erasure := one.story().erasure)}


@staff
def settle(request: HttpRequest, duties: Duties, request_id: str) -> HttpResponse:
    """The forms of sealing; each records one step and leads to what this person may still see."""
    if request.method != "POST":
        return _forms(request, duties, find(duties, request_id, Action.SEE_PERSON))
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        return HttpResponseBadRequest(tr("There is no such step"))
    found = find(duties, request_id, KINDS[kind])
    said = {name: request.POST.get(name, "").strip() for name in ("ground", "by", "order", "dated", "note")}
    try:
        with journal.batch():
            found = find(duties, request_id, KINDS[kind])
            _record(found, kind, said, duties.author)
    except UserError as error:
        wrong = told(error, zone_of(found.agency), names_of([str(error.values.get("who", ""))]))
        return _forms(request, duties, found, wrong)
    messages.success(request, tr(_SAID[kind]))
    if may(duties, Action.SEE_PERSON, standing(found)):
        return redirect("request", found.id)
    return redirect("requests")


def _forms(request: HttpRequest, duties: Duties, found: Request, wrong: str = "") -> HttpResponse:
    """What can be done about the record now; PermissionDenied for whoever has no part in it."""
    may_do, story = allowed(duties, standing(found)), found.story()
    if not {Action.SEAL, Action.UNSEAL, Action.EXPUNGE} & set(may_do):
        raise PermissionDenied(say("Your duties do not include this: {action}.", action=tr(Action.SEAL.value)))
    names = names_of([story.erasure.author] if story.erasure else [])
    context = {
        "found": found,
        "sealing": forms(found, story, may_do, duties.author, names, zone_of(found.agency), clock.now()),
        "typed": request.POST,
        "wrong": wrong,
    }
    return show(request, "seal.html", context, status=422 if wrong else 200)


def _record(found: Request, kind: str, said: dict[str, str], author: str) -> None:
    detail: dict[str, str] = {}
    if kind in ("asked", "refused"):
        detail["for"] = "expunged"
    if kind in ("sealed", "unsealed", "asked"):
        if not said["dated"]:
            raise UserError(tr("Say the day of the order"))
        day = read_day(said["dated"]).isoformat()
        detail |= {"ground": said["ground"], "by": said["by"], "order": said["order"], "dated": day}
    if kind == "refused" and not said["note"]:
        raise UserError(tr("Write the reason for refusing"))
    if len(said["note"]) > _LONGEST_NOTE:
        raise UserError(say("The reason is longer than {most} characters", most=_LONGEST_NOTE))
    note = said["note"] if kind == "refused" else ""
    journal.act(found, kind, happened=clock.now(), author=author, note=note, detail=detail)
