"""A command starts only on a database that this program knows; anything else is told in one line."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from command import detainer, environment, mistake


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a database of this version."""
    home = tmp_path_factory.mktemp("made")
    done = detainer(home, "migrate")
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of that home to spoil."""
    return shutil.copytree(made, tmp_path / "home")


def _sql(home: Path, statement: str) -> None:
    connection = sqlite3.connect(home / "detainer.sqlite3")
    with connection:
        connection.execute(statement)
    connection.close()


def _start(home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """What every command on the record does first."""
    return subprocess.run(
        [sys.executable, "-P", "-c", START],
        env=environment(home, **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


START = """
import sys
from detainer import cli
cli._run = lambda _: __import__("detainer.setup").setup.django()
cli.main()
"""


def test_a_database_of_this_version_is_taken(home: Path) -> None:
    done = _start(home)
    assert (done.returncode, done.stderr) == (0, "")


def test_making_it_again_takes_no_step(home: Path) -> None:
    before = (home / "detainer.sqlite3").read_bytes()
    done = detainer(home, "migrate")
    assert done.stdout == f"{home}/detainer.sqlite3 is up to date; 0 steps taken.\n"
    assert (home / "detainer.sqlite3").read_bytes() == before


def test_no_record_yet_is_told_and_none_is_made(tmp_path: Path) -> None:
    line = mistake(_start(tmp_path))
    assert line == (f"{tmp_path}/detainer.sqlite3: holds no record yet. Make one with `./run demo` or `./run migrate`.")
    assert not (tmp_path / "detainer.sqlite3").exists()


def test_a_newer_database_is_refused_and_left_alone(home: Path) -> None:
    _sql(home, "INSERT INTO django_migrations (app, name, applied) VALUES ('record', '9999_later', '2030-01-01')")
    before = (home / "detainer.sqlite3").read_bytes()
    line = f"{home}/detainer.sqlite3: was made by a newer Detainer Desk. Update the program."
    assert mistake(_start(home)) == line
    assert mistake(detainer(home, "migrate")) == line
    assert mistake(detainer(home, "serve", "--port", "8765")) == line
    assert (home / "detainer.sqlite3").read_bytes() == before


def test_an_older_database_is_told_and_brought_up_to_date_on_request(home: Path) -> None:
    _sql(home, "DELETE FROM django_migrations WHERE app = 'sessions'")
    _sql(home, "DROP TABLE django_session")
    line = mistake(_start(home))
    assert line == (
        f"{home}/detainer.sqlite3: was made by an older Detainer Desk. Bring it up to date with `./run migrate`."
    )
    done = detainer(home, "migrate")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "1 of 1  sessions.0001_initial"
    assert _start(home).returncode == 0


def test_a_file_that_is_no_database_is_told_and_left_alone(home: Path) -> None:
    (home / "detainer.sqlite3").write_bytes(b"Dear Sir or Madam, " * 300)
    line = f"{home}/detainer.sqlite3: is no database. Move the file away, or set DETAINER_HOME to another folder."
    assert mistake(_start(home)) == line
    assert mistake(detainer(home, "migrate")) == line
    assert (home / "detainer.sqlite3").read_bytes() == b"Dear Sir or Madam, " * 300


def test_a_damaged_database_is_told(home: Path) -> None:
    file = home / "detainer.sqlite3"
    content = bytearray(file.read_bytes())
    content[100:] = bytes(len(content) - 100)
    file.write_bytes(content)
    assert mistake(_start(home)).startswith(f"{file}: is damaged. Restore it")


def test_a_server_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    line = mistake(_start(tmp_path, database="postgresql://desk:hunter2@localhost:1/record"))
    assert line.startswith("PostgreSQL record on localhost: cannot be used: ")
    assert line.endswith("See DETAINER_DATABASE.")
    assert "hunter2" not in line


def test_a_full_disk_is_told_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    script = 'mount -t tmpfs -o size=256k tmpfs "$1" && shift && "$@"; code=$?; ls "$DETAINER_HOME"; exit $code'
    program = [sys.executable, "-P", "-B", "-m", "detainer", "migrate"]
    if subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk to fill")
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", str(tmp_path / "disk"), *program],
        env=environment(tmp_path / "disk"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert mistake(done) == f"{tmp_path}/disk/detainer.sqlite3: the disk is full. Nothing half-written was kept."
