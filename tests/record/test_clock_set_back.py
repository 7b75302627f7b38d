"""The machine's clock set back: the order of events is that of their places, and the record stays whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fake_law import NOON, RUIZ, later

from detainer.record import batch, journal, ledger, projection
from detainer.record.models import Event, Request

pytestmark = pytest.mark.django_db


def test_events_keep_their_order_and_say_what_the_clock_said(
    request_in: Callable[..., Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [NOON]
    monkeypatch.setattr(batch, "now", lambda: clock[0])
    one = request_in()
    clock[0] -= timedelta(hours=3)
    two = request_in()
    journal.record_facts(one, {"watch_list": "match"}, happened=NOON, author=RUIZ)
    clock[0] += timedelta(hours=1)
    journal.record_facts(one, {"watch_list": "no_match"}, happened=NOON, author=RUIZ)
    assert (one.number, two.number) == ("2026-0001", "2026-0002")
    events = list(Event.objects.exclude(request_id="").order_by("seq"))
    assert [event.kind for event in events] == ["received", "received", "facts", "facts"]
    assert [event.entered_at for event in events] == [NOON, later(-3), later(-3), later(-2)]
    assert one.facts()["watch_list"] == "no_match"
    assert list(projection.differences()) == []
    assert ledger.verify() == []
