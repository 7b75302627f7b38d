"""The system's state, for whoever keeps it running: nothing of any case."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import django
from django.db import connection
from django.db.models import Min

from detainer import __version__, setup
from detainer.desk.wording.clockwords import moment, remaining
from detainer.desk.wording.words import say, tr
from detainer.house import house
from detainer.record import ledger
from detainer.record.models import Event
from detainer.watch.loop import stopped_since
from detainer.watch.models import Beat, Delivery, Notice

Row = tuple[str, str, bool]
_LOW = 1024**3  # of the disk: less than this is told as trouble


def parts(zone: ZoneInfo, *, now: datetime) -> list[tuple[str, list[Row]]]:
    """Each part with its lines: what, how it stands, and whether it is in order."""
    return [
        ("The watch", list(_watch(zone, now))),
        ("The ledger", list(_ledger(zone, now))),
        ("Database and disk", list(_space())),
        ("Outbox", list(_outbox(zone, now))),
        ("Program", list(_program())),
    ]


def _watch(zone: ZoneInfo, now: datetime) -> Iterator[Row]:
    since = stopped_since(now)
    yield tr("State"), tr("stopped: nobody is alerted when a hold ends" if since else "running"), since is None
    for beat in Beat.objects.order_by("-at")[:5]:
        yield (
            say("Worker {name}", name=beat.worker),
            say("last round {when} ({left})", when=moment(beat.at, zone, now=now), left=remaining(beat.at, now=now)),
            True,
        )


def _ledger(zone: ZoneInfo, now: datetime) -> Iterator[Row]:
    head = ledger.head()
    if not head.size:
        yield tr("Entries"), tr("none yet"), True
        return
    last = ledger.latest()
    origin, size, root = last.note.split("\n")[:3]
    entered = Event.objects.get(seq=head.size - 1).entered_at
    yield tr("Record"), origin, True
    when = moment(entered, zone, now=now)
    yield tr("Entries"), say("{n}; the last was made {when}", n=f"{head.size:,}", when=when), True
    told = say("number {n}, over {size} entries, root {root}", n=last.place, size=f"{int(size):,}", root=root)
    yield tr("Checkpoint"), told, int(size) == head.size


def _space() -> Iterator[Row]:
    yield tr("Database"), setup.place(), True
    yield tr("Its size"), _bytes(_database_size()), True
    disk = shutil.disk_usage(house().home)
    told = say("{free} of {total}", free=_bytes(disk.free), total=_bytes(disk.total))
    yield tr("Free on the disk of the house"), told, disk.free > _LOW


def _database_size() -> int:
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        return sum(one.stat().st_size for one in (file, Path(f"{file}-wal")) if one.is_file())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _outbox(zone: ZoneInfo, now: datetime) -> Iterator[Row]:
    alerts, notices = Delivery.objects.filter(sent_at=None), Notice.objects.filter(sent_at=None, hook__ended_at=None)
    oldest = notices.aggregate(first=Min("made_at"))["first"]
    since = say(", the oldest from {when}", when=moment(oldest, zone, now=now)) if oldest else ""
    yield tr("Alerts not delivered yet"), str(alerts.count()), not alerts.filter(attempts__gt=0).exists()
    yield (
        tr("Messages to programs not delivered yet"),
        f"{notices.count()}{since}",
        not notices.filter(attempts__gt=0).exists(),
    )


def _program() -> Iterator[Row]:
    here = house()
    yield "Detainer Desk", __version__, True
    yield tr("Python and Django"), f"{platform.python_version()}, {django.get_version()}", True
    yield tr("In production"), tr("yes" if here.production else "no: secrets are made up, HTTPS is not required"), True
    yield tr("Sessions lock after"), f"{here.lock_after} min", True
    yield tr("Records are kept"), ", ".join(here.retention) or tr("for ever"), True


def _bytes(size: int) -> str:
    for unit in ("bytes", "kB", "MB"):
        if size < 1024:
            return f"{size:,.0f} {unit}"
        size //= 1024
    return f"{size:,} GB"
