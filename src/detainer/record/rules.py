"""Database rules that stop edits of the ledger. They prevent accidents; evidence comes from published checkpoints.

Events, checkpoints and subtrees only grow, each at its end. Personal data is never changed; it is removed only for a
request that has been expunged.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

GROWING = ("record_event", "record_checkpoint", "record_subtree")
KEPT = (*GROWING, "record_personal")

# table → when a new row (NEW) does not stand where it must
MISPLACED = {
    "record_event": "NEW.seq <> (SELECT coalesce(max(seq), -1) + 1 FROM record_event)",
    "record_checkpoint": (
        "NEW.place <> (SELECT coalesce(max(place), -1) + 1 FROM record_checkpoint)"
        " OR NEW.size <= (SELECT coalesce(max(size), 0) FROM record_checkpoint)"
    ),
    "record_subtree": (
        'NEW."index" <> (SELECT coalesce(max("index"), -1) + 1 FROM record_subtree WHERE height = NEW.height)'
    ),
    "record_personal": "EXISTS (SELECT 1 FROM record_personal WHERE event = NEW.event)",
}
UNEXPUNGED = (
    "NOT EXISTS (SELECT 1 FROM record_event AS mine JOIN record_event AS last ON last.request_id = mine.request_id"
    " WHERE mine.seq = OLD.event AND last.kind = 'expunged' AND last.seq > mine.seq)"
)


def install(schema: BaseDatabaseSchemaEditor) -> None:
    """Put the rules in place on SQLite or PostgreSQL."""
    statements = _sqlite() if schema.connection.vendor == "sqlite" else _postgresql()
    for statement in statements:
        schema.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """The rules that are not in place, or not as `install` puts them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = dict(cursor.fetchall())
            wanted = {statement.split()[2]: statement for statement in _sqlite()}
            yield from (name for name, statement in wanted.items() if found.get(name) != statement)
            return
        cursor.execute(
            "SELECT tgname, proname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE tgenabled IN ('O', 'A') AND tgrelid::regclass::text = ANY(%s)",
            [list(KEPT)],
        )
        kept = {name: (function, source) for name, function, source in cursor.fetchall()}
        for table in KEPT:
            right = f"{table}_rule", _function(table)
            yield from (f"{table}_{part}" for part in ("grow", "keep", "whole") if kept.get(f"{table}_{part}") != right)


def drop(schema: BaseDatabaseSchemaEditor) -> None:
    """Take the rules away."""
    sqlite = schema.connection.vendor == "sqlite"
    for table in KEPT:
        for rule in ("grow", "keep") if sqlite else ("grow", "keep", "whole"):
            schema.execute(f"DROP TRIGGER {table}_{rule}" + ("" if sqlite else f" ON {table}"))
        if sqlite:
            schema.execute(f"DROP TRIGGER {table}_last")
        else:
            schema.execute(f"DROP FUNCTION {table}_rule()")


def _sqlite() -> list[str]:
    made = []
    for table in KEPT:
        # Before the row is placed: INSERT OR REPLACE would take the old one away without asking a delete rule.
        made.append(
            f"CREATE TRIGGER {table}_grow BEFORE INSERT ON {table} WHEN {MISPLACED[table]}"
            f" BEGIN SELECT RAISE(ABORT, '{table} only grows at its end'); END"
        )
        made.append(
            f"CREATE TRIGGER {table}_keep BEFORE UPDATE ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
        )
        when = f"WHEN {UNEXPUNGED} " if table == "record_personal" else ""
        made.append(
            f"CREATE TRIGGER {table}_last BEFORE DELETE ON {table} {when}"
            f"BEGIN SELECT RAISE(ABORT, '{_never_deleted(table)}'); END"
        )
    return made


def _postgresql() -> list[str]:
    made = []
    for table in KEPT:
        made.append(f"CREATE FUNCTION {table}_rule() RETURNS trigger LANGUAGE plpgsql AS $${_function(table)}$$")
        made.append(
            f"CREATE TRIGGER {table}_grow BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_rule()"
        )
        made.append(
            f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_rule()"
        )
        made.append(
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_rule()"
        )
    return made


def _function(table: str) -> str:
    """What a PostgreSQL table's rules do."""
    spared = f"IF NOT ({UNEXPUNGED}) THEN RETURN OLD; END IF; " if table == "record_personal" else ""
    return (
        "BEGIN IF TG_OP = 'INSERT' THEN"
        f" IF {MISPLACED[table]} THEN RAISE EXCEPTION '{table} only grows at its end'; END IF; RETURN NEW;"
        f" ELSIF TG_OP = 'DELETE' THEN {spared}RAISE EXCEPTION '{_never_deleted(table)}';"
        f" ELSE RAISE EXCEPTION '{table} is never changed'; END IF; END"
    )


def _never_deleted(table: str) -> str:
    return "personal data is removed only by expunging" if table == "record_personal" else f"{table} is never deleted"
