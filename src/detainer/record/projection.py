"""The present state of each request, derived from its events and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from detainer.record import canonical, ledger
from detainer.record.facts import moment_in
from detainer.record.models import Counter, Event, Request
from detainer.record.story import Step, Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

CHUNK = 2000
COLUMNS = [field.attname for field in Request._meta.concrete_fields]  # noqa: SLF001  # public, by its documentation


def row(story: Story) -> Request:
    """The row that stands for a story."""
    facts, times, law = story.facts, story.times, story.determination
    modalities = law.modalities if law else {}
    ends = law.ends("hold") if law else {}
    return Request(
        id=story.id,
        number=story.number,
        agency=story.agency,
        source=story.source,
        source_key=story.source_key,
        received_at=times["received"],
        form=story.public.get("form") or "",
        asks=story.public.get("asks") or [],
        sender=story.public.get("from") or "",
        purpose=story.public.get("purpose") or "",
        state="settled" if story.settled else "open",
        last_seq=story.last_seq,
        releasable_at=moment_in(facts, "custody", "releasable_at"),
        hold_started=moment_in(facts, "custody", "hold_started"),
        hold_ends=ends.get("until"),
        alarm_at=min(ends.values(), default=None),
        decided_at=law.at if law else None,
        modality_hold=modalities.get("hold", ""),
        modality_notify=modalities.get("notify", ""),
        modality_transfer=modalities.get("transfer", ""),
        **{f"{kind}_at": times.get(kind) for kind in OUTCOMES},
        past_release=story.past_release,
        custody_with=story.custody_with,
    )


OUTCOMES = ("held", "told", "transferred", "declined", "released", "withdrawn", "sealed")


def save(rows: Iterable[Request]) -> None:
    """Write rows, new and changed alike."""
    changing = [name for name in COLUMNS if name != "id"]
    Request.objects.bulk_create(
        rows, batch_size=CHUNK, update_conflicts=True, unique_fields=["id"], update_fields=changing
    )


def load(request_id: str) -> Story:
    """The story of one request as the database tells it now."""
    return next(stories(Event.objects.filter(request_id=request_id)), Story(request_id))


def stories(events: QuerySet[Event]) -> Iterator[Story]:
    """The story of every request that `events` holds, in the order of their ids."""
    found = events.order_by("request_id", "seq").values_list(
        "request_id", "seq", "kind", "agency", "happened", "author", "public", "envelope__body"
    )
    for request_id, steps in groupby(found.iterator(CHUNK), key=lambda step: step[0]):
        told = Story(request_id)
        for _, seq, kind, agency, happened, author, public, body in steps:
            said = canonical.decode(body) if body else None
            told.add(Step(seq, kind, agency, happened, author, canonical.decode(public), said))
        yield told


def derived() -> Iterator[Request]:
    """Every row as the events alone give it, in the order of their ids."""
    return map(row, stories(Event.objects.exclude(request_id="")))


def text(request: Request) -> str:
    """A row as canonical text, to compare to the byte."""
    return canonical.encode({name: getattr(request, name) for name in COLUMNS} | {"asks": list(request.asks)})


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what the events say: missing, too many, or other in the columns named."""

    request: str
    what: str


def differences() -> Iterator[Difference]:
    """Where the stored rows are not those that the events give; reads both in step and holds neither."""
    stored = Request.objects.order_by("id").iterator(CHUNK)
    right, kept = derived(), next(stored, None)
    for row_ in right:
        while kept is not None and kept.id < row_.id:
            yield Difference(kept.id, "a row that no event gives")
            kept = next(stored, None)
        if kept is None or kept.id != row_.id:
            yield Difference(row_.id, "its row is missing")
            continue
        wrong = [name for name in COLUMNS if getattr(kept, name) != getattr(row_, name)]
        if wrong:
            yield Difference(row_.id, f"its row differs from its events in {', '.join(wrong)}")
        kept = next(stored, None)
    while kept is not None:
        yield Difference(kept.id, "a row that no event gives")
        kept = next(stored, None)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found: how many requests there are, and how many rows it had to put right."""

    requests: int
    mended: int


def rebuild() -> Rebuilt:
    """Derive every row anew from the events, in one transaction that holds the ledger's head."""
    with ledger.appending():
        mended = sum(1 for _ in differences())
        Request.objects.all().delete()
        Counter.objects.all().delete()
        count = 0
        last: dict[tuple[str, int], int] = {}
        batch: list[Request] = []
        for row_ in derived():
            count += 1
            year, number = (int(part) for part in row_.number.split("-"))
            last[row_.agency, year] = max(number, last.get((row_.agency, year), 0))
            batch.append(row_)
            if len(batch) == CHUNK:
                save(batch)
                batch = []
        save(batch)
        Counter.objects.bulk_create(Counter(agency=agency, year=year, last=n) for (agency, year), n in last.items())
    return Rebuilt(count, mended)
