"""Duties that the law sets for a request, with their moments and the papers that fulfilled them; derived, not kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from detainer.record.canonical import read_moment
from detainer.record.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detainer.record.models import Request
    from detainer.record.story import Story

PAPER_KINDS = ("paper", "replied")


@dataclass(frozen=True, slots=True)
class Made:
    """A paper that was made for a request: its kind, its language, and the SHA-256 of its PDF, its HTML and words.

    `delivered` and `way` say when and how it was first handed over or sent, as far as that is on record.
    """

    seq: int
    kind: str
    language: str
    at: datetime
    author: str
    pdf: str
    twin: str
    words: str
    delivered: datetime | None = None
    way: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty of a request: what the law asks, the paper that fulfils it, its moment, and the paper that did.

    `due_at` is None while the step it follows has not happened, or where the law names no moment that the record
    knows; `due` then says it in words. With `reminder` the law gives no hours and `due_at` is the desk's reminder.
    """

    id: str
    law: str
    cite: str
    says: str
    due: str
    paper: str
    after: str
    due_at: datetime | None
    reminder: bool
    waits: bool
    done: Made | None

    @property
    def name(self) -> str:
        """By which an alert names it."""
        return f"duty:{self.law}:{self.id}"


def papers(events: Iterable[Event]) -> list[Made]:
    """The papers that were made, in the order in which they were."""
    listed = list(events)
    first: dict[int, Event] = {}
    for event in listed:
        if event.kind == "delivered":
            first.setdefault(int(event.published()["of"]), event)
    return [_made(event, first.get(event.seq)) for event in listed if event.kind in PAPER_KINDS]


def of(request: Request) -> list[Owed]:
    """The duties of a request as its last determination set them, its papers held against them."""
    events = Event.objects.filter(request_id=request.id, kind__in=(*PAPER_KINDS, "delivered")).order_by("seq")
    return owed(request.story(), papers(events))


def owed(story: Story, made: Iterable[Made]) -> list[Owed]:
    """The duties that a paper fulfils, each with the first paper made of that kind since the step it follows."""
    law, done = story.determination, list(made)
    if law is None or law.answer is None:
        return []
    found = []
    for duty in law.answer["duties"]:
        if not duty.get("paper"):
            continue
        after = duty.get("after", "")
        start = story.times.get(after) if after else None
        due = _moment(start, duty)
        fits = (one for one in done if one.kind == duty["paper"] and (start is None or one.at >= start))
        found.append(
            Owed(
                id=duty["id"],
                law=duty["law"],
                cite=duty["cite"],
                says=duty["says"],
                due=duty["due"],
                paper=duty["paper"],
                after=after,
                due_at=due,
                reminder=bool(duty.get("reminder")),
                waits=bool(after) and start is None,
                done=None if after and start is None else next(fits, None),
            )
        )
    return found


def _moment(start: datetime | None, duty: dict[str, object]) -> datetime | None:
    """When a duty is due: so many hours after its step, or the moment that the law's own clock gave."""
    hours = duty.get("hours")
    if start is not None and isinstance(hours, int):
        return start + timedelta(hours=hours)
    given = duty.get("due_at")
    return read_moment(given) if isinstance(given, str) and not duty.get("after") else None


def _made(event: Event, delivered: Event | None) -> Made:
    said = event.published()
    kind, _, digest = str(said.get("document", "")).partition(":")
    return Made(
        event.seq,
        kind or ("reply" if event.kind == "replied" else ""),
        str(said.get("language", "")),
        event.happened_at,
        event.author,
        digest.removeprefix("sha256:"),
        str(said.get("twin", "")).removeprefix("sha256:"),
        str(said.get("words", "")).removeprefix("sha256:"),
        delivered.happened_at if delivered else None,
        str(delivered.published()["way"]) if delivered else "",
    )
