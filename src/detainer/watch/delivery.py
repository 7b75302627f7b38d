"""Telling an alert outside the desk: by webhook and e-mail, tried again until it arrives.

Each channel is told from a thread of its own, so that an address which is slow to answer holds up no clock and no other
channel. A message names the request by its number and says what is due; it names no person.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from threading import Event as Stop
from typing import TYPE_CHECKING, TypeVar

from django.core.mail import EmailMessage
from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from detainer.clock import now
from detainer.house import house
from detainer.watch import deadlines
from detainer.watch.models import Deadline, Delivery, Notice

if TYPE_CHECKING:
    from django.db.models import QuerySet

Sent = TypeVar("Sent", Delivery, Notice)
WEBHOOK, EMAIL = "webhook", "email"
SIGNATURE = "X-Detainer-Signature"
AT_ONCE = 50  # tried in one round
PATIENCE = 10  # seconds for one attempt
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=15)
_log = logging.getLogger("detainer.watch")


def address(deadline: Deadline, at: datetime) -> None:
    """Set an alert on its way to every address that this house has."""
    settings = house()
    channels = [WEBHOOK] * bool(settings.alert_webhook) + [EMAIL] * bool(settings.alert_email)
    Delivery.objects.bulk_create(Delivery(deadline=deadline, channel=channel, next_at=at) for channel in channels)


def keep_sending(stop: Stop, send: Callable[[], int], pause: float = 1.0) -> None:
    """Send what is due, for a thread of its own, until told to stop."""
    while not stop.is_set():
        try:
            send()
        except DatabaseError as error:
            _log.error("nothing could be told", exc_info=error)
            connection.close()
        stop.wait(pause)
    connection.close()


def send_due(at: datetime | None = None, channels: Collection[str] = (WEBHOOK, EMAIL)) -> int:
    """Try every delivery by these channels whose turn has come; how many arrived."""
    moment = at or now()
    waiting = Delivery.objects.filter(due(moment), channel__in=channels).order_by("next_at")
    return sum(_send(number, moment) for number in list(waiting.values_list("id", flat=True)[:AT_ONCE]))


def due(moment: datetime) -> Q:
    """What has not arrived and need not wait; a pause longer than any was set before the clock was set back."""
    waited = Q(next_at__lte=moment) | Q(next_at__gt=moment + LONGEST_PAUSE) | Q(attempts=0)
    return Q(sent_at=None) & waited


def _send(number: int, moment: datetime) -> bool:
    waiting = Delivery.objects.filter(due(moment), id=number).select_related("deadline")
    delivery = take(waiting, moment)
    if delivery is None:
        return False
    try:
        SENDERS[delivery.channel](message(delivery.deadline))
    except (OSError, ValueError) as error:
        return arrived(delivery, error)
    return arrived(delivery)


def take(waiting: QuerySet[Sent], moment: datetime) -> Sent | None:
    """The one that waits, unless another worker is trying it: put off first, so that a killed worker loses none."""
    with transaction.atomic():
        if connection.features.has_select_for_update:
            waiting = waiting.select_for_update(of=("self",))
        taken = waiting.first()
        if taken is None:
            return None
        taken.attempts += 1
        taken.next_at = moment + pause(taken.attempts)
        taken.save()
    return taken


def arrived(tried: Delivery | Notice, trouble: Exception | None = None) -> bool:
    """Keep how an attempt ended; whether it arrived."""
    rows = type(tried).objects.filter(pk=tried.pk)
    if trouble is None:
        rows.update(sent_at=now(), trouble="")
    else:
        rows.update(trouble=f"{type(trouble).__name__}: {trouble}"[:300])
    return trouble is None


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, a quarter of an hour at most."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 16)), LONGEST_PAUSE)


def message(deadline: Deadline) -> dict[str, str]:
    """What is told: the request by its number, what is due and since when, and when this was sent."""
    return {
        "id": str(deadline.pk),
        "request": deadline.request_id,
        "number": deadline.number,
        "agency": deadline.agency,
        "deadline": deadline.kind,
        "says": deadlines.says(deadline.kind),
        "due": deadline.due_at.isoformat(),
        "sent": now().isoformat(),
    }


def signature(secret: str, body: bytes) -> str:
    """The HMAC-SHA256 of a webhook's body, as it stands in the header X-Detainer-Signature."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _webhook(said: Mapping[str, str]) -> None:
    settings = house()
    body = json.dumps(said, sort_keys=True).encode()
    secret = settings.alert_secret.get_secret_value() if settings.alert_secret else ""
    headers = {"Content-Type": "application/json", SIGNATURE: signature(secret, body)}
    asked = urllib.request.Request(settings.alert_webhook, body, headers, method="POST")  # noqa: S310 - house() allows http(s) only
    with _OPENER.open(asked, timeout=PATIENCE) as answer:
        if answer.status >= 300:
            raise ValueError(f"answered {answer.status}")


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: an alert goes where the house was told to send it."""

    def redirect_request(self, *_: object) -> None:
        """Nowhere else."""


_OPENER = urllib.request.build_opener(_Stay)


def _email(said: Mapping[str, str]) -> None:
    subject = f"{said['number']}: {said['says']}"
    text = f"{said['says']}\n\nRequest {said['number']} of {said['agency']}, due {said['due']}.\nOpen it at the desk.\n"
    EmailMessage(subject, text, None, [house().alert_email]).send()


SENDERS: Mapping[str, Callable[[Mapping[str, str]], None]] = {WEBHOOK: _webhook, EMAIL: _email}
