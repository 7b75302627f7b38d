"""The list in the order in which it must be worked: overdue, due soon, waiting for a person, open, settled."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet, Sum

from detainer.record.models import Counter, Request

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


def members(requests: QuerySet[Request], group: str, *, waiting: Collection[str], now: datetime) -> QuerySet[Request]:
    """The requests of one group, most urgent first; every request is in exactly one.

    What the settled are is said the other way round, so that the many of them are read from the last one on.
    """
    if group == "settled":
        return requests.filter(state="settled").exclude(_lately_declined(now)).order_by("-last_seq")
    live = requests.filter(on_the_clock(now))
    if group == "overdue":
        return live.filter(deadline__lte=now).order_by("deadline", "number")
    if group == "soon":
        return live.filter(deadline__gt=now, deadline__lte=now + SOON).order_by("deadline", "number")
    rest = live.filter(Q(deadline=None) | Q(deadline__gt=now + SOON))
    rest = rest.filter(id__in=waiting) if group == "waiting" else rest.exclude(id__in=waiting)
    return rest.order_by(F("deadline").asc(nulls_last=True), "-received_at", "number")


def all_settled(agencies: Collection[str], now: datetime) -> int:
    """How many requests of these agencies are settled and not sealed, counted without reading them.

    Numbers have no gaps and no request is ever taken out, so the last numbers tell how many there are.
    """
    there = Counter.objects.filter(agency__in=agencies).aggregate(total=Sum("last"))["total"] or 0
    mine = Request.objects.filter(agency__in=agencies)
    sealed, live = mine.filter(sealed_at__isnull=False), mine.filter(on_the_clock(now), sealed_at=None)
    return int(there) - sealed.count() - live.count()


def on_the_clock(now: datetime) -> Q:
    """Open, or declined lately with the person's release not recorded."""
    return Q(state="open") | _lately_declined(now)


def _lately_declined(now: datetime) -> Q:
    # Without a word of its state, so that both databases look it up by the day it was declined.
    return Q(
        declined_at__gte=now - _RELEASE_MISSING,
        releasable_at__isnull=False,
        released_at__isnull=True,
        transferred_at__isnull=True,
        withdrawn_at__isnull=True,
    )
