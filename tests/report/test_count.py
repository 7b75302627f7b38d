"""A report is counted from the ledger's events, up to a checkpoint that it names."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from fake_law import RUIZ

from detainer.errors import UserError
from detainer.record import agencies, journal, ledger
from detainer.report import count

if TYPE_CHECKING:
    from detainer.record.models import Request

pytestmark = pytest.mark.django_db

ANNUAL = "us-ny-nyc-police/annual"
YEAR = (date(2016, 1, 1), date(2016, 12, 31))
NEW_YORK = ZoneInfo("America/New_York")


def _receive(when: datetime, agency: str = "us-ny-nyc-police", **facts: Any) -> Request:
    given = {"request": {"form": "I-247D", "asks": ["hold", "notify"], "from": "ice", "purpose": "civil"} | facts}
    return journal.receive(agency, given, happened=when, author=RUIZ)


def _local(month: int, day: int, hour: int = 12, minute: int = 0, year: int = 2016) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=NEW_YORK)


def _values(start: date = YEAR[0], end: date = YEAR[1]) -> dict[str, int | None]:
    return {figure.item.id: figure.value for figure in count.run(ANNUAL, start, end).items}


def test_a_days_bounds_are_those_of_the_agencys_clock() -> None:
    _receive(_local(12, 31, 23, 59))
    _receive(_local(1, 1, 0, 0, year=2017))
    assert _values()["received"] == 1
    assert _values(date(2017, 1, 1), date(2017, 12, 31))["received"] == 1


def test_a_declined_and_released_request_is_not_honored_once() -> None:
    request = _receive(_local(3, 1))
    journal.act(request, "declined", happened=_local(3, 1, 13), author=RUIZ)
    journal.act(request, "released", happened=_local(3, 1, 14), author=RUIZ)
    assert _values() | {"permitted": None} == {
        "received": 1, "held": 0, "transferred": 0, "not_honored": 1, "told": 0, "permitted": None
    }  # fmt: skip


def test_the_laws_answer_is_counted_apart_from_what_was_done() -> None:
    request = _receive(_local(3, 1))
    journal.decide(request, agencies.book(), at=_local(3, 1, 13), author=RUIZ)
    journal.act(request, "declined", happened=_local(3, 1, 14), author=RUIZ)
    assert _values()["permitted"] == 0


def test_a_corrected_day_of_receipt_moves_the_request_to_its_own_period() -> None:
    request = _receive(_local(1, 2, year=2017))
    _receive(_local(6, 1))
    journal.act(
        request,
        "corrected",
        happened=_local(1, 3, year=2017),
        author=RUIZ,
        detail={"facts": {"request": {"received": _local(12, 30)}}},
    )
    assert _values()["received"] == 2


def test_a_request_released_by_mistake_and_reopened_has_no_outcome() -> None:
    request = _receive(_local(3, 1))
    journal.act(request, "released", happened=_local(3, 1, 13), author=RUIZ)
    journal.act(request, "reopened", happened=_local(3, 1, 14), author=RUIZ)
    assert _values()["not_honored"] is None


def test_the_basis_is_the_last_checkpoint() -> None:
    _receive(_local(3, 1))
    report = count.run(ANNUAL, *YEAR)
    assert report.basis.size == ledger.head().size == 2
    assert report.basis.root == ledger.latest().note.splitlines()[2]
    _receive(_local(3, 2))
    assert count.run(ANNUAL, *YEAR).basis.size == 3
    again = count.run(ANNUAL, *YEAR, size=report.basis.size)
    assert again.items == report.items  # the same checkpoint gives the same count for ever
    assert again.basis.root == report.basis.root


def test_an_unknown_report_names_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"there is no report 'nope'\. Known: .*us-ny-nyc-police/annual"):
        count.run("nope", *YEAR)


def test_an_empty_record_gives_no_zero() -> None:
    with pytest.raises(UserError, match="the record is empty"):
        count.run(ANNUAL, *YEAR)


def test_a_hold_is_counted_with_what_the_law_permitted() -> None:
    """A federal judge's warrant and a listed conviction: held past release by two people, then handed over."""
    from detainer.demo.story import AGENCY, past
    from detainer.demo.tell import Authors, tell

    tale = next(tale for tale in past() if any(step.kind == "held" for step in tale.steps))
    tell(AGENCY, tale, Authors())
    day = tale.received.date()
    values = _values(day - timedelta(days=1), day + timedelta(days=1))
    assert values == {"received": 1, "held": 1, "transferred": 1, "not_honored": 0, "permitted": 1, "told": 0}
