"""The one place that writes events: what comes in, what becomes known, what the law said, what was done."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from detainer.clock import now
from detainer.errors import UserError
from detainer.record import agencies, canonical, conduct, kinds, personal, projection, sealing
from detainer.record import facts as case_facts
from detainer.record.batch import Batch, batch
from detainer.record.cases import case_of, checked, mapping_of
from detainer.record.conduct import Refused
from detainer.record.opening import is_demo, open_record
from detainer.record.story import Determination, Story

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from detainer.law import LawBook
    from detainer.record.models import Event, Request

__all__ = [
    "Batch",
    "Refused",
    "act",
    "batch",
    "decide",
    "is_demo",
    "link",
    "listed",
    "open_record",
    "receive",
    "record_facts",
    "source_key",
]

# How far the clock of whoever enters a step may run ahead of this machine's.
AHEAD = timedelta(minutes=5)

# What a source may say in public, and what its event calls it.
SOURCE_WORDS = {"file_digest": "file", "dated_by": "dated_by", "precision": "precision"}


def receive(
    agency: str,
    facts: Mapping[str, Any],
    *,
    happened: datetime,
    author: str,
    person: Mapping[str, Any] | None = None,
    source: Mapping[str, Any] | None = None,
    reference: str | None = None,
) -> Request:
    """Take in a request that came at `happened`; it gets the next number of the agency's year.

    `source` says where it came from: `mapping`, and as the case may be `file_digest`, `key`, `dated_by` (what
    `happened` is, where it is not the receipt itself), `precision` (`day` where no hour is known) and `said`, what the
    source says beside the facts, which is kept as personal. A second one with the same agency, mapping and key is the
    first one again: that request is returned and nothing is written. A key is never a name or a file number; only its
    digest is kept. `reference` is the sender's own, and personal.
    """
    _not_future(happened)
    year = happened.astimezone(agencies.zone(agency)).year
    origin, key = _source(source)
    given = checked(Story("", agency), facts, happened)
    with batch() as writing:
        before = writing.known(agency, key) if key else None
        if before:
            return _request(writing, before)
        if writing.ledger.size == 0:
            open_record(demonstration=False)
        story = Story(secrets.token_hex(12), agency)
        public = {"number": writing.number(agency, year), "request": _public_facts(given)}
        if origin:
            public["source"] = origin
            writing.came(agency, key, story.id)
        body = _filled(facts=given, person=person, reference=reference, said=(source or {}).get("said"))
        writing.add(story, "received", happened, author, public=public, body=body)
        return writing.row(story)


def record_facts(
    request: Request, facts: Mapping[str, Any], *, happened: datetime, author: str, note: str = ""
) -> Event:
    """Record what became known; later facts win. UserError where a case file could not hold them."""
    return _learn(request, "facts", happened, author, facts=facts, note=note)


def decide(request: Request, book: LawBook, *, at: datetime | None = None, author: str) -> Determination:
    """Ask the law about the request as it stood at `at` (now, if not given), and keep the answer as given."""
    when = at or now()
    with batch() as writing:
        story = writing.story(request.id)
        answer = book.decide(case_of(story, when))
        public = {
            "at": canonical.moment(when),
            "modalities": {name: str(decision.modality) for name, decision in answer.decisions.items()},
            "laws": [{"law": layer.law, "version": str(layer.version)} for layer in answer.laws],
            "digest": answer.digest,
        }
        body = {"answer": answer.as_json(), "case": mapping_of(story, when)}
        writing.add(story, "decided", when, author, public=public, body=body)
        _update(request, writing.state(story))
        made = story.determination
    if made is None:
        raise RuntimeError("a decided step leaves a determination")
    return made


def act(
    request: Request,
    kind: str,
    *,
    happened: datetime,
    author: str,
    approved_by: str | None = None,
    note: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Event:
    """Record what was done.

    A hold, a notice and a transfer need the last determination to permit them and another person's `approved` event
    (`detail={"for": "held"}`, "told" or "transferred") given on it; else Refused. `asked` and `refused`, with the same
    detail, are the question to that person and their no. Declining and releasing never wait.
    `sealed`, `unsealed` and the `asked` for `expunged` name the order they rest on; see `sealing`. `expunged` takes a
    second person, who is its author, and destroys what the record holds of the person.
    `corrected` takes `facts`, `person` and `unknown` (paths of facts nobody knows after all) in its detail.
    """
    if kind not in kinds.ACTS:
        raise UserError("{kind} is no step", fix="One of: {offered}.", kind=repr(kind), offered=", ".join(kinds.ACTS))
    _not_future(happened)
    if kind == "corrected":
        return _learn(request, kind, happened, author, note=note, **dict(detail or {}))
    open_detail, private = kinds.divide(kind, detail or {})
    with batch() as writing:
        story = writing.story(request.id)
        if kind == "advised":
            _advisable(story, author, note, open_detail)
        if sealing.concerns(kind, open_detail):
            open_detail, private = sealing.checked(story, kind, author, {**open_detail, **private})
        public = open_detail | _permitted(story, kind, happened, author, approved_by, open_detail)
        public |= _past_release(story, story.facts, happened if kind in ("released", "transferred") else None)
        event = writing.add(story, kind, happened, author, public=public, body=_filled(note=note, detail=private))
        if kind == "expunged":
            writing.flush()
            personal.remove(story.id, event.seq)
        _update(request, writing.state(story))
        return event


def listed(agencies: Sequence[str], ids: Sequence[str], what: str, *, author: str, **why: str) -> Event:
    """Record that a page named the people of these requests to somebody; `what` says which page.

    An event of the record itself. It holds opaque ids and nothing else of the requests, so it is public throughout;
    `why` is the reason of an export, in words that name nobody.
    """
    public = {"agencies": sorted(agencies), "requests": sorted(ids), "what": what, **why}
    kinds.words("listed", public)
    with batch() as writing:
        return writing.add(None, "listed", now(), author, public=public)


def link(one: Request, other: Request, how: str, *, happened: datetime, author: str) -> tuple[Event, Event]:
    """Link two requests, each naming the other: `one` supersedes, is superseded_by, or duplicates `other`."""
    if how not in kinds.LINKS:
        raise UserError("{how} is no link", fix="One of: {offered}.", how=repr(how), offered=", ".join(kinds.LINKS))
    if one.id == other.id:
        raise UserError("a request cannot be linked to itself")
    with batch():
        return (
            act(one, "linked", happened=happened, author=author, detail={"to": other.id, "as": how}),
            act(other, "linked", happened=happened, author=author, detail={"to": one.id, "as": kinds.LINKS[how]}),
        )


def _learn(
    request: Request,
    kind: str,
    happened: datetime,
    author: str,
    *,
    facts: Mapping[str, Any] | None = None,
    unknown: tuple[str, ...] = (),
    person: Mapping[str, Any] | None = None,
    note: str = "",
) -> Event:
    """Add to what is known, or correct it; what counts need is said in public too."""
    _not_future(happened)
    with batch() as writing:
        story = writing.story(request.id)
        given = checked(story, facts or {}, happened, unknown, received=kind == "corrected")
        after = case_facts.merged(case_facts.without(story.facts, unknown), given)
        public: dict[str, Any] = _past_release(story, after)
        if said := {**_forgotten(unknown), **_public_facts(given)}:
            public["request"] = said
        if received := case_facts.moment_in(given, "request", "received"):
            public["received"] = canonical.moment(received)
        body = _filled(facts=given, unknown=list(unknown), person=person, note=note)
        event = writing.add(story, kind, happened, author, public=public, body=body)
        _update(request, writing.state(story))
        return event


def _permitted(
    story: Story, kind: str, happened: datetime, author: str, approved_by: str | None, detail: Mapping[str, Any]
) -> dict[str, Any]:
    """What a step must be able to name before it is recorded; Refused or UserError where it cannot."""
    if kind in kinds.GUARDED:
        law = conduct.leave(story, kind, happened)
        if not agencies.permits(case_of(story, happened), kinds.GUARDED[kind]):
            raise Refused(
                "at that moment the law does not permit {deed}",
                fix="Decide the request again.",
                deed=conduct.DEEDS[kind],
            )
        consent = conduct.consent(story, kind, author, approved_by)
        return {"approved_by": consent.author, "approval": consent.seq, "determination": law.seq}
    if approved_by:
        raise UserError("{kind} waits for nobody's approval", kind=repr(kind))
    if kind in ("asked", "approved", "refused") and detail.get("for") != "expunged":
        step = kinds.required(kind, "for", detail, kinds.GUARDED)
        conduct.a_person(author, conduct.DEEDS[step])
        return {} if kind == "refused" else {"determination": conduct.leave(story, step, happened).seq}
    if kind == "delivered":
        _deliverable(story, happened, detail)
    if kind == "linked":
        kinds.required(kind, "as", detail, kinds.LINKS)
    if kind in ("linked", "custody_moved"):
        kinds.required(kind, "to", detail)
    return {}


def _not_future(happened: datetime) -> None:
    """UserError for a step that is said to have happened later than now; clocks may differ by five minutes."""
    if happened.tzinfo and happened > now() + AHEAD:  # one without an offset is refused where it is written
        raise UserError("{when} lies in the future", fix="Give the time it happened.", when=happened)


def _advisable(story: Story, author: str, note: str, said: Mapping[str, Any]) -> None:
    """UserError unless a person answers, with a reason, a question that the last determination carries to counsel."""
    conduct.a_person(author, "an answer of counsel")
    law, question = kinds.required("advised", "law", said), kinds.required("advised", "question", said)
    kinds.required("advised", "stands", said, kinds.STANDS)
    if not note.strip():
        raise UserError("counsel's answer needs its reason", fix="Write the reason.")
    if story.stale:
        raise Refused("facts were recorded after the last determination", fix="Decide the request again.")
    if (law, question) not in {(asked["law"], asked["id"]) for asked in story.for_counsel()}:
        raise UserError("no such question waits for counsel", where="{law} {question}", law=law, question=question)


def _deliverable(story: Story, happened: datetime, said: Mapping[str, Any]) -> None:
    """UserError unless a paper of this request was delivered, and not before the minute in which it was made."""
    kinds.required("delivered", "way", said, kinds.WAYS)
    of = kinds.required("delivered", "of", said)
    made = story.papers.get(int(of)) if of.isdecimal() else None
    if made is None:
        raise UserError("there is no such paper of this request", where="entry {of}", of=of)
    if happened < made.replace(second=0, microsecond=0):
        raise UserError("that lies before the paper was made", where="entry {of}", fix="Check the time.", of=of)


def _past_release(story: Story, facts: Mapping[str, Any], ended: datetime | None = None) -> dict[str, Any]:
    """The seconds a person was kept past the moment of release, where this step brings or changes them.

    They are public, so that the count outlives a seal.
    """
    ended = ended or story.times.get("released") or story.times.get("transferred")
    due = case_facts.moment_in(facts, "custody", "releasable_at")
    seconds = max(0, int((ended - due).total_seconds())) if ended and due else None
    return {} if seconds == story.past_release else {"past_release": seconds}


def _source(source: Mapping[str, Any] | None) -> tuple[dict[str, Any], str]:
    """The public part of a source, and the digest of its key ("" where there is none)."""
    if not source:
        return {}, ""
    if set(source) - {"mapping", "key", "said", *SOURCE_WORDS} or not source.get("mapping"):
        raise UserError("a source says `mapping`, and may say key, said, {more}", more=", ".join(SOURCE_WORDS))
    public = {"mapping": source["mapping"]}
    public |= {called: source[name] for name, called in SOURCE_WORDS.items() if source.get(name)}
    kinds.words("source", public)
    if not source.get("key"):
        return public, ""
    key = source_key(source["mapping"], source["key"])
    return public | {"key": key}, key


def source_key(mapping: str, key: str) -> str:
    """The digest under which the record keeps a source's key, as `Request.source_key` has it."""
    return sha256(canonical.encode([mapping, key]).encode()).hexdigest()


def _public_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What counts need of the facts, and what names nobody."""
    request = facts.get("request", {})
    return {name: request[name] for name in kinds.PUBLIC_FACTS if name in request}


def _forgotten(unknown: tuple[str, ...]) -> dict[str, None]:
    """The public facts among those that are unknown after all."""
    return {name: None for name in kinds.PUBLIC_FACTS if f"request.{name}" in unknown or "request" in unknown}


def _filled(**parts: Any) -> dict[str, Any]:
    """The parts that say something."""
    return {name: part for name, part in parts.items() if part}


def _update(request: Request, state: projection.State) -> None:
    """Bring the caller's row to where the story now is."""
    for name, value in state.items():
        setattr(request, name, value)


def _request(writing: Batch, request_id: str) -> Request:
    return writing.row(writing.story(request_id))
