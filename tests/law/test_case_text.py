"""A case can come as JSON, which writes days and moments as text."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from detainer.errors import UserError
from detainer.law import Case

HEAD = {"id": "json", "agency": "us-ny-nyc-police", "at": "2026-11-24T10:00:00-05:00"}


def test_days_and_moments_may_be_text() -> None:
    case = Case.read(
        HEAD
        | {
            "arrest": {"date": "2026-11-23"},
            "request": {"withdrawn": "2026-11-24T09:00:00Z"},
            "warrants": [{"presented": "with_request"}, {"presented": "2026-11-24T09:30:00Z"}],
            "record": {"convictions": [{"incarceration": [{"from": "2024-11-24", "to": None}]}]},
        }
    )
    assert case.at == datetime(2026, 11, 24, 15, tzinfo=UTC)
    assert case.get("arrest.date") == date(2026, 11, 23)
    assert case.get("request.withdrawn") == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert [paper["presented"] for paper in case.elements("warrants")] == [
        "with_request",
        datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    ]
    assert case.elements("record.convictions")[0]["incarceration"][0].first == date(2024, 11, 24)


@pytest.mark.parametrize("text", ["2026-02-30", "yesterday", "2026-11-23T10:00:00Z"])
def test_text_that_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UserError, match=r"arrest\.date is .* no date"):
        Case.read(HEAD | {"arrest": {"date": text}})


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(UserError, match="no offset"):
        Case.read(HEAD | {"custody": {"releasable_at": "2026-11-24T10:00:00"}})
