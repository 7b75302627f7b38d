"""`detainer intake`, `detainer report` and `detainer brief`, as typed."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
import released

from detainer import cli
from detainer.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db

INTAKE = ["--agency", "us-ny-nyc-police", "--mapping", "ice-foia-2015"]
ANNUAL = ["report", "us-ny-nyc-police/annual", "--from", "2014-10-01", "--to", "2015-09-30"]
BRIEF = ["brief", "us-ny-nyc-police/annual", "--from", "2015-01-01", "--to", "2015-03-31"]


@pytest.fixture(autouse=True)
def _on_the_tests_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' database is set up already, and is not the one under the home."""
    monkeypatch.setattr("detainer.setup.django", lambda **_: None)


@pytest.fixture
def table(tmp_path: Path) -> str:
    days = ["2014-10-01", "2014-10-01", "2014-12-24", "2015-02-03"]
    return str(released.write(tmp_path / "table.csv", *[released.row(day) for day in days]))


def _json(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    said: dict[str, object] = json.loads(capsys.readouterr().out)
    return said


def test_a_table_is_read_counted_and_compared(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._run(["intake", table, *INTAKE, "--format", "json"]) == 0
    summary = _json(capsys)
    assert (summary["read"], summary["added"]) == (4, 4)
    assert cli._run([*ANNUAL, "--format", "csv"]) == 0
    received = next(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert (received["id"], received["value"]) == ("received", "4")
    assert cli._run([*BRIEF, "--against", "2014-10-01", "2014-12-31"]) == 0
    assert "Detainers received: 1 against 3, 33.3% of it, 2 fewer." in capsys.readouterr().out


def test_a_bad_row_makes_the_exit_code_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = released.write(tmp_path / "bad.csv", released.row("2014-10-01"), released.row("tomorrow"))
    assert cli._run(["intake", str(path), *INTAKE]) == 1
    assert "line 3: prepared 'tomorrow' is not a day written YYYY-MM-DD" in capsys.readouterr().out


def test_a_report_is_printed_as_text_and_as_data(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    cli._run(["intake", table, *INTAKE])
    capsys.readouterr()
    cli._run(ANNUAL)
    assert "1. Detainers received: 4" in capsys.readouterr().out
    cli._run([*ANNUAL, "--format", "json"])
    said = _json(capsys)
    assert said["period"] == {
        "from": "2014-10-01",
        "to": "2015-09-30",
        "timezone": "America/New_York",
        "named_by_law": True,
        "due": "2015-10-15",
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["report", "us-ny-nyc-police/annual", "--from", "2016-02-30", "--to", "2016-12-31"],
            "--from: 2016-02-30 is no day",
        ),
        (["report", "us-ny-nyc-police/annual", "--from", "2016-12-31", "--to", "2016-01-01"], "before it starts"),
        (["report", "nope", "--from", "2016-01-01", "--to", "2016-12-31"], "there is no report 'nope'"),
        (["report", "us-ny-nyc-police/annual", "--from", "2016-01-01", "--to", "2016-12-31"], "no event"),
        ([*BRIEF, "--against", "2014-10-01", "never"], "--against: never is no day"),
        (["intake", "missing.csv", *INTAKE], "no such file"),
    ],
)
def test_a_mistake_is_one_line(table: str, arguments: list[str], says: str) -> None:
    cli._run(["intake", table, *INTAKE])
    with pytest.raises(UserError) as told:
        cli._run(arguments)
    assert says in told.value.line()
    assert "\n" not in told.value.line()
