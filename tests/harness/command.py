"""The command `detainer` as a user meets it: a process of its own, with a home and nothing else of this run."""

from __future__ import annotations

import os
import subprocess
import sys
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
