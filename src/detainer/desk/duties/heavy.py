"""What takes long is bounded, so that the desk always has a hand free.

A worker answers four at once (`detainer serve`). Two of these at most do heavy work for staff and one for the public,
so that one is left for who has to release somebody. One account has one heavy work at a time, and where several
agencies work at one house, the people of one agency have one together, so that they leave the other to the others.
Whoever comes later is told at once to come again; nobody waits in line, as a line would hold the very hands that are to
stay free.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from detainer.desk.models import Membership

AGAIN = 5  # seconds after which to come again
STAFF, PUBLIC = BoundedSemaphore(2), BoundedSemaphore(1)
_at_it: set[str] = set()
_agencies_at_it: set[str] = set()
_lock = Lock()


class Busy(Exception):
    """As much heavy work as is taken at a time is being done."""


@contextmanager
def work(author: str, agencies: Collection[str] = ()) -> Iterator[None]:
    """One of the heavy works for staff; Busy where there are enough, or this account or its agencies have one already.

    `agencies` are those where the person has duties.
    """
    own = frozenset(agencies) if _several() else frozenset[str]()
    with _lock:
        if author in _at_it or own & _agencies_at_it or not STAFF.acquire(blocking=False):
            raise Busy
        _at_it.add(author)
        _agencies_at_it.update(own)
    try:
        yield
    finally:
        with _lock:
            _at_it.discard(author)
            _agencies_at_it.difference_update(own)
            STAFF.release()


def _several() -> bool:
    """Whether people of more than one agency work here."""
    return len(Membership.objects.order_by().values_list("agency").distinct()[:2]) > 1


@contextmanager
def public() -> Iterator[None]:
    """The one heavy work for the public; Busy where it is being done."""
    if not PUBLIC.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        PUBLIC.release()
