"""Sealing at the desk: what can be done about it on a request's page, and the records that are sealed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from detainer.desk.duties.permissions import Action
from detainer.desk.wording.clockwords import moment
from detainer.record.models import Request
from detainer.record.story import Story

# What a form sends → the permission it takes.
KINDS = {
    "sealed": Action.SEAL,
    "unsealed": Action.UNSEAL,
    "asked": Action.EXPUNGE,
    "expunged": Action.EXPUNGE,
    "refused": Action.EXPUNGE,
}
GROUNDS = (
    ("court-order", "An order of a court"),
    ("statute", "A statute, by its own force"),
    ("agency-rule", "A rule of the agency"),
)


def standing(
    found: Request,
    story: Story,
    may_do: Collection[Action],
    author: str,
    names: Mapping[str, str],
    zone: ZoneInfo,
    now: datetime,
) -> dict[str, Any]:
    """What the page says about sealing, and the forms that this person is shown."""
    asked = story.erasure
    forms: list[tuple[str, str, str]] = []
    if not found.expunged_at:
        if Action.SEAL in may_do and not found.sealed_at:
            forms.append(("sealed", "Seal this record", "It is hidden at once from everybody but records and counsel."))
        if Action.UNSEAL in may_do:
            forms.append(("unsealed", "Unseal this record", "It is shown again to everybody whose duty it was."))
        if Action.EXPUNGE in may_do and asked is None:
            words = "What it holds of the person is destroyed for good, once a second person agrees. Counts stand."
            forms.append(("asked", "Ask for expunging", words))
    return {
        "sealed": bool(found.sealed_at) and not found.expunged_at,
        "since": moment(found.sealed_at, zone, now=now) if found.sealed_at else "",
        "expunged": moment(found.expunged_at, zone, now=now) if found.expunged_at else "",
        "forms": forms,
        "grounds": GROUNDS,
        "asked": names.get(asked.author, asked.author) if asked else "",
        "order": ", ".join(asked.order.get(name, "") for name in ("by", "order", "dated")) if asked else "",
        "can_expunge": bool(asked) and Action.EXPUNGE in may_do and asked.author != author if asked else False,
    }
