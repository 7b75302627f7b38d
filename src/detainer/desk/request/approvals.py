"""Steps that wait for a second person, as the events tell it: asked for, then approved, refused or overtaken."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from detainer.record.models import Event, Request
from detainer.record.story import OVERTAKING

STEPS = {"held": "hold", "told": "notify", "transferred": "transfer"}
_RESTS_ON = ("received", "facts", "corrected")


@dataclass(frozen=True)
class Asked:
    """One step that waits: which, who asked, when."""

    request_id: str
    step: str
    author: str
    at: datetime
    seq: int


@dataclass
class Pending:
    """The open steps of one request: asked and not yet answered, approved and not yet taken."""

    asked: dict[str, Asked] = field(default_factory=dict)
    approved: dict[str, str] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        """Take the next event of the request."""
        step = json.loads(event.public).get("for", "")
        if step == "expunged":
            return  # it waits among the sealed records
        if event.kind == "asked":
            self.asked[step] = Asked(event.request_id, step, event.author, event.entered_at, event.seq)
        elif event.kind in ("approved", "refused"):
            self.asked.pop(step, None)
            if event.kind == "approved":
                self.approved[step] = event.author
        elif event.kind in STEPS:
            self.approved.pop(event.kind, None)
        if event.kind in OVERTAKING:
            self.asked.clear()
            self.approved.clear()


def pending(request_id: str) -> Pending:
    """What waits on one request now."""
    found = Pending()
    for event in Event.objects.filter(request_id=request_id).order_by("seq"):
        found.add(event)
    return found


def waiting(agencies: Iterable[str]) -> list[Asked]:
    """Every step at these agencies that waits for a second person, the oldest first."""
    ids = _waiting(agencies).values_list("id", flat=True)
    found: dict[str, Pending] = {}
    for event in Event.objects.filter(request_id__in=list(ids)).order_by("seq"):
        found.setdefault(event.request_id, Pending()).add(event)
    return sorted((asked for one in found.values() for asked in one.asked.values()), key=lambda asked: asked.seq)


def requests_that_wait(agencies: Iterable[str]) -> set[str]:
    """The requests at these agencies of which a step waits for a second person."""
    return set(_waiting(agencies).values_list("id", flat=True))


def how_many_wait(agencies: Iterable[str]) -> int:
    """How many steps at these agencies wait for a second person."""
    return sum(len(steps.split()) for steps in _waiting(agencies).values_list("waiting", flat=True))


def _waiting(agencies: Iterable[str]) -> QuerySet[Request]:
    return Request.objects.filter(agency__in=list(agencies), state="open", sealed_at=None).exclude(waiting="")


def entered_by(request_id: str) -> frozenset[str]:
    """Everybody who entered what an approval would rest on: the request, its facts, the asking."""
    return who_entered([request_id]).get(request_id, frozenset())


def keepers(entered: Iterable[str]) -> frozenset[str]:
    """Whoever made, or took a new secret of, a token among these authors: they can enter as that program."""
    programs = {author.removeprefix("token:") for author in entered if author.startswith("token:")}
    if not programs:
        return frozenset()
    made = Event.objects.filter(kind__in=["token_made", "token_rotated"]).values_list("author", "public")
    return frozenset(author for author, public in made if json.loads(public)["token"] in programs)


def who_entered(ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """The same for several requests at once."""
    events = Event.objects.filter(request_id__in=list(ids), kind__in=[*_RESTS_ON, "asked"])
    found: dict[str, set[str]] = {}
    for request_id, author in events.values_list("request_id", "author"):
        found.setdefault(request_id, set()).add(author)
    return {request_id: frozenset(authors) for request_id, authors in found.items()}
