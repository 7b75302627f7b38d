"""What happened to a request, step by step, as a page tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from detainer.desk.request import contacts
from detainer.desk.request.papers import WAYS
from detainer.desk.wording.clockwords import moment
from detainer.desk.wording.values import DECISION_WORDS, requester
from detainer.desk.wording.words import say, sentences, tr
from detainer.record.models import Event

LOOKS = "viewed"
_DEEDS = {"expunged": "expunging", "held": "the hold", "told": "telling of release", "transferred": "handing over"}
_APPROVING = {
    "asked": "asked for a second person’s approval of {deed}",
    "approved": "approved {deed} as second person",
    "refused": "refused approval of {deed}",
}
_WORDS = {
    "received": "recorded the request",
    "facts": "recorded facts",
    "corrected": "corrected the record",
    "noted": "noted",
    "advised": "answered for counsel",
    "decided": "asked the law",
    "released": "recorded the release",
    "withdrawn": "recorded that the request was withdrawn",
    "held": "recorded that the hold began",
    "replied": "made the reply",
    "paper": "made a paper",
    "alerted": "raised an alert",
    "sealed": "sealed the record",
    "unsealed": "unsealed the record",
    "expunged": "expunged the record: the personal data is destroyed",
    "reopened": "reopened the request",
    "custody_moved": "recorded that custody moved",
    "attached": "kept a paper that came with the request",
    "viewed": "looked",
    "exported": "exported the file",
}
_LINKS = {
    "supersedes": "recorded that it takes the place of {other}",
    "superseded_by": "recorded that {other} takes its place",
    "duplicates": "recorded that it and {other} are one request that came twice",
    "distinct": "recorded that it and {other} are not one request",
}
_ADVISED = (
    "answered for counsel that the cautious reading stands ({law}, {question})",
    "answered for counsel that the other reading is right ({law}, {question})",
)
_LATE = timedelta(minutes=2)


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: when it happened, who did what, what was noted, when it was entered if that differs."""

    when: str
    iso: str
    who: str
    what: str
    note: str
    entered: str
    leaf: int


def timeline(
    events: Iterable[Event],
    bodies: Mapping[int, Mapping[str, Any]],
    names: Mapping[str, str],
    from_: str,
    zone: ZoneInfo,
    *,
    now: datetime,
    numbers: Mapping[str, str] | None = None,
) -> list[Entry]:
    """Every step but the looks, in the order in which it was entered; `numbers` are those of linked requests."""
    others = numbers or {}
    return [_entry(event, bodies, names, from_, zone, now, others) for event in events if event.kind != LOOKS]


def looks(events: Iterable[Event], names: Mapping[str, str], zone: ZoneInfo, *, now: datetime) -> list[Entry]:
    """Who looked at this record, the last first."""
    seen = [_entry(event, {}, names, "", zone, now) for event in events if event.kind == LOOKS]
    return seen[::-1]


def _entry(
    event: Event,
    bodies: Mapping[int, Mapping[str, Any]],
    names: Mapping[str, str],
    from_: str,
    zone: ZoneInfo,
    now: datetime,
    numbers: Mapping[str, str] = MappingProxyType({}),
) -> Entry:
    body = bodies.get(event.seq, {})
    late = event.entered_at - event.happened_at > _LATE
    return Entry(
        moment(event.happened_at, zone, now=now),
        event.happened_at.isoformat(),
        names.get(event.author, event.author),
        _what(event, body, from_, numbers),
        str(body.get("note", "")) or _order(body),
        say("entered {when}", when=moment(event.entered_at, zone, now=now)) if late else "",
        event.seq,
    )


def _order(body: Mapping[str, Any]) -> str:
    """The order that a seal, its end or an expunging rests on."""
    said = body.get("detail", {})
    return f"{said['by']}, {said['order']}, {said['dated']}" if {"by", "order", "dated"} <= said.keys() else ""


def _linked(said: Mapping[str, Any], numbers: Mapping[str, str]) -> str:
    """How two requests belong together; one that this person may not see has no number."""
    return say(_LINKS[said["as"]], other=numbers.get(said["to"]) or tr("another request"))


def _what(event: Event, body: Mapping[str, Any], from_: str, numbers: Mapping[str, str]) -> str:
    """The step in words."""
    said, them = event.published(), requester(from_)
    deed = tr(_DEEDS.get(said.get("for", ""), "a step"))
    match event.kind:
        case "decided":
            headline = sentences(body.get("answer", {}).get("headline", ""))
            return say("asked the law: {headline}", headline=headline) if headline else tr("asked the law")
        case "declined":
            of = [tr(DECISION_WORDS.get(one, one)) for one in said.get("of", ())]
            return say("declined to {what}", what=", ".join(of)) if of else tr("declined the request")
        case "advised":
            cautious = said["stands"] == "cautious"
            return say(_ADVISED[0 if cautious else 1], law=said["law"], question=said["question"])
        case "asked" | "approved" | "refused":
            return say(_APPROVING[event.kind], deed=deed)
        case "delivered":
            return say(
                "recorded that the paper of entry {entry} was {how}", entry=said["of"], how=tr(WAYS[said["way"]])
            )
        case "contact" | "linked":
            return contacts.says(said) if event.kind == "contact" else _linked(said, numbers)
        case "told":
            return say("recorded that {them} was told of the release", them=them)
        case "transferred":
            return say("recorded that the person was handed over to {them}", them=them)
    return tr(_WORDS.get(event.kind, event.kind.replace("_", " ")))
