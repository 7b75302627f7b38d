"""An embedded database on a disk that is full: it refuses in one line, loses nothing, and goes on when there is room.

PostgreSQL's is in test_faults_postgresql.py.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import command
import pytest

# A file that may not grow is what a full disk is to a process (EFBIG in place of ENOSPC), and needs no disk to fill;
# SQLite itself says "database or disk is full" when its pages are limited.
FULL = {
    "no file may grow": (
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, resource.RLIM_INFINITY))",
        "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))",
    ),
    "no page is left": (
        "connection.cursor().execute('PRAGMA max_page_count=400')",
        "connection.cursor().execute('PRAGMA max_page_count=1000000')",
    ),
}
WRITER = """
import resource
from detainer import setup
setup.django(make=True)
from datetime import UTC, datetime
from django.db import DatabaseError, connection
from detainer.record import journal, ledger
def take():
    return journal.receive(
        "us-ny-nyc-police", {{"custody": {{"held": True}}}}, happened=datetime(2026, 11, 24, tzinfo=UTC),
        author="system:test", person={{"name": "Ana Example", "said": "x" * 20_000}},
    )
print("told", take().number)
{full}
refused = 0
while refused < 3:
    try:
        print("told", take().number)
    except DatabaseError as error:
        refused += 1
        print("refused", error)
print("read", ledger.head().size, len(ledger.verify()))
{room}
print("told", take().number)
print("sound", ledger.verify() == [])
"""


@pytest.mark.parametrize("how", FULL)
def test_a_full_disk_refuses_and_keeps_what_was_acknowledged(how: str, tmp_path: Path) -> None:
    full, room = FULL[how]
    program = WRITER.format(full=full, room=room)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=command.environment(tmp_path / "home"),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    lines = [line.split(" ", 1) for line in done.stdout.splitlines()]
    told = [said for what, said in lines if what == "told"]
    refused = [said for what, said in lines if what == "refused"]
    assert len(told) > 20
    # A number that was refused is given to the next: none is lost, none is given twice.
    assert told == [f"2026-{place:04}" for place in range(1, len(told) + 1)]
    assert len(refused) == 3
    assert all("full" in said or "disk I/O" in said for said in refused), refused
    # One event opens the record; the last told came when there was room again.
    assert ["read", f"{len(told)} 0"] in lines
    assert lines[-1] == ["sound", "True"]
    verified = command.detainer(tmp_path / "home", "verify")
    assert verified.stdout.startswith(f"sound: {len(told) + 1} events"), verified
