"""The present state of each request, derived from its events and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import BinaryField, DateTimeField, JSONField
from django.db.models.functions import Cast

from detainer.record import canonical, ledger, sending, terms
from detainer.record.facts import moment_in
from detainer.record.models import Counter, Event, Request, Term
from detainer.record.story import Step, Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

CHUNK = 2000
FIELDS = Request._meta.concrete_fields  # noqa: SLF001  # public, by its documentation
COLUMNS = [field.attname for field in FIELDS]
MOMENTS = [place for place, field in enumerate(FIELDS) if isinstance(field, DateTimeField)]
STRUCTURED = [place for place, field in enumerate(FIELDS) if isinstance(field, JSONField)]
OUTCOMES = ("held", "told", "transferred", "declined", "released", "withdrawn", "sealed", "expunged")
INSERT = f"INSERT INTO record_request ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608
UPSERT = f"{INSERT} ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in COLUMNS[1:])}"
COUNT = (
    "INSERT INTO record_counter (agency, year, last) VALUES (%s, %s, %s)"
    " ON CONFLICT (agency, year) DO UPDATE SET last = excluded.last"
)

TERM = "INSERT INTO record_term (request_id, term, agency) VALUES (%s, %s, %s)"
NO_TERM = "DELETE FROM record_term WHERE request_id = %s AND term = %s"

State = dict[str, Any]
Numbers = dict[tuple[str, int], int]


def state(story: Story) -> State:
    """The columns of the row that stands for a story."""
    facts, times, law = story.facts, story.times, story.determination
    modalities = law.modalities if law else {}
    ends = law.ends("hold") if law else {}
    releasable, held = moment_in(facts, "custody", "releasable_at"), times.get("held")
    return {
        "id": story.id,
        "number": story.number,
        "agency": story.agency,
        "source": story.source,
        "source_key": story.source_key,
        "received_at": times["received"],
        "form": story.public.get("form") or "",
        "asks": story.public.get("asks") or [],
        "sender": story.public.get("from") or "",
        "purpose": story.public.get("purpose") or "",
        "state": "settled" if story.settled else "open",
        "last_seq": story.last_seq,
        "settled_seq": story.settled_seq,
        "releasable_at": releasable,
        "hold_started": moment_in(facts, "custody", "hold_started"),
        "hold_ends": ends.get("until"),
        "alarm_at": min(ends.values(), default=None),
        "decided_at": law.at if law else None,
        "modality_hold": modalities.get("hold", ""),
        "modality_notify": modalities.get("notify", ""),
        "modality_transfer": modalities.get("transfer", ""),
        **{f"{kind}_at": times.get(kind) for kind in OUTCOMES},
        "past_release": story.past_release,
        "custody_with": story.custody_with,
        "deadline": min(ends.values(), default=None) if held else releasable,
        "waiting": " ".join(sorted(story.asked)),
    }


def row(story: Story) -> Request:
    """The row that stands for a story."""
    return row_of(state(story))


def row_of(made: State) -> Request:
    """The row with these columns."""
    values: list[Any] = [made[name] for name in COLUMNS]
    return Request(*values)  # type: ignore[misc]  # by place, which is much the quicker way


def prepared(states: Iterable[State]) -> sending.Rows:
    """The rows as `UPSERT` takes them."""
    return [_prepared(one) for one in states]


def counted(numbers: Numbers) -> sending.Rows:
    """The last number given in each agency's year, as `COUNT` takes it."""
    return [(agency, year, last) for (agency, year), last in numbers.items()]


def _prepared(made: State) -> tuple[Any, ...]:
    """The values as the database takes them, in the order of the columns."""
    values, operations = [made[name] for name in COLUMNS], connection.ops
    for place in MOMENTS:
        if values[place] is not None:
            values[place] = operations.adapt_datetimefield_value(values[place])
    for place in STRUCTURED:
        values[place] = operations.adapt_json_value(values[place], None)
    return tuple(values)


def load(request_id: str) -> Story:
    """The story of one request as the database tells it now."""
    return next(few_stories(Event.objects.filter(request_id=request_id)), Story(request_id))


def stories(events: QuerySet[Event]) -> Iterator[Story]:
    """The story of every request that `events` holds, in the order of their ids; read piece by piece."""
    yield from _told(_steps(events).iterator(CHUNK))


def few_stories(events: QuerySet[Event]) -> Iterator[Story]:
    """The same of few requests, read at once: without a cursor that outlives a transaction, which a pooler may lose."""
    yield from _told(list(_steps(events)))


def _steps(events: QuerySet[Event]) -> QuerySet[Event, tuple[Any, ...]]:
    return events.order_by("request_id", "seq").values_list(
        "request_id", "seq", "kind", "agency", "happened", "author", "public", "envelope__body"
    )


def _told(rows: Iterable[tuple[Any, ...]]) -> Iterator[Story]:
    for request_id, steps in groupby(rows, key=lambda step: step[0]):
        told = Story(request_id)
        for _, seq, kind, agency, happened, author, public, body in steps:
            said = canonical.decode(body) if body else None
            told.add(Step(seq, kind, agency, happened, author, canonical.decode(public), said))
        yield told


def derived() -> Iterator[tuple[State, sending.Rows]]:
    """Every row as the events alone give it, in the order of their ids, with the terms that the request is found by."""
    for story in stories(Event.objects.exclude(request_id="")):
        yield state(story), found_by(story)


def found_by(story: Story) -> sending.Rows:
    """The terms of a request, as `TERM` takes them."""
    return [(story.id, term, story.agency) for term in sorted(terms.of(story.person))]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the stored state is not what the events say."""

    where: str
    what: str


def differences() -> Iterator[Difference]:
    """Every row that is missing, too many or other than the events give it, to the byte; reads both in step."""
    numbers: Numbers = {}
    looked_for = _Sum()
    stored = _lying(Request.objects.order_by("id"), COLUMNS)
    kept = next(stored, None)
    for made, found in derived():
        _count(numbers, made)
        looked_for.add(found)
        right = _as_lying(_prepared(made) if connection.vendor == "sqlite" else (made[name] for name in COLUMNS))
        while kept and kept[0] < right[0]:
            yield Difference(f"request {_shown(kept[0])}", "a row that no event gives")
            kept = next(stored, None)
        if not kept or kept[0] != right[0]:
            yield Difference(f"request {made['id']}", "its row is missing")
            continue
        if wrong := [name for name, one, other in zip(COLUMNS, kept, right, strict=True) if one != other]:
            yield Difference(f"request {made['id']}", f"its row differs from its events in {', '.join(wrong)}")
        kept = next(stored, None)
    while kept:
        yield Difference(f"request {_shown(kept[0])}", "a row that no event gives")
        kept = next(stored, None)
    yield from _wrong_counters(numbers)
    there = _Sum()
    there.add(Term.objects.values_list("request_id", "term", "agency").iterator(CHUNK))
    if there != looked_for:
        yield Difference("terms", "requests are not found by exactly what their events say of the person")


@dataclass
class _Sum:
    """What rows add up to in any order, so that a million of them need no sorting."""

    count: int = 0
    total: int = 0

    def add(self, rows: Iterable[tuple[str, ...]]) -> None:
        for row in rows:
            self.count += 1
            self.total += int.from_bytes(sha256("\0".join(map(str, row)).encode("utf-8", "surrogateescape")).digest())


def _wrong_counters(numbers: Numbers) -> Iterator[Difference]:
    right = {_as_lying(place): _as_lying([last])[0] for place, last in numbers.items()}
    found = {row[:2]: row[2] for row in _lying(Counter.objects.all(), ["agency", "year", "last"])}
    for agency, year in sorted(right.keys() | found.keys()):
        given, last = right.get((agency, year)), found.get((agency, year))
        if given != last:
            what = f"the last given is {_shown(given)}, the counter says {_shown(last)}"
            yield Difference(f"numbers of {_shown(agency)} in {_shown(year)}", what)


def _count(numbers: Numbers, made: State) -> None:
    """The highest number given so far in each agency's year."""
    year, number = (int(part) for part in made["number"].split("-"))
    agency = made["agency"]
    numbers[agency, year] = max(number, numbers.get((agency, year), 0))


def _lying(rows: QuerySet[Any], columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """The rows as they lie in the database: on SQLite, where a column can hold anything, as bytes."""
    read = [Cast(name, BinaryField()) for name in columns] if connection.vendor == "sqlite" else columns
    return rows.values_list(*read).iterator(CHUNK)


def _as_lying(values: Iterable[Any]) -> tuple[Any, ...]:
    """What `_lying` gives for values that are right."""
    if connection.vendor != "sqlite":
        return tuple(values)
    return tuple(None if value is None else str(value).encode() for value in values)


def _shown(value: Any) -> str:
    return value.decode("ascii", "backslashreplace") if isinstance(value, bytes) else str(value)


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
        Term.objects.all().delete()
        count, numbers, rows, found = 0, Numbers(), list[State](), sending.Rows()
        for made, terms_of in derived():
            count += 1
            _count(numbers, made)
            rows.append(made)
            found += terms_of
            if len(rows) == CHUNK:
                sending.send([(INSERT, prepared(rows)), (TERM, found)])
                rows, found = [], []
        sending.send([(INSERT, prepared(rows)), (TERM, found)])
        sending.send([(COUNT, counted(numbers))])
    return Rebuilt(count, mended)
