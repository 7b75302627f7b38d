"""What is known of a case, question by question, and who said so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from detainer.desk.form.entry import ASKED
from detainer.desk.form.fields import NONE_WORDS
from detainer.desk.wording.clockwords import date_words, moment
from detainer.desk.wording.values import NO_ANSWER, NOT_ASKED, value_words
from detainer.desk.wording.words import say, tr
from detainer.law import Case
from detainer.law.case import Spell
from detainer.law.vocabulary import LISTS, Fact, Unknown
from detainer.record.models import Event

_TELL = ("received", "facts", "corrected")


@dataclass(frozen=True)
class Known:
    """One fact as a page shows it: the question, the answer (or its parts, for a list), and who said so when."""

    asks: str
    answer: str
    parts: tuple[str, ...] = ()
    source: str = ""


def known(
    case: Case,
    events: Iterable[Event],
    bodies: Mapping[int, Mapping[str, Any]],
    names: Mapping[str, str],
    missing: Iterable[str],
    zone: ZoneInfo,
    *,
    now: datetime,
) -> list[Known]:
    """Every fact that is known, with its source, and those that are missing and would matter."""
    said = _sources(events, bodies)
    facts = []
    for path, fact in ASKED.items():
        source = _source(said.get(path), names, zone, now)
        if path in case.lists:
            elements = case.lists[path]
            if isinstance(elements, Unknown):
                facts.append(Known(tr(fact.asks), tr(NO_ANSWER), source=source))
            else:
                parts = tuple(_element(path, element, zone, now) for element in elements)
                facts.append(Known(tr(fact.asks), "" if parts else tr("none"), parts, source))
        elif path in case.facts:
            facts.append(Known(tr(fact.asks), _words(fact, case.facts[path], zone, now), source=source))
    return facts + [Known(tr(asks), tr(NOT_ASKED)) for asks in missing]


def _sources(events: Iterable[Event], bodies: Mapping[int, Mapping[str, Any]]) -> dict[str, Event]:
    """For each fact the event that said it last; a step that itself tells a fact counts too."""
    said: dict[str, Event] = {}
    for event in events:
        if event.kind in _TELL:
            said.update(dict.fromkeys(_paths(bodies.get(event.seq, {}).get("facts", {})), event))
        if event.kind == "received":
            said["request.received"] = event
        if event.kind == "withdrawn":
            said["request.withdrawn"] = event
        if event.kind == "held":
            said["custody.hold_started"] = event
        if event.kind in ("released", "transferred"):
            said["custody.held"] = event
    return said


def _paths(facts: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in facts.items():
        path = f"{prefix}{key}"
        if path in ASKED:
            yield path
        elif isinstance(value, Mapping):
            yield from _paths(value, f"{path}.")


def _source(event: Event | None, names: Mapping[str, str], zone: ZoneInfo, now: datetime) -> str:
    if event is None:
        return ""
    return f"{names.get(event.author, event.author)}, {moment(event.entered_at, zone, now=now)}"


def _words(fact: Fact, value: Any, zone: ZoneInfo, now: datetime, within: str = "") -> str:
    """A value of a fact as people read it."""
    if isinstance(value, Unknown):
        return tr(NO_ANSWER)
    if value is None:
        return tr(NONE_WORDS.get(fact.path, "none"))
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, datetime):
        return moment(value, zone, now=now)
    if isinstance(value, date):
        return date_words(value)
    if fact.kind == "choices":
        return ", ".join(value_words(fact, one, within) for one in fact.values if one in value) or tr("none of them")
    if fact.kind == "spells":
        return "; ".join(_spell(spell) for spell in value) or tr("none")
    return value_words(fact, value, within) if fact.kind == "choice" else str(value)


def _spell(spell: Spell) -> str:
    last = date_words(spell.last) if spell.last else tr("now")
    return say("{first} to {last}", first=date_words(spell.first), last=last)


def _element(path: str, element: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> str:
    """A warrant, conviction or charge in one line, each of its facts under its question's own words."""
    if path == "warrants":
        said = {
            name: _words(fact, element[name], zone, now, path) for name, fact in LISTS[path].items() if name in element
        }
        return "; ".join(f"{tr(_SHORT.get(name, name.replace('_', ' ')))}: {words}" for name, words in said.items())
    head = [str(element[name]) for name in ("law", "section") if isinstance(element.get(name), str)]
    if isinstance(element.get("subdivision"), str):
        head.append(f"({element['subdivision']})")
    called = {name: _SHORT.get(name, name.replace("_", " ").replace(".", " ")) for name in LISTS[path]}
    rest = [
        f"{tr(called[name])}: {_words(fact, element[name], zone, now, path)}"
        for name, fact in LISTS[path].items()
        if name in element and name not in ("law", "section", "subdivision")
    ]
    return "; ".join([" ".join(head), *rest] if head else rest)


_SHORT = {
    "issuer": "signed by",
    "form": "kind",
    "grounds": "for",
    "names_person": "names this person",
    "orders_federal_custody": "orders federal custody",
    "judgment_date": "sentence imposed",
    "offense_date": "offense",
    "jurisdiction": "in",
}


def bodies_of(request_id: str) -> dict[int, Mapping[str, Any]]:
    """The personal bodies of a request's events, by place; none once they were removed."""
    found = Event.objects.filter(request_id=request_id, envelope__isnull=False).values_list("seq", "envelope__body")
    return {seq: json.loads(body) for seq, body in found}
