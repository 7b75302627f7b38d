"""Nothing is recorded as having happened later than now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fake_law import POLICE, RUIZ

from detainer import clock
from detainer.errors import UserError
from detainer.record import journal
from detainer.record.models import Event

pytestmark = pytest.mark.django_db

STEPS: dict[str, Callable[[Any, Any], Any]] = {
    "received": lambda _, when: journal.receive(POLICE, {}, happened=when, author=RUIZ),
    "facts": lambda made, when: journal.record_facts(made, {"custody": {"held": True}}, happened=when, author=RUIZ),
    "corrected": lambda made, when: journal.act(made, "corrected", happened=when, author=RUIZ),
    "declined": lambda made, when: journal.act(made, "declined", happened=when, author=RUIZ),
    "released": lambda made, when: journal.act(made, "released", happened=when, author=RUIZ),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_in_the_future_is_refused_in_one_line_and_leaves_nothing(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "AHEAD", timedelta(minutes=5))
    made = journal.receive(POLICE, {}, happened=clock.now(), author=RUIZ)
    before = Event.objects.count()
    with pytest.raises(UserError) as told:
        STEPS[step](made, clock.now() + timedelta(minutes=6))
    assert told.value.line().endswith("UTC lies in the future. Give the time it happened.")
    assert Event.objects.count() == before
    STEPS[step](made, clock.now() + timedelta(minutes=4))
    assert Event.objects.count() == before + 1
