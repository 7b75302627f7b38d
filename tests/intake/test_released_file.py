"""The file that was really released, where it lies beside the checkout; made-up rows show the same everywhere else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from detainer.intake import csvfile
from detainer.record import ledger
from detainer.record.models import Request

NAME = "shared/data/ice_detainers_fy2015ytd_nyc.csv"
FILES = [folder / NAME for folder in Path(__file__).resolve().parents if (folder / NAME).is_file()]


def _the_polices_rows_of_2015_are_all_there_by_month() -> None:
    path = FILES[0]
    summary = csvfile.read(path, "us-ny-nyc-police", "ice-foia-2015")
    assert (summary.read, summary.added, summary.skipped, summary.bad) == (1248, 506, 742, 0)
    assert [summary.by_month[month] for month in sorted(summary.by_month)] == [
        171, 141, 58, 19, 20, 15, 21, 22, 30, 9
    ]  # fmt: skip
    city = Counter({skip.agency: rows for skip, rows in summary.skips.items() if skip.agency != "none"})
    assert set(city) == {"us-ny-nyc-correction"}
    assert sum(rows for skip, rows in summary.skips.items() if skip.agency == "us-ny-nyc-correction") == 332
    assert csvfile.read(path, "us-ny-nyc-police", "ice-foia-2015").added == 0
    assert Request.objects.count() == 506
    assert ledger.verify() == []


if FILES:
    test_the_polices_rows_of_2015_are_all_there_by_month = pytest.mark.django_db(
        _the_polices_rows_of_2015_are_all_there_by_month
    )
