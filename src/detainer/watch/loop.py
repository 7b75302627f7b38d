"""The loop: derive what is due, raise it once, tell it. Any number of workers may run it at the same time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Event as Stop
from threading import Thread
from time import monotonic

from django.db import DatabaseError, connection
from django.db.models import Max

from detainer.clock import now
from detainer.record import journal
from detainer.record.models import Event, Request
from detainer.watch import deadlines, delivery, hooks
from detainer.watch.models import Beat, Deadline

AUTHOR = "system:watch"
ROUND = 1.0  # seconds between two rounds
FAREWELL = 5.0  # seconds that what is being told has to arrive when the watch ends; what does not is told again
CHUNK = 2000  # events looked through at a time
AT_ONCE = 100  # alerts raised in one round, so that the beat is not kept waiting
_log = logging.getLogger("detainer.watch")


def run(worker: str, stop: Stop, told: Callable[[Deadline], None] = lambda _: None) -> None:
    """Go round until told to stop; `told` is called for each alert that this worker raises.

    A database that is away for a while does not end it; pages say that the watch stands still until it is back.
    """
    senders = [partial(delivery.send_due, channels=(channel,)) for channel in delivery.SENDERS]
    telling = [
        Thread(target=delivery.keep_sending, args=(stop, send), daemon=True) for send in (*senders, hooks.send_due)
    ]
    for thread in telling:
        thread.start()
    while not stop.is_set():
        try:
            for deadline in turn(worker):
                told(deadline)
        except DatabaseError as error:
            _log.error("the watch could not go round, and tries again", exc_info=error)
            connection.close()
        stop.wait(ROUND)
    until = monotonic() + FAREWELL
    for thread in telling:
        thread.join(max(0.0, until - monotonic()))


def turn(worker: str) -> list[Deadline]:
    """One round: the alerts that this worker raised in it."""
    catch_up(worker)
    raised = raise_due()
    Beat.objects.filter(worker=worker).update(at=now())
    return raised


def catch_up(worker: str) -> None:
    """Derive the deadlines of every request that has had an event since this worker last looked."""
    beat, _ = Beat.objects.get_or_create(worker=worker, defaults={"at": now(), "seen": _seen_by_all()})
    last = Event.objects.aggregate(last=Max("seq"))["last"]
    while last is not None and beat.seen < last:
        upto = min(beat.seen + CHUNK, last)
        changed = Event.objects.filter(seq__gt=beat.seen, seq__lte=upto).exclude(request_id="")
        ids = set(changed.values_list("request_id", flat=True))
        deadlines.derive(Request.objects.filter(id__in=ids))
        hooks.note(beat.seen, upto)
        beat.seen, beat.at = upto, now()
        beat.save()


def _seen_by_all() -> int:
    """Where a new worker begins: what another has derived need not be derived again."""
    return Beat.objects.aggregate(seen=Max("seen"))["seen"] or -1


def raise_due(at: datetime | None = None) -> list[Deadline]:
    """Write an alert into the ledger for every deadline that has come, each once whatever other workers do."""
    moment = at or now()
    waiting = list(
        Deadline.objects.filter(raised_at=None, due_at__lte=moment)
        .order_by("due_at", "id")
        .values_list("id", flat=True)[:AT_ONCE]
    )
    return [raised for number in waiting if (raised := _raise(number, moment))]


def _raise(number: int, moment: datetime) -> Deadline | None:
    """Raise one deadline, unless another worker has or it is no longer due.

    The alert and the row are one transaction, and the record lets one writer in at a time: whoever comes second finds
    the row raised.
    """
    with journal.batch():
        deadline = Deadline.objects.filter(id=number, raised_at=None).first()
        if deadline is None:
            return None
        request = Request.objects.get(id=deadline.request_id)
        if deadlines.of(request).get(deadline.kind) != deadline.due_at:
            deadline.delete()
            return None
        journal.act(request, "alerted", happened=moment, author=AUTHOR, detail={"deadline": deadline.kind})
        deadline.raised_at = moment
        deadline.save()
        delivery.address(deadline, moment)
    return deadline


def stopped_since(at: datetime | None = None) -> datetime | None:
    """Since when no worker of the watch has gone round, if that is longer than half a minute; None while one does."""
    moment = at or now()
    # A beat from the future is from before the clock was set back, and says nothing of now.
    last = Beat.objects.filter(at__lte=moment + SILENCE).aggregate(last=Max("at"))["last"]
    if last is None:
        return moment
    return last if moment - last > SILENCE else None


SILENCE = timedelta(seconds=20)  # told within 30 seconds of the last round, whatever page is open
