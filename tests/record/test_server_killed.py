"""`detainer serve` killed with -9, all of it, under writes over HTTP: what it acknowledged is there, in order, once."""

# ruff: noqa: S311  # chance here is a test's

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psycopg
import pytest
from api_client import POLICE, new_request
from command import detainer, environment, free_port
from django.db import connection
from postgresql import Server

pytestmark = pytest.mark.django_db
THREADS = 4
RECORD = """
import json
from detainer import setup
setup.django()
from detainer.record import ledger
from detainer.record.models import Event
told = Event.objects.filter(kind="received").order_by("seq")
print(json.dumps({
    "received": [[one.request_id, one.published()["number"]] for one in told],
    "findings": [str(one) for one in ledger.verify()],
}))
"""


@dataclass
class Load:
    """Programs that write, each write under a key of its own: what was sent, and what was answered to it."""

    port: int
    token: str
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: dict[str, tuple[int, Any]] = field(default_factory=dict)
    orders: list[list[str]] = field(default_factory=list)  # the keys as each program was answered

    def write(self, key: str) -> tuple[int, Any]:
        """Send the write of this key; status and receipt. OSError or HTTPException where nothing whole comes back."""
        body = self.sent.setdefault(key, new_request())
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": key,
            "Content-Type": "application/json",
            "Host": f"127.0.0.1:{self.port}",
        }
        with contextlib.closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as asked:
            asked.request("POST", "/api/v1/requests", json.dumps(body), headers)
            response = asked.getresponse()
            said = json.loads(response.read())
        assert response.status == 201, said
        return response.status, said

    def program(self, name: str, stop: threading.Event) -> None:
        """Write until the server is gone."""
        mine: list[str] = []
        self.orders.append(mine)
        while not stop.is_set():
            key = f"{name}-{len(mine):04}"
            try:
                self.answered[key] = self.write(key)
            except (OSError, HTTPException, ValueError):
                return
            mine.append(key)


@contextmanager
def server(home: Path, port: int, **settings: str) -> Iterator[None]:
    """`detainer serve`, killed at the end: the master, its workers and the watch, none of which can do a thing more."""
    with (home / "serve.log").open("ab") as log:
        master = subprocess.Popen(
            [sys.executable, "-P", "-m", "detainer", "serve", "--host", "127.0.0.1", "--port", str(port)],
            env=environment(home, **settings),
            stdout=log,
            stderr=log,
        )
    try:
        until = time.monotonic() + 300  # beside other work it takes longer than one would think
        while True:
            try:
                with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=5)) as asked:
                    asked.request("GET", "/healthz")
                    asked.getresponse().read()
                break
            except OSError:
                assert master.poll() is None, (home / "serve.log").read_text()
                assert time.monotonic() < until, (home / "serve.log").read_text()
                time.sleep(0.05)
        yield
    finally:
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(master.pid)], capture_output=True, text=True, check=False
        )
        for process in [master.pid, *map(int, listed.stdout.split())]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        master.wait()


def survive(home: Path, rounds: int, **settings: str) -> None:
    seed = int(os.environ.get("TEST_SEED", random.SystemRandom().randrange(10**9)))
    chance, where = random.Random(seed), f"TEST_SEED={seed}"
    settings = {"api_rate": "100000", **settings}
    home.mkdir()
    assert detainer(home, "migrate", **settings).returncode == 0
    made = detainer(home, "token", "new", "load", "--agency", POLICE, "--allow", "receive", **settings)
    token = re.search(r"dd_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", made.stdout)
    assert token, made
    load = Load(free_port(), token[0])
    for number in range(rounds):
        with server(home, load.port, **settings):
            again(load, number - 1, where)
            stop = threading.Event()
            programs = [
                threading.Thread(target=load.program, args=(f"round-{number}-{place}", stop))
                for place in range(THREADS)
            ]
            for program in programs:
                program.start()
            # Each of its workers reads the law at its first write, which takes a while.
            until, enough = time.monotonic() + 60, sum(map(len, load.orders)) + 3 * THREADS
            while sum(map(len, load.orders)) < enough and time.monotonic() < until:
                time.sleep(0.02)
            time.sleep(chance.uniform(0, 0.5))
        stop.set()
        for program in programs:
            program.join()
    with server(home, load.port, **settings):
        again(load, rounds - 1, where)
    told = subprocess.run(
        [sys.executable, "-c", RECORD], env=environment(home, **settings), capture_output=True, text=True, check=True
    )
    record = json.loads(told.stdout)
    assert record["findings"] == [], where
    numbers = [number.rpartition("-")[2] for _, number in record["received"]]
    assert numbers == [f"{place:04}" for place in range(1, len(numbers) + 1)], where
    # Each write is there once, those that were cut off too, as they were sent again under their keys.
    place = {request: at for at, (request, _) in enumerate(record["received"])}
    assert len(place) == len(record["received"]) == len(load.sent) == len(load.answered), where
    assert set(place) == {said["request"] for _, said in load.answered.values()}, where
    for order in load.orders:
        places = [place[load.answered[key][1]["request"]] for key in order]
        assert places == sorted(places), where
    assert sum(map(len, load.orders)) >= rounds * 3 * THREADS, where


def again(load: Load, number: int, where: str) -> None:
    """Send everything of a round again: what was answered is answered alike, what was cut off is answered now."""
    for key in [key for key in load.sent if key.startswith(f"round-{number}-")]:
        assert load.write(key) == load.answered.setdefault(key, load.write(key)), (where, key)


def on_this_database(folder: Path, rounds: int) -> None:
    if connection.vendor == "sqlite":
        survive(folder / "home", rounds)
        return
    own = Server()
    try:
        with psycopg.connect(own.address.replace("/detainer?", "/postgres?"), autocommit=True) as admin:
            admin.execute("CREATE DATABASE detainer")
        survive(folder / "home", rounds, database=own.address)
    finally:
        own.stop()


def test_a_server_killed_under_writes_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    on_this_database(tmp_path, 1)


@pytest.mark.soak
def test_a_server_killed_a_hundred_times_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    on_this_database(tmp_path, 100)
