"""The page on the interface is true: its programs run, and it names every action, operation and limit."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from api_client import Program

from detainer.api import moments, strict
from detainer.api.actions import Action
from detainer.api.document import openapi

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def _block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found


def _run(command: list[str], server: Any, booking: Program) -> str:
    said = {"DESK": server.url, "TOKEN": booking.text, "PATH": os.environ["PATH"]}
    done = subprocess.run(command, env=said, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.django_db(transaction=True)
def test_the_client_in_python_runs_on_the_standard_library_alone(live_server: Any, booking: Program) -> None:
    headline, release = _run([sys.executable, "-I", "-S", "-c", _block("python")], live_server, booking).splitlines()
    assert headline == "Release on time. Do not tell ICE."
    assert release.endswith("Z")


@pytest.mark.django_db(transaction=True)
def test_the_client_in_curl_runs(live_server: Any, booking: Program) -> None:
    if not shutil.which("curl"):
        pytest.skip("no curl on this machine")
    told = _run(["bash", "-euc", _block("bash")], live_server, booking)
    assert '"kind": "decided"' in told
    assert '"next": null' in told


def test_the_page_names_every_action_and_operation() -> None:
    for action in Action:
        assert f"| `{action}` |" in PAGE
    for path in openapi()["paths"]:
        short = (
            path.removeprefix("/api/v1")
            .replace("{request_id}", "ID")
            .replace("{hook_id}", "HOOK")
            .replace("{paper_id}", "PAPER")
        )
        assert f"{short}`" in PAGE


def test_the_page_gives_the_limits_that_hold() -> None:
    assert f"{strict.LARGEST // 1024} KiB, {strict.DEEPEST} deep, lists of {strict.LONGEST_LIST}" in PAGE
    assert moments.SKEW.total_seconds() == 60
