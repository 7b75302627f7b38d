"""What takes long is bounded, so that the desk always has a hand free.

A worker answers four at once (`detainer serve`). Two of these at most do heavy work for staff and one for the public,
so that one is left for who has to release somebody. One account has one heavy work at a time. Whoever comes later is
told at once to come again; nobody waits in line, as a line would hold the very hands that are to stay free.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

AGAIN = 5  # seconds after which to come again
STAFF, PUBLIC = BoundedSemaphore(2), BoundedSemaphore(1)
_at_it: set[str] = set()
_lock = Lock()


class Busy(Exception):
    """As much heavy work as is taken at a time is being done."""


@contextmanager
def work(author: str) -> Iterator[None]:
    """One of the heavy works for staff; Busy where there are enough, or this account has one already."""
    with _lock:
        if author in _at_it or not STAFF.acquire(blocking=False):
            raise Busy
        _at_it.add(author)
    try:
        yield
    finally:
        with _lock:
            _at_it.discard(author)
            STAFF.release()


@contextmanager
def public() -> Iterator[None]:
    """The one heavy work for the public; Busy where it is being done."""
    if not PUBLIC.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        PUBLIC.release()
