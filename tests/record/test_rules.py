"""The database itself refuses to edit the ledger: update, delete, replace, truncate."""

# ruff: noqa: S608  # the SQL is the test's own

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from erasing import expunge
from fake_law import NOON, RUIZ
from tamper import rows

from detainer.record import journal
from detainer.record.models import Checkpoint, Event, Personal, Request, Subtree

pytestmark = pytest.mark.django_db

Take = Callable[..., Request]
KEYS = {"record_event": "seq", "record_checkpoint": "place", "record_subtree": '"index"', "record_personal": "event"}
each_table = pytest.mark.parametrize("table", list(KEYS))


@pytest.fixture(autouse=True)
def record(request_in: Take) -> None:
    with journal.batch():
        for _ in range(260):
            request_in()
    request_in()
    assert all(model.objects.exists() for model in (Event, Checkpoint, Subtree, Personal))


def refused(statement: str, told: str) -> None:
    before = {table: rows(f"SELECT * FROM {table} ORDER BY {key}") for table, key in KEYS.items()}
    with pytest.raises(DatabaseError, match=told), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert {table: rows(f"SELECT * FROM {table} ORDER BY {key}") for table, key in KEYS.items()} == before


@each_table
def test_no_row_is_changed(table: str) -> None:
    column = {
        "record_event": "author",
        "record_checkpoint": "note",
        "record_subtree": "hash",
        "record_personal": "body",
    }
    refused(f"UPDATE {table} SET {column[table]} = 'x'", "never changed")


@each_table
def test_no_row_is_changed_to_what_it_was(table: str) -> None:
    refused(f"UPDATE {table} SET {KEYS[table]} = {KEYS[table]}", "never changed")


@each_table
def test_no_row_is_deleted(table: str) -> None:
    refused(f"DELETE FROM {table}", "never deleted|only by expunging")


@each_table
def test_no_row_is_put_over_another(table: str) -> None:
    """INSERT OR REPLACE deletes without asking a delete rule."""
    if connection.vendor == "sqlite":
        refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}", "only grows at its end")
        refused(f"REPLACE INTO {table} SELECT * FROM {table} LIMIT 1", "only grows at its end")
    refused(f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1", "only grows at its end")


@each_table
def test_no_row_is_put_over_another_by_an_upsert(table: str) -> None:
    key, column = KEYS[table], {"record_event": "author", "record_checkpoint": "note"}.get(table)
    if column:
        refused(
            f"INSERT INTO {table} SELECT * FROM {table} WHERE {key} = 0"
            f" ON CONFLICT ({key}) DO UPDATE SET {column} = 'x'",
            "only grows at its end|never changed",
        )


@each_table
def test_no_table_is_emptied_at_once(table: str) -> None:
    if connection.vendor == "postgresql":
        connection.check_constraints()  # else the references that are still to be checked would refuse it
        refused(f"TRUNCATE {table} CASCADE", "never changed")


def test_no_event_is_left_out(request_in: Take) -> None:
    columns = "kind, request_id, agency, happened, entered, author, public, personal, leaf_hash"
    refused(
        f"INSERT INTO record_event (seq, {columns}) SELECT seq + 2, {columns} FROM record_event WHERE seq = 261",
        "only grows at its end",
    )


def test_several_events_at_once_each_take_the_next_place() -> None:
    columns = "kind, request_id, agency, happened, entered, author, public, personal, leaf_hash"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO record_event (seq, {columns})"
            f" SELECT seq + 262, {columns} FROM record_event WHERE seq < 3 ORDER BY seq"
        )
        transaction.set_rollback(True)


def test_personal_data_is_removed_for_a_sealed_request_alone(request_in: Take) -> None:
    one, other = Request.objects.order_by("number")[:2]
    expunge(one, NOON)
    refused("DELETE FROM record_personal", "only by expunging")
    assert other.person() == {"name": "Ana Example"}
    assert one.person() is None


def test_personal_data_entered_after_the_seal_is_not_covered_by_it() -> None:
    request = Request.objects.order_by("number")[0]
    expunge(request, NOON)
    event = journal.record_facts(request, {"custody": {"held": True}}, happened=NOON, author=RUIZ)
    refused(f"DELETE FROM record_personal WHERE event = {event.seq}", "only by expunging")


@pytest.mark.django_db(transaction=True)
def test_the_rules_can_be_taken_back_and_put_in_place_again() -> None:
    """The migration runs in both directions."""
    from detainer.record import rules

    with connection.schema_editor() as schema:
        rules.drop(schema)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE record_event SET author = author")
    with connection.schema_editor() as schema:
        rules.install(schema)
    refused("UPDATE record_event SET author = author", "never changed")
