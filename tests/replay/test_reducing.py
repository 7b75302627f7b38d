"""Columns that the answers do not hang on may be left out, and no others."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import duckdb
from hypothesis import given
from hypothesis import strategies as st
from published import FEDERAL, I_247, I_247D, I_247N, QUEENS, RIKERS, row, write

from detainer.law import LawBook
from detainer.replay import reducing, writing
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
