"""The machine's clock set back: nothing is missed, nothing told twice, and a watch that stands still is still seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from watch_clock import RELEASE

from detainer.clock import now
from detainer.house import house
from detainer.record.models import Event
from detainer.watch import delivery, loop
from detainer.watch.models import Beat, Delivery

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def go(at: datetime) -> list[str]:
    loop.catch_up("one")
    return [deadline.number for deadline in loop.raise_due(at)]


def test_what_falls_into_the_hour_that_comes_twice_is_raised_once_and_not_missed(due_out: Callable[..., Any]) -> None:
    first, second, third = (due_out(RELEASE + minutes * HOUR / 60).number for minutes in (0, 30, 90))
    assert go(RELEASE) == [first]
    assert go(RELEASE + HOUR) == [second]
    assert go(RELEASE - HOUR) == []  # set back by two hours
    late = due_out(RELEASE - HOUR / 2).number  # came in within the hour that comes twice
    assert go(RELEASE - HOUR / 2) == [late]
    assert go(RELEASE + HOUR) == []
    assert go(RELEASE + 2 * HOUR) == [third]
    assert Event.objects.filter(kind="alerted").count() == 4


def test_a_watch_that_stopped_after_the_clock_was_set_back_is_seen_within_half_a_minute() -> None:
    Beat.objects.create(worker="before", at=now() + HOUR)  # the last round before the clock was set back
    assert loop.stopped_since() is not None
    loop.turn("one")
    assert loop.stopped_since() is None
    assert loop.stopped_since(now() + timedelta(seconds=29)) is not None


def test_an_alert_on_its_way_does_not_wait_until_the_clock_has_caught_up(
    due_out: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def refuse_once(said: Any) -> None:
        sent.append(said["number"])
        if len(sent) == 1:
            raise OSError("not now")

    monkeypatch.setenv("DETAINER_ALERT_WEBHOOK", "https://alerts.example/")
    monkeypatch.setenv("DETAINER_ALERT_SECRET", "a made-up secret")
    house.cache_clear()
    monkeypatch.setitem(delivery.SENDERS, delivery.WEBHOOK, refuse_once)  # type: ignore[arg-type]
    number = due_out().number
    assert go(RELEASE) == [number]
    back = RELEASE - 2 * HOUR
    assert delivery.send_due(back) == 0
    assert sent == [number]
    Delivery.objects.update(next_at=RELEASE)  # as if the first attempt had been before the clock was set back
    assert delivery.send_due(back) == 1
    assert delivery.send_due(RELEASE) == 0
    assert sent == [number, number]
