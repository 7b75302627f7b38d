"""Appends a second: requests recorded through the ledger, beside the same rows inserted bare, on both databases.

    ./run python bench/ledger.py [--batch 4000] [--single 300] [--rounds 7] [--only postgresql]

Recorded: `journal.receive` with facts checked, leaf, tree, signed checkpoint, projection, number, search terms; singly
(a transaction and a checkpoint each), by eight threads at once, and in one batch. Bare: the same event, personal,
request and term rows put into tables of the same columns and key with no rule, no tree and no signature, by raw SQL,
with as many transactions and threads. Both databases write durably (SQLite synchronous=FULL, PostgreSQL with fsync).

Recorded and bare take turns, singly one by one, else in short rounds, so that what else the machine does falls on both.
The ratio is that of the medians; beside it stands the middle half of the rounds' own ratios. At the end the record of
the run is verified and a proof is taken. Each database is measured in a process of its own.

"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
THREADS = 8
KEYS = {"record_event": "seq", "record_personal": "event", "record_request": "id", "record_term": "request_id, term"}
TABLES = ("record_event", "record_personal", "record_request", "record_term")
AGENCY = "us-ny-nyc-police"


def main() -> None:
    """Measure each database in turn, each in a process and a home of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--single", type=int, default=300, help="requests recorded one by one")
    parser.add_argument("--batch", type=int, default=4000, help="requests recorded in one batch in a round")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        measure(given.single, given.batch, given.rounds)
        return
    load = f"load {os.getloadavg()[0]:.1f}"
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {load}")
    print(f"{'':34}{'recorded/s':>12}{'bare/s':>12}{'recorded : bare':>18}{'from':>10}{'to':>9}", flush=True)
    again = [sys.executable, __file__, "--measure", "--rounds", str(given.rounds)]
    again += ["--single", str(given.single), "--batch", str(given.batch)]
    if given.only != "postgresql":
        with tempfile.TemporaryDirectory() as home:
            subprocess.run(again, check=True, env=environment(home))
    if given.only == "sqlite":
        return
    sys.path.insert(0, str(ROOT / "tests" / "harness"))
    import postgresql

    server = postgresql.Server("max_connections=60")  # durable, as in service
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


def measure(single: int, batch: int, rounds: int) -> None:
    """Print the lines of this process's database."""
    from detainer import setup

    setup.migrate()
    from django.db import connection

    from detainer.record import journal

    name = "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"
    make_bare(connection)
    receive(0)  # opens the record, makes the key, loads the law

    def in_batch(count: int) -> None:
        with journal.batch():
            for number in range(count):
                receive(number)

    def one_by_one(work: Callable[[Any], object], items: Iterable[object]) -> None:
        for item in items:
            work(item)

    singly: tuple[Work, Work] = (
        lambda count: one_by_one(receive, range(count)),
        lambda rows: one_by_one(lambda row: bare([row]), rows),
    )
    together: tuple[Work, Work] = (
        lambda count: at_once(receive, range(count)),
        lambda rows: at_once(lambda row: bare([row]), rows),
    )
    turns(f"{name}, singly", 1, single, *singly)
    turns(f"{name}, {THREADS} threads", THREADS * 4, rounds * 3, *together)
    turns(f"{name}, in one batch of {batch:,}", batch, rounds, in_batch, bare)
    look(name)


Work = Callable[[Any], object]


def turns(name: str, count: int, rounds: int, record: Work, insert: Work) -> None:
    """Record and insert by turns; print the medians, their ratio, and the middle half of the rounds' own ratios."""
    pairs = []
    for number in range(rounds + 1):
        recorded = rate(count, lambda: record(count))
        rows = last_rows(count)
        inserted = rate(count, lambda rows=rows: insert(rows))  # type: ignore[misc]
        if number:  # the first round warms both up
            pairs.append((recorded, inserted))
    low, _, high = statistics.quantiles([recorded / inserted for recorded, inserted in pairs], n=4)
    one, other = (statistics.median(values) for values in zip(*pairs, strict=True))
    print(f"{name:34}{one:12,.0f}{other:12,.0f}{one / other:17.2f}x{low:10.2f}{high:9.2f}", flush=True)


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


Rows = list[tuple[list[tuple[object, ...]], ...]]


def last_rows(count: int) -> Rows:
    """The rows of the last requests recorded, by table: event, personal data, projection, terms."""
    from django.db import connection

    with connection.cursor() as cursor:
        found = []
        for table, key in zip(TABLES[:3], ("seq", "event", "last_seq"), strict=True):
            cursor.execute(f"SELECT * FROM {table} ORDER BY {key} DESC LIMIT {count}")  # noqa: S608  # names of our own
            found.append([[adapted(row)] for row in cursor.fetchall()])
        cursor.execute(f"SELECT * FROM record_request ORDER BY last_seq DESC LIMIT {count}")  # noqa: S608  # likewise
        terms: dict[object, list[tuple[object, ...]]] = {row[0]: [] for row in cursor.fetchall()}
        cursor.execute("SELECT * FROM record_term")
        for row in cursor.fetchall():
            if row[0] in terms:
                terms[row[0]].append(row)
        found.append(list(terms.values()))
    return list(zip(*found, strict=True))


def adapted(row: tuple[object, ...]) -> tuple[object, ...]:
    """The row as it can be written again: JSON as text."""
    import json

    return tuple(json.dumps(value) if isinstance(value, list) else value for value in row)


def make_bare(connection: object) -> None:
    """Tables of the same columns and key, with nothing else."""
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        for table in TABLES:
            cursor.execute(f"CREATE TABLE bare_{table} AS SELECT * FROM {table} WHERE 1 = 0")  # noqa: S608  # likewise
            key = KEYS[table]
            cursor.execute(f"CREATE UNIQUE INDEX bare_{table}_key ON bare_{table} ({key})")


def bare(rows: Rows) -> None:
    """Put rows into the bare tables, in one transaction."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for place, table in enumerate(TABLES):
            marks = ", ".join(["%s"] * len(rows[0][place][0]))
            statement = f"INSERT INTO bare_{table} VALUES ({marks})"  # noqa: S608  # likewise
            cursor.executemany(statement, [one for row in rows for one in row[place]])


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


if __name__ == "__main__":
    main()
