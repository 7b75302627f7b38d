"""What a program states, written by the journal that the desk writes by, with the token as its author."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from detainer import clock
from detainer.api import moments, tokens
from detainer.api.models import Token
from detainer.api.problems import Problem
from detainer.errors import UserError
from detainer.intake import papers
from detainer.intake.models import Paper
from detainer.law.vocabulary import DECISIONS
from detainer.record import canonical, journal
from detainer.record.agencies import book
from detainer.record.models import Event, Request

_NEEDED = ("form", "asks", "from", "received")
_LOOK_AGAIN = timedelta(minutes=10)
SETTLED = "This request is settled. People at the desk can add a note or a correction."


def find(token: Token, request_id: str) -> Request:
    """A request of the token's agency; Problem 404 for any other, exactly as for one that is not there.

    A sealed request is not there either.
    """
    found = Request.objects.filter(id=request_id).first()
    if found and found.agency == token.agency and not found.sealed_at:
        return found
    elsewhere = bool(found and found.agency != token.agency)
    raise Problem(404, "There is no such request at this agency.", attempt="agency" if elsewhere else "")


def receive(token: Token, said: Mapping[str, Any]) -> dict[str, Any]:
    """Take in a request and ask the law about it; the receipt."""
    form = said["request"]
    if missing := [name for name in _NEEDED if name not in form]:
        raise UserError(f"request.{missing[0]} is missing", fix="The form, what it asks, who asks and when it came.")
    came = moments.past(form["received"], "request.received", clock.now())
    facts = {name: said[name] for name in ("request", "warrants") if name in said}
    with journal.batch() as writing:
        first = writing.ledger.size
        made = journal.receive(
            token.agency,
            facts,
            happened=came,
            author=tokens.author(token),
            person=_person(said["person"]),
            reference=said.get("reference"),
        )
        journal.decide(made, book(), author=tokens.author(token))
        return receipt(made, first)


def come(token: Token, data: bytes) -> dict[str, Any]:
    """A paper into the queue of the token's agency, to be read in the background."""
    paper, already = papers.come(data, "", token.agency, "api", author=tokens.author(token))
    return {**came(paper), "already": already}


def find_paper(token: Token, paper_id: str) -> Paper:
    """A paper of the token's agency; Problem 404 for any other."""
    found = Paper.objects.filter(id=paper_id, agency=token.agency).first()
    made = found.drafts.exclude(request_id="").values("request_id") if found else ()
    if found is None or Request.objects.filter(id__in=made, sealed_at__isnull=False).exists():
        raise Problem(404, "There is no such paper at this agency.")
    return found


def came(paper: Paper) -> dict[str, Any]:
    """What a program may know of a paper: whether it was read, and where each form on it waits."""
    drafts = paper.drafts.order_by("place") if paper.read_at else ()
    return {
        "paper": paper.id,
        "read": paper.read_at is not None,
        "forms": [
            {
                "draft": draft.id,
                "form": draft.form or None,
                "pages": draft.reading.get("pages", []),
                "values": len(draft.reading.get("fields", {})),
                "problems": len(draft.reading.get("problems", [])),
            }
            for draft in drafts
        ],
    }


def learn(token: Token, request_id: str, facts: Mapping[str, Any], match: str | None = None) -> dict[str, Any]:
    """Record what became known and ask the law again; nothing where nothing is new.

    What changes an earlier fact is kept as a correction beside it, as at the desk.
    """
    with journal.batch() as writing:
        found, first = _open(token, request_id, match), writing.ledger.size
        known, author = found.facts(), tokens.author(token)
        if new := _news(known, canonical.plain(facts)):
            if _overwrites(known, new):
                journal.act(found, "corrected", happened=clock.now(), author=author, detail={"facts": new})
            else:
                journal.record_facts(found, new, happened=clock.now(), author=author)
            journal.decide(found, book(), author=author)
        return receipt(found, first)


def withdraw(token: Token, request_id: str, when: str, match: str | None = None) -> dict[str, Any]:
    """Record that the request was taken back."""
    with journal.batch() as writing:
        found, first = _open(token, request_id, match), writing.ledger.size
        happened = moments.past(when, "withdrawn_at", clock.now(), since=found.received_at)
        journal.act(found, "withdrawn", happened=happened, author=tokens.author(token))
        return receipt(found, first)


def release(token: Token, request_id: str, when: str, match: str | None = None) -> dict[str, Any]:
    """Record that the person was released. It never waits for anyone, whatever the request's state."""
    with journal.batch() as writing:
        found, first = find(token, request_id), writing.ledger.size
        _unchanged(found, match)
        if found.released_at or found.transferred_at:
            raise Problem(409, "The person's release or transfer is on record already.")
        happened = moments.past(when, "released_at", clock.now(), since=found.received_at)
        journal.act(found, "released", happened=happened, author=tokens.author(token))
        return receipt(found, first)


def looked(token: Token, found: Request, what: str) -> None:
    """Record that a program looked: once for each token, request and ten minutes."""
    author, now = tokens.author(token), clock.now()
    last = Event.objects.filter(request_id=found.id, kind="viewed", author=author).order_by("-seq").first()
    if last is None or last.entered_at <= now - _LOOK_AGAIN:
        journal.act(found, "viewed", happened=now, author=author, detail={"what": what})


def receipt(found: Request, first: int) -> dict[str, Any]:
    """What a write is answered with: the events from place `first` on, inside the transaction that wrote them."""
    with journal.batch() as writing:
        writing.flush()
        steps = Event.objects.filter(request_id=found.id, seq__gte=first).order_by("seq").values("seq", "kind")
        return {
            "request": found.id,
            "number": found.number,
            "state": found.state,
            "recorded": list(steps),
            "decisions": decisions(found),
        }


def decisions(found: Request) -> dict[str, str]:
    """What the law last said of each decision, as the request's row keeps it."""
    said = {name: getattr(found, f"modality_{name}", "") for name in DECISIONS}
    return {name: modality for name, modality in said.items() if modality}


def steps(found: Request) -> dict[str, datetime]:
    """What was done about the request, and when."""
    kinds = ("held", "told", "transferred", "declined", "released", "withdrawn")
    return {kind: when for kind in kinds if (when := getattr(found, f"{kind}_at"))}


def version(request_id: str) -> str:
    """The ETag of a request: the place of its last step in the record. A look is no step."""
    steps = Event.objects.filter(request_id=request_id).exclude(kind="viewed").order_by("-seq")
    return f'"{steps.values_list("seq", flat=True).first()}"'


def _unchanged(found: Request, match: str | None) -> None:
    """Problem 412 where a caller said which version it read, and that is no longer the last."""
    if match and match != version(found.id):
        raise Problem(412, "Something was recorded since you read this request. Read it again, then decide.")


def _open(token: Token, request_id: str, match: str | None) -> Request:
    """A request that facts can still be added to, looked at now that nobody else can write."""
    found = find(token, request_id)
    _unchanged(found, match)
    if found.state != "open":
        raise Problem(409, SETTLED)
    return found


def _person(said: Mapping[str, Any]) -> dict[str, Any]:
    made = {name: " ".join(value.split()) for name, value in said.items() if value}
    if born := made.get("born"):
        try:
            day = datetime.strptime(born, "%Y-%m-%d").date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            raise UserError("person.born is no day", fix="Write it as 1990-05-17.") from None
        if not 1900 <= day.year <= clock.now().year:
            raise UserError("person.born is no day on which somebody alive was born")
        made["born"] = day.isoformat()
    if not made.get("name"):
        raise UserError("person.name is blank")
    return made


def _news(known: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The part of `given` that is not known already, or known otherwise."""
    new: dict[str, Any] = {}
    for name, value in given.items():
        before = known.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            if inner := _news(before, value):
                new[name] = inner
        elif value != {} and (name not in known or type(before) is not type(value) or before != value):
            new[name] = value
    return new


def _overwrites(known: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether something that is known would be changed, not only added to."""
    for name, value in new.items():
        if name in known:
            before = known[name]
            if not (isinstance(value, dict) and isinstance(before, dict)) or _overwrites(before, value):
                return True
    return False
