"""Both databases are set up as the record needs them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

pytestmark = pytest.mark.django_db(transaction=True)


def _pragma(name: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


def test_a_row_outlives_its_transaction_only_when_that_commits() -> None:
    from django.contrib.auth.models import Group

    with transaction.atomic():
        Group.objects.create(name="never")
        transaction.set_rollback(True)
    Group.objects.create(name="kept")
    assert list(Group.objects.values_list("name", flat=True)) == ["kept"]


def test_a_reference_to_nothing_is_refused() -> None:
    from django.contrib.auth.models import Permission

    with pytest.raises(IntegrityError):
        Permission.objects.create(name="of nothing", content_type_id=987654321, codename="nothing")


def test_the_embedded_database_keeps_what_it_acknowledged() -> None:
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            assert int(cursor.fetchone()[0]) >= 180000
        return
    assert _pragma("journal_mode") == "wal"
    assert _pragma("synchronous") == 2, "2 is FULL"
    assert _pragma("foreign_keys") == 1
    assert _pragma("recursive_triggers") == 1
    assert connection.transaction_mode == "IMMEDIATE"
