"""Recording what was done: each form on a request's page ends here, and the record has the last word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from detainer import clock
from detainer.desk import approvals
from detainer.desk.pages import find, staff, zone_of
from detainer.desk.permissions import Action, Duties
from detainer.desk.typed import not_future, read_moment
from detainer.desk.views.request import Wrong, shown
from detainer.errors import UserError
from detainer.record import journal
from detainer.record.agencies import book
from detainer.record.models import Request

_LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Act:
    """A kind of step: the permission it takes and what the page says once it is recorded."""

    action: Action
    said: str


ACTS = {
    "decide": Act(Action.ENTER, "The law was asked again."),
    "declined": Act(Action.DECLINE, "Declined. It is on record."),
    "released": Act(Action.RELEASE, "The release is on record."),
    "withdrawn": Act(Action.WITHDRAW, "The withdrawal is on record."),
    "asked": Act(Action.ASK, "Another person is asked to approve it. Nothing is allowed until they do."),
    "approved": Act(Action.APPROVE, "Approved. The step can now be recorded by the person who asked."),
    "refused": Act(Action.APPROVE, "Refused. It is on record."),
    "held": Act(Action.ASK, "The hold is on record. Its clock runs."),
    "told": Act(Action.ASK, "The notice is on record."),
    "transferred": Act(Action.ASK, "The transfer is on record."),
    "note": Act(Action.NOTE, "The note is on record."),
}


@staff
@require_POST
def act(request: HttpRequest, duties: Duties, request_id: str) -> HttpResponse:
    """Record one step and return to the page; what cannot be recorded is told beside its form."""
    kind, step = request.POST.get("kind", ""), request.POST.get("step", "")
    if kind not in ACTS or (step and step not in approvals.STEPS):
        return HttpResponseBadRequest("There is no such step.")
    found = find(duties, request_id, ACTS[kind].action)
    when, note = request.POST.get("when", ""), request.POST.get("note", "").strip()
    try:
        _record(found, kind, step, duties.author, when=when, note=note, of=request.POST.getlist("of"))
    except UserError as error:
        return shown(request, duties, found, Wrong(kind, step, when, note, error.line()))
    messages.success(request, ACTS[kind].said)
    return redirect("request", found.id)


def _record(found: Request, kind: str, step: str, author: str, *, when: str, note: str, of: list[str]) -> None:
    """Write the step; UserError says what is wrong with it in one line."""
    if len(note) > _LONGEST_NOTE:
        raise UserError(f"The note is longer than {_LONGEST_NOTE} characters")
    now = clock.now()
    happened = _moment(found, when, now)
    if kind == "decide":
        journal.decide(found, book(), author=author)
    elif kind == "note":
        if not note:
            raise UserError("Write the note first")
        journal.act(found, "corrected", happened=now, author=author, note=note)
    elif kind in ("asked", "approved", "refused"):
        _approval(found, kind, step, author, note, now)
    elif kind in approvals.STEPS:
        approver = approvals.pending(found.id).approved.get(kind)
        journal.act(found, kind, happened=happened, author=author, approved_by=approver, note=note)
    else:
        detail: dict[str, Any] = {"of": _declined(found, of)} if kind == "declined" else {}
        journal.act(found, kind, happened=happened, author=author, note=note, detail=detail)


def _approval(found: Request, kind: str, step: str, author: str, note: str, now: datetime) -> None:
    if not step:
        raise UserError("Say which step it is about")
    waits = step in approvals.pending(found.id).asked
    if kind == "asked" and waits:
        raise UserError("This already waits for a second person")
    if kind != "asked" and not waits:
        raise UserError("Nobody asks for this any more", fix="Look at the request again.")
    if kind == "refused" and not note:
        raise UserError("Write the reason for refusing")
    journal.act(found, kind, happened=now, author=author, note=note, detail={"for": step})


def _moment(found: Request, when: str, now: datetime) -> datetime:
    """The time that was typed, or now; never in the future, never before the request came."""
    if not when.strip():
        return now
    happened = not_future(read_moment(when, zone_of(found.agency), now=now), now=now, what="That")
    if happened < found.received_at.replace(second=0, microsecond=0):
        raise UserError("That lies before the request was received", fix="Check the day.")
    return happened


def _declined(found: Request, of: list[str]) -> list[str]:
    """What was declined: what the form named, of what was asked."""
    asks = list(found.asks) or list(approvals.STEPS.values())
    chosen = [one for one in asks if one in of]
    if not chosen:
        raise UserError("Say what is declined")
    return chosen
