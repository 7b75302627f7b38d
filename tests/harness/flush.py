"""Emptying an append-only database between tests that commit: the one thing its triggers are there to refuse."""

from __future__ import annotations

from django.db.backends.base.operations import BaseDatabaseOperations


def execute_sql_flush(operations: BaseDatabaseOperations, statements: list[str]) -> None:
    """Django's own flush, with the triggers out of the way for as long as it takes."""
    connection = operations.connection
    if not statements:
        return
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
