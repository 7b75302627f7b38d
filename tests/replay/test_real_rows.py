"""The released rows, where this checkout has them beside it: totals and months as their keepers state them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
from published import Replayed

from detainer.law import LawBook
from detainer.replay.cells import Period

DATA = next(folder for folder in Path(__file__).resolve().parents if (folder / "shared/data").is_dir()) / "shared/data"
NATIONAL, CITY = DATA / "ice_detainers_fy2015ytd_national.csv.gz", DATA / "ice_detainers_fy2015ytd_nyc.csv"
MONTHS = [11437, 9657, 8306, 7140, 7079, 8081, 8139, 7638, 7590, 3986]
CITY_MONTHS = [298, 245, 83, 33, 30, 23, 35, 37, 38, 16]


def test_every_national_row_is_decided_under_each_shipped_agency(
    tmp_path: Path, replay: Replayed, book: LawBook
) -> None:
    file = tmp_path / "a.parquet"  # read line by line once and not for each agency
    with duckdb.connect() as db:
        db.execute(f"COPY (FROM read_csv('{NATIONAL}', all_varchar = true)) TO '{file}' (FORMAT parquet)")
    for agency in book.agencies:
        counts = replay(file, agency=agency).counts
        assert counts.rows == 79_053
        assert [n for _, n in sorted(counts.month_rows.items())] == MONTHS
        assert sum(n for (name, _), n in counts.outcomes.items() if name == "hold") == 79_053


def test_the_citys_rows_by_agency_and_month(replay: Replayed) -> None:
    found = replay(NATIONAL)
    assert found.counts.agency_rows == {"us-ny-nyc-police": 506, "us-ny-nyc-correction": 332}
    assert [n for _, n in sorted(found.counts.month_rows.items())] == CITY_MONTHS
    assert found.reading.rows == 79_053 == found.counts.rows + sum(found.reading.left_out.values())


def test_the_citys_rows_before_and_after_the_law_of_2014_with_bounds(replay: Replayed) -> None:
    """With no judge's warrant: after 14 December 2014 telling is surely forbidden; before, nothing can be told."""
    given = {
        "request": {"withdrawn": False, "asks": ["hold", "notify"]},
        "custody": {"held": True},
        "person": {"matches_request": True},
        "warrants": [],
        "local_policy_forbids": [],
    }
    before = replay(CITY, given=given, period=Period(None, date(2014, 12, 13))).counts
    after = replay(CITY, given=given, period=Period(date(2014, 12, 14), None)).counts
    assert before.rows + after.rows == 838
    assert before.bounds("hold")["forbidden"] == (0, before.rows)
    # One form of July 2015 asks to be told and nothing else; its own words say so, over what is given.
    assert after.bounds("notify")["forbidden"] == (after.rows - 1, after.rows - 1)
    assert after.agency_rows["us-ny-nyc-correction"] == after.agencies["us-ny-nyc-correction", "hold", "forbidden"]
