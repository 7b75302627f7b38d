"""A house on PostgreSQL: told apart from the embedded one only by where the record lies."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from command import answer, detainer, free_port, mistake, served

pytestmark = pytest.mark.postgresql


@pytest.fixture
def database() -> Iterator[str]:
    """The address of an empty database of this test's own."""
    parts = urlsplit(os.environ["DETAINER_DATABASE"])
    name = f"house_{secrets.token_hex(4)}"
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(parts._replace(path=f"/{name}"))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_only_migrate_brings_a_shared_database_up_to_date(database: str, tmp_path: Path) -> None:
    line = mistake(detainer(tmp_path, "serve", "--port", str(free_port()), database=database))
    assert "holds no record yet" in line
    made = detainer(tmp_path, "migrate", database=database)
    assert made.returncode == 0, made.stderr
    assert "is up to date" in made.stdout.splitlines()[-1]
    again = detainer(tmp_path, "migrate", database=database)
    assert again.stdout.endswith("is up to date; 0 steps taken.\n")


def test_a_newer_database_is_refused(database: str, tmp_path: Path) -> None:
    assert detainer(tmp_path, "migrate", database=database).returncode == 0
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('record', '9999_later', '2030-01-01')"
        )
    assert "was made by a newer Detainer Desk" in mistake(detainer(tmp_path, "migrate", database=database))


def test_the_desk_is_served_by_several_processes(database: str, tmp_path: Path) -> None:
    assert detainer(tmp_path, "migrate", database=database).returncode == 0
    port = free_port()
    with served(tmp_path, port, database=database) as ended:
        assert answer(port, "/healthz") == b"ok\n"
    assert (ended.code, ended.err) == (0, "")
    assert not (tmp_path / "detainer.sqlite3").exists()


def test_a_database_that_is_not_there_is_told(database: str, tmp_path: Path) -> None:
    missing = database.replace("house_", "nowhere_")
    line = mistake(detainer(tmp_path, "migrate", database=missing))
    assert "does not exist" in line
    assert line.endswith("See DETAINER_DATABASE.")
