"""Personal data destroyed: expunging takes the body and the salt; the commitment in the leaf stays."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction

from detainer.record.models import Personal, Term

# What other rooms keep of a request's person, such as the paper itself, and how it is removed; by request.
ALSO: list[Callable[[str], None]] = []


def remove(request_id: str, before: int) -> int:
    """Remove the personal data of a request's events before place `before`; how many bodies went.

    On SQLite the freed pages are overwritten, and the write-ahead log, which held copies, is emptied after commit.
    """
    overwrite()
    for forget in ALSO:
        forget(request_id)
    Term.objects.filter(request_id=request_id).delete()
    gone, _ = Personal.objects.filter(event__request_id=request_id, event_id__lt=before).delete()
    return gone


def overwrite() -> None:
    """Have what this transaction deletes overwritten on SQLite, and the log emptied after it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")
        transaction.on_commit(_empty_log)


def _empty_log() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
