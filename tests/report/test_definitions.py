"""The reports that the city's law prescribes, as data."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from detainer.errors import UserError
from detainer.report import definitions

if TYPE_CHECKING:
    from detainer.report.definitions import Definition

LAWS = Path(__file__).parents[2] / "laws"


@pytest.fixture(scope="module")
def police() -> Definition:
    return definitions.load(LAWS)["us-ny-nyc-police/annual"]


@pytest.mark.parametrize(
    ("start", "end", "source", "due"),
    [
        ("2012-10-01", "2013-09-30", "Local Law 21 of 2013", "2013-09-30"),
        ("2013-10-01", "2014-09-30", "Local Law 21 of 2013", "2014-09-30"),
        ("2014-10-01", "2015-09-30", "Local Law 59 of 2014", "2015-10-15"),
        ("2016-10-01", "2017-09-30", "Local Law 59 of 2014", "2017-10-15"),
        ("2017-07-01", "2018-06-30", "Local Law 228 of 2017", "2018-09-01"),
        ("2025-07-01", "2026-06-30", "Local Law 228 of 2017", "2026-09-01"),
    ],
)
def test_a_year_that_the_law_names_has_its_version_and_its_due_day(
    police: Definition, start: str, end: str, source: str, due: str
) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    version = police.version(first, last)
    assert version.source == source
    assert version.period.is_named(first, last)
    assert version.due.after(last) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2016-01-01", "2016-12-31"),
        ("2015-07-01", "2016-06-30"),
        ("2018-10-01", "2019-09-30"),
        ("2016-10-01", "2017-08-31"),
    ],
)
def test_another_period_is_countable_but_not_one_that_the_law_names(police: Definition, start: str, end: str) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert not police.version(first, last).period.is_named(first, last)


def test_each_version_asks_for_its_items(police: Definition) -> None:
    four = ("received", "held", "transferred", "not_honored")
    assert [version.items for version in police.versions] == [four, four, (*four, "asked", "gave")]
    numbers = {item.id: item.number for item in police.items if item.number}
    assert numbers == {"received": 1, "held": 2, "transferred": 3, "not_honored": 4, "asked": 5, "gave": 5}


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("2016-12-31", "2016-01-01", "the period ends on 2016-01-01, before it starts on 2016-12-31"),
        ("2010-01-01", "2010-12-31", "no version of N.Y.C. Admin. Code § 14-154(f) asks for a report"),
        ("2014-01-01", "2014-12-31", "does not fit one version"),
        ("2016-01-01", "2018-12-31", "does not fit one version"),
    ],
)
def test_a_period_that_fits_no_version_is_refused(police: Definition, start: str, end: str, says: str) -> None:
    with pytest.raises(UserError, match=says.replace("(", r"\(").replace(")", r"\)")):
        police.version(date.fromisoformat(start), date.fromisoformat(end))


def test_a_report_that_several_agencies_owe_is_one_for_each() -> None:
    known = definitions.load(LAWS)
    owed = ["us-il-sheriff", "us-il-police", "us-il-cook-sheriff", "us-il-chicago-police"]
    assert [known[f"{agency}/annual"].agency for agency in owed] == owed


@pytest.mark.parametrize(
    ("start", "end", "named"),
    [
        ("2026-01-01", "2026-03-31", True),
        ("2026-04-01", "2026-06-30", True),
        ("2025-10-01", "2025-12-31", True),
        ("2026-02-01", "2026-04-30", False),
        ("2026-01-01", "2026-06-30", False),
        ("2025-01-01", "2025-12-31", False),
    ],
)
def test_a_quarter_ends_every_three_months_from_the_end_of_the_year(start: str, end: str, named: bool) -> None:
    period = definitions.load(LAWS)["us-il-chicago-police/quarterly"].versions[0].period
    assert period.is_named(date.fromisoformat(start), date.fromisoformat(end)) is named


def test_quarters_of_a_year_that_ends_in_june_end_in_the_same_months() -> None:
    ends = definitions.Period(months=3, ends=definitions.YearDay(month=6, day=30)).ends_in(2024)
    assert ends == (date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31))


def test_a_year_back_from_the_end_of_february_is_found() -> None:
    period = definitions.Period(months=12)
    assert period.is_named(date(2015, 3, 1), date(2016, 2, 29))
    assert period.is_named(date(2016, 3, 1), date(2017, 2, 28))
    assert not period.is_named(date(2015, 3, 1), date(2016, 2, 28))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("until: 2018-01-29", "until: 2018-01-20", "the versions do not join between 2018-01-20 and 2018-01-30"),
        ("dated_by: [held]", "dated_by: [heldd]", "dated_by"),
        ("beside: [permitted, told]", "beside: [permitted, seen]", "names the unknown item 'seen'"),
        ("month: 6, day: 30", "month: 6, day: 31", "day is out of range"),
        ("dated_by: [transferred]", "", "needs one of `dated_by`, `talks` and `not_counted`"),
        ("number: 2", "nummer: 2", "nummer"),
    ],
)
def test_a_badly_written_report_is_refused_with_its_file(tmp_path: Path, old: str, new: str, says: str) -> None:
    shipped = (LAWS / "us/ny/nyc/reports.yaml").read_text()
    assert old in shipped
    (tmp_path / "reports.yaml").write_text(shipped.replace(old, new, 1))
    with pytest.raises(UserError) as told:
        definitions.load(tmp_path)
    assert says in told.value.line()
    assert "reports.yaml" in told.value.line()


def test_every_report_and_version_is_described() -> None:
    told = (LAWS.parent / "docs/reports.md").read_text(encoding="utf-8")
    headings = [line for line in told.splitlines() if line.startswith("## ")]
    for report in definitions.load(LAWS).values():
        assert any(report.id in line.removeprefix("## ").split(", ") for line in headings)
        for version in report.versions:
            assert f"{version.source} |" in told
            assert f"{version.counts_from}" in told
