"""A writer killed in the middle of its work: what it was told is recorded is there, in order, once; the rest is not."""

# ruff: noqa: S311  # chance here is a test's

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import pytest
from django.db import connection

from detainer.house import house
from detainer.record import ledger
from detainer.record.models import Event, Request

WRITER = """
import sys
sys.path[:0] = {path!r}
import django
django.setup()
from django.db import connections
connections.databases["default"]["NAME"] = {database!r}
from datetime import UTC, datetime
from detainer.record import journal
for count in range(10**6):
    with journal.batch():
        for _ in range(count % 3 + 1):
            made = journal.receive(
                "us-ny-nyc-police", {{"custody": {{"held": True}}}}, happened=datetime(2026, 11, 24, tzinfo=UTC),
                author="system:test", person={{"name": "Ana Example"}},
            )
    print(made.number, flush=True)
"""


def kill_one_in_its_work(chance: random.Random) -> list[str]:
    """The numbers that a writer was told it has, the last of each transaction, before it was killed."""
    program = WRITER.format(path=sys.path, database=str(connection.settings_dict["NAME"]))
    environment = os.environ | {"DETAINER_HOME": str(house().home)}
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        told = [process.stdout.readline()]
        time.sleep(chance.uniform(0, 0.3))
        process.kill()
        told += process.stdout
    return [line.strip() for line in told if line.endswith("\n")]


def survive(rounds: int) -> None:
    seed = int(os.environ.get("TEST_SEED", random.SystemRandom().randrange(10**9)))
    chance = random.Random(seed)
    told: list[str] = []
    for number in range(rounds):
        told += kill_one_in_its_work(chance)
        where = f"TEST_SEED={seed}, round {number}"
        with ledger.appending():
            pass  # a server that was in the middle of it has finished now, or given it up
        events = Event.objects.filter(kind="received").order_by("seq")
        numbers = [event.published()["number"] for event in events]
        assert numbers == [f"2026-{place:04}" for place in range(1, len(numbers) + 1)], where
        assert set(told) <= set(numbers), where
        assert Request.objects.count() == len(numbers), where
        assert ledger.verify() == [], where
    assert told


@pytest.mark.django_db(transaction=True)
def test_a_writer_killed_keeps_what_it_was_told(law: object) -> None:
    survive(3)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_a_hundred_writers_killed_keep_what_they_were_told(law: object) -> None:
    survive(100)
