"""Recording what was done: each form on a request's page ends here, and the record has the last word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from detainer import clock
from detainer.desk.duties.accounts import names_of
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.form.typed import not_future, read_moment
from detainer.desk.lists.counsel import READINGS
from detainer.desk.pages import find, staff, zone_of
from detainer.desk.request import approvals, contacts
from detainer.desk.request.deeds import GROUNDED, SEARCH_SHOWED
from detainer.desk.views.request.request import Wrong, shown
from detainer.desk.wording.mistakes import told
from detainer.desk.wording.words import say, tr
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
    "advised": Act(Action.ADVISE, "Counsel’s answer is on record."),
    "delivered": Act(Action.REPLY, "How the paper was handed over is on record."),
    "contact": Act(Action.CONTACT, "The contact is on record."),
    "note": Act(Action.NOTE, "The note is on record."),
}


_WORDS = ("kind", "step", "when", "note", "ground", "law", "question", "stands", "paper", "way", "by", "direction")


@dataclass(frozen=True)
class Sent:
    """What a form on the page sent."""

    kind: str
    step: str
    when: str
    note: str
    ground: str
    law: str
    question: str
    stands: str
    paper: str
    way: str
    by: str
    direction: str
    of: tuple[str, ...]
    about: tuple[str, ...]
    given: tuple[str, ...]

    @classmethod
    def read(cls, posted: QueryDict) -> Sent:
        """The form as it came, without blanks around its words."""
        said = {name: posted.get(name, "").strip() for name in _WORDS}
        of, about, given = (tuple(posted.getlist(name)) for name in ("of", "about", "given"))
        return cls(**said, of=of, about=about, given=given)


@staff
@require_POST
def act(request: HttpRequest, duties: Duties, request_id: str) -> HttpResponse:
    """Record one step and return to the page; what cannot be recorded is told beside its form."""
    sent = Sent.read(request.POST)
    if sent.kind not in ACTS or (sent.step and sent.step not in approvals.STEPS):
        return HttpResponseBadRequest(tr("There is no such step"))
    found = find(duties, request_id, ACTS[sent.kind].action)
    try:
        with journal.batch():
            # Looked at again now that nobody else can write: a permission may have gone since.
            found = find(duties, request_id, ACTS[sent.kind].action)
            _record(found, sent, duties.author)
    except UserError as error:
        return shown(request, duties, found, Wrong(sent.kind, sent.step, sent.when, sent.note, _told(error, found)))
    messages.success(request, tr(ACTS[sent.kind].said))
    return redirect("request", found.id)


def _told(error: UserError, found: Request) -> str:
    return told(error, zone_of(found.agency), names_of([str(error.values.get("who", ""))]))


def _record(found: Request, sent: Sent, author: str) -> None:
    """Write the step; UserError says what is wrong with it in one line."""
    if len(sent.note) > _LONGEST_NOTE:
        raise UserError(say("The note is longer than {most} characters", most=_LONGEST_NOTE))
    now = clock.now()
    if sent.kind == "decide":
        journal.decide(found, book(), author=author)
    elif sent.kind == "note":
        if not sent.note:
            raise UserError(tr("Write the note first"))
        journal.act(found, "noted", happened=now, author=author, note=sent.note)
    elif sent.kind == "advised":
        _advise(found, sent, now, author)
    elif sent.kind in ("asked", "approved", "refused"):
        _check_approval(found, sent)
        journal.act(found, sent.kind, happened=now, author=author, note=sent.note, detail={"for": sent.step})
    else:
        journal.act(
            found,
            sent.kind,
            happened=_moment(found, sent.when, now),
            author=author,
            approved_by=approvals.pending(found.id).approved.get(sent.kind),
            note=sent.note,
            detail=_detail(found, sent),
        )


def _advise(found: Request, sent: Sent, now: datetime, author: str) -> None:
    """Counsel's answer to one question that waits; the journal refuses one that does not."""
    if sent.stands not in dict(READINGS):
        raise UserError(tr("Say which reading stands"))
    said = {"law": sent.law, "question": sent.question, "stands": sent.stands}
    journal.act(found, "advised", happened=now, author=author, note=sent.note, detail=said)


def _check_approval(found: Request, sent: Sent) -> None:
    """UserError where there is nothing to ask or to answer, or a refusal gives no reason."""
    if not sent.step:
        raise UserError(tr("Say which step it is about"))
    waits = sent.step in approvals.pending(found.id).asked
    if sent.kind == "asked" and waits:
        raise UserError(tr("This already waits for a second person"))
    if sent.kind != "asked" and not waits:
        raise UserError(tr("Nobody asks for this any more"), fix=tr("Look at the request again."))
    if sent.kind == "refused" and not sent.note:
        raise UserError(tr("Write the reason for refusing"))


def _moment(found: Request, when: str, now: datetime) -> datetime:
    """The time that was typed, or now; never in the future, never before the request came."""
    if not when.strip():
        return now
    happened = not_future(read_moment(when, zone_of(found.agency), now=now), now=now, what="That")
    if happened < found.received_at.replace(second=0, microsecond=0):
        raise UserError(tr("That lies before the request was received"), fix=tr("Check the day."))
    return happened


def _detail(found: Request, sent: Sent) -> dict[str, Any]:
    """What the step says beside its time: what was declined, or what the search showed, which reports split by."""
    if sent.kind == "declined":
        asks = list(found.asks) or list(approvals.STEPS.values())
        chosen = [one for one in asks if one in sent.of]
        if not chosen:
            raise UserError(tr("Say what is declined"))
        return {"of": chosen}
    if sent.kind == "contact":
        said = {name: getattr(sent, name) for name in ("way", "direction", "by", "ground")}
        return contacts.detail(said, list(sent.about), list(sent.given))
    if sent.kind == "delivered":
        return {"of": sent.paper, "way": sent.way}
    if sent.kind in GROUNDED and sent.ground:
        if sent.ground not in dict(SEARCH_SHOWED):
            raise UserError(tr("Say what the search showed with one of the answers offered"))
        return {"ground": sent.ground}
    return {}
