"""A record of its own for each test, with requests whose clocks run in 2016, when the city's 48-hour hold stood."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from own_home import home
from watch_clock import OFFICER, RELEASE, REVIEWER, counsel_answers

__all__ = ["home"]


@pytest.fixture
def due_out() -> Callable[..., Any]:
    """Takes in a request of a person who is due out at a moment."""
    from detainer.record import journal

    def take(at: datetime = RELEASE, **facts: Any) -> Any:
        told: dict[str, Any] = {
            "request": {
                "form": "I-247D",
                "asks": ["hold", "notify"],
                "from": "ice",
                "purpose": "civil",
                "withdrawn": False,
            },
            "custody": {"held": True, "releasable_at": at},
            "person": {"matches_request": True},
            **facts,
        }
        return journal.receive(
            "us-ny-nyc-police", told, happened=at - timedelta(hours=2), author=OFFICER, person={"name": "Ana Example"}
        )

    return take


@pytest.fixture
def held(due_out: Callable[..., Any]) -> Callable[..., Any]:
    """A person held for 48 hours on a watch-list match, approved by a second person."""
    from detainer.law import LawBook
    from detainer.record import journal

    book = LawBook.load()

    def take(at: datetime = RELEASE) -> Any:
        request = due_out(at, search={"run": "at_release", "at": at}, watch_list="match", warrants=[])
        journal.decide(request, book, at=at, author=OFFICER)
        counsel_answers(request, at)
        journal.act(request, "approved", happened=at, author=REVIEWER, detail={"for": "held"})
        journal.act(request, "held", happened=at, author=OFFICER, approved_by=REVIEWER)
        return request

    return take
