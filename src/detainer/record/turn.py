"""One writer at a time on SQLite, each in the turn it came.

SQLite lets waiting writers try again after ever longer pauses, so that one of them can starve for seconds. PostgreSQL
queues those that wait for the head row by itself and needs none of this.
"""

from __future__ import annotations

import fcntl
import threading
from collections import deque
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Queue:
    """A lock that threads get in the order in which they asked."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and pass it on at the end."""
        with self._guard:
            gate = threading.Lock()
            gate.acquire()
            if self._taken:
                self._waiting.append(gate)
            else:
                self._taken = True
                gate.release()
        gate.acquire()
        try:
            yield
        finally:
            with self._guard:
                if self._waiting:
                    self._waiting.popleft().release()
                else:
                    self._taken = False


_threads = Queue()


@contextmanager
def turn(database: Path | None) -> Iterator[None]:
    """This thread's turn to write to the SQLite file `database` (None: one in memory, shared by no other process)."""
    with ExitStack() as held:
        held.enter_context(_threads.turn())
        if database is not None:
            _between_processes(database, held)
        yield


def _between_processes(database: Path, held: ExitStack) -> None:
    """Whoever waits for `turn` holds `next`, so that the process that just wrote cannot step in front of it."""
    turn_file, next_file = Path(f"{database}-turn"), Path(f"{database}-next")
    ours = held.enter_context(turn_file.open("ab"))
    with next_file.open("ab") as waiting:
        fcntl.flock(waiting, fcntl.LOCK_EX)
        fcntl.flock(ours, fcntl.LOCK_EX)
