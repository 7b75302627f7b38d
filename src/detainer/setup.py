"""Django made ready inside a command, on a database that this program knows."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from detainer.errors import UserError
from detainer.house import House, house

if TYPE_CHECKING:
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.migration import Migration

CONNECT_SECONDS = 5


def django(*, make: bool = False) -> None:
    """Configure Django and see that the database is of this program's version; UserError where it is not.

    With `make`, a database with nothing in it is made, and an embedded one of an older version is brought up to date.
    An older PostgreSQL never is: other programs may be at work on it, and that takes `detainer migrate`.
    """
    _configure()
    embedded = not house().database
    with failures_told():
        # Looked for first, since to open an embedded database is to make it.
        waiting = "all" if embedded and not house().sqlite.exists() else _waiting(_executor())
    if not waiting:
        return
    if make and (embedded or waiting == "all"):
        migrate()
    elif waiting == "all":
        raise UserError("holds no record yet", where=place(), fix="Make one with `./run demo` or `./run migrate`.")
    else:
        raise UserError(
            "was made by an older Detainer Desk", where=place(), fix="Bring it up to date with `./run migrate`."
        )


def migrate(progress: Callable[[str], None] = lambda _: None) -> int:
    """Bring the database up to this program's version, one process at a time; the number of steps taken."""
    _configure()
    with failures_told(), _alone():
        executor = _executor()
        _waiting(executor)
        targets = executor.loader.graph.leaf_nodes()
        plan = executor.migration_plan(targets)
        done: set[str] = set()

        def step(action: str, migration: Migration | None = None, fake: bool | None = None) -> None:
            if action == "apply_success":
                done.add(str(migration))
                progress(f"{len(done)} of {len(plan)}  {migration}")

        executor.progress_callback = step
        executor.migrate(targets, plan)
        if plan:
            # As Django's own command ends: content types and permissions of the new models.
            from django.core.management.sql import emit_post_migrate_signal

            emit_post_migrate_signal(verbosity=0, interactive=False, db="default", plan=plan)
    return len(plan)


def place() -> str:
    """The database as a user knows it, without its password."""
    home: House = house()
    if not home.database:
        return str(home.sqlite)
    from psycopg.conninfo import conninfo_to_dict

    given = conninfo_to_dict(home.database)
    return f"PostgreSQL {given.get('dbname')} on {given.get('host', 'this machine')}"


@contextmanager
def failures_told() -> Iterator[None]:
    """Turn what a machine can refuse (disk, file, server) into one line."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        known = told(error)
        if known is None:
            raise
        raise known from error


def told(error: BaseException) -> UserError | None:
    """The one line for a failure of the machine; None where the failure is the program's own."""
    causes = []
    cause: BaseException | None = error
    while cause is not None:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    for one in causes:
        text = " ".join(str(one).split())
        if isinstance(one, OSError) and one.errno in {errno.ENOSPC, errno.EDQUOT}:
            return UserError("the disk is full", where=one.filename or "", fix="Nothing half-written was kept.")
        if isinstance(one, OSError) and isinstance(one, PermissionError):
            return UserError("may not be written", where=one.filename or "")
        if isinstance(one, sqlite3.Error):
            return _sqlite(text)
        if type(one).__module__.startswith("psycopg") and type(one).__name__ in {"OperationalError", "PoolTimeout"}:
            return UserError(f"cannot be used: {text}", where=place(), fix="See DETAINER_DATABASE.")
    return None


def _sqlite(text: str) -> UserError | None:
    known = {
        "file is not a database": ("is no database", "Move the file away, or set DETAINER_HOME to another folder."),
        "database disk image is malformed": ("is damaged", "Restore it from a copy."),
        "database or disk is full": ("the disk is full", "Nothing half-written was kept."),
        "disk I/O error": ("the disk cannot be written: full or failing", "Nothing half-written was kept."),
        "unable to open database file": ("cannot be opened", "See that the folder is there and may be written."),
        "attempt to write a readonly database": ("may not be written", "See who owns the file."),
        "database is locked": ("another program holds the database", "Try again when it has finished."),
    }
    for words, (what, fix) in known.items():
        if words in text:
            return UserError(what, where=place(), fix=fix)
    return None


def _configure() -> None:
    home = house().home
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"no such folder can be made: {(error.strerror or '').lower()}", where=str(home), fix="Set DETAINER_HOME."
        ) from None
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "detainer.settings")
    from django.apps import apps

    if not apps.ready:
        import django

        django.setup()


def _executor() -> MigrationExecutor:
    """A migration executor on a database that answers."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if house().database:
        import psycopg

        # Asked first without the pool, which would only say that no connection came in time.
        psycopg.connect(house().database, connect_timeout=CONNECT_SECONDS).close()
    return MigrationExecutor(connection)


def _waiting(executor: MigrationExecutor) -> str:
    """Which steps this program would still take: "" for none, "some" or "all"; UserError for a newer database."""
    loader = executor.loader
    if set(loader.applied_migrations) - set(loader.disk_migrations or ()):
        raise UserError("was made by a newer Detainer Desk", where=place(), fix="Update the program.")
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    if not plan:
        return ""
    return "some" if loader.applied_migrations else "all"


@contextmanager
def _alone() -> Iterator[None]:
    """One migration at a time on this home."""
    with (house().home / "migrate.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
