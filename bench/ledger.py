"""Appends a second: requests recorded through the ledger, beside the same rows inserted bare, on both databases.

    ./run python bench/ledger.py [--batch 20000] [--single 400]

Recorded: `journal.receive` with facts checked, leaf, tree, signed checkpoint, projection, number; singly (a transaction
and a checkpoint each), by eight threads at once, and in one batch. Bare: the same event, personal and request rows put
into tables of the same columns and key with no rule, no tree and no signature, by raw SQL, with as many transactions
and threads. Both databases write durably (SQLite synchronous=FULL, PostgreSQL with fsync). At the end the record of the
run is verified and a proof is taken. Each database is measured in a process of its own.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
THREADS = 8
TABLES = ("record_event", "record_personal", "record_request")
AGENCY = "us-ny-nyc-police"


def main() -> None:
    """Measure each database in turn, each in a process and a home of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--single", type=int, default=400, help="requests recorded one by one")
    parser.add_argument("--batch", type=int, default=20_000, help="requests recorded in one batch")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        measure(given.single, given.batch)
        return
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores")
    print(f"{'':34}{'recorded/s':>12}{'bare/s':>12}{'recorded : bare':>18}")
    again = [sys.executable, __file__, "--measure", "--single", str(given.single), "--batch", str(given.batch)]
    with tempfile.TemporaryDirectory() as home:
        subprocess.run(again, check=True, env=environment(home))
    sys.path.insert(0, str(ROOT / "tests" / "harness"))
    import postgresql

    postgresql.FAST[:] = ["max_connections=60"]  # durable, as in service
    server = postgresql.Server()
    try:
        with tempfile.TemporaryDirectory() as home:
            subprocess.run([sys.executable, "-c", CREATE, server.address], check=True)
            subprocess.run(again, check=True, env=environment(home, server.address))
    finally:
        server.stop()


CREATE = """
import sys, psycopg
address = sys.argv[1].replace("/detainer?", "/postgres?")
psycopg.connect(address, autocommit=True).execute("CREATE DATABASE detainer")
"""


def environment(home: str, database: str = "") -> dict[str, str]:
    """A house of its own for one measurement."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DETAINER_", "DJANGO_"))}
    made = kept | {"DETAINER_HOME": home, "PYTHONPATH": str(ROOT / "src")}
    return made | {"DETAINER_DATABASE": database} if database else made


def measure(single: int, batch: int) -> None:
    """Print the lines of this process's database."""
    from detainer import setup

    setup.migrate()
    from django.db import connection

    from detainer.record import journal

    name = "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"
    make_bare(connection)
    receive(0)  # opens the record, makes the key, loads the law

    def recorded() -> None:
        with journal.batch():
            for number in range(batch):
                receive(number)

    one_by_one = rate(single, lambda: [receive(number) for number in range(single)])
    rows = last_rows(single)
    line(f"{name}, singly", one_by_one, rate(single, lambda: [bare([row]) for row in rows]))
    together = rate(single, lambda: at_once(receive, range(single)))
    rows = last_rows(single)
    line(f"{name}, {THREADS} threads", together, rate(single, lambda: at_once(lambda row: bare([row]), rows)))
    in_batch = rate(batch, recorded)
    rows = last_rows(batch)
    line(f"{name}, in one batch of {batch:,}", in_batch, rate(batch, lambda: bare(rows)))
    look(name)


def look(name: str) -> None:
    """Verify what was recorded, and prove one event of it."""
    from detainer.record import audit, ledger

    start = time.perf_counter()
    report = audit.run()
    seconds = time.perf_counter() - start
    if report.findings:
        sys.exit(f"the record of the run is not sound: {report.findings[0]}")
    print(
        f"{name}: {report.events:,} events, {report.checkpoints:,} checkpoints and the present state verified", end=""
    )
    start = time.perf_counter()
    ledger.Prover(report.events).inclusion(report.events // 3)
    print(f" in {seconds:.1f} s; a proof in {(time.perf_counter() - start) * 1000:.1f} ms")


def receive(number: int) -> None:
    """Record a made-up request."""
    from detainer.record import journal

    asked = {"form": "I-247A", "asks": ["hold", "notify"], "from": "ice", "purpose": "civil", "complete": True}
    journal.receive(
        AGENCY,
        {"request": asked},
        happened=datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(minutes=number),
        author="system:bench",
        person={"name": f"Ana Example {number}", "born": "1980-02-29", "file": f"{number:09}"},
    )


Rows = list[tuple[tuple[object, ...], ...]]


def last_rows(count: int) -> Rows:
    """The rows of the last requests recorded: event, personal data, projection."""
    from django.db import connection

    with connection.cursor() as cursor:
        found = []
        for table, key in zip(TABLES, ("seq", "event", "last_seq"), strict=True):
            cursor.execute(f"SELECT * FROM {table} ORDER BY {key} DESC LIMIT {count}")  # noqa: S608  # names of our own
            found.append(cursor.fetchall())
    return [tuple(map(adapted, parts)) for parts in zip(*found, strict=True)]


def adapted(row: tuple[object, ...]) -> tuple[object, ...]:
    """The row as it can be written again: JSON as text."""
    import json

    return tuple(json.dumps(value) if isinstance(value, list) else value for value in row)


def make_bare(connection: object) -> None:
    """Tables of the same columns and key, with nothing else."""
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        for table in TABLES:
            cursor.execute(f"CREATE TABLE bare_{table} AS SELECT * FROM {table} WHERE 1 = 0")  # noqa: S608  # likewise
            key = {"record_event": "seq", "record_personal": "event", "record_request": "id"}[table]
            cursor.execute(f"CREATE UNIQUE INDEX bare_{table}_key ON bare_{table} ({key})")


def bare(rows: Rows) -> None:
    """Put rows into the bare tables, in one transaction."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for place, table in enumerate(TABLES):
            marks = ", ".join(["%s"] * len(rows[0][place]))
            statement = f"INSERT INTO bare_{table} VALUES ({marks})"  # noqa: S608  # likewise
            cursor.executemany(statement, [row[place] for row in rows])


def at_once(work: Callable[..., object], items: Iterable[object]) -> None:
    """Do the work on all items by some threads at once."""
    from django.db import connections

    todo = list(items)
    connections.close_all()  # the pool has as many as there are threads

    def one(mine: list[object]) -> None:
        for item in mine:
            work(item)
        connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, [todo[first::THREADS] for first in range(THREADS)]))


def rate(count: int, work: Callable[[], object]) -> float:
    """How many a second."""
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def line(name: str, recorded: float, inserted: float) -> None:
    """Print one line of the table."""
    print(f"{name:34}{recorded:12,.0f}{inserted:12,.0f}{recorded / inserted:17.2f}x", flush=True)


if __name__ == "__main__":
    main()
