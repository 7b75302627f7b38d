"""Rows on their way into the database: many statements in one journey, and the wait until they are safe there."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, cast

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable

Rows = list[tuple[Any, ...]]

# A transaction of its own that touches no row and returns when all before it is on the disk. It must write something
# into the log: PostgreSQL does not wait for one that only took a number.
SETTLE = "SELECT pg_logical_emit_message(true, 'detainer', '')"
UNSETTLED = "SELECT pg_current_wal_flush_lsn() < pg_current_wal_insert_lsn()"


def send(work: Iterable[tuple[str, Rows]]) -> None:
    """Run each statement once for each of its rows, in this order; on PostgreSQL with a single wait for all answers."""
    with ExitStack() as held:
        cursor = held.enter_context(connection.cursor())
        if connection.vendor == "postgresql":
            held.enter_context(connection.wrap_database_errors)
            held.enter_context(cast("Any", connection.connection).pipeline())
            # Past Django's wrapper, which would ask for its state anew before every statement.
            bare = cursor.cursor
            for statement, rows in work:
                for row in rows:
                    bare.execute(statement, row or None)
            return
        for statement, rows in work:
            if len(rows) == 1:
                cursor.execute(statement, rows[0])
            elif rows:
                cursor.executemany(statement, rows)


def promise_later() -> tuple[str, Rows]:
    """The statement that lets this transaction give up its locks before it is on the disk; `settle` must follow it."""
    return "SET LOCAL synchronous_commit TO off", [()]


def settle(*, needless: bool = False) -> None:
    """Return when everything committed so far is on the disk (and at the standbys, where the server waits for them).

    With `needless` the server is asked first whether it is there already.
    """
    with connection.cursor() as cursor:
        if needless:
            cursor.execute(UNSETTLED)
            if not cursor.fetchone()[0]:
                return
        cursor.execute(SETTLE)
