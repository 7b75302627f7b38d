"""Ten years of holds, with clock changes, leap days and holidays, while workers are killed at random."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from watch_clock import OFFICER, REVIEWER, counsel_answers

from detainer.law import LawBook
from detainer.record import journal, ledger
from detainer.record.models import Event, Request
from detainer.watch import loop
from detainer.watch.models import Deadline

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, LAST = datetime(2015, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
WELLS = datetime(2018, 11, 13, tzinfo=UTC)  # after it New York bars the hold, and Texas goes on commanding one
# Both changes of the clocks, a leap day, Thanksgiving, Christmas and New Year of some years.
TURNS = ["2016-03-12", "2016-02-29", "2016-11-05", "2017-11-22", "2017-12-24", "2020-02-28", "2021-03-13", "2022-11-05"]


class KilledError(BaseException):
    """A worker that is gone between two of its steps."""


def hold(book: LawBook, start: datetime) -> Request:
    """A person held past release from `start`, as the law of the day and the place lets or orders."""
    asks: dict[str, Any] = {"asks": ["hold"], "from": "ice", "purpose": "civil", "withdrawn": False}
    if start < WELLS:
        agency, facts = "us-ny-nyc-police", {"watch_list": "match", "warrants": [], "search": {"run": "at_release"}}
        asks["form"] = "I-247D"
    else:
        agency, facts = "us-tx-sheriff", {"local_policy_forbids": []}
        asks |= {"form": "I-247A", "complete": True}
    told = {
        "request": asks,
        "custody": {"held": True, "releasable_at": start},
        "person": {"matches_request": True, "proof": []},
        **facts,
    }
    request = journal.receive(agency, told, happened=start - timedelta(hours=1), author=OFFICER)
    journal.decide(request, book, at=start, author=OFFICER)
    counsel_answers(request, start)
    journal.act(request, "approved", happened=start, author=REVIEWER, detail={"for": "held"})
    journal.act(request, "held", happened=start, author=OFFICER, approved_by=REVIEWER)
    return request


def starts(dice: random.Random, number: int) -> list[datetime]:
    """Moments of release: on the days that turn the clock or the calendar, and at random."""
    turns = [datetime.fromisoformat(f"{day}T12:00+00:00") + timedelta(hours=dice.uniform(0, 24)) for day in TURNS]
    span = (LAST - FIRST).total_seconds()
    others = [FIRST + timedelta(seconds=dice.uniform(0, span)) for _ in range(number - len(turns))]
    return sorted(moment.replace(microsecond=0) for moment in (*turns, *others))


def walk(seed: int, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice, book = random.Random(seed), LawBook.load()  # noqa: S311 - dice, no secret
    coming = starts(dice, number)
    arrive = loop.delivery.address
    at, worker, last = FIRST, 0, LAST + timedelta(days=4)
    ends: dict[str, datetime] = {}

    def killed_at_times(*given: Any) -> None:
        if dice.random() < 0.3:
            raise KilledError
        arrive(*given)

    monkeypatch.setattr(loop.delivery, "address", killed_at_times)
    while at < last:
        while coming and coming[0] <= at:
            request = hold(book, coming.pop(0))
            assert request.alarm_at is not None
            ends[request.id] = request.alarm_at
        try:
            loop.catch_up(f"worker {worker}")
            loop.raise_due(at)
        except KilledError:
            worker += 1
            continue
        waiting = Deadline.objects.filter(raised_at=None).order_by("due_at").values_list("due_at", flat=True).first()
        following = min((moment for moment in (waiting, *coming[:1]) if moment and moment > at), default=last)
        at = following if dice.random() < 0.7 else min(following, at + timedelta(minutes=dice.uniform(1, 600)))

    rows = Deadline.objects.filter(kind="hold_over")
    assert {row.request_id: row.due_at for row in rows} == ends, "no hold is missed, and each ends when the law says"
    alerts = Counter(
        (event.request_id, event.published()["deadline"]) for event in Event.objects.filter(kind="alerted")
    )
    assert set(alerts.values()) == {1}, "none alerts twice"
    assert {request for request, kind in alerts if kind == "hold_over"} == set(ends)
    early = [row for row in Deadline.objects.exclude(raised_at=None) if row.raised_at and row.raised_at < row.due_at]
    assert early == [], "none is raised before its moment"
    assert [row for row in rows if row.raised_at != row.due_at] == [], "none is raised late"
    assert ledger.verify() == []


def test_no_hold_of_ten_years_ends_late_alerts_twice_or_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    walk(1, 40, monkeypatch)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_the_same_with_a_thousand_holds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    walk(seed, 1000, monkeypatch)
