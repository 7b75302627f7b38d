"""The same replay on Spark: identical answers, row by row. One test, since Spark takes long to start."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from published import FEDERAL, I_247, I_247D, I_247N, QUEENS, RIKERS, row, write

from detainer.law import LawBook
from detainer.replay import spark, telling, writing
from detainer.replay.deciding import LIVE
from detainer.replay.engine import Embedded
from detainer.replay.mapping import Mapping
from detainer.replay.run import Question, Run
from detainer.replay.spark import OnSpark

ODD = 'O\'HARE "OLD" JAIL\\1'
DAYS = ("2014-12-13", "12/14/2014", "2015-03-02 13:00:00", "42065", "20150302", "2015-02-30", "2015-03", "NA", "")


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17")
# Spark's own client leaves its sockets to the collector of garbage.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_spark_gives_the_same_counts_and_the_same_rows(
    tmp_path: Path, book: LawBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting in ("spark.sql.shuffle.partitions", "spark.default.parallelism"):
        monkeypatch.setitem(spark.SETTINGS, setting, "1")  # a few rows need no two hundred heaps
    places = (QUEENS, RIKERS, FEDERAL, ODD, "")
    forms = (I_247, I_247D, I_247N, "NA", "something new")
    rows = [row(day, form, place) for day in DAYS for form in forms for place in places]
    files = [
        write(tmp_path / "a.csv", *rows),
        write(tmp_path / "b.csv", row("03/14/2015"), row("1/2/15 12:00:00 AM", facility=RIKERS)),
        write(tmp_path / "c.csv", row("14-MAR-2015"), row("04OCT14", facility=RIKERS)),
    ]
    question = Question(given={**LIVE, "warrants": [], "local_policy_forbids": []}, other_day=date(2014, 11, 1))
    told: list[Any] = []
    lines: list[Any] = []
    for engine in (Embedded, OnSpark):
        out = tmp_path / engine.__name__
        with Run(book, Mapping.load("ice-foia-2015"), question, date(2026, 11, 24), engine=engine) as run:
            found = run.replay(files)
            writing.write(run, found, out, rows=True, parquet=False)
        told.append(telling.as_json(found))
        where = out / "rows.parquet"
        with duckdb.connect() as db:
            asked = f"FROM read_parquet('{where / '*.parquet' if where.is_dir() else where}')"
            lines.append(Counter(db.execute(asked).fetchall()))
    assert told[0] == told[1]
    assert lines[0] == lines[1]
    assert told[0]["rows"]["counted"] == lines[0].total() == 4 * 5 * 2 + 4
