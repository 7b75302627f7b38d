"""`detainer serve`: the desk on what is there."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated, NoReturn, cast

import typer

from detainer import setup
from detainer.errors import UserError
from detainer.house import house

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler
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


def anew(host: str, port: int) -> NoReturn:
    """Serve in place of this program, for one that has done other work before.

    The workers are forks. Threads do not come along into a fork, and libraries that keep some (the typesetter does)
    wait in it for ever.
    """
    given = [sys.executable, "-P", "-m", "detainer", "serve", "--host", host, "--port", str(port)]
    os.execv(sys.executable, given)  # noqa: S606  # nosec B606  # no shell is wanted


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
    with _beside("watch", "--quiet") as watch:
        try:
            yield
        finally:
            watch.terminate()
            with suppress(subprocess.TimeoutExpired):  # all that it does is a transaction or is tried again
                watch.wait(PATIENCE)


@contextmanager
def preparing() -> Iterator[None]:
    """What the pages of the law show and takes long is worked out beside the desk, before anybody waits for it."""
    with _beside("law", "prepare", "--idle"):
        yield


@contextmanager
def _beside(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Another command of this program, for as long as the desk is served."""
    # In a group of its own, out of reach of the terminal's Ctrl-C: it ends when the desk does, not before.
    process = subprocess.Popen([sys.executable, "-P", "-m", "detainer", *command], process_group=0)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _stop(_signal: int, _frame: object) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def listen(host: str, port: int) -> None:
    """Serve until a signal. The embedded database has one writer, so one process; PostgreSQL takes one a core."""
    from django.db import connections
    from django.urls import get_resolver
    from gunicorn.app.base import BaseApplication
    from gunicorn.glogging import Logger

    from detainer.record.agencies import book
    from detainer.wsgi import application

    # Read before the workers are made, which share it: the first reader of a page does not wait for it.
    book()
    _ = get_resolver().url_patterns

    # The workers are forks: on a connection that they shared, one would read the other's answers.
    for connection in connections.all(initialized_only=True):
        connection.close()
        if house().database:
            cast("PostgreSQL", connection).close_pool()

    class Log(Logger):
        """Lines through the house's own log, which lets no personal data into one."""

        def setup(self, cfg: object) -> None:
            self.error_log.propagate = True
            self.error_log.setLevel("WARNING")

    class Desk(BaseApplication):
        def load_config(self) -> None:
            where = f"[{host}]" if ":" in host else host
            settings = {
                "bind": f"{where}:{port}",
                "workers": (os.cpu_count() or 1) if house().database else 1,
                "worker_class": "gthread",
                "threads": THREADS,
                "graceful_timeout": PATIENCE,
                "logger_class": Log,
                # All that a run writes lies under one folder, and which scheme a proxy was asked by is Django's to say.
                "control_socket_disable": True,
                "forwarded_allow_ips": "",
                # Ctrl-C stops as a service manager does: what is being answered is finished. The master tells the
                # workers; the terminal's own signal to them would interrupt that very stop.
                "when_ready": lambda _master: signal.signal(signal.SIGINT, _stop),
                "post_fork": lambda _master, _worker: os.setpgrp(),
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> WSGIHandler:  # type: ignore[override]  # the stubs take only a dict as environ
            return application

    with watching(), preparing():
        Desk().run()
