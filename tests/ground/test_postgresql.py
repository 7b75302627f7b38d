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


def test_an_empty_database_is_made_on_request(database: str, tmp_path: Path) -> None:
    assert "holds no record yet" in mistake(detainer(tmp_path, "verify", database=database))
    made = detainer(tmp_path, "migrate", database=database)
    assert made.returncode == 0, made.stderr
    assert "is up to date" in made.stdout.splitlines()[-1]
    again = detainer(tmp_path, "migrate", database=database)
    assert again.stdout.endswith("is up to date; 0 steps taken.\n")


def test_an_older_database_is_brought_up_to_date_by_migrate_alone(database: str, tmp_path: Path) -> None:
    assert detainer(tmp_path, "migrate", database=database).returncode == 0
    with psycopg.connect(database) as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        connection.execute("DROP TABLE django_session")
    line = mistake(detainer(tmp_path, "serve", "--port", str(free_port()), database=database))
    assert line.endswith("was made by an older Detainer Desk. Bring it up to date with `./run migrate`.")
    assert detainer(tmp_path, "migrate", database=database).stdout.startswith("1 of 1  sessions.0001_initial\n")


def test_a_newer_database_is_refused(database: str, tmp_path: Path) -> None:
    assert detainer(tmp_path, "migrate", database=database).returncode == 0
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('record', '9999_later', '2030-01-01')"
        )
    assert "was made by a newer Detainer Desk" in mistake(detainer(tmp_path, "migrate", database=database))


def test_the_desk_is_served_by_several_processes(database: str, tmp_path: Path) -> None:
    port = free_port()
    with served(tmp_path, port, database=database) as ended:
        assert answer(port, "/healthz") == b"ok\n"
    assert (ended.code, ended.complaints()) == (0, [])
    assert not (tmp_path / "detainer.sqlite3").exists()


def test_a_database_that_is_not_there_is_told(database: str, tmp_path: Path) -> None:
    missing = database.replace("house_", "nowhere_")
    line = mistake(detainer(tmp_path, "migrate", database=missing))
    assert "does not exist" in line
    assert line.endswith("See DETAINER_DATABASE.")
