"""Open questions for counsel, as the record tells them: what waits on each open request, what was answered before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from detainer.desk.wording.values import DECISION_WORDS
from detainer.desk.wording.words import tr
from detainer.record.kinds import GUARDED
from detainer.record.models import Event, Request
from detainer.record.projection import few_stories
from detainer.record.story import Story, touches

_TOGETHER = 100  # requests read at once
_NOTHING = '"counsel":[]'  # as an answer without a question is kept; in a text its quotation marks would be escaped

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


def waiting_on(found: Request, story: Story | None = None) -> list[Waiting]:
    """The questions that wait on one request, whose `story` may be known; none if settled, or to be decided again."""
    return _waiting(found, story or found.story())


def waiting(agencies: Iterable[str], after: Request | None = None) -> Iterator[Waiting]:
    """Every question that waits at these agencies, the oldest first; those decided after a request, where one is given.

    It reads some requests at a time, so that whoever needs the first ones alone reads no more.
    """
    at = Request.objects.filter(agency__in=list(agencies), state="open", sealed_at=None, decided_at__isnull=False)
    if after:
        at = at.filter(Q(decided_at__gt=after.decided_at) | Q(decided_at=after.decided_at, id__gt=after.id))
    rows = at.order_by("decided_at", "id")
    for start in range(0, rows.count(), _TOGETHER):
        some = list(rows[start : start + _TOGETHER])
        decided = Event.objects.filter(request_id__in=[row.id for row in some], kind="decided")
        carrying = decided.exclude(envelope__body__contains=_NOTHING).values_list("request_id", flat=True)
        told = {one.id: one for one in few_stories(Event.objects.filter(request_id__in=set(carrying)))}
        for row in some:
            if row.id in told:
                yield from _waiting(row, told[row.id])


def _waiting(found: Request, story: Story) -> list[Waiting]:
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
