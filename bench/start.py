"""How long a first and a second start take: from a fresh copy of the checkout to a desk that answers.

    python3 bench/start.py

Cold is a copy of the tracked files with nothing made yet and whatever the package cache holds (run it twice for a warm
one); warm is the same copy again. Needs nothing but Python and git; serves on this machine only.
"""

from __future__ import annotations

import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 300


def copy(folder: Path) -> None:
    """The tracked files as they stand, and nothing else."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    pack = ["tar", "--null", "-T", "-", "-cf", "-"]
    archive = subprocess.run(pack, cwd=ROOT, input=listed, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-xf", "-"], cwd=folder, input=archive, check=True)


def clean() -> dict[str, str]:
    """An environment without settings of the house."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("DETAINER_", "DJANGO_"))}


def returns(folder: Path, *arguments: str) -> float:
    """Seconds until `./run ARGUMENTS` has returned."""
    start = time.perf_counter()
    done = subprocess.run(["./run", *arguments], cwd=folder, env=clean(), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"./run {' '.join(arguments)} failed:\n{done.stderr}")
    return time.perf_counter() - start


def answers(folder: Path, *arguments: str) -> float:
    """Seconds until the desk that `./run ARGUMENTS` starts answers; stopped after that."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    start = time.perf_counter()
    command = ["./run", *arguments, "--host", "127.0.0.1", "--port", str(port)]
    program = subprocess.Popen(command, cwd=folder, env=clean(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while program.poll() is None and time.perf_counter() - start < LIMIT:
            if shown(port):
                return time.perf_counter() - start
            time.sleep(0.02)
    finally:
        program.send_signal(signal.SIGINT)
        program.wait(timeout=30)
    sys.exit(f"./run {' '.join(arguments)} never answered")


def shown(port: int) -> bool:
    """Whether the desk shows its first page at a port of this machine."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/sign-in/")
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def main() -> None:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory(prefix="detainer-start-") as name:
        folder = Path(name)
        copy(folder)
        rows = [
            ("./run demo --no-serve, nothing there yet", returns(folder, "demo", "--no-serve")),
            ("./run demo --no-serve, again", returns(folder, "demo", "--no-serve")),
            ("./run demo, until the desk answers", answers(folder, "demo")),
            ("./run serve, until the desk answers", answers(folder, "serve")),
        ]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n")
    print("| start | seconds |\n|---|---:|")
    for what, seconds in rows:
        print(f"| {what} | {seconds:.1f} |")


if __name__ == "__main__":
    main()
