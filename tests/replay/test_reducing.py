"""Columns that the answers do not hang on may be left out, and no others."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import FEDERAL, I_247, I_247D, I_247N, QUEENS, RIKERS, row, write

from detainer.law import LawBook
from detainer.replay import coding, reducing, telling, writing
from detainer.replay.cells import Period
from detainer.replay.deciding import JUDGED, LIVE
from detainer.replay.mapping import Mapping
from detainer.replay.run import Question, Run

_KEYS = st.dictionaries(st.tuples(*[st.sampled_from("ab")] * 4), st.sampled_from("xyz"), min_size=1)


@given(_KEYS)
def test_what_is_left_of_a_key_tells_the_same(told: dict[tuple[str, ...], str]) -> None:
    kept = reducing.needed(told)
    short = reducing.reduced(told, kept)
    assert all(short[tuple(key[at] for at in kept)] == said for key, said in told.items())


@given(_KEYS)
def test_not_one_more_column_could_be_left_out(told: dict[tuple[str, ...], str]) -> None:
    kept = reducing.needed(told)
    for one in kept:
        others = [at for at in kept if at != one]
        pairs = {(tuple(key[at] for at in others), said) for key, said in told.items()}
        assert len(pairs) > len({key for key, _ in pairs})


def test_the_counts_by_month_and_facility_are_those_of_the_rows_one_by_one(tmp_path: Path, book: LawBook) -> None:
    dice = random.Random(20141214)  # noqa: S311 - the same rows each time
    rows = [
        row(
            str(date(2014, 10, 1) + timedelta(days=dice.randrange(300))),
            dice.choice([I_247, I_247D, I_247N, "NA", "something new"]),
            dice.choice([QUEENS, RIKERS, FEDERAL, "rikers island, queens, ny", "ELSEWHERE"]),
        )
        for _ in range(600)
    ]
    question = Question(given={**LIVE, "warrants": [], "local_policy_forbids": []})
    with Run(book, Mapping.load("ice-foia-2015"), question, date(2026, 11, 24)) as run:
        found = run.replay([write(tmp_path / "a.csv", *rows)])
        writing.write(run, found, tmp_path / "out", rows=True, parquet=False)
    with duckdb.connect() as db:
        written = db.execute(
            f"SELECT facility, strftime(day, '%Y-%m'), {', '.join(JUDGED)} FROM '{tmp_path}/out/rows.parquet'"  # noqa: S608
        ).fetchall()
    assert len(written) == found.counts.rows > 300
    assert len(set(found.counts.outcomes)) > 3
    assert Counter(
        ((facility, "NEW YORK"), name, outcome)
        for facility, _, *outcomes in written
        for name, outcome in zip(JUDGED, outcomes, strict=True)
    ) == Counter(found.counts.facilities)
    assert Counter(
        (month, name, outcome)
        for _, month, *outcomes in written
        for name, outcome in zip(JUDGED, outcomes, strict=True)
    ) == Counter(found.counts.months)


def test_a_large_table_counted_by_small_numbers_gives_the_same_counts(
    tmp_path: Path, book: LawBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values that the first rows do not show, redacted and never seen ones, no day, days out of range, repeats."""
    file = tmp_path / "a.parquet"
    with duckdb.connect() as db:
        db.execute(
            f"COPY (SELECT CASE WHEN i % 97 = 5 THEN NULL WHEN i % 89 = 7 THEN DATE '0199-01-01' "  # noqa: S608
            "ELSE DATE '2014-11-20' + (i % 60)::INT END AS prepare_date, "
            f"CASE WHEN i > 900 AND i % 5 = 0 THEN '{I_247N}' WHEN i > 950 AND i % 7 = 0 THEN 'something new' "
            f"WHEN i % 3 = 0 THEN '{I_247D}' WHEN i % 11 = 0 THEN 'b(6), b(7)c' END AS detainer_type, "
            f"CASE WHEN i % 4 = 0 THEN NULL WHEN i % 2 = 0 THEN '{QUEENS}' ELSE '{RIKERS}' END AS detention_facility, "
            "'NEW YORK' AS facility_state, CASE i % 13 WHEN 1 THEN 'YES' WHEN 2 THEN 'no' WHEN 3 THEN 'NA' END "
            "AS deportation_ordered_yes_no, NULL::VARCHAR AS biometric_match_yes_no, "
            "CASE WHEN i % 17 = 0 THEN true WHEN i % 19 = 0 THEN NULL ELSE false END AS duplicate_likely "
            f"FROM range(1000) numbers(i)) TO '{file}' (FORMAT parquet)"
        )
    told = []
    monkeypatch.setattr(coding, "SHOWN", 50)
    for rows in (1, 1_000_000):
        monkeypatch.setattr(coding, "ROWS", rows)
        given = {**LIVE, "warrants": []}
        question = Question("us-ny-nyc-correction", Period(date(2014, 11, 25), date(2015, 1, 10)), given=given)
        with Run(book, Mapping.load("ddp-detainers"), question, date(2026, 11, 24)) as run:
            told.append(telling.as_json(run.replay([file])))
            assert bool(run.tables.coded) is (rows == 1)
    assert told[0] == told[1]
    assert {"day not readable", "outside the period", "marked as a repeat"} <= set(told[0]["rows"]["left_out"])
    assert any("something new" in note for note in told[0]["notes"])
