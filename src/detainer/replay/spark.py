"""The same queries on Spark, for tables that outgrow a machine (extra `spark`, and Java 17).

Spark's own configuration names the cluster; without any it runs in this machine. Only counts come back: the rows
themselves never pass through this process.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detainer.errors import UserError
from detainer.replay import duck
from detainer.replay.cells import Plan
from detainer.replay.coding import Coded
from detainer.replay.dialect import SPARK
from detainer.replay.engine import Tell, Unreadable
from detainer.replay.table import Source, brief

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
_KINDS = {"VARCHAR": "STRING", "BIGINT": "BIGINT", "INTEGER": "INT", "DATE": "DATE", "BOOLEAN": "BOOLEAN"}


class OnSpark:
    """Spark, with the small tables in an embedded database; UserError where it is not installed or does not start."""

    sql = SPARK

    def __init__(self, db: DuckDBPyConnection) -> None:
        self._db = db
        try:
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ImportError:
            fix = "Install it: pip install 'detainer-desk[spark]'."
            raise UserError("Spark is not installed", where="--engine", fix=fix) from None
        self._failed: type[Exception] = PySparkException
        builder = SparkSession.builder.appName("detainer replay")
        for key, value in SETTINGS.items():
            builder = builder.config(key, value)
        try:
            self._spark: Any = builder.getOrCreate()
        except PySparkException as error:
            raise UserError(
                f"Spark does not start: {brief(error)}", where="--engine", fix="It needs Java 17."
            ) from None

    def insert(self, table: str, query: str, what: str, tell: Tell) -> None:
        """Append what a query finds to a table of the embedded database; Unreadable where the source cannot be read."""
        tell(f"{what} on Spark")
        try:
            lines = [tuple(row) for row in self._spark.sql(query).collect()]
        except self._failed as error:
            raise Unreadable(brief(error)) from None
        types = {row[0]: row[1] for row in self._db.execute(f"DESCRIBE {table}").fetchall()}
        duck.table(self._db, "from_spark", types, lines)
        self._db.execute(f"INSERT INTO {table} SELECT * FROM from_spark")  # noqa: S608

    def coded(self, plan: Plan, source: Source, tell: Tell, into: str, *, agencies: bool) -> Coded | None:
        """Nothing: Spark groups texts."""
        return None

    def share(self, table: str, texts: Sequence[str] = ()) -> None:
        """Let queries use a small table of the embedded database."""
        types = {row[0]: row[1] for row in self._db.execute(f"DESCRIBE {table}").fetchall()}
        schema = ", ".join(f"`{name}` {_KINDS[kind]}" for name, kind in types.items())
        lines = self._db.execute(f"FROM {table}").fetchall()
        self._spark.createDataFrame(lines, schema).createOrReplaceTempView(table)

    def write(self, queries: Sequence[str], into: Path, tell: Tell) -> None:
        """Write what queries find as a folder of Parquet files."""
        tell("writing rows on Spark")
        try:
            self._spark.sql(" UNION ALL ".join(queries)).write.mode("overwrite").parquet(str(into))
        except self._failed as error:
            raise UserError(f"cannot be written: {brief(error)}", where=str(into)) from None

    def close(self) -> None:
        """Stop the session."""
        self._spark.stop()
