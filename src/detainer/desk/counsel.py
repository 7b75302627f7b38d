"""Open questions for counsel, as the record tells them: what waits on each open request, what was answered before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from detainer.desk.values import DECISION_WORDS
from detainer.desk.words import tr
from detainer.record.kinds import GUARDED
from detainer.record.models import Event, Request
from detainer.record.story import touches

READINGS = (
    ("cautious", "The cautious reading stands"),
    ("other", "The other reading is right; the law file has to say so"),
)


@dataclass(frozen=True)
class Waiting:
    """One question on one request that counsel has not answered, and in words the steps that wait for the answer."""

    request: Request
    law: str
    question: str
    asks: str
    cite: str
    cautious: str
    since: datetime
    stops: tuple[str, ...]


@dataclass(frozen=True)
class Given:
    """An answer that counsel gave on a request: who, when, which reading, why ("" once it is sealed or expunged)."""

    author: str
    at: datetime
    stands: str
    reason: str
    number: str


def waiting_on(found: Request) -> list[Waiting]:
    """The questions that wait on one request; none where it is settled or has to be decided again."""
    story = found.story()
    law = story.determination
    if law is None or story.stale or story.settled:
        return []
    return [
        Waiting(
            found,
            asked["law"],
            asked["id"],
            asked["asks"],
            asked["cite"],
            asked.get("cautious", ""),
            law.at,
            tuple(tr(DECISION_WORDS[decision]) for decision in GUARDED.values() if touches(asked, decision)),
        )
        for asked in story.for_counsel()
    ]


def waiting(agencies: Iterable[str]) -> list[Waiting]:
    """Every question that waits at these agencies, the oldest first."""
    at = Request.objects.filter(agency__in=list(agencies), state="open", sealed_at=None, decided_at__isnull=False)
    found = [one for request in at.order_by("decided_at", "id") for one in waiting_on(request)]
    return sorted(found, key=lambda one: one.since)


def answered(agencies: Iterable[str]) -> Mapping[tuple[str, str], list[Given]]:
    """The answers that counsel gave at these agencies, by law and question, the last first."""
    given: dict[tuple[str, str], list[Given]] = {}
    events = Event.objects.filter(kind="advised", agency__in=list(agencies)).order_by("-seq")
    rows = list(events.values_list("request_id", "author", "happened", "public", "envelope__body"))
    shown = Request.objects.filter(id__in={row[0] for row in rows}, sealed_at=None)
    numbers = dict(shown.values_list("id", "number"))
    for request_id, author, happened, public, body in rows:
        said = json.loads(public)
        reason = json.loads(body).get("note", "") if body and request_id in numbers else ""
        one = Given(author, datetime.fromisoformat(happened), said["stands"], reason, numbers.get(request_id, ""))
        given.setdefault((said["law"], said["question"]), []).append(one)
    return given
