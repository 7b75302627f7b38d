"""Going round the record's own rules, as somebody with the database in hand could."""

# ruff: noqa: S608  # the SQL is the test's own

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def rules_off() -> Iterator[None]:
    """The triggers and references out of the way."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            try:
                yield
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        try:
            yield
        finally:
            for _, sql in triggers:
                cursor.execute(sql)


def run(statement: str, *values: Any) -> None:
    """One statement, rules or no rules."""
    with rules_off(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def put(table: str, column: str, key: str, at: Any, value: Any) -> None:
    """Write a value over the one that stands there; bytes are written as text, whatever they are."""
    place = "CAST(%s AS TEXT)" if isinstance(value, bytes) else "%s"
    run(f'UPDATE {table} SET "{column}" = {place} WHERE "{key}" = %s', value, at)
