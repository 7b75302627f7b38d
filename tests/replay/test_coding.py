"""A large table counted by small numbers: the same counts as row by row, whatever its days are and whoever decides."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from published import FEDERAL, I_247D, I_247N, QUEENS, RIKERS

from detainer.law import LawBook
from detainer.replay import coding, telling
from detainer.replay.cells import Period
from detainer.replay.deciding import LIVE
from detainer.replay.mapping import Mapping
from detainer.replay.run import Question, Run


@pytest.mark.parametrize(
    ("days", "agency"),
    [
        ("day", ""),
        ("CASE WHEN i % 37 = 3 THEN 'no day' WHEN i % 41 = 2 THEN '02/30/2015' ELSE strftime(day, '%m/%d/%Y') END", ""),
        ("strftime(day, '%Y-%m-%d 13:00:00')", "us-ny-nyc-correction"),
        ("day::TIMESTAMP_NS + INTERVAL 23 HOURS", "us-ny-nyc-correction"),
    ],
)
def test_days_of_every_kind_and_agencies_by_facility(
    tmp_path: Path, book: LawBook, monkeypatch: pytest.MonkeyPatch, days: str, agency: str
) -> None:
    file = tmp_path / "a.parquet"
    with duckdb.connect() as db:
        db.execute(
            f"COPY (SELECT {days} AS prepare_date, "  # noqa: S608
            f"CASE WHEN i % 3 = 0 THEN '{I_247D}' WHEN i % 5 = 0 THEN '{I_247N}' END AS detainer_type, "
            f"CASE i % 5 WHEN 0 THEN '{QUEENS}' WHEN 1 THEN '{RIKERS}' WHEN 2 THEN '{FEDERAL}' WHEN 3 THEN 'ELSEWHERE' "
            "END AS facility, CASE i % 7 WHEN 0 THEN 'NEW YORK' WHEN 1 THEN 'NJ' WHEN 2 THEN NULL ELSE 'NY' END "
            "AS state "
            "FROM (SELECT i, DATE '2014-11-20' + (i % 60)::INT AS day FROM range(800) numbers(i))) "
            f"TO '{file}' (FORMAT parquet)"
        )
    told: list[Any] = []
    for rows in (1, 1_000_000):
        monkeypatch.setattr(coding, "ROWS", rows)
        question = Question(agency, Period(date(2014, 11, 25), None), given=LIVE)
        with Run(book, Mapping.load("ice-foia-2015"), question, date(2026, 11, 24)) as run:
            told.append(telling.as_json(run.replay([file])))
            assert bool(run.tables.coded) is (rows == 1)
    assert told[0] == told[1]
    assert told[0]["rows"]["counted"] > 200
    assert "outside the period" in told[0]["rows"]["left_out"]
    assert len(told[0]["agencies"]) == (1 if agency else 2)


def _table(file: Path, rows: int, facility: str) -> Path:
    """Rows of which only the last ones hold the form I-247N and a cell without a facility."""
    with duckdb.connect() as db:
        db.execute(
            f"COPY (SELECT DATE '2015-03-02' AS prepare_date, {facility} AS facility, 'NEW YORK' AS state, "  # noqa: S608
            f"CASE WHEN i < {rows} - 40 THEN '{I_247D}' WHEN i % 2 = 0 THEN '{I_247N}' END AS detainer_type "
            f"FROM range({rows}) numbers(i) ORDER BY i) TO '{file}' (FORMAT parquet)"
        )
    return file


@pytest.mark.parametrize("names", [0, 10_000])
@pytest.mark.parametrize("agency", ["", "us-ny-nyc-police"])
def test_texts_that_the_first_rows_do_not_show_are_counted_and_too_many_facilities_are_grouped_as_texts(
    tmp_path: Path, book: LawBook, monkeypatch: pytest.MonkeyPatch, agency: str, names: int
) -> None:
    monkeypatch.setattr(coding, "ROWS", 1)
    monkeypatch.setattr(coding, "SHOWN", 100)
    monkeypatch.setattr(coding, "_NAMES", names)
    places = f"CASE i % 3 WHEN 0 THEN '{QUEENS}' WHEN 1 THEN '' END"
    file = _table(tmp_path / "a.parquet", 600, places)
    with Run(book, Mapping.load("ice-foia-2015"), Question(agency, given=LIVE), date(2026, 11, 24)) as run:
        found = run.replay([file])
        assert run.tables.coded
    queens = {(QUEENS, "NEW YORK"): 200}
    assert found.counts.facility_rows == (queens | {("", "NEW YORK"): 400} if agency else queens)
    assert found.reading.left_out == ({} if agency else {"no facility": 400})
    forms = {decided.case["request"].get("form") for decided in found.counts.patterns.values()}
    assert forms == {"I-247D", "I-247N", None}
