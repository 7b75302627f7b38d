"""An alert is raised at each end and each release that passes, once, and written to the ledger."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from watch_clock import OFFICER, RELEASE

from detainer.record import journal, ledger
from detainer.record.models import Event
from detainer.watch import loop
from detainer.watch.models import Deadline

pytestmark = pytest.mark.django_db(transaction=True)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def kinds(at: datetime) -> list[str]:
    loop.catch_up("one")
    return [deadline.kind for deadline in loop.raise_due(at)]


def test_a_release_that_passes_is_alerted_at_its_moment_and_not_before(due_out: Callable[..., Any]) -> None:
    due_out()
    assert kinds(RELEASE - SECOND) == []
    assert kinds(RELEASE) == ["releasable"]
    assert kinds(RELEASE + HOUR) == []


def test_an_alert_is_an_event_of_the_ledger_and_the_record_stays_sound(due_out: Callable[..., Any]) -> None:
    request = due_out()
    kinds(RELEASE)
    event = Event.objects.get(kind="alerted")
    assert (event.request_id, event.author, event.published()) == (
        request.id,
        "system:watch",
        {"deadline": "releasable"},
    )
    assert ledger.verify() == []


def test_a_hold_is_alerted_an_hour_before_its_end_and_at_it(held: Callable[..., Any]) -> None:
    held()
    end = RELEASE + 48 * HOUR
    assert kinds(RELEASE + SECOND) == []
    assert kinds(end - HOUR - SECOND) == []
    assert kinds(end - HOUR) == ["hold_ends_soon"]
    assert kinds(end - SECOND) == []
    assert kinds(end) == ["hold_over"]
    assert kinds(end + 100 * HOUR) == []


def test_a_weekend_does_not_move_the_alarm_past_the_48_hours_of_the_form(held: Callable[..., Any]) -> None:
    friday = datetime.fromisoformat("2016-03-18T14:00:00+00:00")
    held(friday)
    sunday = friday + 48 * HOUR
    assert kinds(sunday - SECOND) == ["hold_ends_soon"]
    assert kinds(sunday) == ["hold_over"]


def test_nothing_is_due_of_a_person_who_was_released(due_out: Callable[..., Any]) -> None:
    request = due_out()
    loop.catch_up("one")
    journal.act(request, "released", happened=RELEASE, author=OFFICER)
    assert kinds(RELEASE + HOUR) == []
    assert not Deadline.objects.filter(raised_at=None).exists()


def test_a_release_that_is_moved_is_alerted_at_the_new_moment_only(due_out: Callable[..., Any]) -> None:
    request = due_out()
    loop.catch_up("one")
    journal.record_facts(
        request, {"custody": {"releasable_at": RELEASE + 3 * HOUR}}, happened=RELEASE - HOUR, author=OFFICER
    )
    assert kinds(RELEASE + HOUR) == []
    assert kinds(RELEASE + 3 * HOUR) == ["releasable"]


def test_a_release_that_was_recorded_meanwhile_is_not_alerted_though_the_row_still_stands(
    due_out: Callable[..., Any],
) -> None:
    request = due_out()
    loop.catch_up("one")
    journal.act(request, "released", happened=RELEASE, author=OFFICER)
    assert loop.raise_due(RELEASE + HOUR) == []
    assert Event.objects.filter(kind="alerted").count() == 0


def test_a_clock_set_back_raises_nothing_twice(due_out: Callable[..., Any]) -> None:
    due_out()
    assert kinds(RELEASE + HOUR) == ["releasable"]
    assert kinds(RELEASE - HOUR) == []
    assert kinds(RELEASE + 2 * HOUR) == []


def test_a_new_worker_misses_nothing_that_an_old_one_left(due_out: Callable[..., Any]) -> None:
    due_out()
    loop.catch_up("one")
    due_out(RELEASE + HOUR)
    loop.catch_up("two")
    assert [deadline.kind for deadline in loop.raise_due(RELEASE + 2 * HOUR)] == ["releasable", "releasable"]


def test_many_workers_raise_each_alert_once(due_out: Callable[..., Any]) -> None:
    for number in range(12):
        due_out(RELEASE + number * SECOND)
    loop.catch_up("one")
    raised: list[int] = []

    def work() -> None:
        try:
            raised.extend(deadline.pk for deadline in loop.raise_due(RELEASE + HOUR))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(raised) == len(set(raised)) == 12
    assert Event.objects.filter(kind="alerted").count() == 12
    assert ledger.verify() == []


def test_no_alert_is_half_raised(due_out: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    due_out()
    loop.catch_up("one")

    def broken(*_: object) -> None:
        raise RuntimeError("killed here")

    with monkeypatch.context() as patched:
        patched.setattr(loop.delivery, "address", broken)
        with pytest.raises(RuntimeError):
            loop.raise_due(RELEASE)
    assert Event.objects.filter(kind="alerted").count() == 0
    assert [deadline.kind for deadline in loop.raise_due(RELEASE)] == ["releasable"]
