"""The desk is served, says where, and says so when it cannot be."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import answer, detainer, free_port, mistake, served


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens at."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_port_in_use_is_told_with_the_way_out(taken: int, tmp_path: Path) -> None:
    line = mistake(detainer(tmp_path, "serve", "--host", "127.0.0.1", "--port", str(taken)))
    assert line == f"port {taken} is in use. Choose another with `--port`, for example `--port {taken + 1}`."
    assert list(tmp_path.iterdir()) == [], "nothing was made first"


def test_an_address_of_another_machine_is_told(tmp_path: Path) -> None:
    line = mistake(detainer(tmp_path, "serve", "--host", "192.0.2.1", "--port", "8000"))
    assert line == "--host 192.0.2.1: is no address of this machine. Leave it out for localhost."


def test_the_desk_is_served_until_it_is_stopped(tmp_path: Path) -> None:
    port = free_port()
    with served(tmp_path, port) as ended:
        assert answer(port, "/healthz") == b"ok\n"
    assert ended.out == f"Detainer Desk is at http://127.0.0.1:{port}  (stop it with Ctrl-C)\n"
    assert (ended.code, ended.complaints()) == (0, [])
    assert (tmp_path / "detainer.sqlite3").exists(), "an embedded database is made where there is none"
