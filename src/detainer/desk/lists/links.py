"""Requests that may belong together: candidates for a person to judge, and what people said of them. Never merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.wording.readings import REASONS, again
from detainer.desk.wording.words import tr
from detainer.intake import known
from detainer.record.kinds import LINKS
from detainer.record.models import Event, Request

# What a person can say of two requests, of the later one: the record says the other end by itself.
ANSWERS = (
    ("supersedes", "The later one takes the place of the earlier"),
    ("superseded_by", "The earlier one takes the place of the later"),
    ("duplicates", "One request that came twice"),
    ("distinct", "Not one request: both stand"),
)
_HOW = {
    "supersedes": "The later one takes the earlier one’s place",
    "superseded_by": "The earlier one takes the later one’s place",
    "duplicates": "One request that came twice",
    "same_person": "Two requests for one person",
}
_AS = {
    "supersedes": "takes the place of",
    "superseded_by": "its place was taken by",
    "duplicates": "came twice, also as",
    "distinct": "is another request than",
}


@dataclass(frozen=True)
class Candidate:
    """Two requests that may belong together, the later first; how, why that is thought, and what to answer at first."""

    late: Request
    early: Request
    how: str
    why: tuple[str, ...]
    surely: bool
    suggested: str


def candidates(looked: Iterable[Request]) -> Iterator[Candidate]:
    """Every pair of one of these requests and one like it that nobody has judged; the surest first."""
    pairs = sorted(known.pairs(looked), key=lambda pair: (not pair[1].surely, pair[1].how == "same_person", pair[0]))
    there = Request.objects.filter(sealed_at=None).in_bulk(
        {one for late, early in pairs for one in (late, early.request_id)}
    )
    for late, early in pairs:
        if late in there and early.request_id in there:
            suggested = early.how if early.how in LINKS else ""
            yield Candidate(
                there[late],
                there[early.request_id],
                tr(_HOW[early.how]),
                again(early.why, REASONS),
                early.surely,
                suggested,
            )


def numbers(events: Iterable[Event], duties: Duties) -> Mapping[str, str]:
    """The numbers of the requests that these events link, as far as this person may see them."""
    ids = {event.published()["to"] for event in events if event.kind == "linked"}
    found = Request.objects.filter(id__in=ids, agency__in=duties.agencies(Action.SEE_PERSON))
    return {
        one.id: one.number for one in found if not one.sealed_at or one.agency in duties.agencies(Action.SEE_SEALED)
    }


def of(events: Iterable[Event], duties: Duties) -> list[tuple[str, str, str]]:
    """What this request is linked to: words, id and number; the last word on each pair alone."""
    linked = [event for event in events if event.kind == "linked"]
    last = {event.published()["to"]: event.published()["as"] for event in linked}
    shown = numbers(linked, duties)
    return [(tr(_AS[how]), other, shown[other]) for other, how in last.items() if other in shown]
