"""A case as a mapping in the case format, and as text to paste into a file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from detainer.law.case import Case, Element, Spell
from detainer.law.vocabulary import FACTS, LISTS, NO_ANSWER_WORD, Unknown

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./§-]*( [A-Za-z0-9_./§-]+)*")
_SPOKEN_FOR = {"true", "false", "null", NO_ANSWER_WORD}


def mapping(case: Case) -> dict[str, Any]:
    """The case in the case format, every day and moment as text; reading it gives the same case."""
    found: dict[str, Any] = _plain(_whole(case))
    return found


def written(case: Case) -> str:
    """The case as one document of a case file."""
    return "\n".join(["---", *(f"{key}: {_yaml(item)}" for key, item in _whole(case).items())]) + "\n"


def _whole(case: Case) -> dict[str, Any]:
    """The case as nested mappings, in the order of the format."""
    head = {"id": case.id, "about": case.about, "agency": case.agency, "at": case.at}
    known: dict[str, Any] = {path: case.facts[path] for path in FACTS if path in case.facts}
    known |= {path: _listed(case.lists[path]) for path in LISTS if path in case.lists}
    nested, order = _nested(known), dict.fromkeys(path.split(".")[0] for path in FACTS)
    body = {key: nested[key] for key in order if key in nested}
    tail = {"expect": case.expect} if case.expect else {}
    return {**{key: item for key, item in head.items() if item}, **body, **tail}


def _listed(elements: Sequence[Element] | Unknown) -> Any:
    return elements if isinstance(elements, Unknown) else [_nested(element) for element in elements]


def _nested(paths: Mapping[str, Any]) -> dict[str, Any]:
    """Paths with dots as mappings inside mappings."""
    found: dict[str, Any] = {}
    for path, item in paths.items():
        *outer, last = path.split(".")
        here = found
        for key in outer:
            here = here.setdefault(key, {})
        here[last] = item
    return found


def _plain(item: Any) -> Any:
    """A value as text, truth, null, list or mapping."""
    if isinstance(item, date):
        return item.isoformat()
    if isinstance(item, Mapping):
        return {key: _plain(inner) for key, inner in item.items()}
    if isinstance(item, (frozenset, list, tuple)):
        return [_plain(inner) for inner in (sorted(item) if isinstance(item, frozenset) else item)]
    if isinstance(item, Spell):
        return _plain({"from": item.first, "to": item.last})
    return NO_ANSWER_WORD if isinstance(item, Unknown) else item


def _yaml(item: Any) -> str:
    """A value on one line; text that could be read as something else is quoted."""
    if isinstance(item, date):
        return item.isoformat()
    if isinstance(item, Mapping):
        return "{" + ", ".join(f"{key}: {_yaml(inner)}" for key, inner in item.items()) + "}"
    if isinstance(item, (frozenset, list, tuple)):
        return "[" + ", ".join(map(_yaml, sorted(item) if isinstance(item, frozenset) else item)) + "]"
    if isinstance(item, (Spell, Unknown)):
        return f"{{from: {_yaml(item.first)}, to: {_yaml(item.last)}}}" if isinstance(item, Spell) else NO_ANSWER_WORD
    if isinstance(item, str) and _PLAIN.fullmatch(item) and item.lower() not in _SPOKEN_FOR:
        return item
    return json.dumps(item, ensure_ascii=False)
