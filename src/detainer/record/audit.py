"""The check of the record from inside the house: the stand-alone check, and the projections against the events."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection

from detainer.errors import UserError
from detainer.record import keys, projection, rules, verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from detainer.record.verify import Note, Report


def run(published: Sequence[Note] = ()) -> Report:
    """Re-read the whole record as of one moment; the report of `verify.py`, with the projections checked too.

    The projections are compared only where the events are sound: else there is nothing to derive them from.
    """
    with _source() as source:
        report = verify.check_database(source, [verify.Key.read(str(key)) for key in keys.verifiers()], published)
        for name in rules.missing(connection):
            report.add("database", f"the rule {name} is not in place: the ledger is not guarded against edits")
        if report.findings:
            report.add("present state", "not compared with the events, as not all is sound there")
        for wrong in () if report.findings else projection.differences():
            report.add(wrong.where, wrong.what)
    return report


def published(file: Path) -> list[Note]:
    """The checkpoints in a file; UserError where it is none."""
    try:
        return verify.read_notes(file)
    except FileNotFoundError:
        raise UserError("there is no such file", where=str(file)) from None
    except (verify.CannotCheck, OSError, ValueError):
        raise UserError("is no file of signed checkpoints", where=str(file)) from None


@contextmanager
def _source() -> Iterator[verify.Source]:
    """The record as of one moment, without keeping anyone from writing; inside a transaction, as that sees it."""
    with _snapshot():
        if connection.vendor != "sqlite":
            yield verify.Postgres(connection.connection)
            return
        source = verify.Sqlite(connection.connection)
        try:
            yield source
        finally:
            source.done()


@contextmanager
def _snapshot() -> Iterator[None]:
    """A transaction that only reads. Not Django's own, which on SQLite would wait for its turn to write."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
