"""The command `detainer` as a user meets it: a process of its own, with a home and nothing else of this run."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment(home: Path, **settings: str) -> dict[str, str]:
    """This process's environment with the house's settings replaced by these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DETAINER_", "DJANGO_"))}
    named = {f"DETAINER_{name.upper()}": value for name, value in settings.items()}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "DETAINER_HOME": str(home), **named}


def detainer(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `detainer ARGUMENTS` to its end."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "detainer", *arguments],
        env=environment(home, **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def mistake(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that a user's mistake must end as: on standard error, with exit code 2 and nothing around it."""
    assert done.returncode == 2, done
    assert done.stderr.startswith("error: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.removeprefix("error: ").strip()


@dataclass
class Served:
    """How a server ended and what it printed; filled in when it has ended."""

    code: int | None = None
    out: str = ""
    err: str = ""

    def complaints(self) -> list[str]:
        """What it logged, but for not having been well until its watch went round."""
        return [line for line in self.err.splitlines() if "Service Unavailable: /healthz" not in line]


@contextmanager
def served(home: Path, port: int, command: str = "serve", **settings: str) -> Iterator[Served]:
    """`detainer serve`, or another command that serves, for as long as the block takes; ended as a user ends it."""
    ended = Served()
    program = subprocess.Popen(
        [sys.executable, "-P", "-m", "detainer", command, "--host", "127.0.0.1", "--port", str(port)],
        env=environment(home, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield ended
    finally:
        # As a terminal does at Ctrl-C: to the program and to all that it started.
        os.killpg(program.pid, signal.SIGINT)
        ended.out, ended.err = program.communicate(timeout=30)
        ended.code = program.returncode


def free_port() -> int:
    """A port of this machine that nothing listens at."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def answer(port: int, path: str) -> bytes:
    """What is answered at a path, waiting for a server that is still starting or not well yet."""
    until, last = time.monotonic() + 60, "nothing"
    while time.monotonic() < until:
        with contextlib.suppress(OSError), contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=5)) as asked:
            asked.request("GET", path)
            response = asked.getresponse()
            if response.status == HTTPStatus.OK:
                return response.read()
            last = f"{response.status} {response.read()!r}"
        time.sleep(0.1)
    raise AssertionError(f"{last} answered at port {port}")
