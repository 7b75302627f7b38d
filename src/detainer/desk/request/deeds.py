"""What can be done about a request now: the list "to do" on its page. The record itself has the last word."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from detainer.desk.duties.permissions import Action
from detainer.desk.request.approvals import STEPS, Pending
from detainer.desk.wording.clockwords import distance, moment, remaining
from detainer.desk.wording.values import DECISION_WORDS, requester
from detainer.desk.wording.words import say, tr
from detainer.record.models import Request

_GUARDED = ("hold", "notify", "transfer")


@dataclass(frozen=True)
class Deed:
    """One thing to do, or done: its words, and the form that records it (none: nothing to press)."""

    words: str
    done: bool = False
    kind: str = ""
    button: str = ""
    step: str = ""
    asks_time: bool = False
    asks_note: bool = False
    note_label: str = "Note, if any"
    options: tuple[tuple[str, str], ...] = ()
    grounds: tuple[tuple[str, str], ...] = ()
    urgent: bool = False


# The three classes that yearly reports ask for.
SEARCH_SHOWED = (
    ("none", "No listed conviction"),
    ("listed", "A listed conviction"),
    ("watch_list", "No listed conviction, but a possible watch list match"),
)
GROUNDED = ("told", "transferred")

STEP_WORDS = {
    "held": ("hold past release", "Record that the hold began"),
    "told": ("tell of the release", "Record that notice was given"),
    "transferred": ("hand the person over", "Record that the person was handed over"),
}


def deeds(
    found: Request,
    pending: Pending,
    may_do: Collection[Action],
    author: str,
    zone: ZoneInfo,
    *,
    stale: bool,
    now: datetime,
) -> list[Deed]:
    """What this person may do, most urgent first, and beneath it what is done."""
    todo: list[Deed] = []
    if stale and Action.ENTER in may_do:
        words = "Something was recorded after the last answer" if found.decided_at else "The law has not been asked yet"
        todo.append(Deed(tr(words), kind="decide", button="Ask the law"))
    todo += _approvals(found, pending, may_do, author)
    if Action.RELEASE in may_do and not (found.released_at or found.transferred_at):
        release = _release(found, zone, now)
        todo.insert(0 if release.urgent else len(todo), release)
    if found.state == "open":
        todo += _open(found, pending, may_do, stale=stale)
    return todo + _done(found, zone, now)


def _release(found: Request, zone: ZoneInfo, now: datetime) -> Deed:
    due = found.hold_ends if found.held_at else found.releasable_at
    words = tr("Release on time; the moment is not known yet")
    if found.held_at and not due:
        words = say("Release when the hold ends; it has run for {span}", span=distance(now - found.held_at))
    elif due:
        message = "Release was due {when} ({left})" if due <= now else "Release at {when} ({left})"
        words = say(message, when=moment(due, zone, now=now), left=remaining(due, now=now))
    return Deed(
        words,
        kind="released",
        button="Record the release",
        asks_time=True,
        asks_note=True,
        urgent=bool(due and due <= now),
    )


def _approvals(found: Request, pending: Pending, may_do: Collection[Action], author: str) -> list[Deed]:
    """Steps that were asked for or approved."""
    todo = []
    for step, asked in pending.asked.items():
        words, _ = STEP_WORDS[step]
        if Action.APPROVE in may_do and asked.author != author:
            todo.append(
                Deed(
                    say("Approve or refuse: {step}", step=tr(words)),
                    kind="approve",
                    step=step,
                    asks_note=True,
                    note_label="Reason (needed to refuse)",
                )
            )
        else:
            todo.append(Deed(say("Waiting for a second person’s approval: {step}", step=tr(words)), step=step))
    for step, approver in pending.approved.items():
        words, button = STEP_WORDS[step]
        if Action.ASK in may_do and approver != author and found.state == "open":
            grounds = SEARCH_SHOWED if step in GROUNDED else ()
            todo.append(
                Deed(
                    say("Approved: {step}", step=tr(words)),
                    kind=step,
                    button=button,
                    step=step,
                    asks_time=True,
                    asks_note=True,
                    grounds=grounds,
                )
            )
        else:
            todo.append(Deed(say("Approved, to be recorded by another person: {step}", step=tr(words)), step=step))
    return todo


def _open(found: Request, pending: Pending, may_do: Collection[Action], *, stale: bool) -> list[Deed]:
    todo = []
    asks = tuple(found.asks) or _GUARDED
    if Action.DECLINE in may_do:
        options = tuple((one, DECISION_WORDS.get(one, one)) for one in asks)
        commanded = [DECISION_WORDS[one] for one in asks if getattr(found, f"modality_{one}", "") == "must"]
        words = tr("Decline what was asked")
        if commanded:
            what = ", ".join(map(tr, commanded))
            words = say("Decline what was asked. The law commands it: {what}", what=what)
        todo.append(Deed(words, kind="declined", button="Decline", asks_note=True, options=options))
    if Action.ASK in may_do and not stale:
        for step, decision in STEPS.items():
            permitted = getattr(found, f"modality_{decision}") in ("may", "must")
            taken = step in pending.asked or step in pending.approved or getattr(found, f"{step}_at")
            if permitted and not taken:
                words, _ = STEP_WORDS[step]
                todo.append(
                    Deed(
                        say("The law permits it: {step}", step=tr(words)),
                        kind="asked",
                        button="Ask for approval",
                        step=step,
                        asks_note=True,
                    )
                )
    if Action.WITHDRAW in may_do:
        them = requester(found.from_)
        todo.append(
            Deed(
                say("If {them} took the request back", them=them),
                kind="withdrawn",
                button="Record the withdrawal",
                asks_time=True,
            )
        )
    return todo


def _done(found: Request, zone: ZoneInfo, now: datetime) -> list[Deed]:
    """What is on record, as ticked lines."""
    them = requester(found.from_)
    acts = (
        ("Declined {when}", found.declined_at),
        ("Hold began {when}", found.held_at),
        ("{them} told of the release {when}", found.told_at),
        ("Handed over to {them} {when}", found.transferred_at),
        ("Withdrawn {when}", found.withdrawn_at),
        ("Released {when}", found.released_at),
    )
    return [Deed(say(words, them=them, when=moment(when, zone, now=now)), done=True) for words, when in acts if when]
