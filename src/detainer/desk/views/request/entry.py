"""The form: a new request, and facts added to one that is on record. The answer grows beside it."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from detainer import clock
from detainer.desk.duties import looks
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.form import drafts
from detainer.desk.form.drafts import Draft
from detainer.desk.form.entry import Entry, Typed, typed_from
from detainer.desk.pages import agency_name, find, require, show, staff, zone_of
from detainer.desk.wording.mistakes import all_told
from detainer.desk.wording.words import say, tr
from detainer.errors import UserError
from detainer.record import journal
from detainer.record.agencies import book
from detainer.record.kinds import UNSETTLING
from detainer.record.models import Event, Request

_ENTERED = "desk_entered"
_KEPT_TOKENS = 50


@staff
def new(request: HttpRequest, duties: Duties) -> HttpResponse:
    """The form for a new request; records it when asked to, else shows what the law says so far."""
    agencies = [agency for agency in require(duties, Action.ENTER) if agency in book().agencies]
    if not agencies:
        raise PermissionDenied(tr("No law file names your agency yet, so nothing can be decided for it."))
    asked = request.POST.get("agency", "")
    agency = asked if asked in agencies else agencies[0]
    now, zone = clock.now(), zone_of(agency)
    typed = _typed(request.POST) if request.method == "POST" else drafts.blank(zone, now=now)
    typed = drafts.rows_changed(typed, typed.one("do"))
    draft = drafts.make(agency, typed, book(), zone, now=now)
    token = typed.one("token") or secrets.token_urlsafe(16)
    if request.method == "POST" and typed.one("do") == "record":
        done = _record(request, duties, draft, token)
        if done:
            return redirect("request", done)
    context = {"page": "new", "title": tr("New request"), "token": token, "draft": draft, "with_person": True}
    choices = [(one, agency_name(one)) for one in agencies]
    return _form(request, context | {"agencies": choices, "action": reverse("new-request")})


@staff
def facts(request: HttpRequest, duties: Duties, request_id: str) -> HttpResponse:
    """The form filled with what is known of a request, to add to it or correct it."""
    found = find(duties, request_id, Action.ENTER)
    now, zone = clock.now(), zone_of(found.agency)
    before = typed_from(found.case(now), zone)
    typed = _typed(request.POST) if request.method == "POST" else before
    typed = drafts.rows_changed(typed, typed.one("do"))
    draft = drafts.make(found.agency, typed, book(), zone, now=now)
    seen = typed.one("seen") or str(_last_step(found))
    if request.method == "POST" and typed.one("do") == "record":
        if _add(request, duties, found, draft, Entry(before, zone, now=now).mapping()):
            return redirect("request", found.id)
        seen = str(_last_step(found))
    else:
        looks.looked(found, duties.author, "facts", now=now)
    context = {"title": say("Facts of {number}", number=found.number), "found": found, "draft": draft, "seen": seen}
    return _form(request, context | {"action": reverse("facts", args=[found.id])})


def _form(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    draft: Draft = context["draft"]
    labels = {one.name: (tr(one.label), one.id) for one in (*draft.who, *draft.plan.all_fields())}
    recording = request.POST.get("do") == "record"
    wrong = [(*labels.get(name, (name, "main")), words) for name, words in draft.entry.errors.items()]
    context |= {"wrong": wrong if recording else [], "recording": recording}
    if request.method == "GET" and context.get("with_person"):
        context["begins_at"] = draft.who[0].id
    part = request.headers.get("HX-Request") == "true"
    return show(request, "parts/entry.html" if part else "entry.html", context, status=422 if recording else 200)


def _record(request: HttpRequest, duties: Duties, draft: Draft, token: str) -> str:
    """Record a new request and ask the law; its id, or empty when the form says what is wrong.

    A form that is sent twice is recorded once: its token stays with the session.
    """
    entered: dict[str, str] = request.session.get(_ENTERED, {})
    if token in entered:
        return entered[token]
    drafts.check(draft, person=True)
    if draft.entry.errors or draft.problems:
        return ""
    try:
        with journal.batch():
            made = journal.receive(
                draft.agency,
                draft.entry.mapping(),
                happened=draft.entry.facts["request.received"],
                author=duties.author,
                person=draft.person(),
            )
            journal.decide(made, book(), author=duties.author)
    except UserError as error:
        draft.problems.extend(all_told(error, zone_of(draft.agency), where=False))
        return ""
    request.session[_ENTERED] = dict([*entered.items(), (token, made.id)][-_KEPT_TOKENS:])
    messages.success(request, say("Request {number} is on record.", number=made.number))
    return made.id


def _add(request: HttpRequest, duties: Duties, found: Request, draft: Draft, known: dict[str, Any]) -> bool:
    """Record what the form says anew and ask the law again; False when the form says what is wrong."""
    drafts.check(draft, person=False)
    if draft.entry.errors or draft.problems:
        return False
    fresh, gone = drafts.changed(known, draft.entry.mapping())
    seen = draft.typed.one("seen")
    if not fresh and not gone and seen == str(_last_step(found)):
        messages.info(request, tr("Nothing was changed, so nothing was recorded."))
        return True
    try:
        with journal.batch():
            # Looked at now that nobody else can write.
            _still_fresh(found, seen, drafts.questions(fresh, gone))
            if gone or drafts.overwrites(known, fresh):
                detail = {"facts": fresh, "unknown": tuple(gone)}
                journal.act(found, "corrected", happened=clock.now(), author=duties.author, detail=detail)
            else:
                journal.record_facts(found, fresh, happened=clock.now(), author=duties.author)
            journal.decide(found, book(), author=duties.author)
    except UserError as error:
        draft.problems.extend(all_told(error, zone_of(draft.agency), where=False))
        return False
    messages.success(request, tr("The facts are on record, and the law was asked again."))
    return True


def _still_fresh(found: Request, seen: str, differing: list[str]) -> None:
    """UserError where somebody recorded something since the page was opened."""
    if seen != str(_last_step(found)):
        fix = say("Yours differs from the record in: {what}", what=" ".join(differing) or tr("nothing"))
        raise UserError(tr("Somebody else recorded something meanwhile"), fix=fix)


def _typed(posted: QueryDict) -> Typed:
    return Typed({name: tuple(values) for name, values in posted.lists()})


def _last_step(found: Request) -> int:
    """The place of the request's last step that could change its facts."""
    last = Event.objects.filter(request_id=found.id, kind__in=UNSETTLING).order_by("-seq").first()
    return last.seq if last else -1
