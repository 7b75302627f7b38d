"""Papers that wait are read in the background: by any number of workers, each paper by one of them.

A worker marks a paper as its own and gives a sign of life while it reads. One that is silent has been killed, and the
paper is free again; one that was broken off three times is left to be typed, with the reason.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event as Stop
from threading import Thread, get_ident
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Length

from detainer.clock import now
from detainer.intake.models import Draft, Paper
from detainer.intake.paper import reading
from detainer.intake.paper.reading import Reading, StoppedError

SILENCE = timedelta(seconds=20)  # after which a worker that gave no sign is gone
TRIES = 3
BROKEN_OFF = f"could not be read: reading it was broken off {TRIES} times. Type what it says"
_SIGN = 3.0  # seconds between two signs
_PAUSE = 0.5  # seconds between two looks for a paper
_log = logging.getLogger("detainer.intake")
Told = Callable[[Paper, Reading], None]


def start(stop: Stop, told: Told = lambda _paper, _found: None) -> list[Thread]:
    """Threads that read until told to stop: one takes the earliest paper, one the smallest.

    So a long one holds up no other. `told` is called for each paper read.
    """
    threads = [
        Thread(target=keep_reading, args=(stop, told), kwargs={"smallest": smallest}, daemon=True)
        for smallest in (False, True)
    ]
    for thread in threads:
        thread.start()
    return threads


def keep_reading(stop: Stop, told: Told, *, smallest: bool = False) -> None:
    """Read what waits, for a thread of its own, until told to stop; what is half read then is free for another."""
    while not stop.is_set():
        try:
            paper = turn(stop, told, smallest=smallest)
        except DatabaseError as error:
            _log.error("papers cannot be read now, and are tried again", exc_info=error)
            connection.close()
            paper = None
        if paper is None:
            stop.wait(_PAUSE)
    connection.close()


def drain(told: Told = lambda _paper, _found: None) -> int:
    """Read all that waits, here; how many."""
    done = 0
    while turn(Stop(), told):
        done += 1
    return done


def turn(stop: Stop, told: Told, *, smallest: bool = False) -> Paper | None:
    """Read one paper that waits; None where none is free."""
    order = [Length("data"), "came"] if smallest else ["came", "id"]
    for paper_id in list(Paper.objects.filter(_free()).order_by(*order).values_list("id", flat=True)[:10]):
        if claim(paper_id, worker()):
            paper = Paper.objects.get(id=paper_id)
            if found := _read(paper, worker(), stop):
                told(paper, found)
            return paper
    return None


def here(paper: Paper) -> Reading:
    """What stands on a paper, read here unless another worker has, or does now."""
    while True:
        if claim(paper.id, worker()):
            found = _read(Paper.objects.get(id=paper.id), worker(), Stop())
            if found is not None:
                return found
        again = Paper.objects.get(id=paper.id)
        if again.read_at:
            return said_of(again)
        time.sleep(_PAUSE)


def worker() -> str:
    """What this thread is called among all that read."""
    return f"{socket.gethostname()}:{os.getpid()}:{get_ident()}"


def claim(paper_id: str, name: str) -> bool:
    """Mark an unread paper as one's own; False where another was quicker."""
    free = Paper.objects.filter(_free(), id=paper_id)
    return bool(free.update(reader=name, sign_at=now(), tries=F("tries") + 1, page=0, pages=0))


def _free() -> Q:
    """Not read, and nobody reads it; a sign from the future is from before the clock was set back."""
    moment = now()
    silent = Q(sign_at__lt=moment - SILENCE) | Q(sign_at__gt=moment + SILENCE)
    return Q(read_at=None) & (Q(reader="") | silent)


def _read(paper: Paper, name: str, stop: Stop) -> Reading | None:
    """Read a paper that is one's own; None where another has it by now, or was asked to stop."""
    if paper.tries > TRIES:
        found = Reading(why=BROKEN_OFF)
    else:
        try:
            found = reading.read(bytes(paper.data), going=_signs(paper.id, name, stop))
        except StoppedError:
            Paper.objects.filter(id=paper.id, reader=name, read_at=None).update(reader="", tries=F("tries") - 1)
            return None
    return found if keep(paper.id, name, found) else None


def _signs(paper_id: str, name: str, stop: Stop) -> reading.Going:
    """Give a sign of life every few seconds; no longer going once the paper is another's or the work is to end."""
    last = time.monotonic()

    def going(page: int, pages: int) -> bool:
        nonlocal last
        if stop.is_set():
            return False
        if time.monotonic() - last < _SIGN:
            return True
        last = time.monotonic()
        mine = Paper.objects.filter(id=paper_id, reader=name, read_at=None)
        try:
            return bool(mine.update(sign_at=now(), page=page, pages=pages))
        except DatabaseError as error:  # away for a while: what is read already need not be lost
            _log.error("a sign of reading could not be given", exc_info=error)
            connection.close()
            return True

    return going


def keep(paper_id: str, name: str, found: Reading) -> bool:
    """Put what was read into the queue, once; False where the paper is not this worker's any more."""
    with transaction.atomic():
        mine = Paper.objects.filter(id=paper_id, reader=name, read_at=None)
        if not mine.update(read_at=now(), reader="", said=list(found.said)):
            return False
        for place, form in enumerate(found.forms or [_nothing(found)]):
            told = {"form": form.get("form") or "", "reading": form, "state": Draft.WAITING}
            first = Draft.objects.filter(paper_id=paper_id, state=Draft.READING)
            if place or not first.update(**told):
                Draft.objects.create(paper_id=paper_id, place=place, **told)
    return True


def said_of(paper: Paper) -> Reading:
    """What was read on a paper."""
    kept = [draft.reading for draft in paper.drafts.order_by("place")]
    forms = tuple(one | {"file": ""} for one in kept if one.get("form"))
    why = "" if forms else "; ".join(problem for one in kept for problem in one.get("problems", ()))
    return Reading(forms, tuple(paper.said), why)


def _nothing(found: Reading) -> dict[str, Any]:
    """The reading of a paper on which no form could be read."""
    return {key: value for key, value in found.as_json("")[0].items() if key != "file"} | {"hidden": []}
