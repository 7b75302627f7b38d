"""What a person confirmed of a paper becomes a request, by the journal of the typed form; the paper stays with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from detainer.clock import now
from detainer.errors import UserError
from detainer.intake import steps
from detainer.intake.models import Draft
from detainer.record import journal
from detainer.record.agencies import book
from detainer.record.kinds import LINKS
from detainer.record.models import Request

# A value read more surely than this may be compared with others at one go; any other is confirmed by itself.
SURE: Final = 0.97
# How a value came to be a person's: read and compared by itself, or with others; read otherwise; not read.
SINGLY, TOGETHER, CORRECTED, TYPED = "singly", "together", "corrected", "typed"
_FORM = "paper"
_PERSON = {"subject_name": "name", "date_of_birth": "born", "file_number": "file_number"}
# Kept as what the form says, beside the facts; the rest of the form is on the paper itself.
_KEPT = (
    "form_date",
    "event_number",
    "subject_id",
    "to_agency",
    "from_office",
    "officer_name",
    "officer_signed",
    "resume_custody",
    "cancels_form_of",
    "served_on",
    "served_how",
)


@dataclass(frozen=True)
class Confirmed:
    """What a person says a form says: `values` as they are read (ISO days, lists, flags), `how` each came to be."""

    form: str
    received: datetime
    sender: str
    values: Mapping[str, Any]
    how: Mapping[str, str] = field(default_factory=dict)
    booking_number: str = ""
    complete: bool | None = None
    warrants: Sequence[Mapping[str, Any]] | str | None = None


@dataclass(frozen=True)
class Linked:
    """An earlier request, and how the new one stands to it: a link of the record."""

    request_id: str
    how: str


def waiting(draft_id: str) -> Draft:
    """A draft that waits for a person; UserError where another was quicker."""
    found = Draft.objects.select_related("paper").filter(id=draft_id).first()
    if found is None:
        raise UserError("this paper is not in the queue any more")
    if found.state != Draft.WAITING:
        raise UserError("somebody else has dealt with this paper meanwhile", fix="Go back to the queue.")
    return found


def record(
    draft_id: str,
    said: Confirmed,
    *,
    author: str,
    companions: Mapping[str, Mapping[str, Any]] | None = None,
    links: Sequence[Linked] = (),
) -> Request:
    """Take in the request that a form makes, with the papers that came with it, and ask the law; in one transaction.

    `companions` are drafts of the same file that go with it, each with what a person confirmed of it. A request that
    this one supersedes is recorded as withdrawn.
    """
    with journal.batch():
        draft = waiting(draft_id)
        agency = draft.paper.agency
        values = said.values
        person = {called: values[name] for name, called in _PERSON.items() if values.get(name)}
        if said.booking_number:
            person["booking_number"] = said.booking_number
        made = journal.receive(
            agency,
            facts_of(said),
            happened=said.received,
            author=author,
            person=person,
            reference=values.get("event_number") or None,
            source={
                "mapping": _FORM,
                "key": draft.id,
                "said": {name: values[name] for name in _KEPT if values.get(name) not in (None, "")},
            },
        )
        _attach(draft, made, author, _compared(draft, said))
        for other, confirmed in (companions or {}).items():
            _attach(waiting(other), made, author, dict(confirmed))
        for link in links:
            _link(made, link, said, author)
        journal.decide(made, book(), author=author)
    return made


def facts_of(said: Confirmed) -> dict[str, Any]:
    """What a form says as facts of a case: what it does not say is not asked yet."""
    values = said.values
    request: dict[str, Any] = {"form": said.form, "from": said.sender, "asks": list(values.get("asks") or ())}
    if "probable_cause" in values and said.form != "I-247N":
        request["probable_cause"] = list(values["probable_cause"])
    if values.get("served_on"):
        request["served_on_person"] = True
    if said.complete is not None or values.get("officer_signed") is False:
        request["complete"] = bool(said.complete) and values.get("officer_signed") is not False
    facts: dict[str, Any] = {"request": request}
    if said.warrants is not None:
        facts["warrants"] = said.warrants if isinstance(said.warrants, str) else [dict(one) for one in said.warrants]
    return facts


def add_papers(
    draft_id: str, request: Request, warrants: Sequence[Mapping[str, Any]], confirmed: Mapping[str, Any], *, author: str
) -> None:
    """A warrant that came by itself, to the request it belongs to; the law is asked again."""
    with journal.batch():
        draft = _same_agency(waiting(draft_id), request)
        before = request.facts().get("warrants")
        known = list(before) if isinstance(before, list) else []
        facts = {"warrants": [*known, *(dict(one) for one in warrants)]}
        if before is None:
            journal.record_facts(request, facts, happened=now(), author=author)
        else:
            journal.act(request, "corrected", happened=now(), author=author, detail={"facts": facts})
        _attach(draft, request, author, dict(confirmed))
        journal.decide(request, book(), author=author)


def keep_with(draft_id: str, request: Request, *, author: str) -> None:
    """The same paper again: kept with the request it made, and no new one."""
    with journal.batch():
        draft = _same_agency(waiting(draft_id), request)
        _attach(draft, request, author, {"again": True})


def aside(draft_id: str, why: str, *, author: str) -> None:
    """A paper that makes no request, with the reason."""
    if not why.strip():
        raise UserError("a paper is set aside with a reason", fix="Write the reason.")
    with journal.batch():
        draft = waiting(draft_id)
        draft.state, draft.note = Draft.ASIDE, why.strip()[:2000]
        draft.save(update_fields=["state", "note"])
        steps.happened("paper_aside", author, agency=draft.paper.agency, draft=draft.id)


def _same_agency(draft: Draft, request: Request) -> Draft:
    if draft.paper.agency != request.agency:
        raise UserError("that request is another agency's")
    return draft


def _attach(draft: Draft, request: Request, author: str, said: Mapping[str, Any]) -> None:
    """The paper belongs to the request from now on, and goes with its personal data."""
    draft.state, draft.request_id = Draft.RECORDED, request.id
    draft.save(update_fields=["state", "request_id"])
    form = draft.form or "unknown"
    detail = {
        "paper": draft.paper_id,
        "draft": draft.id,
        "form": form,
        "digest": draft.paper.digest,
        "pages": draft.reading.get("pages", []),
        **said,
    }
    journal.act(request, "attached", happened=draft.paper.came, author=author, detail=detail)


def _compared(draft: Draft, said: Confirmed) -> dict[str, Any]:
    """Each value with how it came to be a person's; where it was read otherwise, what was read."""
    read = draft.reading.get("fields", {})
    told: dict[str, Any] = {}
    for name, how in said.how.items():
        told[name] = {"how": how, "value": said.values.get(name)}
        if name in read:
            box = [round(side) for side in read[name]["box"] or ()]
            told[name] |= {"score": f"{read[name]['score']:.3f}", "page": read[name]["page"], "box": box}
        if name in read and how == CORRECTED:
            told[name]["read"] = read[name]["value"]
    return {"fields": told}


def _link(made: Request, link: Linked, said: Confirmed, author: str) -> None:
    other = Request.objects.filter(id=link.request_id, agency=made.agency).first()
    if other is None or link.how not in LINKS:
        raise UserError("there is no such request to link to")
    journal.link(made, other, link.how, happened=now(), author=author)
    if link.how == "supersedes" and not other.withdrawn_at and other.state == "open":
        note = f"Cancelled by the form that is on record as {made.number}."
        journal.act(other, "withdrawn", happened=said.received, author=author, note=note)
