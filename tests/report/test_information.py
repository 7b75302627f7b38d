"""Requests for information and transfers by ground, as New York City's reports split them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from detainer.report import definitions
from detainer.report.figures import Agency, Basis, Figure, Report
from detainer.report.lives import Life, Talk
from detainer.report.tally import tally

REPORTS = definitions.load(Path(__file__).parents[2] / "laws")
BASIS = Basis(datetime(2026, 11, 24, 12, tzinfo=UTC), 1000, "cm9vdA==")
YEAR = (date(2018, 7, 1), date(2019, 6, 30))
DAY = date(2018, 8, 1)


def _report(name: str, *lives: Life, period: tuple[date, date] = YEAR) -> Report:
    return tally(REPORTS[name], Agency("x", "X", "America/New_York"), lives, period, BASIS)


def _figure(report: Report, item: str) -> Figure:
    found = report.figure(item)
    assert found is not None
    return found


def _cells(figure: Figure) -> dict[tuple[str, ...], int]:
    return {part.of: part.value for part in figure.parts if part.value}


def test_item_five_is_told_by_ground_kind_and_transfer() -> None:
    both = Talk(DAY, ("release", "court"), ("release", "court"), "listed", "ice")
    refused = Talk(DAY, ("status",), (), "none", "ice")
    handed_over = Life("I-247A", "", {"received": DAY, "transferred": DAY}, talks=[both])
    report = _report("us-ny-nyc-police/annual", handed_over, Life("I-247A", "", {"received": DAY}, talks=[refused]))
    asked, gave = _figure(report, "asked"), _figure(report, "gave")
    assert (asked.value, gave.value) == (2, 1)
    assert _cells(asked) == {
        ("listed", "release", "yes"): 1,
        ("listed", "court", "yes"): 1,
        ("none", "status", "no"): 1,
    }
    assert _cells(gave) == {("listed", "release", "yes"): 1, ("listed", "court", "yes"): 1}
    assert len(gave.parts) == 3 * 4 * 2  # three grounds, four kinds, transferred or not: the zeros too


def test_only_probation_is_asked_about_appointments() -> None:
    talk = Talk(DAY, ("appointment",), (), "none", "ice")
    for name, kind in (("us-ny-nyc-probation/annual", "appointment"), ("us-ny-nyc-police/annual", "other")):
        report = _report(name, Life("I-247A", "", {"received": DAY}, talks=[talk]))
        assert _cells(_figure(report, "asked")) == {("none", kind, "no"): 1}


def test_a_transfer_without_its_ground_is_not_recorded_for_either() -> None:
    known = Life("I-247A", "", {"received": DAY, "transferred": DAY}, ground="listed")
    unknown = Life("I-247A", "", {"received": DAY, "transferred": DAY})
    report = _report("us-ny-nyc-correction/annual", known, unknown)
    listed, watched = _figure(report, "transferred_listed"), _figure(report, "transferred_watch_list")
    assert (listed.value, listed.not_recorded) == (1, 1)
    assert (watched.value, watched.not_recorded) == (0, 1)
    alone = _figure(_report("us-ny-nyc-correction/annual", unknown), "transferred_listed")
    assert (alone.value, alone.not_recorded) == (None, 1)


def test_held_but_not_transferred_is_its_own_item() -> None:
    gone = Life("I-247A", "", {"received": DAY, "held": DAY, "released": DAY})
    handed_over = Life("I-247A", "", {"received": DAY, "held": DAY, "transferred": DAY})
    report = _report("us-ny-nyc-correction/annual", gone, handed_over)
    assert (_figure(report, "held").value, _figure(report, "held_not_transferred").value) == (2, 1)


def test_what_the_record_does_not_hold_is_a_gap_with_its_reason() -> None:
    report = _report("us-ny-nyc-correction/annual", Life("I-247A", "", {"received": DAY}))
    for item in ("lodged_by_reason", "held_by_reason", "scaap"):
        assert _figure(report, item).value is None
        assert "not counted" in report.as_text()


def test_the_quarter_is_told_by_agency_and_asker() -> None:
    quarter = (date(2018, 7, 1), date(2018, 9, 30))
    talk = Talk(DAY, ("status",), ("status",), "none", "cbp")
    report = _report(
        "us-ny-nyc/quarterly",
        Life("I-247A", "", {"received": DAY}, "us-ny-nyc-police", "ice", count=3),
        Life("I-247A", "", {"received": DAY}, "us-ny-nyc-correction", "ice", talks=[talk]),
        period=quarter,
    )
    assert report.named
    assert report.due is None
    assert _cells(_figure(report, "detainers")) == {("us-ny-nyc-correction", "ice"): 1, ("us-ny-nyc-police", "ice"): 3}
    assert _cells(_figure(report, "contacts")) == {("us-ny-nyc-correction", "cbp"): 1}


def test_probations_first_period_began_when_its_law_says() -> None:
    version = REPORTS["us-ny-nyc-probation/annual"].versions[0]
    assert version.period.is_named(date(2018, 1, 30), date(2018, 6, 30))
    assert version.period.is_named(date(2018, 7, 1), date(2019, 6, 30))
    assert not version.period.is_named(date(2017, 7, 1), date(2018, 6, 30))


def test_only_quarters_of_the_calendar_are_quarters() -> None:
    period = REPORTS["us-ny-nyc/quarterly"].versions[0].period
    assert period.is_named(date(2019, 1, 1), date(2019, 3, 31))
    assert not period.is_named(date(2019, 2, 1), date(2019, 4, 30))
