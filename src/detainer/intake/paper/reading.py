"""Read a paper in a process of its own with limits; whatever happens to it, the answer is forms or one plain reason."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detainer.intake.paper.worker import TELLS

LARGEST = 40 * 1024 * 1024
SECONDS = 600  # by the clock; of the processor the worker grants itself 60, and more for scans alone
_GLANCE = 1.0  # seconds between two looks at a process that reads
_WITHIN = ("hidden", "sizes", "turns")  # what a form says beside, for its pictures


@dataclass(frozen=True)
class Reading:
    """What came of one file: its forms as JSON has them, what is to be said of the rest, or why nothing was read."""

    forms: tuple[dict[str, Any], ...] = ()
    said: tuple[str, ...] = ()
    why: str = ""

    def as_json(self, file: str) -> list[dict[str, Any]]:
        """One object a form; a file with none is one object that says why."""
        found = [
            {key: value for key, value in form.items() if key not in _WITHIN} | {"file": file} for form in self.forms
        ]
        if found:
            found[-1]["problems"] = [*found[-1]["problems"], *self.said]
            return found
        why = [self.why] if self.why else [*self.said] or ["has no form that is known"]
        return [{"file": file, "pages": [], "form": None, "fields": {}, "problems": why}]


class StoppedError(Exception):
    """Reading was ended before it was done, because it was asked to."""


Going = Callable[[int, int], bool]


def read(data: bytes, *, seconds: float = SECONDS, going: Going | None = None) -> Reading:
    """The forms in a file's bytes. Never raises for what the bytes are.

    `going` is asked about once a second, with the page that is being read and how many there are (0 while nobody
    knows; page 0 of 1 while a scan waits for another to be read), whether to go on; StoppedError where it says no.
    """
    if not data:
        return Reading(why="is empty")
    if len(data) > LARGEST:
        return Reading(why=f"is larger than {LARGEST // 1024**2} MB; send the form alone")
    try:
        done = _watched(data, seconds, going) if going else apart(data, seconds=seconds)
    except subprocess.TimeoutExpired:
        return Reading(why="took too long to read; it was left alone")
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return Reading(why="took too long or too much memory to read; it was left alone")
    try:
        said = json.loads(done.stdout)
    except ValueError:
        return Reading(why="is damaged: reading it failed outright")
    if "why" in said:
        return Reading(why=said["why"])
    return Reading(tuple(said["forms"]), tuple(said["said"]))


def apart(data: bytes, *arguments: str, seconds: float) -> subprocess.CompletedProcess[bytes]:
    """Hand bytes to a process that may only look at them; subprocess.TimeoutExpired where it takes too long."""
    return subprocess.run(
        [*_COMMAND, *arguments],
        input=data,
        capture_output=True,
        timeout=seconds,
        env=_environment(),
        cwd="/",
        check=False,
    )


def _watched(data: bytes, seconds: float, going: Going) -> subprocess.CompletedProcess[bytes]:
    """The same, with `going` asked meanwhile."""
    until = time.monotonic() + seconds
    with _pipe() as (heard, tells):
        process = subprocess.Popen(
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment() | {TELLS: str(tells)},
            cwd="/",
            pass_fds=[tells],
        )
        given: bytes | None = data
        page = pages = 0
        try:
            while True:
                try:
                    out, _ = process.communicate(given, timeout=max(0.01, min(_GLANCE, until - time.monotonic())))
                    return subprocess.CompletedProcess(_COMMAND, process.returncode, out)
                except subprocess.TimeoutExpired:
                    given = None
                    page, pages = _last(heard) or (page, pages)
                    if time.monotonic() >= until:
                        raise
                    if not going(page, pages):
                        raise StoppedError from None
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()


@contextlib.contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    """A pipe that is read without waiting; both its ends are closed in the end."""
    heard, tells = os.pipe()
    try:
        os.set_blocking(heard, False)
        yield heard, tells
    finally:
        os.close(heard)
        os.close(tells)


def _last(heard: int) -> tuple[int, int] | None:
    """The page that was told last, and how many there are; None where nothing new was told."""
    try:
        lines = [line.split() for line in os.read(heard, 65536).decode("ascii", "ignore").split("\n")]
    except BlockingIOError:
        return None
    told = [(int(line[0]), int(line[1])) for line in lines if len(line) == 2 and all(one.isdigit() for one in line)]
    return told[-1] if told else None


_COMMAND = [sys.executable, "-m", "detainer.intake.paper.worker"]


def _environment() -> dict[str, str]:
    source = Path(__file__).parents[3]
    return {
        "PYTHONPATH": str(source),
        "PATH": os.environ.get("PATH", ""),
        "OMP_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPYCACHEPREFIX": os.environ.get("PYTHONPYCACHEPREFIX", ""),
    } | {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_CORE")}
