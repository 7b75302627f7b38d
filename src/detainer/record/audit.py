"""The check of the record from inside the house: the stand-alone check, and the projections against the events."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection

from detainer.errors import UserError
from detainer.record import keys, projection, verify
from detainer.record.verify import Finding, Note, Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


def run(published: Sequence[Note] = (), *, projections: bool = True) -> Report:
    """Re-read the whole record as of one moment; the report of `verify.py`, with the projections checked too."""
    with _source() as source:
        report = verify.check_database(source, [verify.Key.read(str(key)) for key in keys.verifiers()], published)
    if projections:
        report.findings += (Finding(wrong.what, f"request {wrong.request}") for wrong in projection.differences())
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
    if connection.in_atomic_block:
        raw = connection.connection
        yield verify.Sqlite(raw) if connection.vendor == "sqlite" else verify.Postgres(raw)
        return
    with connection.cursor() as cursor:
        # Not Django's own transaction, which on SQLite would wait for its turn to write.
        cursor.execute("BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            raw = connection.connection
            yield verify.Sqlite(raw) if connection.vendor == "sqlite" else verify.Postgres(raw)
        finally:
            cursor.execute("ROLLBACK")
