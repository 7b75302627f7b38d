"""The lives of all requests, kept from one report to the next: only what the ledger gained since is read.

While the ledger grows, what is kept grows with it, so that a first report over a large record reads little. The same
lives come out as from reading every event, at the same checkpoint; `read` does that, at any checkpoint.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain, islice
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q

from detainer.record import agencies, ledger
from detainer.record.models import Checkpoint, Event, Personal, Request
from detainer.report import splits
from detainer.report.lives import GROUNDED, READ, SAYING, Life, local_day
from detainer.report.models import Alike, Reached, Told, Touched
from detainer.report.tally import Beyond

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from django.db.models import QuerySet


CHUNK = 20_000
ASKED = 500  # requests looked up by one statement
COLUMNS = ("request_id", "agency", "kind", "happened", "public", "seq")
Row = tuple[str, str, str, str, str, int]
STEP = 256  # events by which what is kept may lag behind the ledger while it grows
LAG = 4  # steps behind which nobody who writes makes up for them
_UPSERT = (
    'INSERT INTO report_told (request, agency, shape, talks, "first", "last") VALUES (%s, %s, %s, %s, %s, %s)'
    " ON CONFLICT (request) DO UPDATE SET shape = excluded.shape, talks = excluded.talks,"
    ' "first" = excluded."first", "last" = excluded."last"'
)
_ADD = (
    'INSERT INTO report_alike (agency, shape, requests, "first", "last") VALUES (%s, %s, %s, %s, %s)'
    " ON CONFLICT (agency, shape) DO UPDATE SET requests = report_alike.requests + excluded.requests"
)
_MARK = (
    "INSERT INTO report_touched (agency, month, mark) VALUES (%s, %s, %s)"
    " ON CONFLICT (agency, month) DO UPDATE SET mark = excluded.mark"
)
_DROP = "DELETE FROM report_alike WHERE agency = %s AND shape = %s AND requests = 0"
Shape = tuple[str, str, str]  # agency, steps, exchanges ("" for none)


def lives(zones: Mapping[str, str]) -> tuple[Checkpoint, Sequence[Life]]:
    """The last checkpoint, and the lives of the agencies' requests up to it; `zones` are the agencies' time zones."""
    with transaction.atomic():
        checkpoint = catch_up(zones)
        return checkpoint, _alike(checkpoint.note, tuple(sorted(zones)))


@lru_cache(maxsize=2)
def _alike(note: str, whose: tuple[str, ...]) -> tuple[Life, ...]:
    """What is kept of the agencies, like lives as one; the same for ever at one checkpoint, which `note` names."""
    return tuple(Life.of(*row) for row in _rows(whose, Q()))


def within(whose: Iterable[str], start: date, end: date) -> list[Life]:
    """The lives of agencies' requests of which something lies in a period, as far as `catch_up` has come.

    Only these are read, so that a year costs what a year holds, however long the record is.
    """
    return [Life.of(*row) for row in _rows(list(whose), Q(last__gte=start, first__lte=end))]


def beyond(whose: Iterable[str]) -> Beyond:
    """What a count over any period must know of all the lives of these agencies."""
    found = list(whose)
    return Beyond(_begins(found), _spoken(found).exists())


def marks(whose: Iterable[str], start: date, end: date) -> tuple[tuple[str, str, str], ...]:
    """What is another one as soon as anything of a period may count otherwise than before."""
    first, last = start.isoformat()[:7], end.isoformat()[:7]
    found = Touched.objects.filter(agency__in=list(whose), month__gte=first, month__lte=last)
    return tuple(found.order_by("agency", "month").values_list("agency", "month", "mark"))


def _rows(whose: Iterable[str], which: Q) -> Iterator[tuple[str, str, str, int]]:
    """Agency, shape, exchanges and how many of each life that is kept."""
    plain = Alike.objects.filter(which, agency__in=whose).order_by().values_list("agency", "shape", "requests")
    yield from ((agency, shape, "", count) for agency, shape, count in plain.iterator(CHUNK))
    spoken = _spoken(whose).filter(which).order_by().values_list("agency", "shape", "talks")
    yield from ((*row, 1) for row in spoken.iterator(CHUNK))


def _spoken(whose: Iterable[str]) -> QuerySet[Told]:
    return Told.objects.filter(agency__in=whose).exclude(talks="")


def _begins(whose: Iterable[str]) -> date | None:
    """The first day of which anything is kept."""
    firsts = [
        kept.filter(agency=agency, first__isnull=False).order_by("first").values_list("first", flat=True).first()
        for agency in whose
        for kept in (Alike.objects.all(), _spoken(whose))
    ]
    return min((day for day in firsts if day is not None), default=None)


def requests(
    zones: Mapping[str, str],
    wanted: Callable[[Life], bool],
    *,
    after: tuple[datetime, str] | None,
    limit: int,
    only: Q | None = None,
    between: tuple[date, date] = (date.min, date.max),
) -> list[Request]:
    """The agencies' first `limit` requests whose lives are wanted, `only` such, in the order in which they came.

    Something of the wanted ones lies `between` two days. Only requests are read that came on a day on which a wanted
    one came; `after` is the last one known already.
    """
    asked = lru_cache(maxsize=None)(lambda *shape: wanted(Life.of(*shape)))
    with transaction.atomic():
        catch_up(zones)
        alike = within(zones, *between)
        days = {(life.agency, life.days["received"]) for life in alike if "received" in life.days and wanted(life)}
        came = chain.from_iterable(_came(zones, span, after, only or Q()) for span in _spans(days, zones))
        found: list[Request] = []
        while len(found) < limit and (some := list(islice(came, ASKED))):
            shapes = dict(_kept({one.id for one in some}))
            found += [one for one in some if one.id in shapes and asked(*shapes[one.id])]
    return found[:limit]


def _came(
    zones: Mapping[str, str], span: tuple[datetime, datetime], after: tuple[datetime, str] | None, only: Q
) -> Iterator[Request]:
    """The agencies' requests that came in a span of time, in order."""
    rows = Request.objects.filter(agency__in=list(zones), received_at__gte=span[0], received_at__lt=span[1])
    rows = rows.filter(only)
    if after is not None:
        rows = rows.filter(Q(received_at__gt=after[0]) | Q(received_at=after[0], id__gt=after[1]))
    return rows.order_by("received_at", "id").iterator(ASKED)


def _spans(days: Iterable[tuple[str, date]], zones: Mapping[str, str]) -> Iterator[tuple[datetime, datetime]]:
    """The days of agencies as spans of time that do not touch, in order."""
    begun: tuple[datetime, datetime] | None = None
    for start, end in sorted(_day(day, ZoneInfo(zones[agency])) for agency, day in days):
        if begun is not None and start > begun[1]:
            yield begun
            begun = None
        begun = (start, end) if begun is None else (begun[0], max(begun[1], end))
    if begun is not None:
        yield begun


def _day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From a day's first moment to the next one's."""
    first, last = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
    return first.astimezone(UTC), last.astimezone(UTC)


def read(zones: Mapping[str, str], size: int) -> list[Life]:
    """The same from every event of the ledger's first `size`, whatever was kept."""
    found: dict[str, Life] = {}
    for chunk in _chunks(zones, 0, size):
        _take(found, chunk, zones)
    return list(found.values())


def catch_up(zones: Mapping[str, str] = MappingProxyType({})) -> Checkpoint:
    """Read what the ledger gained; the checkpoint that everything kept now stands on. Inside a transaction.

    A ledger that is shorter than what was read, or another one, is read from its beginning.
    """
    reached = _locked()  # before the ledger is looked at, so that nobody goes on from there meanwhile
    latest = ledger.latest()
    root = latest.note.split("\n")[2]
    if (reached.size, reached.root) == (latest.size, root):
        return latest
    if not _grew_from(reached):
        _forget()
        reached.size = 0
    known = {name: agency.timezone for name, agency in agencies.book().agencies.items()} | dict(zones)
    for chunk in _chunks(known, reached.size, latest.size):
        _keep(chunk, known)
    reached.size, reached.root = latest.size, root
    reached.save()
    return latest


def follow(before: int, after: int) -> None:
    """Keep up with a ledger that grew from `before` to `after` events, a step of it at a time; in its transaction.

    What lags further behind, such as a record older than what is kept, waits for the first report or `rebuild`.
    """
    if before // STEP == after // STEP:
        return
    reached = Reached.objects.filter(id=1).first()
    if (reached.size if reached else 0) <= before - LAG * STEP:
        return
    with transaction.atomic():
        # Whoever counts at this moment keeps up by that: a writer, for whom all others wait, does not wait for them.
        if reached is None or Reached.objects.select_for_update(skip_locked=True).filter(id=1).first():
            catch_up()


def rebuild() -> int:
    """Count every life anew from the events; how many groups of like lives were not as they should be."""
    if not ledger.head().size:
        return 0
    with transaction.atomic():
        catch_up()  # what merely lags behind is not wrong
        before = _groups()
        _forget()
        Reached.objects.update(size=0, root="")
        catch_up()
        return len({shape[:2] for shape in before ^ _groups()})


def _groups() -> set[tuple[str, str, int, date | None, date | None]]:
    return set(Alike.objects.values_list("agency", "shape", "requests", "first", "last").iterator(CHUNK))


def _forget() -> None:
    for kept in (Told, Alike, Touched):
        kept.objects.all().delete()


def _keep(chunk: list[Row], zones: Mapping[str, str]) -> None:
    """Take events into what is kept: each request's life, and how many are alike."""
    came = {row[0] for row in chunk if row[2] == "received"}
    before = dict(_kept({row[0] for row in chunk} - came))
    found = {request: Life.of(*shape) for request, shape in before.items()}
    spans = {life.shape()[0]: life.span() for life in found.values() if not life.talks}
    months = {request: life.months() for request, life in found.items()}
    _take(found, chunk, zones)
    after: dict[str, Shape] = {request: (life.agency, *life.shape()) for request, life in found.items()}
    spans |= {after[request][1]: life.span() for request, life in found.items() if not life.talks}
    change = Counter(shape[:2] for shape in after.values() if not shape[2])
    change.subtract(shape[:2] for shape in before.values() if not shape[2])
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT, [(request, *shape, *found[request].span()) for request, shape in after.items()])
        added = [(*shape, number, *spans[shape[1]]) for shape, number in sorted(change.items()) if number]
        cursor.executemany(_ADD, added)
        changed = [request for request, shape in after.items() if before.get(request) != shape]
        touched = {
            (after[request][0], month)
            for request in changed
            for month in found[request].months() | months.get(request, set())
        }
        mark = secrets.token_hex(8)
        cursor.executemany(_MARK, [(*where, mark) for where in sorted(touched)])
        cursor.executemany(_DROP, [shape for shape, number in sorted(change.items()) if number < 0])


def _chunks(zones: Iterable[str], first: int, last: int) -> Iterator[list[Row]]:
    found = Event.objects.filter(kind__in=READ, agency__in=list(zones), seq__gte=first, seq__lt=last)
    rows = found.order_by("seq").values_list(*COLUMNS).iterator(CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _take(found: dict[str, Life], chunk: list[Row], zones: Mapping[str, str]) -> None:
    """Take the events into the lives found so far."""
    clocks = {name: ZoneInfo(zone) for name, zone in zones.items()}
    grounds = _grounds([row[5] for row in chunk if row[2] in GROUNDED])
    for request, agency, kind, happened, public, seq in chunk:
        life = found.get(request)
        if life is None:
            life = found[request] = Life(agency=agency)
        clock, said = clocks[agency], json.loads(public) if kind in SAYING else {}
        life.take(kind, local_day(happened, clock), said, clock, grounds.get(seq, ""))


def _grounds(events: list[int]) -> dict[int, str]:
    """What the search found, where the personal data of these events says it and is still there."""
    found = {}
    for start in range(0, len(events), ASKED):
        rows = Personal.objects.filter(event_id__in=events[start : start + ASKED]).values_list("event_id", "body")
        for seq, body in rows:
            ground = json.loads(body).get("detail", {}).get("ground", "")
            if ground in splits.GROUNDS:
                found[seq] = ground
    return found


def _kept(requests: set[str]) -> Iterator[tuple[str, Shape]]:
    """What was kept of these requests."""
    waiting = iter(sorted(requests))
    while some := list(islice(waiting, ASKED)):
        rows = Told.objects.filter(request__in=some).values_list("request", "agency", "shape", "talks")
        yield from ((request, (agency, shape, talks)) for request, agency, shape, talks in rows)


def _grew_from(reached: Reached) -> bool:
    """Whether the ledger still has the checkpoint that was read up to."""
    if not reached.size:
        return False
    then = Checkpoint.objects.filter(size=reached.size).values_list("note", flat=True).first()
    return then is not None and then.split("\n")[2] == reached.root


def _locked() -> Reached:
    found = Reached.objects.select_for_update().filter(id=1).first()
    if found is None:
        Reached.objects.bulk_create([Reached(id=1)], ignore_conflicts=True)
        found = Reached.objects.select_for_update().get(id=1)
    return found
