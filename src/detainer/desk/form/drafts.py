"""A draft of a request, or of facts added to one: what was typed, what the law says of it, what to ask next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from detainer.desk.form.entry import ASKED, SOME, Entry, Typed
from detainer.desk.form.fields import Field
from detainer.desk.form.questions import Plan, plan
from detainer.desk.form.typed import read_day, show_moment
from detainer.desk.wording import people
from detainer.desk.wording.mistakes import all_told
from detainer.desk.wording.picture import Picture, picture
from detainer.desk.wording.words import tr
from detainer.errors import UserError
from detainer.law import Case, LawBook
from detainer.law.vocabulary import LISTS
from detainer.record.agencies import standing
from detainer.record.facts import merged

_REQUIRED = {
    "request.form": "Say which form it came on.",
    "request.received": "Say when it was received.",
    "request.from": "Say who asks.",
    "request.asks": "Say what it asks for.",
}
_PERSON = "who."


@dataclass
class Draft:
    """What stands on the form page."""

    agency: str
    typed: Typed
    entry: Entry
    plan: Plan
    answer: Picture
    problems: list[str] = field(default_factory=list)

    @property
    def who(self) -> tuple[Field, ...]:
        """The fields for the person named in the request."""
        return tuple(
            Field(
                f"f-who-{key.replace('_', '-')}",
                f"{_PERSON}{key}",
                label,
                "line",
                self.typed.one(f"{_PERSON}{key}"),
                hint="As the form spells it." if key == people.NAME else "",
                error=self.entry.errors.get(f"{_PERSON}{key}", ""),
            )
            for key, label in people.LABELS.items()
        )

    def person(self) -> dict[str, str]:
        """Who is meant, as typed; nothing under a key that was left empty."""
        said = {key: " ".join(self.typed.one(f"{_PERSON}{key}").split()) for key in people.LABELS}
        if said[people.BORN]:
            said[people.BORN] = read_day(said[people.BORN]).isoformat()
        return {key: value for key, value in said.items() if value}


def make(agency: str, typed: Typed, book: LawBook, zone: ZoneInfo, *, now: datetime) -> Draft:
    """The draft for what was typed: read, decided as far as it goes, and asked on."""
    entry = Entry(typed, zone, now=now)
    problems = []
    try:
        case = case_of(agency, entry.mapping(), now)
    except UserError as error:
        problems += all_told(error, zone, where=False)
        case = case_of(agency, {}, now)
    answer = book.decide(case)
    empty = answer if not entry.facts and not entry.lists else book.decide(case_of(agency, {}, now))
    asked = plan(entry, answer, empty)
    return Draft(agency, typed, entry, asked, picture(answer, book, case, zone, now=now), problems)


def case_of(agency: str, mapping: Mapping[str, Any], now: datetime) -> Case:
    """A case that is not on record yet, at this moment, with what stands for every request of the agency."""
    known = merged(standing(agency), mapping)
    return Case.read({"id": "draft", "agency": agency, "at": now, **known}, "this form")


def check(draft: Draft, *, person: bool) -> None:
    """Add what keeps the draft from being recorded to its errors, each beside its field."""
    errors = draft.entry.errors
    for path, words in _REQUIRED.items():
        if path not in draft.entry.facts:
            errors.setdefault(path, tr(words))
    received = draft.entry.facts.get("request.received")
    if received and received > draft.entry.now:
        errors.setdefault("request.received", tr("That is in the future. Give the time it was received."))
    if person:
        _check_person(draft)


def _check_person(draft: Draft) -> None:
    errors = draft.entry.errors
    if not draft.typed.one(f"{_PERSON}{people.NAME}"):
        errors[f"{_PERSON}{people.NAME}"] = tr("Write the name that stands on the form.")
    try:
        draft.person()
    except UserError as error:
        errors[f"{_PERSON}{people.BORN}"] = error.line()


def blank(zone: ZoneInfo, *, now: datetime) -> Typed:
    """An empty form: received now, which a person can change, and nothing else supposed."""
    return Typed({"request.received": (show_moment(now, zone),)})


def changed(before: Mapping[str, Any], after: Mapping[str, Any], prefix: str = "") -> tuple[dict[str, Any], list[str]]:
    """What `after` says anew, nested as it came, and the paths that it no longer says."""
    fresh: dict[str, Any] = {}
    gone: list[str] = []
    for key in (*after, *(key for key in before if key not in after)):
        path, old, new = f"{prefix}{key}", before.get(key), after.get(key)
        inner = path not in LISTS and (isinstance(old, Mapping) or isinstance(new, Mapping))
        if inner:
            said, left = changed(old or {}, new or {}, f"{path}.")
            gone += left
            if said:
                fresh[key] = said
        elif key not in after:
            gone.append(path)
        elif key not in before or old != new:
            fresh[key] = new
    return fresh, gone


def questions(fresh: Mapping[str, Any], gone: Sequence[str]) -> list[str]:
    """The questions whose answers `changed` found to differ."""
    return [tr(fact.asks) for path, fact in ASKED.items() if path in gone or _holds(fresh, path)]


def _holds(nested: Any, path: str) -> bool:
    for part in path.split("."):
        if not isinstance(nested, Mapping) or part not in nested:
            return False
        nested = nested[part]
    return True


def overwrites(known: Mapping[str, Any], fresh: Mapping[str, Any]) -> bool:
    """Whether something new takes the place of something known."""
    for key, value in fresh.items():
        old = known.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            if overwrites(old, value):
                return True
        elif old is not None:
            return True
    return False


def rows_changed(typed: Typed, what: str) -> Typed:
    """The form after "add warrants" or "remove warrants 2"; a list that has some gets its first row by itself."""
    words: Sequence[str] = what.split()
    if len(words) == 2 and words[0] == "add" and words[1] in LISTS:
        return typed.with_row(words[1])
    if len(words) == 3 and words[0] == "remove" and words[1] in LISTS:
        return typed.without_row(words[1], words[2])
    for path in LISTS:
        if typed.one(path) == SOME and not typed.rows(path):
            typed = typed.with_row(path)
    return typed
