"""One request: the answer first, then what to do, what happened, what is known, and the proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse

from detainer import clock
from detainer.answer import language
from detainer.desk.duties.accounts import names_of
from detainer.desk.duties.looks import looked
from detainer.desk.duties.permissions import Action, Duties, allowed
from detainer.desk.lists import counsel, links
from detainer.desk.pages import agency_name, find, show, staff, standing, zone_of
from detainer.desk.request import approvals, contacts, papers, sealing
from detainer.desk.request.deeds import SEARCH_SHOWED, deeds
from detainer.desk.request.known import bodies_of, known
from detainer.desk.request.timeline import looks, timeline
from detainer.desk.wording import people
from detainer.desk.wording.clockwords import moment
from detainer.desk.wording.outcome import acts
from detainer.desk.wording.picture import Picture, kept
from detainer.desk.wording.words import say, tr
from detainer.errors import UserError
from detainer.intake import queue
from detainer.record import ledger
from detainer.record.agencies import book
from detainer.record.cases import case_of
from detainer.record.models import Event, Request
from detainer.record.story import Determination, Story


@dataclass(frozen=True)
class Wrong:
    """A step that could not be recorded: which form it came from, what was typed, and why not."""

    kind: str
    step: str
    when: str
    note: str
    words: str

    @property
    def form(self) -> str:
        """The form on the page that it came from; approving and refusing share one."""
        return "approve" if self.kind in ("approved", "refused") else self.kind


@staff
def page(request: HttpRequest, duties: Duties, request_id: str) -> HttpResponse:
    """The page of one request; that somebody looked is itself recorded."""
    found = find(duties, request_id, Action.SEE_PERSON)
    looked(found, duties.author, "request", now=clock.now())
    return shown(request, duties, found)


def shown(request: HttpRequest, duties: Duties, found: Request, wrong: Wrong | None = None) -> HttpResponse:
    """The page as it stands, with what went wrong in its place."""
    now, zone = clock.now(), zone_of(found.agency)
    events = list(Event.objects.filter(request_id=found.id).order_by("seq"))
    bodies, names = bodies_of(found.id), names_of(event.author for event in events)
    story, may_do = found.story(), allowed(duties, standing(found))
    law, person = story.determination, story.person
    answer = kept(law.answer, found.asks, zone, now=now) if law and law.answer else None
    todo = deeds(
        found,
        approvals.pending(found.id),
        may_do,
        duties.author,
        zone,
        stale=law is None or story.stale,
        now=now,
    )
    for_counsel, made = counsel.waiting_on(found, story), papers.made(events, names, zone, now=now)
    in_place = {(deed.kind, deed.step) for deed in todo} | {
        ("reply", ""),
        ("paper", ""),
        ("note", ""),
        ("delivered", ""),
        ("contact", ""),
    }
    if Action.ADVISE in may_do and for_counsel:
        in_place.add(("advised", ""))
    context = {
        "found": found,
        "name": tr("Expunged") if found.expunged_at else people.shown(person),
        "sealing": sealing.standing(found, story, may_do, duties.author, names, zone, now),
        "person": _person(person),
        "agency": agency_name(found.agency),
        "received": moment(found.received_at, zone, now=now),
        "acts": acts(found),
        "law": law,
        "answer": answer,
        "stale": law is not None and story.stale and found.state == "open",
        "decided": _decided(law, names, zone, now),
        "for_counsel": for_counsel,
        "can_advise": Action.ADVISE in may_do,
        "readings": counsel.READINGS,
        "deeds": todo,
        "timeline": timeline(events, bodies, names, found.from_, zone, now=now, numbers=links.numbers(events, duties)),
        "links": links.of(events, duties),
        "can_export": Action.EXPORT in may_do,
        "can_contact": Action.CONTACT in may_do,
        "contact_words": contacts,
        "searched": SEARCH_SHOWED,
        "known": _known(story, events, bodies, names, answer, zone, now),
        "layer_rows": _layers(law),
        "looks": looks(events, names, zone, now=now) if Action.SEE_LOOKS in may_do else None,
        "proof": _proof(events),
        "can_enter_facts": Action.ENTER in may_do,
        "can_reply": Action.REPLY in may_do,
        "came_in": _came_in(found, zone, now),
        "papers": made,
        "replied": next((say("made {when}", when=one["when"]) for one in made if one["kind"] == "reply"), ""),
        "owed": papers.owed(story, events, zone, now=now),
        "paper_kinds": papers.NAMES,
        "ways": papers.WAYS,
        "languages": language.names(),
        "can_note": Action.NOTE in may_do,
        "wrong": wrong,
        "wrong_on_top": wrong is not None and (wrong.form, wrong.step) not in in_place,
    }
    return show(request, "request.html", context, status=422 if wrong else 200)


def _came_in(found: Request, zone: ZoneInfo, now: datetime) -> list[dict[str, Any]]:
    """The papers that the request came on or that came with it, as long as they are kept."""
    return [
        {
            "draft": draft.id,
            "form": queue.title(draft.form),
            "is_form": draft.form.startswith("I-247"),
            "when": moment(draft.paper.came, zone, now=now),
            "way": queue.way(draft.paper.way),
            "digest": draft.paper.digest,
            "as_came": "" if queue.as_came(draft.paper) else tr("changed since it came"),
        }
        for draft in queue.of_request(found.id)
    ]


def _person(person: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    return [
        (tr(label), people.value(key, person[key]))
        for key, label in people.LABELS.items()
        if person and person.get(key)
    ]


def _decided(law: Determination | None, names: Mapping[str, str], zone: ZoneInfo, now: datetime) -> str:
    if law is None:
        return ""
    return say("{who} asked the law, {when}", who=names.get(law.author, law.author), when=moment(law.at, zone, now=now))


def _known(
    story: Story,
    events: list[Event],
    bodies: Mapping[int, Mapping[str, Any]],
    names: Mapping[str, str],
    answer: Picture | None,
    zone: ZoneInfo,
    now: datetime,
) -> list[Any]:
    """The facts with their sources; none where the record was expunged or cannot be read as a case."""
    try:
        case = case_of(story, now)
    except UserError:
        return []
    return known(case, events, bodies, names, answer.missing if answer else (), zone, now=now)


def _layers(law: Determination | None) -> list[dict[str, str]]:
    """What each law alone says of holding and telling, as it stood when it was asked."""
    if law is None or law.answer is None:
        return []
    return [
        {
            **_law(layer["law"]),
            "version": layer["version"] or tr("no law in force"),
            "hold": tr(layer["decisions"].get("hold", {}).get("modality", "silent").replace("_", " ")),
            "notify": tr(layer["decisions"].get("notify", {}).get("modality", "silent").replace("_", " ")),
            "digest": layer.get("digest", ""),
        }
        for layer in law.answer["laws"]
    ]


def _law(law: str) -> dict[str, str]:
    """What a law is called, and how it is cited; a law that is no longer shipped keeps its id."""
    found = book().laws.get(law)
    return {"law": found.name, "cite": found.cite} if found else {"law": law, "cite": ""}


def _proof(events: list[Event]) -> dict[str, Any]:
    """Where the events stand in the ledger, and the checkpoint that covers them."""
    note = ledger.latest().note
    origin, size, root = note.split("\n")[:3]
    return {
        "first": events[0].seq,
        "last": events[-1].seq,
        "leaf": events[-1].leaf_hash,
        "origin": origin,
        "size": size,
        "root": root,
        "note": note,
    }
