"""The papers of a request and the duties they fulfil, as its page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from detainer.desk.wording.clockwords import moment, remaining
from detainer.desk.wording.words import say, tr
from detainer.law.vocabulary import PAPERS
from detainer.record import duties
from detainer.record.models import Event
from detainer.record.story import Story

NAMES = {kind: words.removeprefix("the ").capitalize() for kind, words in PAPERS.items()}
# How a paper reached somebody, as `record.kinds.WAYS` has it.
WAYS = {
    "in_person": "handed over",
    "mail": "sent by mail",
    "inmate_mail": "sent by inmate mail",
    "email": "sent by e-mail",
    "fax": "sent by fax",
    "other": "brought in another way",
}
# Papers that say that a copy of the request goes with them.
WITH_COPY = ("notice",)
_AFTER = {
    "held": "once a hold begins",
    "told": "once federal authorities are told",
    "transferred": "once the person is handed over",
    "released": "once the person is released",
}


def made(events: Iterable[Event], names: Mapping[str, str], zone: ZoneInfo, *, now: datetime) -> list[dict[str, Any]]:
    """The papers that were made, the last first; without a digest of its words one cannot be handed out again."""
    return [
        {
            "seq": one.seq,
            "kind": one.kind,
            "name": tr(NAMES.get(one.kind, one.kind)),
            "with_copy": one.kind in WITH_COPY,
            "language": one.language,
            "when": moment(one.at, zone, now=now),
            "who": names.get(one.author, one.author),
            "digest": one.pdf,
            "kept": bool(one.words),
            "delivered": f"{tr(WAYS[one.way])} {moment(one.delivered, zone, now=now)}" if one.delivered else "",
        }
        for one in reversed(duties.papers(events))
    ]


def owed(story: Story, events: Iterable[Event], zone: ZoneInfo, *, now: datetime) -> list[dict[str, Any]]:
    """The duties that a paper fulfils: done, late, open, or waiting for the step that they follow."""
    return [_owed(one, zone, now) for one in duties.owed(story, duties.papers(events))]


def _owed(one: duties.Owed, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    law = ""
    late = one.done is None and one.due_at is not None and one.due_at <= now
    if one.done:
        state = say("made {when}", when=moment(one.done.at, zone, now=now))
        if one.done.delivered:
            state += f", {tr(WAYS[one.done.way])} {moment(one.done.delivered, zone, now=now)}"
        else:
            state += "; " + tr("that it was handed over is not on record")
    elif one.waits:
        state = tr(_AFTER.get(one.after, ""))
    elif one.due_at:
        whose = "the desk reminds {when} ({left}); the law says:" if one.reminder else "due {when} ({left})"
        when, left = moment(one.due_at, zone, now=now), remaining(one.due_at, now=now)
        state, law = say(whose, when=when, left=left), one.due if one.reminder else ""
    else:
        state, law = tr("due:") if one.due else "", one.due
    return {
        "says": one.says,
        "cite": one.cite,
        "state": state,
        "law": law,
        "done": one.done is not None,
        "late": late,
        "paper": tr(NAMES[one.paper]),
    }
