"""Which moments of a request somebody must be alerted at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from detainer.record.models import Request
from detainer.watch.models import Deadline

HOLD_ENDS_SOON: Final = "hold_ends_soon"
HOLD_OVER: Final = "hold_over"
RELEASABLE: Final = "releasable"
BEFORE: Final = timedelta(hours=1)

SAYS: Final[Mapping[str, str]] = {
    HOLD_ENDS_SOON: "The hold ends within the hour.",
    HOLD_OVER: "The hold is over. Release now.",
    RELEASABLE: "The moment of release has passed. Release now.",
}


def of(request: Request) -> dict[str, datetime]:
    """The deadlines of a request as it stands, by kind; none once it is settled.

    A hold ends at the earliest of its ends under any reading of the law. A person who is not held past release is due
    out at the moment of release itself.
    """
    if request.state != "open" or request.released_at or request.transferred_at or request.sealed_at:
        return {}
    if request.held_at or request.hold_started:
        if request.alarm_at is None:
            return {}
        return {HOLD_ENDS_SOON: request.alarm_at - BEFORE, HOLD_OVER: request.alarm_at}
    return {RELEASABLE: request.releasable_at} if request.releasable_at else {}


def derive(requests: Iterable[Request]) -> None:
    """Bring the rows of these requests to what is due now; what has been raised stays as it was."""
    for request in requests:
        due = of(request)
        rows = Deadline.objects.filter(request_id=request.id)
        for row in rows.filter(raised_at=None):
            if due.get(row.kind) != row.due_at:
                row.delete()
        Deadline.objects.bulk_create(
            [
                Deadline(request_id=request.id, agency=request.agency, number=request.number, kind=kind, due_at=moment)
                for kind, moment in due.items()
            ],
            ignore_conflicts=True,
        )
