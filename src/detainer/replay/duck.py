"""The engine that reads, groups and joins: DuckDB, made to fetch nothing while it runs and to spill where we say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from detainer.errors import UserError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


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
    }
    if memory:
        if not re.fullmatch(r"[1-9]\d*(MB|GB)", memory):
            raise UserError(f"{memory} is no amount of memory", where="--memory", fix="Write it as 800MB or 4GB.")
        settings["memory_limit"] = memory
    return duckdb.connect(":memory:", config=settings)


def text(value: str) -> str:
    """A text as it stands in a query."""
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """A column as it stands in a query."""
    return '"' + value.replace('"', '""') + '"'
