"""What a test run does to its own databases and nobody does in service: empty them, and drop them."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.backends.base.operations import BaseDatabaseOperations


def prepare(connection: BaseDatabaseWrapper) -> None:
    """Let tests that commit empty the tables after them, and the run drop its database at its end."""
    type(connection.ops).execute_sql_flush = _flush
    if connection.vendor == "postgresql":
        type(connection.creation)._destroy_test_db = _drop


def _flush(operations: BaseDatabaseOperations, statements: list[str]) -> None:
    """Django's own flush, with the append-only triggers out of the way for as long as it takes."""
    if not statements:
        return
    connection = operations.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            BaseDatabaseOperations.execute_sql_flush(operations, statements)
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        BaseDatabaseOperations.execute_sql_flush(operations, statements)
        for _, sql in triggers:
            cursor.execute(sql)


def _drop(creation: BaseDatabaseCreation, name: str, verbosity: int) -> None:
    """Also when a thread of some test still holds a connection."""
    creation.connection.close_pool()
    with creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {creation.connection.ops.quote_name(name)} WITH (FORCE)")
