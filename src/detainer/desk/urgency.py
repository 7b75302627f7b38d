"""The list in the order in which it must be worked: overdue, due soon, waiting for a person, open, settled."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from detainer.record.models import Request

SOON = timedelta(hours=4)
# A declined request whose person's release nobody has recorded stays on the clock this long.
_RELEASE_MISSING = timedelta(days=3)


@dataclass(frozen=True)
class Group:
    """One group of the list: its name, its signal (a shape and a tone), what it means."""

    name: str
    title: str
    shape: str
    tone: str
    means: str
    first: int = 25


GROUPS = (
    Group("overdue", "Overdue", "■", "act", "the clock has run out"),
    Group("soon", "Due soon", "▲", "soon", "within four hours"),
    Group("waiting", "Waiting for a person", "◆", "blocked", "a second person’s approval"),
    Group("open", "Open", "○", "blocked", "nothing due within four hours"),
    Group("settled", "Settled", "✓", "settled", "declined, released, handed over or withdrawn", first=6),
)


# The end of a running hold, else the moment of release; null when it is not known, or when the law sets a hold no end.
DEADLINE = Case(
    When(held_at__isnull=False, then=Coalesce(F("alarm_at"), F("hold_ends"))),
    default=F("releasable_at"),
)


def members(requests: QuerySet[Request], group: str, *, waiting: Collection[str], now: datetime) -> QuerySet[Request]:
    """The requests of one group with their `deadline`, most urgent first; every request is in exactly one."""
    found = requests.annotate(deadline=DEADLINE, live=_whether(_live(now))).annotate(
        due=_whether(Q(deadline__isnull=False, deadline__lte=now + SOON))
    )
    if group == "settled":
        return found.filter(live=False).order_by("-last_seq")
    live = found.filter(live=True)
    if group == "overdue":
        return live.filter(deadline__lte=now).order_by("deadline", "number")
    if group == "soon":
        return live.filter(due=True, deadline__gt=now).order_by("deadline", "number")
    rest = live.filter(due=False)
    rest = rest.filter(id__in=waiting) if group == "waiting" else rest.exclude(id__in=waiting)
    return rest.order_by(F("deadline").asc(nulls_last=True), "-received_at", "number")


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False))


def _live(now: datetime) -> Q:
    """Still on the clock: open, or declined lately with the person's release not recorded."""
    return Q(state="open") | Q(
        declined_at__gte=now - _RELEASE_MISSING,
        releasable_at__isnull=False,
        released_at__isnull=True,
        transferred_at__isnull=True,
        withdrawn_at__isnull=True,
    )
