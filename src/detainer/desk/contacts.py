"""Contacts outside a form: a call, a mail, a visit about a request, as the desk takes and shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detainer.desk.deeds import SEARCH_SHOWED
from detainer.errors import UserError

WAYS = (("call", "Call"), ("mail", "E-mail or letter"), ("visit", "Visit"), ("other", "Another way"))
DIRECTIONS = (("in", "They came to us"), ("out", "We went to them"))
WHO = (("ice", "ICE"), ("cbp", "CBP"), ("other_federal", "Another federal authority"), ("other", "Somebody else"))
# The kinds of information that yearly reports count, and what is about none of them.
KINDS = (
    ("status", "Citizenship or status"),
    ("release", "Release or custody"),
    ("court", "A day in court"),
    ("appointment", "An appointment"),
    ("other", "Something else about the person"),
)
_NOUNS = {"call": "a call", "mail": "an e-mail or letter", "visit": "a visit", "other": "a contact"}
_ASKED = "they asked for: {}"
_GAVE = "given: {}"


def detail(said: Mapping[str, str], about: list[str], given: list[str]) -> dict[str, Any]:
    """What the form said, checked; UserError in one line where an answer is none of those offered."""
    found: dict[str, Any] = {}
    for name, offered, asks in (
        ("way", WAYS, "Say how it came about"),
        ("direction", DIRECTIONS, "Say who began it"),
        ("by", WHO, "Say with whom it was"),
    ):
        if said.get(name) not in dict(offered):
            raise UserError(asks)
        found[name] = said[name]
    for name, words in (("about", about), ("given", given)):
        if set(words) - set(dict(KINDS)):
            raise UserError("Say what it was about with the answers offered")
        if words:
            found[name] = [kind for kind, _ in KINDS if kind in words]
    ground = said.get("ground", "")
    if ground and ground not in dict(SEARCH_SHOWED):
        raise UserError("Say what the search showed with one of the answers offered")
    return found | ({"ground": ground} if ground else {})


def says(public: Mapping[str, Any]) -> str:
    """A contact in one line, from what it says in public: "recorded a call from ICE; they asked for: …"."""
    way = _NOUNS.get(str(public.get("way", "")), _NOUNS["other"])
    who = dict(WHO).get(str(public.get("by", "")), "somebody")
    between = "to" if public.get("direction") == "out" else "from"
    parts = [f"recorded {way} {between} {who[:1].lower() + who[1:] if not who.isupper() else who}"]
    for name, words in (("about", _ASKED), ("given", _GAVE)):
        if said := _kinds(public.get(name)):
            parts.append(words.format(said))
    return "; ".join(parts)


def _kinds(value: Any) -> str:
    listed = [value] if isinstance(value, str) else list(value or ())
    return ", ".join(dict(KINDS).get(one, one).lower() for one in listed)
