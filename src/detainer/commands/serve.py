"""`detainer serve`: the desk on what is there."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, cast

import typer

from detainer import setup
from detainer.errors import UserError
from detainer.house import house

if TYPE_CHECKING:
    from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL

HOST = "localhost"
PORT = 8000
LAST_PORT = 65535
THREADS = 4
PATIENCE = 10  # seconds that a worker has to finish what it is answering
LEAVE_OUT = "Leave it out for localhost."

Host = Annotated[str, typer.Option(help="The address to listen at; another than localhost opens the desk to others.")]
Port = Annotated[int, typer.Option(min=1, max=LAST_PORT, help="The port to listen at.")]


def serve(host: Host = HOST, port: Port = PORT) -> None:
    """Start the desk on the record that is there, until it is stopped with Ctrl-C."""
    claim(host, port)
    setup.django(make=True)
    print(f"Detainer Desk is at {address(host, port)}  (stop it with Ctrl-C)", flush=True)
    listen(host, port)


def address(host: str, port: int) -> str:
    """What to type into a browser."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def claim(host: str, port: int) -> None:
    """See that the port is free before any work is done; UserError where it is not."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except socket.gaierror:
        raise UserError("is no address of this machine", where=f"--host {host}", fix=LEAVE_OUT) from None
    except PermissionError:
        raise UserError(f"port {port} may not be opened", fix="Choose another with `--port`, 1024 or higher.") from None
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise UserError("is no address of this machine", where=f"--host {host}", fix=LEAVE_OUT) from None
        another = port + 1 if port < LAST_PORT else PORT
        fix = f"Choose another with `--port`, for example `--port {another}`."
        raise UserError(f"port {port} is in use", fix=fix) from None


@contextmanager
def watching() -> Iterator[None]:
    """A worker of the watch beside the desk, as a process of its own: a desk that hangs does not stop the clocks."""
    watch = subprocess.Popen([sys.executable, "-P", "-m", "detainer", "watch", "--quiet"])
    try:
        yield
    finally:
        watch.terminate()
        watch.wait(PATIENCE)


def listen(host: str, port: int) -> None:
    """Serve until a signal. The embedded database has one writer, so one process; PostgreSQL takes one a core."""
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # The workers are forks: on a connection that they shared, one would read the other's answers.
    for connection in connections.all(initialized_only=True):
        connection.close()
        if house().database:
            cast("PostgreSQL", connection).close_pool()
    desk = Granian(
        "detainer.wsgi:application",
        address=str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0]),
        port=port,
        interface=Interfaces.WSGI,
        workers=(os.cpu_count() or 1) if house().database else 1,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
        log_level=LogLevels.warning,
    )
    with watching():
        desk.serve()
