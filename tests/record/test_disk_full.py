"""An embedded database on a disk that is full: it refuses, loses nothing, and goes on when there is room.

PostgreSQL's is in test_faults_postgresql.py.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import command

# A file that may not grow is what a full disk is to a process (EFBIG in place of ENOSPC), and needs no disk to fill;
# SQLite itself says "database or disk is full" when its pages are limited.
WRITER = """
import resource
from detainer import setup
setup.django(make=True)
from datetime import UTC, datetime
from django.db import DatabaseError, connection
from detainer.record import journal, ledger

def take():
    made = journal.receive(
        "us-ny-nyc-police", {"custody": {"held": True}}, happened=datetime(2026, 11, 24, tzinfo=UTC),
        author="system:test", person={"name": "Ana Example", "said": "x" * 100_000},
    )
    print("told", made.number)

def files_may_grow_to(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

def pages(most):
    with connection.cursor() as cursor:
        [(there,)] = cursor.execute("PRAGMA page_count").fetchall()
        cursor.execute(f"PRAGMA max_page_count={there + most}")

def until_refused():
    refused = 0
    while refused < 3:
        try:
            take()
        except DatabaseError as error:
            refused += 1
            print("refused", error)
    print("read", ledger.head().size, len(ledger.verify()))

take()
files_may_grow_to(3 << 20)
until_refused()
files_may_grow_to(resource.RLIM_INFINITY)
take()
pages(200)
until_refused()
pages(10**6)
take()
"""


def test_a_full_disk_refuses_and_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WRITER],
        env=command.environment(tmp_path / "home"),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    lines = [line.split(" ", 1) for line in done.stdout.splitlines()]
    refused = [said for what, said in lines if what == "refused"]
    assert len(refused) == 6
    assert all("full" in said or "disk I/O" in said for said in refused), refused
    told, reads = 0, 0
    for what, said in lines:
        if what == "told":  # a number that was refused is given to the next: none is lost, none given twice
            told += 1
            assert said == f"2026-{told:04}"
        elif what == "read":  # one event opens the record; nothing is wrong with it while the disk is full
            reads += 1
            assert said == f"{told + 1} 0"
    assert reads == 2
    assert lines[-1][0] == "told", "it goes on when there is room"
    assert told > 12
    verified = command.detainer(tmp_path / "home", "verify")
    assert verified.stdout.startswith(f"sound: {told + 1} events"), verified
