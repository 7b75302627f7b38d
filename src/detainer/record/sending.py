"""Rows on their way into the database: many statements in one journey, and the wait until they are safe there."""

from __future__ import annotations

import re
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Rows = list[tuple[Any, ...]]

FEW, MANY = 20, 200  # rows of one statement, and of all, above which they go together
LISTED = 10_000  # values in one statement; PostgreSQL takes 65,535
COPIED = re.compile(r'INSERT INTO (\w+) \(([\w", ]+)\) VALUES \([%s, ]+\)')
VALUES = re.compile(r"VALUES (\([%s, ]+\))")

# A transaction of its own that touches no row and returns when all before it is on the disk. It must write something
# into the log: PostgreSQL does not wait for one that only took a number.
SETTLE = "SELECT pg_logical_emit_message(true, 'detainer', '')"
UNSETTLED = "SELECT pg_current_wal_flush_lsn() < pg_current_wal_insert_lsn()"


def send(work: Iterable[tuple[str, Rows]]) -> None:
    """Run each statement once for each of its rows, in this order.

    On PostgreSQL few rows go with a single wait for all answers, many by statements that take many rows at once.
    """
    todo = list(work)
    with ExitStack() as held:
        cursor = held.enter_context(connection.cursor())
        if connection.vendor == "postgresql":
            held.enter_context(connection.wrap_database_errors)
            # Past Django's wrapper, which would ask for its state anew before every statement.
            bare = cast("Any", cursor.cursor)
            many = sum(len(rows) for _, rows in todo) > MANY
            if not many:
                held.enter_context(cast("Any", connection.connection).pipeline())
            for statement, rows in todo:
                if many and len(rows) > FEW:
                    _at_once(bare, statement, rows)
                    continue
                for row in rows:
                    bare.execute(statement, row or None)
            return
        for statement, rows in todo:
            if len(rows) == 1:
                cursor.execute(statement, rows[0])
            elif rows:
                cursor.executemany(statement, rows)


def _at_once(cursor: Any, statement: str, rows: Rows) -> None:
    """Many rows by one statement: copied where nothing but an insert is wanted, else as one list of values."""
    if plain := COPIED.fullmatch(statement):
        with cursor.copy(f"COPY {plain[1]} ({plain[2]}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    found = VALUES.search(statement)
    if found is None:
        cursor.executemany(statement, rows)
        return
    for start in range(0, len(rows), LISTED // len(rows[0])):
        some = rows[start : start + LISTED // len(rows[0])]
        values = ", ".join([found[1]] * len(some))
        cursor.execute(
            f"{statement[: found.start(1)]}{values}{statement[found.end(1) :]}", [one for row in some for one in row]
        )


def promise_later() -> tuple[str, Rows]:
    """The statement that lets this transaction give up its locks before it is on the disk; `settle` must follow it."""
    return "SET LOCAL synchronous_commit TO off", [()]


def seen() -> float:
    """Since when, at the latest, this thread's connection to the server stands, by the monotonic clock."""
    return _stood.setdefault(cast("Any", connection.connection), time.monotonic())


def settle(since: float, *, needless: bool = False) -> None:
    """Return when everything committed so far is on the disk (and at the standbys, where the server waits for them).

    `since` is a moment before this thread's connection last gave an answer that is to be safe, a commit or what was
    read. Threads that wait at the same time ask once for all of them. With `needless` the server is asked first whether
    it is there already.
    """
    if needless:
        with connection.cursor() as cursor:
            cursor.execute(UNSETTLED)
            if not cursor.fetchone()[0]:
                return
    if not _rounds.settled(_settle, since=since, stood=seen()):
        _settle()


def _settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SETTLE)


class Round:
    """Threads for which one of them asks: those that came before it did."""

    def __init__(self) -> None:
        self.begun = self.well = False
        self.stood = 0.0  # since when the connection stands by which it is asked
        self.over = threading.Event()


class Rounds:
    """One round at a time; who comes while it goes waits for the next, which is asked after they came.

    A server that failed and came back answers for what it has, not for what it lost. So an answer holds for a thread
    only when it came by a connection older than that thread's own commit: the server that gave it took that commit.
    """

    def __init__(self) -> None:
        self._guard, self._turn, self._next = threading.Lock(), threading.Lock(), Round()

    def settled(self, ask: Callable[[], None], *, since: float, stood: float) -> bool:
        """Whether it was asked, after this call began, and answered for us; False where we must ask ourselves."""
        with self._guard:
            mine, leading = self._next, not self._next.begun
            mine.begun = True
            if leading:
                mine.stood = stood
        if not leading:
            mine.over.wait()
            return mine.well and mine.stood <= since
        with self._turn:
            with self._guard:
                self._next = Round()
            try:
                ask()
                mine.well = True
            finally:
                mine.over.set()
        return True


_rounds = Rounds()
_stood: WeakKeyDictionary[Any, float] = WeakKeyDictionary()
