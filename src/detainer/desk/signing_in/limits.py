"""Limits on failed sign-ins: by the name that was typed, whether or not it exists, and by the sender's address."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from detainer.desk.duties import tally
from detainer.desk.models import FailedSignIn

WINDOW = timedelta(minutes=15)
BY_NAME = 5
BY_ADDRESS = 30
STORM = 200
ANSWERS = 60  # a minute and address


def closed_until(name: str, address: str, *, now: datetime) -> datetime | None:
    """When this name or address may try again; None while it may."""
    return max(
        filter(
            None, (_full({"name_digest": _digest(name)}, BY_NAME, now), _full({"address": address}, BY_ADDRESS, now))
        ),
        default=None,
    )


def failed(name: str, address: str, *, now: datetime) -> None:
    """Count one failed sign-in, and forget those that no longer count."""
    FailedSignIn.objects.filter(at__lt=now - WINDOW).delete()
    FailedSignIn.objects.create(name_digest=_digest(name), address=address, at=now)


def storm(*, now: datetime) -> bool:
    """Whether so many failed lately, from wherever, that another one says nothing new."""
    return FailedSignIn.objects.filter(at__gt=now - WINDOW).count() > STORM


def answered(address: str) -> int:
    """Count something of the agency's provider's from an address; the seconds to wait where there is too much of it."""
    count, left = tally.add(f"provider {address}", 60)
    return left if count > ANSWERS else 0


def succeeded(name: str) -> None:
    """A right password wipes the name's slate, not the address's."""
    FailedSignIn.objects.filter(name_digest=_digest(name)).delete()


def _full(which: dict[str, str], most: int, now: datetime) -> datetime | None:
    times = list(
        FailedSignIn.objects.filter(**which, at__gt=now - WINDOW).order_by("-at").values_list("at", flat=True)[:most]
    )
    return times[-1] + WINDOW if len(times) == most else None


def _digest(name: str) -> str:
    return sha256(name.strip().lower().encode()).hexdigest()
