"""The moment and the people of the watch's tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

RELEASE = datetime(2016, 3, 15, 14, tzinfo=UTC)  # a Tuesday, 10:00 in New York
OFFICER, REVIEWER = "staff:1", "staff:2"


def counsel_answers(request: Any, at: datetime) -> None:
    """Counsel answers what the determination asks of it, without which no hold is approved."""
    from detainer.record import journal

    for asked in request.story().for_counsel():
        detail = {"law": asked["law"], "question": asked["id"], "stands": "cautious"}
        journal.act(request, "advised", happened=at, author=REVIEWER, note="Read as written.", detail=detail)
