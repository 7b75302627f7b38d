"""The engine that reads, groups and joins: DuckDB, made to fetch nothing while it runs and to spill where we say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detainer.errors import UserError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Tell = Callable[[str], None]
_BITS = 22  # groups of small numbers that take no more bits are counted without hashing; takes 64 MB
_OFTEN = 0.5  # seconds between two words on how far a query is


def connect(spill: Path, memory: str = "") -> DuckDBPyConnection:
    """An empty database in memory that puts what does not fit into `spill`; UserError where DuckDB is not installed."""
    try:
        import duckdb
    except ImportError:
        fix = "Install it: pip install 'detainer-desk[analytics]' (a checkout: ./run replay brings it)."
        raise UserError("the replay reads tables with DuckDB, which is not installed", fix=fix) from None
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(spill),
        "preserve_insertion_order": "false",
        "perfect_ht_threshold": _BITS,
    }
    if memory:
        if not re.fullmatch(r"[1-9]\d*(MB|GB)", memory):
            raise UserError(f"{memory} is no amount of memory", where="--memory", fix="Write it as 800MB or 4GB.")
        settings["memory_limit"] = memory
    db = duckdb.connect(":memory:", config=settings)
    db.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    db.execute("SET TimeZone = 'UTC'")  # a moment has the day that its file writes, wherever this runs
    db.execute("SET parquet_metadata_cache = true")  # the foot of a file is read once, not for each query
    return db


def watched(db: DuckDBPyConnection, query: str, what: str, tell: Tell) -> None:
    """Run a query that may take long, and say how far it is."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(db.execute, query)
        while True:
            try:
                running.result(timeout=_OFTEN)
            except NotYet:
                done = db.query_progress()
                tell(f"{what}: {done:.0f} %" if done > 0 else what)
            else:
                return


def table(db: DuckDBPyConnection, name: str, columns: dict[str, str], lines: Sequence[Sequence[Any]]) -> None:
    """Make a small table of these lines; `columns` gives each its type."""
    chosen = ", ".join(f'unnest(?::{kind}[]) AS "{column}"' for column, kind in columns.items())
    values = [[line[number] for line in lines] for number in range(len(columns))]
    db.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT {chosen}", values)
