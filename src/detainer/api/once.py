"""Idempotency keys: the same write sent twice is recorded once and answered alike.

The look, the events and the answer that is kept are one transaction under the record's own lock, which lets one writer
in at a time: of two that come together the second finds what the first left.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from django.conf import settings

from detainer import clock
from detainer.api.models import Kept, Token
from detainer.api.problems import Problem
from detainer.record import journal
from detainer.record.models import Request

KEEP: Final = timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """A write as it came: under which key, and what exactly."""

    token: Token
    key: str
    method: str
    path: str
    body: bytes


@dataclass(frozen=True)
class Given:
    """What is answered: a status, the receipt as JSON, and whether it was given before."""

    status: int
    receipt: str
    again: bool


def once(asked: Asked, deed: Callable[[], tuple[int, dict[str, Any]]]) -> Given:
    """Do a deed unless it was done under this key; Problem 409 where the key was used for something else."""
    key = _digest("key", asked.key.encode())
    same = _digest("write", b"\0".join([asked.method.encode(), asked.path.encode(), asked.body]))
    with journal.batch():
        now = clock.now()
        before = Kept.objects.filter(token=asked.token, key=key, at__gt=now - KEEP).first()
        if before and before.asked != same:
            raise Problem(409, "This Idempotency-Key was used for another request. Make a new one for each.")
        if before and _hidden(before.receipt):
            raise Problem(404, "There is no such request at this agency.")
        if before:
            return Given(before.status, before.receipt, again=True)
        status, said = deed()
        receipt = json.dumps(said)
        Kept.objects.filter(at__lte=now - KEEP).delete()
        Kept.objects.create(token=asked.token, key=key, asked=same, status=status, receipt=receipt, at=now)
    return Given(status, receipt, again=False)


def _hidden(receipt: str) -> bool:
    """Whether the request that a receipt speaks of was sealed since."""
    return Request.objects.filter(id=json.loads(receipt).get("request", ""), sealed_at__isnull=False).exists()


def _digest(what: str, content: bytes) -> str:
    """Under the house's secret key: neither a key nor a request can be guessed from its digest."""
    return hmac.new(settings.SECRET_KEY.encode(), what.encode() + b"\0" + content, sha256).hexdigest()
