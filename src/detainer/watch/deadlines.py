"""Which moments of a request somebody must be alerted at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from detainer.record import duties
from detainer.record.models import Request
from detainer.watch.models import Deadline

HOLD_ENDS_SOON: Final = "hold_ends_soon"
HOLD_OVER: Final = "hold_over"
RELEASABLE: Final = "releasable"
DUTY: Final = "duty:"
HISTORY: Final = timedelta(days=30)
BEFORE: Final = timedelta(hours=1)

SAYS: Final[Mapping[str, str]] = {
    HOLD_ENDS_SOON: "The hold ends within the hour.",
    HOLD_OVER: "The hold is over. Release now.",
    RELEASABLE: "The moment of release has passed. Release now.",
}


def says(kind: str) -> str:
    """What an alert of this kind says."""
    return "A paper that the law prescribes has not been made in time." if kind.startswith(DUTY) else SAYS[kind]


def of(request: Request) -> dict[str, datetime]:
    """The deadlines of a request as it stands, by kind: of custody, and of the papers that the law prescribes."""
    return _of_custody(request) | _of_duties(request)


def _of_duties(request: Request) -> dict[str, datetime]:
    """When each paper that is still owed is due.

    What was due more than thirty days before the law was asked is history that was entered later: no alert.
    """
    if request.decided_at is None or request.expunged_at:
        return {}
    begins = request.decided_at - HISTORY
    return {
        one.name: one.due_at
        for one in duties.of(request)
        if one.done is None and one.due_at is not None and one.due_at > begins
    }


def _of_custody(request: Request) -> dict[str, datetime]:
    """The deadlines of custody, by kind; none once the request is settled. A sealed one is watched like any other.

    A hold ends at the earliest of its ends under any reading of the law. A person who is not held past release is due
    out at the moment of release itself.
    """
    if request.state != "open" or request.released_at or request.transferred_at or request.expunged_at:
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
