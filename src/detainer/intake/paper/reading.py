"""Read a paper in a process of its own with limits; whatever happens to it, the answer is forms or one plain reason."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LARGEST = 40 * 1024 * 1024
SECONDS = 600  # by the clock; of the processor the worker grants itself 60, and more for scans alone
_WITHIN = ("hidden", "sizes")  # what a form says beside, for its pictures


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


def read(data: bytes, *, seconds: float = SECONDS) -> Reading:
    """The forms in a file's bytes. Never raises for what the bytes are."""
    if not data:
        return Reading(why="is empty")
    if len(data) > LARGEST:
        return Reading(why=f"is larger than {LARGEST // 1024**2} MB; send the form alone")
    try:
        done = apart(data, seconds=seconds)
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
    source = Path(__file__).parents[3]
    environment = {
        "PYTHONPATH": str(source),
        "PATH": os.environ.get("PATH", ""),
        "OMP_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPYCACHEPREFIX": os.environ.get("PYTHONPYCACHEPREFIX", ""),
    } | {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_CORE")}
    command = [sys.executable, "-m", "detainer.intake.paper.worker", *arguments]
    return subprocess.run(
        command, input=data, capture_output=True, timeout=seconds, env=environment, cwd="/", check=False
    )
