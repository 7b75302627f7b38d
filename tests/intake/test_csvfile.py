"""A table is read into the record once, however often and in whatever order its rows come."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from released import I_247, QUEENS, row

from detainer.errors import UserError
from detainer.intake import csvfile
from detainer.intake.summary import Skip, Summary
from detainer.record import ledger
from detainer.record.models import Event, Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.django_db

POLICE = "us-ny-nyc-police"
ROWS = [
    row("2014-10-01"),
    row("2014-10-01"),
    row("2014-10-01", lift="Lifted"),
    row("2014-11-05", "BRONX CENTRAL BOOKING"),
    row("2014-12-24", form="I247N - Immigration Advisal - Request for Notification"),
]


def read(path: Path, **options: bool) -> Summary:
    return csvfile.read(path, POLICE, "ice-foia-2015", **options)


def test_every_row_is_a_request_even_where_it_equals_another(table: Callable[..., Path]) -> None:
    summary = read(table(*ROWS))
    assert (summary.read, summary.added, summary.already, summary.skipped, summary.bad) == (5, 5, 0, 0, 0)
    assert Request.objects.count() == 5
    assert dict(summary.by_month) == {"2014-10": 3, "2014-11": 1, "2014-12": 1}


def test_the_same_file_again_adds_nothing(table: Callable[..., Path]) -> None:
    path = table(*ROWS)
    read(path)
    size = ledger.head().size
    summary = read(path)
    assert (summary.added, summary.already) == (0, 5)
    assert ledger.head().size == size


def test_the_same_rows_in_another_order_add_nothing(table: Callable[..., Path]) -> None:
    read(table(*ROWS))
    shuffled = [ROWS[2], ROWS[4], ROWS[0], ROWS[3], ROWS[1]]
    assert read(table(*shuffled, name="shuffled.csv")).added == 0


def test_a_longer_file_adds_only_what_it_has_more(table: Callable[..., Path]) -> None:
    read(table(*ROWS))
    summary = read(table(row("2014-10-01"), *ROWS, row("2014-10-02"), name="longer.csv"))
    assert (summary.added, summary.already) == (2, 5)
    assert Request.objects.filter(received_at__date="2014-10-01").count() == 4


def test_rows_across_the_bounds_of_a_batch_are_told_apart(
    table: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csvfile, "BATCH", 2)
    path = table(*[row("2014-10-01")] * 5)
    assert read(path).added == 5
    assert read(path).added == 0


def test_other_agencies_rows_are_left_aside_and_counted_by_facility(table: Callable[..., Path]) -> None:
    summary = read(
        table(
            row("2014-10-01"),
            row("2014-10-01", "RIKERS ISLAND, QUEENS, NY"),
            row("2014-10-02", "RIKERS ISLAND, QUEENS, NY"),
            row("2014-10-02", "BROOKLYN MDC"),
            row("2014-10-02", "SOME COUNTY JAIL"),
            row("2014-10-02", ""),
        )
    )
    assert summary.added == 1
    assert summary.skips == Counter(
        {
            Skip("other agency", "RIKERS ISLAND, QUEENS, NY", "us-ny-nyc-correction"): 2,
            Skip("other agency", "BROOKLYN MDC", "none"): 1,
            Skip("facility not in the table", "SOME COUNTY JAIL"): 1,
            Skip("no facility named", ""): 1,
        }
    )


def test_bad_rows_are_told_and_the_rest_goes_in(table: Callable[..., Path]) -> None:
    path = table(row("2014-10-01"), row("10/02/2014"), row("2014-10-03", form="I999"), row("NA"), row("2014-10-04"))
    with path.open("ab") as file:
        file.write(b"2014-10-05,caf\xe9," + QUEENS.encode() + b",,,\n")
    summary = read(path)
    assert summary.added == 2
    assert [line for line, _ in summary.problems] == [3, 4, 5, 7]


def test_only_what_the_row_says_is_known_of_a_request(table: Callable[..., Path]) -> None:
    read(table(row("2014-10-01", lift="Detainer Declined by LEA")))
    request = Request.objects.get()
    assert request.received_at.isoformat() == "2014-10-01T04:00:00+00:00"  # midnight in New York
    assert request.person() is None
    assert (request.form, request.sender, request.asks, request.purpose) == ("I-247", "ice", [], "")
    assert request.declined_at is None
    assert set(request.facts()) == {"request"}


def test_the_public_event_says_where_the_row_came_from_and_how_its_day_is_meant(table: Callable[..., Path]) -> None:
    read(table(row("2014-10-01", lift="Detainer Declined by LEA")))
    event = Event.objects.get(kind="received")
    source = json.loads(event.public)["source"]
    assert (source["mapping"], source["dated_by"], source["precision"]) == ("ice-foia-2015", "prepared", "day")
    assert len(source["file"]) == 64
    assert "Declined" not in event.public
    body = event.body()
    assert body is not None
    assert body["said"] == {"facility": QUEENS, "lift_reason": "Detainer Declined by LEA"}


def test_a_dry_run_says_the_same_and_writes_nothing(table: Callable[..., Path]) -> None:
    path = table(*ROWS)
    dry = read(path, dry_run=True)
    assert ledger.head().size == 0
    wet = read(path)
    assert dry.as_json() | {"dry_run": False} == wet.as_json()


def test_the_same_table_saved_otherwise_adds_nothing(table: Callable[..., Path], tmp_path: Path) -> None:
    read(table(*ROWS))
    saved = (tmp_path / "table.csv").read_text(encoding="utf-8")
    other = tmp_path / "other.csv"
    other.write_bytes(b"\xef\xbb\xbf" + saved.replace(I_247, f'"{I_247}"').replace("\n", "\r\n\r\n").encode())
    summary = read(other)
    assert (summary.added, summary.already, summary.bad) == (0, 5, 0)


def test_the_record_is_sound_after_an_import(table: Callable[..., Path]) -> None:
    read(table(*ROWS))
    assert ledger.verify() == []


def test_an_agency_that_the_law_or_the_table_does_not_know_is_refused(table: Callable[..., Path]) -> None:
    with pytest.raises(UserError, match="there is no agency us-nowhere"):
        csvfile.read(table(*ROWS), "us-nowhere", "ice-foia-2015")


def test_a_header_alone_reads_nothing_and_is_no_error(table: Callable[..., Path]) -> None:
    summary = read(table())
    assert (summary.read, summary.added, summary.bad) == (0, 0, 0)
