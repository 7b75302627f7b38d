"""Sealing hides a record by order, unsealing opens it again, expunging destroys what it holds of the person.

The order is named (who gave it, its number, its day) and never quoted: orders name people.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from detainer.clock import now
from detainer.errors import UserError
from detainer.record import conduct, kinds
from detainer.record.conduct import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detainer.record.story import Story

ORDER = ("by", "order", "dated")
PARTS = {"by": "who gave the order", "order": "the order's number", "dated": "the day of the order"}
LONGEST = {"by": 80, "order": 40}
DEEDS = {"sealed": "sealing", "unsealed": "unsealing", "expunged": "expunging"}
_NUMBER = re.compile(r"[A-Za-z0-9*][A-Za-z0-9 ./#§()=_*-]*")
_RULE = re.compile(r"(\*|[a-z0-9-]+)=[0-9]+[dy]")
_WORD = re.compile(r"[^\W\d_]{3,}")


def concerns(kind: str, public: Mapping[str, Any]) -> bool:
    """Whether a step seals, opens or destroys a record, or asks for that."""
    return kind in DEEDS or public.get("for") == "expunged"


def checked(story: Story, kind: str, author: str, said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the step will say, in public and in private.

    UserError where it does not name its order; Refused where the record does not stand so that it can be done, or
    expunging has no second person.
    """
    deed = DEEDS[kind if kind in DEEDS else "expunged"]
    conduct.a_person(author, deed)
    if "expunged" in story.times:
        raise Refused("this record was expunged: there is nothing left to seal, open or expunge")
    if kind == "expunged":
        return _expunged(story, author)
    if kind in ("approved", "refused"):
        if kind == "approved" or story.erasure is None:
            raise Refused("nobody asks for {deed}", fix="Look at the record again.", deed=deed)
        return {"for": "expunged"}, {}
    _state(story, kind)
    ground = kinds.required(kind, "ground", said, kinds.ORDERS)
    order = _order(story, said)
    if kind == "asked":
        return {"for": "expunged"}, {"ground": ground, **order}
    return {"ground": ground}, order


def _state(story: Story, kind: str) -> None:
    sealed = "sealed" in story.times
    if kind == "sealed" and sealed:
        raise Refused("this record is sealed already")
    if kind == "unsealed" and not sealed:
        raise Refused("this record is not sealed")
    if kind == "asked":
        if story.erasure:
            raise Refused("expunging was asked for already: it waits for a second person")
        _no_hold(story)


def _no_hold(story: Story) -> None:
    """Refused while a hold runs, since its clock would go with the record."""
    if "held" in story.times and not {"released", "transferred"} & story.times.keys():
        raise Refused("a hold runs: its clock would be destroyed with the record", fix="Record the release first.")


def _expunged(story: Story, author: str) -> tuple[dict[str, Any], dict[str, Any]]:
    asked = story.erasure
    if asked is None:
        raise Refused("expunging needs a second person: one asks for it, another does it")
    conduct.two_people(author, asked.author, "expunging")
    _no_hold(story)
    order = dict(asked.order)
    return {"ground": order.pop("ground"), "asked": str(asked.seq), "asked_by": asked.author}, order


def _order(story: Story, said: Mapping[str, Any]) -> dict[str, str]:
    """Who gave the order, its number, its day."""
    order = {name: " ".join(str(said.get(name, "")).split()) for name in ORDER}
    if missing := [name for name in ORDER if not order[name]]:
        raise UserError("say {part}", part=PARTS[missing[0]])
    for name, longest in LONGEST.items():
        if len(order[name]) > longest:
            raise UserError(
                "{part}: longer than {longest} characters",
                fix="Name the order; do not quote it.",
                part=PARTS[name],
                longest=longest,
            )
    if not _NUMBER.fullmatch(order["order"]) or not any(sign.isdigit() for sign in order["order"]):
        raise UserError("the order's number has no number in it", fix="Like Ind. 1234/2026; never the order's words.")
    try:
        dated = date.fromisoformat(order["dated"])
    except ValueError:
        raise UserError("the day of the order is no day", fix="Like 2026-11-24.") from None
    if dated.toordinal() > now().date().toordinal() + 1:
        raise UserError("the day of the order lies in the future", fix="Check the day.")
    if said.get("ground") == "retention":
        if order["by"] != "retention" or not _RULE.fullmatch(order["order"]):
            raise UserError("a retention rule is named by itself alone", fix="Run `detainer retention`.")
        return order
    named = {word.casefold() for word in _WORD.findall(str((story.person or {}).get("name", "")))}
    if named & {word.casefold() for word in _WORD.findall(f"{order['by']} {order['order']}")}:
        raise UserError("the order's number or giver holds the person's name", fix="Leave the name out.")
    return order
