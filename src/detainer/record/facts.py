"""The facts of a case as they gather: later ones win, mappings merge, lists replace. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from detainer.law.vocabulary import NO_ANSWER_WORD
from detainer.record.canonical import read_moment

if TYPE_CHECKING:
    from datetime import datetime

NOT_FACTS = ("id", "about", "agency", "at", "expect")  # a case file has them, but they are not what happened


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """`old` with `new` laid over it."""
    made = dict(old)
    for name, value in new.items():
        before = made.get(name)
        made[name] = merged(before, value) if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return made


def without(facts: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """`facts` with each of `paths` (such as `search.run`) unknown again."""
    made = dict(facts)
    for path in paths:
        name, _, rest = path.partition(".")
        if name not in made:
            continue
        inner = made[name]
        if rest and isinstance(inner, Mapping):
            made[name] = without(inner, [rest])
        else:
            del made[name]
    return made


def implied(kind: str, happened: str, public: Mapping[str, Any], agency: str) -> dict[str, Any]:
    """What a step itself says about the case: a withdrawal withdraws, a hold has begun, who is out is out."""
    said: dict[str, dict[str, Any]] = {
        "received": {"request": {"received": happened}},
        "withdrawn": {"request": {"withdrawn": happened}},
        "reopened": {"request": {"withdrawn": False}},
        "held": {"custody": {"hold_started": happened}},
        "released": {"custody": {"held": False}},
        "transferred": {"custody": {"held": False}},
        "custody_moved": {"custody": {"held": public.get("to") == agency}},
    }
    return said.get(kind, {})


def moment_in(facts: Mapping[str, Any], room: str, name: str) -> datetime | None:
    """A moment among the facts, None where it is unknown, null or not a moment (such as `withdrawn: false`)."""
    inside = facts.get(room)
    value = inside.get(name) if isinstance(inside, Mapping) else None
    return read_moment(value) if isinstance(value, str) and value != NO_ANSWER_WORD else None
