"""A calendar file that cannot be trusted is refused, with its file and line; a year that nobody reviewed too."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from detainer.errors import UserError
from detainer.hold import Calendar, Holiday, window

HEAD = "day,list,name\n"
GOOD = HEAD + '2026-07-03,us-federal,"Independence Day, observed"\n'


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "holidays.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    calendar = Calendar.read(written(tmp_path, GOOD))
    assert calendar.days == {"us-federal": {date(2026, 7, 3)}}
    assert calendar.version == hashlib.sha256(GOOD.encode()).hexdigest()[:12]


def test_the_version_changes_with_any_byte(tmp_path: Path) -> None:
    one = Calendar.read(written(tmp_path, GOOD)).version
    assert one != Calendar.read(written(tmp_path, GOOD + "\n")).version


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD + "2026-02-30,us-ny,No day\n", r"holidays\.csv:3: '2026-02-30' is no date\. Write it as 2026-11-26\."),
        (GOOD + ",us-ny,No day\n", r"holidays\.csv:3: '' is no date"),
        (GOOD + "2026-07-04,,No list\n", r"holidays\.csv:3: a holiday needs the name of its list"),
        (GOOD + "2026-07-04,us-ny,\n", r"holidays\.csv:3: a holiday needs"),
        (GOOD + "2026-07-04\n", r"holidays\.csv:3: a holiday needs"),
        (GOOD + "\n2026-02-30,us-ny,No day\n", r"holidays\.csv:4: "),
        (
            GOOD + "2026-07-03,us-federal,Again\n",
            r"holidays\.csv:3: 2026-07-03 stands twice on the list us-federal\. Keep one of the two lines\.$",
        ),
        ("date,list,name\n2026-07-03,us-federal,Name\n", r"holidays\.csv:1: the columns must be day, list, name"),
        (HEAD, r"holidays\.csv: the calendar names no holiday"),
        ("", r"holidays\.csv:1: the columns must be"),
        (b"\xff\xfe", r"holidays\.csv: cannot be read"),
    ],
    ids=[
        "no such day",
        "no day",
        "no list",
        "no name",
        "one column",
        "blank line",
        "twice",
        "wrong head",
        "no row",
        "empty",
        "not text",
    ],
)
def test_a_bad_file_is_told_with_its_line(tmp_path: Path, text: str | bytes, told: str) -> None:
    with pytest.raises(UserError, match=told):
        Calendar.read(written(tmp_path, text))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere\.csv: cannot be read"):
        Calendar.read(tmp_path / "nowhere.csv")


REVIEWED = Calendar.of(
    [
        Holiday(date(2025, 7, 4), "us-federal", "a"),
        Holiday(date(2026, 7, 3), "us-federal", "b"),
        Holiday(date(2028, 7, 4), "us-federal", "c"),
        Holiday(date(2027, 7, 5), "us-ny", "d"),
    ],
    "test",
)


@pytest.mark.parametrize("year", [2024, 2027, 2029])
def test_a_year_that_nobody_reviewed_is_an_error_and_not_without_holidays(year: int) -> None:
    """Also a year between reviewed ones, and one that only another list covers."""
    start = datetime(year, 3, 3, 12, tzinfo=UTC)
    told = f"the reviewed holidays of us-federal cover 2025 to 2026, 2028, not {year}"
    with pytest.raises(UserError, match=rf"^{told}\. Add the year to laws/us/holidays\.csv\.$"):
        window(start, 48, ZoneInfo("UTC"), REVIEWED, holidays=["us-federal"])


def test_a_hold_that_runs_into_a_year_not_reviewed_is_an_error() -> None:
    start = datetime(2026, 12, 30, 12, tzinfo=UTC)
    with pytest.raises(UserError, match="not 2027"):
        window(start, 48, ZoneInfo("UTC"), REVIEWED, holidays=["us-federal"])


def test_a_hold_in_reviewed_years_is_counted() -> None:
    start = datetime(2026, 7, 1, 12, tzinfo=UTC)
    ends = window(start, 48, ZoneInfo("UTC"), REVIEWED, holidays=["us-federal"])
    assert ends.until == datetime(2026, 7, 6, 12, tzinfo=UTC)
