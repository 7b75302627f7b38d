"""The kinds of event, and what each may say in public."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from detainer.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# A step that touches a person's liberty or tells federal authorities → the decision of the law that it needs.
GUARDED = {"held": "hold", "told": "notify", "transferred": "transfer"}

# What `journal.act` records → the names in its detail that are public; all else stays behind the commitment.
ACTS: dict[str, frozenset[str]] = {
    "asked": frozenset({"for"}),
    "approved": frozenset({"for"}),
    "refused": frozenset({"for"}),
    "told": frozenset({"way"}),
    "held": frozenset(),
    "released": frozenset(),
    "transferred": frozenset({"to"}),
    "declined": frozenset({"of"}),
    "withdrawn": frozenset(),
    "replied": frozenset({"document", "twin", "words", "language", "way"}),
    # A paper that was made: `document` is KIND:sha256:… of its PDF, `twin` and `words` those of its HTML and its words.
    "paper": frozenset({"document", "twin", "words", "language", "way"}),
    # That a paper was handed over or sent: `of` is the entry that made it.
    "delivered": frozenset({"of", "way"}),
    # A paper that came in and belongs to the request: its place in the intake, and which form it is.
    "attached": frozenset({"paper", "draft", "form"}),
    "viewed": frozenset({"what"}),
    # A copy of the record that left the desk: why, and under which number of an order or a ticket.
    "exported": frozenset({"what", "reason", "reference", "document"}),
    "corrected": frozenset(),
    "noted": frozenset(),
    # Counsel's answer to an open question of a law: `stands` is the reading that counsel takes.
    "advised": frozenset({"law", "question", "stands"}),
    # Hidden by order, opened again by order, destroyed: `ground` says by what kind of order.
    "sealed": frozenset({"ground"}),
    "unsealed": frozenset({"ground"}),
    "expunged": frozenset({"ground"}),
    "reopened": frozenset({"ground"}),
    # `about` and `given` are kinds of information: status, release, court, appointment, other.
    "contact": frozenset({"by", "way", "direction", "about", "given"}),
    "custody_moved": frozenset({"to"}),
    "linked": frozenset({"to", "as"}),
    "alerted": frozenset({"deadline"}),
}

# Counsel's answer: the cautious reading is right, or the other one is and the law file has to say so.
STANDS = ("cautious", "other")

# What orders that a record be sealed, opened again or expunged.
ORDERS = ("court-order", "statute", "agency-rule", "retention")

# Why a copy of a record leaves the desk.
REASONS = ("court-order", "own-request", "public-records", "audit", "litigation", "other-law")

# How a paper reaches somebody.
WAYS = ("in_person", "mail", "inmate_mail", "email", "fax", "other")

# What each pair of links calls the other end. `distinct`: a person looked, and the two are not one request.
LINKS = {
    "supersedes": "superseded_by",
    "superseded_by": "supersedes",
    "duplicates": "duplicates",
    "distinct": "distinct",
}

# Steps after which an earlier determination no longer speaks to the case.
UNSETTLING = frozenset(
    {"received", "facts", "corrected", "withdrawn", "custody_moved", "reopened", "expunged", "released", "transferred"}
)

# Of a request's facts, those that counts need and that name nobody.
PUBLIC_FACTS = ("form", "asks", "from", "purpose")

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}")


def divide(kind: str, detail: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A step's detail as its public and its personal part; UserError where the public part holds free text."""
    public = {name: value for name, value in detail.items() if name in ACTS[kind]}
    words(kind, public)
    return public, {name: value for name, value in detail.items() if name not in public}


def words(kind: str, public: Mapping[str, Any]) -> None:
    """UserError where what will be public for ever is more than words and ids."""
    for name, value in public.items():
        for word in value if isinstance(value, list | tuple) else [value]:
            if not isinstance(word, str) or not _PLAIN.fullmatch(word):
                raise UserError(
                    "{name} of {kind} is public for ever: a word or an id, no free text",
                    name=repr(name),
                    kind=repr(kind),
                )


def required(kind: str, name: str, detail: Mapping[str, Any], allowed: Iterable[str] = ()) -> str:
    """What the detail of a step must say; UserError where it does not."""
    value = str(detail.get(name, ""))
    if not value or (allowed and value not in allowed):
        choice = f"one of {', '.join(allowed)}" if allowed else "a word or an id"
        raise UserError("{kind} needs {name} in its detail: {choice}", kind=repr(kind), name=repr(name), choice=choice)
    return value
