"""Received, permitted, held, transferred and told are counted apart; an unknown is never a zero."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from detainer.errors import UserError
from detainer.report import definitions
from detainer.report.figures import Agency, Basis, Report
from detainer.report.lives import Life
from detainer.report.tally import tally

POLICE = Agency("us-ny-nyc-police", "New York City Police Department", "America/New_York")
BASIS = Basis(datetime(2026, 11, 24, 12, tzinfo=UTC), 1000, "cm9vdA==")
DEFINITION = definitions.load(Path(__file__).parents[2] / "laws")["us-ny-nyc-police/annual"]
YEAR = (date(2016, 1, 1), date(2016, 12, 31))


def life(form: str = "I-247D", dated_by: str = "", **days: str) -> Life:
    """A request whose steps happened on these days of 2016, written as `03-15`."""
    return Life(form, dated_by, {kind: date.fromisoformat(f"2016-{day}") for kind, day in days.items()})


def count(*lives: Life, period: tuple[date, date] = YEAR) -> Report:
    return tally(DEFINITION, POLICE, lives, period, BASIS)


def values(report: Report) -> dict[str, int | None]:
    return {figure.item.id: figure.value for figure in report.items}


def test_five_facts_are_counted_apart() -> None:
    report = count(
        life(received="01-05", decided="01-05", declined="01-05", released="01-05"),
        life(received="02-05", decided="02-05", released="02-05"),
        life(received="03-05", decided="03-05", permitted="03-05", declined="03-05"),
        life(received="04-05", decided="04-05", permitted="04-05", held="04-05", transferred="04-06"),
        life(received="05-05", decided="05-05", permitted="05-05", told="05-05", released="05-06"),
        life(received="06-05", decided="06-05", withdrawn="06-06"),
    )
    assert values(report) == {
        "received": 6,
        "held": 1,
        "transferred": 1,
        "not_honored": 3,
        "permitted": 3,
        "told": 1,
    }
    assert all(figure.not_recorded == 0 for figure in report.items)


def test_a_step_counts_on_its_own_day_not_on_the_day_of_receipt() -> None:
    late = Life("I-247D", "", {"received": date(2015, 12, 31), "declined": date(2016, 1, 1)})
    early = Life("I-247D", "", {"received": date(2016, 12, 31), "declined": date(2017, 1, 1)})
    assert values(count(late, early)) == {
        "received": 1, "held": 0, "transferred": 0, "not_honored": 1, "permitted": None, "told": 0
    }  # fmt: skip


def test_first_and_last_day_belong_to_the_period() -> None:
    assert values(count(life(received="01-01"), life(received="12-31")))["received"] == 2


def test_rows_whose_outcome_nobody_recorded_leave_the_outcomes_unknown() -> None:
    report = count(*[life("I-247", "prepared", received="02-01")] * 3)
    assert values(report) == {
        "received": 3, "held": None, "transferred": None, "not_honored": None, "permitted": None, "told": None
    }  # fmt: skip
    assert {figure.not_recorded for figure in report.items[1:]} == {3}
    assert "People held past release on a detainer: not recorded for 3 requests" in report.as_text()
    assert "3 of them are dated by the day on which the form was prepared" in report.items[0].basis
    cells = {row["id"]: row["value"] for row in csv.DictReader(io.StringIO(report.as_csv()))}
    assert (cells["received"], cells["held"], cells["not_honored"]) == ("3", "", "")


def test_what_is_recorded_is_counted_and_what_is_not_is_told_beside_it() -> None:
    report = count(life(received="02-01", declined="02-01"), life(received="02-02"))
    honored = report.figure("not_honored")
    assert honored is not None
    assert (honored.value, honored.not_recorded) == (1, 1)
    assert "not honored: 1 recorded; not recorded for 1 request\n" in report.as_text()


def test_a_request_only_to_be_told_is_counted_and_pointed_out() -> None:
    text = count(life(received="02-01"), life("I-247N", received="02-02")).as_text().replace("\n   ", " ")
    assert "1. Detainers received: 2" in text
    assert "1 on I-247D, 1 on I-247N" in text
    assert "question for counsel" in text
    assert "question for counsel" not in count(life(received="02-01")).as_text().replace("\n   ", " ")


def test_item_five_is_asked_for_since_2018_and_is_no_zero_where_no_contact_is_entered() -> None:
    since = Life("I-247A", "", {"received": date(2018, 8, 1), "declined": date(2018, 8, 1)})
    after = tally(DEFINITION, POLICE, [since], (date(2018, 7, 1), date(2019, 6, 30)), BASIS)
    assert values(after)["asked"] is values(after)["gave"] is None
    assert "5. Requests for information: not recorded" in after.as_text()
    before = tally(DEFINITION, POLICE, [since], (date(2017, 10, 1), date(2018, 8, 31)), BASIS)
    assert "asked" not in values(before)


def test_months_of_the_period_are_all_there_and_add_up() -> None:
    report = count(life(received="02-01"), life(received="02-28"), life(received="11-30"))
    months = report.months["received"]
    assert len(months) == 12
    assert (months["2016-02"], months["2016-11"], sum(months.values())) == (2, 1, 3)


def test_a_report_states_definition_period_moment_and_checkpoint() -> None:
    report = count(life(received="02-01"))
    text = report.as_text()
    for said in ("1 January 2016 to 31 December 2016", "Tue 24 November 2026, 07:00", "1,000 events", "root cm9vdA=="):
        assert said in text
    said = report.as_json()
    assert said["checkpoint"] == {"size": 1000, "root": "cm9vdA=="}
    assert said["period"]["named_by_law"] is False
    assert said["law"] == {
        "cite": "N.Y.C. Admin. Code § 14-154(f)",
        "source": "Local Law 59 of 2014",
        "from": "2014-12-14",
    }
    for row in csv.DictReader(io.StringIO(report.as_csv())):
        assert row["definition"]
        assert row["basis"]
        assert (row["from"], row["to"], row["tree_size"], row["tree_root"]) == (
            "2016-01-01", "2016-12-31", "1000", "cm9vdA=="
        )  # fmt: skip


def test_a_record_that_begins_inside_the_period_says_so() -> None:
    assert any("begins on 1 February 2016" in note for note in count(life(received="02-01")).notes)
    whole = count(Life("I-247D", "", {"received": date(2015, 12, 1)}), life(received="02-01"))
    assert whole.notes == ()


def test_a_period_that_is_not_over_says_so() -> None:
    now = Life("I-247A", "", {"received": date(2026, 11, 3)})
    report = count(now, period=(date(2026, 7, 1), date(2027, 6, 30)))
    assert any("counted to 24 November 2026" in note for note in report.notes)


@pytest.mark.parametrize(
    ("lives", "period", "says"),
    [
        ([], YEAR, "the record holds no event of New York City Police Department"),
        (
            [life(received="02-01")],
            (date(2019, 7, 1), date(2020, 6, 30)),
            "holds no event of .* from 2019-07-01 to 2020-06-30",
        ),
        (
            [life(received="02-01")],
            (date(2027, 1, 1), date(2027, 12, 31)),
            "starts on 2027-01-01, after today, 2026-11-24",
        ),
    ],
    ids=["no events", "none in the period", "not begun"],
)
def test_where_the_record_holds_nothing_no_zero_is_given(
    lives: list[Life], period: tuple[date, date], says: str
) -> None:
    with pytest.raises(UserError, match=says):
        count(*lives, period=period)


def test_a_life_follows_the_ledger() -> None:
    zone = ZoneInfo("America/New_York")
    told = Life()
    told.take("received", date(2016, 5, 1), {"request": {"form": "I-247"}, "source": {"dated_by": "prepared"}}, zone)
    told.take("decided", date(2016, 5, 1), {"modalities": {"hold": "may"}}, zone)
    assert told.days["permitted"] == date(2016, 5, 1)
    told.take("decided", date(2016, 5, 2), {"modalities": {"hold": "must_not"}}, zone)
    assert "permitted" not in told.days
    told.take("released", date(2016, 5, 2), {}, zone)
    told.take("reopened", date(2016, 5, 3), {}, zone)
    assert "released" not in told.days
    told.take(
        "corrected", date(2016, 5, 4), {"received": "2016-05-03T02:00:00.000000Z", "request": {"form": "I-247D"}}, zone
    )
    assert (told.days["received"], told.form, told.dated_by) == (date(2016, 5, 2), "I-247D", "")


QUARTERLY = definitions.load(Path(__file__).parents[2] / "laws")["us-il-chicago-police/quarterly"]
CHICAGO = Agency("us-il-chicago-police", "Chicago Police Department", "America/Chicago")
IN_FEBRUARY = Life("I-247A", "", {"received": date(2022, 2, 5)})


def test_a_period_that_the_law_names_without_a_day_says_that_no_day_is_known() -> None:
    quarter = tally(QUARTERLY, CHICAGO, [IN_FEBRUARY], (date(2022, 1, 1), date(2022, 3, 31)), BASIS)
    assert quarter.named
    assert quarter.due is None
    assert "The 3 months to 31 March 2022, as the law names them; due, on no day that is known" in quarter.as_text()


def test_a_period_of_ones_own_is_told_the_ends_of_the_laws_periods() -> None:
    other = tally(QUARTERLY, CHICAGO, [IN_FEBRUARY], (date(2022, 2, 1), date(2022, 2, 28)), BASIS)
    said = " ".join(other.as_text().split())
    assert "the law's own is 3 months ending 31 March or 30 June or 30 September or 31 December" in said
