"""The lives of all requests, kept from one report to the next: only what the ledger gained since is read.

The same lives come out as from reading every event, at the same checkpoint; `read` does that, at any checkpoint.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Count

from detainer.record import ledger
from detainer.record.models import Checkpoint, Event, Personal
from detainer.report import splits
from detainer.report.lives import GROUNDED, READ, SAYING, Life, local_day
from detainer.report.models import Reached, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


CHUNK = 20_000
ASKED = 500  # requests looked up by one statement
COLUMNS = ("request_id", "agency", "kind", "happened", "public", "seq")
Row = tuple[str, str, str, str, str, int]
_UPSERT = (
    "INSERT INTO report_told (request, agency, shape, talks) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (request) DO UPDATE SET shape = excluded.shape, talks = excluded.talks"
)


def lives(zones: Mapping[str, str]) -> tuple[Checkpoint, Sequence[Life]]:
    """The last checkpoint, and the lives of the agencies' requests up to it; `zones` are the agencies' time zones."""
    with transaction.atomic():
        checkpoint = catch_up(zones)
        return checkpoint, _alike(checkpoint.note, tuple(sorted(zones)))


@lru_cache(maxsize=4)
def _alike(note: str, agencies: tuple[str, ...]) -> tuple[Life, ...]:
    """What is kept of the agencies, like lives as one; the same for ever at one checkpoint, which `note` names."""
    told = Told.objects.filter(agency__in=agencies).order_by()
    plain = told.filter(talks="").values_list("agency", "shape").annotate(count=Count("shape"))
    found = [Life.of(agency, shape, "", count) for agency, shape, count in plain.iterator(CHUNK)]
    spoken = told.exclude(talks="").values_list("agency", "shape", "talks")
    return (*found, *(Life.of(*row) for row in spoken.iterator(CHUNK)))


def each(zones: Mapping[str, str]) -> Iterator[tuple[str, Life]]:
    """The id and the life of every request of the agencies, up to the last checkpoint."""
    with transaction.atomic():
        catch_up(zones)
        rows = Told.objects.filter(agency__in=list(zones)).order_by("request")
        for request, agency, shape, talks in rows.values_list("request", "agency", "shape", "talks").iterator(CHUNK):
            yield request, Life.of(agency, shape, talks)


def read(zones: Mapping[str, str], size: int) -> list[Life]:
    """The same from every event of the ledger's first `size`, whatever was kept."""
    found: dict[str, Life] = {}
    for chunk in _chunks(zones, 0, size):
        _take(found, chunk, zones)
    return list(found.values())


def catch_up(zones: Mapping[str, str]) -> Checkpoint:
    """Read what the ledger gained; the checkpoint that everything kept now stands on. Inside a transaction.

    A ledger that is shorter than what was read, or another one, is read from its beginning.
    """
    latest = ledger.latest()
    root = latest.note.split("\n")[2]
    reached = _locked()
    if (reached.size, reached.root) == (latest.size, root):
        return latest
    if not _grew_from(reached):
        Told.objects.all().delete()
        reached.size = 0
    from detainer.record import agencies

    known = {name: agency.timezone for name, agency in agencies.book().agencies.items()} | dict(zones)
    for chunk in _chunks(known, reached.size, latest.size):
        came = {row[0] for row in chunk if row[2] == "received"}
        found = dict(_kept({row[0] for row in chunk} - came))
        _take(found, chunk, known)
        with connection.cursor() as cursor:
            cursor.executemany(_UPSERT, [(request, life.agency, *life.shape()) for request, life in found.items()])
    reached.size, reached.root = latest.size, root
    reached.save()
    return latest


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


def _kept(requests: set[str]) -> Iterator[tuple[str, Life]]:
    """What was kept of these requests."""
    waiting = iter(sorted(requests))
    while some := list(islice(waiting, ASKED)):
        rows = Told.objects.filter(request__in=some).values_list("request", "agency", "shape", "talks")
        yield from ((request, Life.of(agency, shape, talks)) for request, agency, shape, talks in rows)


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
