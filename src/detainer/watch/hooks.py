"""Telling an agency's own programs that something was recorded: which request, what kind of step, and no person.

Told from a thread of its own, so that an address which is slow to answer never holds up a clock.
"""

from __future__ import annotations

import hmac
import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.db.models import Q

from detainer.clock import now
from detainer.record.models import Event, Request
from detainer.watch import delivery, reach
from detainer.watch.models import Hook, Notice

TOLD: Final = (
    "received facts corrected decided approved refused held told transferred declined released withdrawn reopened "
    "custody_moved alerted sealed unsealed expunged"
).split()
SEALING: Final = ("sealed", "unsealed", "expunged")
AT_ONCE: Final = 20
PATIENCE: Final = 5.0  # seconds for one attempt
GIVE_UP: Final = timedelta(days=3)
KEEP: Final = timedelta(days=7)


def secret(hook_id: str) -> str:
    """What signs the messages to one address: derived from the house's secret key, so that it is stored nowhere."""
    return hmac.new(settings.SECRET_KEY.encode(), f"webhook {hook_id}".encode(), sha256).hexdigest()


def note(after: int, upto: int) -> None:
    """Set every step after place `after`, up to `upto`, on its way to the addresses of its agency; each once."""
    hooks = list(Hook.objects.filter(ended_at=None))
    if not hooks:
        return
    events = Event.objects.filter(
        seq__gt=after, seq__lte=upto, kind__in=TOLD, agency__in={hook.agency for hook in hooks}
    ).exclude(request_id="")
    # Of a sealed request a program is told that it is sealed, and no more.
    hidden = Request.objects.filter(id__in=events.values("request_id"), sealed_at__isnull=False)
    events = events.exclude(Q(request_id__in=hidden.values("id")) & ~Q(kind__in=SEALING))
    at = now()
    made = [
        Notice(hook=hook, seq=event.seq, next_at=at, made_at=at)
        for event in events
        for hook in hooks
        if hook.agency == event.agency and event.seq >= hook.since
    ]
    Notice.objects.bulk_create(made, ignore_conflicts=True)


def send_due(at: datetime | None = None) -> int:
    """Try every message whose turn has come; how many arrived. What does not arrive in three days is given up."""
    moment = at or now()
    Notice.objects.filter(made_at__lt=moment - KEEP).delete()
    waiting = Notice.objects.filter(delivery.due(moment), made_at__gt=moment - GIVE_UP, hook__ended_at=None)
    return sum(
        _send(number, moment) for number in list(waiting.order_by("next_at").values_list("id", flat=True)[:AT_ONCE])
    )


def _send(number: int, moment: datetime) -> bool:
    waiting = Notice.objects.filter(delivery.due(moment), id=number).select_related("hook")
    notice = delivery.take(waiting, moment)
    if notice is None:
        return False
    body = json.dumps(message(notice), sort_keys=True).encode()
    signed = delivery.signature(secret(notice.hook_id), body)
    headers = {"Content-Type": "application/json", delivery.SIGNATURE: signed}
    try:
        reach.post(notice.hook.address, body, headers, PATIENCE)
    except OSError as error:
        return delivery.arrived(notice, error)
    return delivery.arrived(notice)


def message(notice: Notice) -> dict[str, str]:
    """What is told: the step by its kind and place, the request by id and number, and when this was sent."""
    event = Event.objects.get(seq=notice.seq)
    number = Request.objects.filter(id=event.request_id).values_list("number", flat=True).first()
    return {
        "id": f"{notice.hook_id}.{notice.seq}",
        "event": event.kind,
        "seq": str(event.seq),
        "agency": event.agency,
        "request": event.request_id,
        "number": number or "",
        "happened": event.happened,
        "sent": now().isoformat(),
    }
