"""Contacts outside a form: a call, a mail, a visit about a request, as the desk takes and shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detainer.desk.request.deeds import SEARCH_SHOWED
from detainer.desk.wording.words import say, tr
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
_SAYS = {
    ("call", "in"): "recorded a call from {who}",
    ("call", "out"): "recorded a call to {who}",
    ("mail", "in"): "recorded an e-mail or letter from {who}",
    ("mail", "out"): "recorded an e-mail or letter to {who}",
    ("visit", "in"): "recorded a visit of {who}",
    ("visit", "out"): "recorded a visit to {who}",
    ("other", "in"): "recorded a contact with {who}",
    ("other", "out"): "recorded a contact with {who}",
}
_WHOM = {
    "ice": "ICE",
    "cbp": "CBP",
    "other_federal": "another federal authority",
    "other": "somebody else",
    "": "somebody",
}
_PARTS = {"about": "they asked for: {what}", "given": "given: {what}"}


def detail(said: Mapping[str, str], about: list[str], given: list[str]) -> dict[str, Any]:
    """What the form said, checked; UserError in one line where an answer is none of those offered."""
    found: dict[str, Any] = {}
    for name, offered, asks in (
        ("way", WAYS, "Say how it came about"),
        ("direction", DIRECTIONS, "Say who began it"),
        ("by", WHO, "Say with whom it was"),
    ):
        if said.get(name) not in dict(offered):
            raise UserError(tr(asks))
        found[name] = said[name]
    for name, words in (("about", about), ("given", given)):
        if set(words) - set(dict(KINDS)):
            raise UserError(tr("Say what it was about with the answers offered"))
        if words:
            found[name] = [kind for kind, _ in KINDS if kind in words]
    ground = said.get("ground", "")
    if ground and ground not in dict(SEARCH_SHOWED):
        raise UserError(tr("Say what the search showed with one of the answers offered"))
    return found | ({"ground": ground} if ground else {})


def says(public: Mapping[str, Any]) -> str:
    """A contact in one line, from what it says in public: "recorded a call from ICE; they asked for: …"."""
    how = str(public.get("way", "other")), str(public.get("direction", "in"))
    whom = _WHOM.get(str(public.get("by", "")), _WHOM[""])
    parts = [say(_SAYS.get(how, _SAYS["other", "in"]), who=tr(whom))]
    parts += [say(words, what=what) for name, words in _PARTS.items() if (what := _kinds(public.get(name)))]
    return "; ".join(parts)


def _kinds(value: Any) -> str:
    listed = [value] if isinstance(value, str) else list(value or ())
    return ", ".join(tr(dict(KINDS).get(one, one)).lower() for one in listed)
