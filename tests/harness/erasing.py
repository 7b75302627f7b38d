"""A record expunged by two people, as the tests of several rooms need it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from detainer.record import journal

if TYPE_CHECKING:
    from detainer.record.models import Event, Request

ORDER = {"ground": "court-order", "by": "A made-up court", "order": "Docket 12", "dated": "2026-01-05"}


def expunge(request: Request, happened: datetime, *, by: str = "records:one", second: str = "reviewer:two") -> Event:
    """One person asks for it, another does it; the event that destroyed the personal data."""
    journal.act(request, "asked", happened=happened, author=by, detail={"for": "expunged", **ORDER})
    return journal.act(request, "expunged", happened=happened, author=second)
