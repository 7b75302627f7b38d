"""PostgreSQL itself killed, cut off or out of room under load: what was acknowledged is there, in order, once."""

# ruff: noqa: S311  # chance here is a test's

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import command
import psycopg
import pytest
from cut import Wire
from postgresql import Server

from detainer.record import verify

pytestmark = pytest.mark.postgresql

# Durable, as in service: what is acknowledged must outlive a server that is killed.
DURABLE = ("max_connections=60", "fsync=on", "synchronous_commit=on", "max_wal_size=256MB")
WRITER = """
import sys, threading, time
from detainer import setup
setup.django(make=True)
from datetime import UTC, datetime
from django.db import connection
from detainer.record import journal
def take():
    return journal.receive(
        "us-ny-nyc-police", {"custody": {"held": True}}, happened=datetime(2026, 11, 24, tzinfo=UTC),
        author="system:test", person={"name": "Ana Example", "said": "x" * LONG},
    )
def write():
    while True:
        try:
            made = take()
        except Exception as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\\n")
            connection.close()
            time.sleep(0.05)
        else:
            sys.stdout.write(f"{made.number}\\n")
            sys.stdout.flush()
sys.stdout.write(f"{take().number}\\n")
sys.stdout.flush()
for _ in range(4):
    threading.Thread(target=write, daemon=True).start()
sys.stdin.read()
"""


class Load:
    """A process that records by four threads at once, through whatever happens, and what it was told it has."""

    def __init__(self, home: Path, address: str, *, long: int = 0) -> None:
        self.told: list[str] = []
        self._log = (home.parent / "writer.log").open("w")
        self._program = subprocess.Popen(
            [sys.executable, "-c", WRITER.replace("LONG", str(long))],
            env=command.environment(home, database=address),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._program.stdout is not None
        for line in self._program.stdout:
            if line.endswith("\n"):
                self.told.append(line.strip())

    def more(self, count: int = 5) -> None:
        """Wait until so many more requests have been acknowledged."""
        goal, until = len(self.told) + count, time.monotonic() + 60
        while len(self.told) < goal:
            assert self._program.poll() is None, "the writer has ended"
            assert time.monotonic() < until, "nothing is acknowledged any more"
            time.sleep(0.01)

    def end(self) -> list[str]:
        self._program.kill()
        self._program.wait()
        self._reader.join()
        for pipe in (self._program.stdin, self._program.stdout):
            assert pipe is not None
            pipe.close()
        self._log.close()
        return self.told


@contextmanager
def under_load(
    tmp_path: Path, *, wire: bool = False, initdb: tuple[str, ...] = (), long: int = 0
) -> Iterator[tuple[Server, Load, Wire | None, Callable[[], list[str]]]]:
    """A durable server with a record that is being written to; at the end all that was acknowledged is looked for."""
    server = Server(*DURABLE, initdb=initdb)
    line = Wire(server.folder / ".s.PGSQL.5432") if wire else None
    home = tmp_path / "home"
    try:
        with psycopg.connect(server.address.replace("/detainer?", "/postgres?"), autocommit=True) as admin:
            admin.execute("CREATE DATABASE detainer")
        address = f"postgresql://postgres@127.0.0.1:{line.port}/detainer" if line else server.address
        load = Load(home, address, long=long)

        def look() -> list[str]:
            numbers = recorded(server.address)
            assert numbers == [f"2026-{place:04}" for place in range(1, len(numbers) + 1)]
            return numbers

        try:
            load.more()
            yield server, load, line, look
        finally:
            told = load.end()
        assert len(told) == len(set(told))
        assert set(told) <= set(look())
        done = command.detainer(home, "verify", database=server.address)
        assert done.stdout.startswith("sound: "), done
    finally:
        if line:
            line.close()
        server.stop()


def recorded(address: str) -> list[str]:
    """The numbers in the record, in the order of their events; the record itself must be sound."""
    with psycopg.connect(address) as connection:
        found = connection.execute("SELECT public FROM record_event WHERE kind = 'received' ORDER BY seq").fetchall()
        opened = connection.execute("SELECT public FROM record_event WHERE seq = 0").fetchone()
    assert opened is not None
    key = verify.Key.read(json.loads(opened[0])["key"])
    assert verify.check(address, [key], ()).findings == []
    return [json.loads(public)["number"] for (public,) in found]


def kill_in_a_loop(tmp_path: Path, rounds: int) -> None:
    seed = int(os.environ.get("TEST_SEED", random.SystemRandom().randrange(10**9)))
    chance = random.Random(seed)
    with under_load(tmp_path) as (server, load, _, look):
        for number in range(rounds):
            load.more()
            time.sleep(chance.uniform(0, 0.2))
            server.kill()
            told = list(load.told)
            server.start()
            assert set(told) <= set(look()), f"TEST_SEED={seed}, round {number}"


def test_postgresql_killed_under_load_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    kill_in_a_loop(tmp_path, 2)


@pytest.mark.soak
def test_postgresql_killed_a_hundred_times_under_load_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    kill_in_a_loop(tmp_path, 100)


def cut_in_a_loop(tmp_path: Path, rounds: int) -> None:
    chance = random.Random(os.environ.get("TEST_SEED"))
    with under_load(tmp_path, wire=True) as (_, load, wire, look):
        assert wire is not None
        cut = 0
        for _ in range(rounds):
            load.more(3)
            time.sleep(chance.uniform(0, 0.05))
            cut += wire.cut()
        assert cut >= rounds
        load.more(3)
        look()


def test_a_network_cut_in_mid_transaction_loses_and_doubles_nothing(tmp_path: Path) -> None:
    cut_in_a_loop(tmp_path, 3)


@pytest.mark.soak
def test_a_network_cut_five_hundred_times_loses_and_doubles_nothing(tmp_path: Path) -> None:
    cut_in_a_loop(tmp_path, 500)


@pytest.mark.soak
def test_a_disk_that_is_full_refuses_and_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    """No file of the server may grow past 4 MiB: what a full disk is to it, without one to fill."""
    with under_load(tmp_path, initdb=("--wal-segsize=1",), long=100_000) as (server, load, _, look):
        server.kill()
        server.start(longest_file=4 << 20)
        log, until = server.folder / "log", time.monotonic() + 60
        while "could not extend file" not in log.read_text() and time.monotonic() < until:
            time.sleep(0.05)
        assert "could not extend file" in log.read_text()
        told = list(load.told)
        assert set(told) <= set(look())
        server.kill()
        server.start()
        load.more()
