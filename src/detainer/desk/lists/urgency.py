"""The list in the order in which it must be worked: overdue, due soon, waiting for a person, open, settled."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum

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

    What the settled are is said the other way round, so that the many of them are read from the one settled last on.
    """
    if group == "settled":
        return requests.filter(_settled(now)).order_by("-settled_seq")
    found = requests.filter(on_the_clock(now), _due(waiting, now)[group])
    if group in ("overdue", "soon"):
        return found.order_by("deadline", "number")
    return found.order_by(F("deadline").asc(nulls_last=True), "-received_at", "number")


def counts(requests: QuerySet[Request], *, waiting: Collection[str], now: datetime) -> dict[str, int]:
    """How many are in each group but that of the settled, all counted by one reading of them."""
    wanted = {group: Count("id", filter=which) for group, which in _due(waiting, now).items()}
    return requests.filter(on_the_clock(now)).aggregate(**wanted)


def all_counts(requests: QuerySet[Request], *, waiting: Collection[str], now: datetime) -> dict[str, int]:
    """The same with the settled, each of which is looked at: for a few requests."""
    live = {group: on_the_clock(now) & which for group, which in _due(waiting, now).items()}
    return requests.aggregate(
        **{group: Count("id", filter=which) for group, which in (live | {"settled": _settled(now)}).items()}
    )


def all_settled(agencies: Collection[str], now: datetime, *, live: int | None = None) -> int:
    """How many requests of these agencies are settled and not sealed, counted without reading them.

    Numbers have no gaps and no request is ever taken out, so the last numbers tell how many there are; `live` is how
    many are not settled, where that was counted already.
    """
    there = Counter.objects.filter(agency__in=agencies).aggregate(total=Sum("last"))["total"] or 0
    mine = Request.objects.filter(agency__in=agencies)
    if live is None:
        live = mine.filter(on_the_clock(now), sealed_at=None).count()
    return int(there) - mine.filter(sealed_at__isnull=False).count() - live


def _due(waiting: Collection[str], now: datetime) -> dict[str, Q]:
    """What tells the groups of those on the clock apart."""
    later = Q(deadline=None) | Q(deadline__gt=now + SOON)
    return {
        "overdue": Q(deadline__lte=now),
        "soon": Q(deadline__gt=now, deadline__lte=now + SOON),
        "waiting": later & Q(id__in=waiting),
        "open": later & ~Q(id__in=waiting),
    }


def _settled(now: datetime) -> Q:
    return Q(state="settled") & ~_lately_declined(now)


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
