"""Deciding what rows say: each distinct set of facts once, by the same engine that the desk asks.

What counts as sure: an answer that no further fact could change. Where the law closes a ground because nothing was
shown, its answer on these facts is "must not", and a paper that the table does not mention could still change it;
such a row cannot be told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from detainer.law import Answer, Case, Decision, LawBook
from detainer.replay.mapping import TICKED, Facts, folded, nested
from detainer.replay.mapping import Mapping as Rules

JUDGED: Final = ("hold", "notify")  # the decisions that a replay counts
OUTCOMES: Final = ("forbidden", "permitted", "no_law", "nothing_to_decide", "cannot_be_told")
_SURE: Final = {
    "must_not": "forbidden",
    "may": "permitted",
    "must": "permitted",
    "silent": "no_law",
    "not_applicable": "nothing_to_decide",
}
LIVE: Final[Mapping[str, Any]] = {
    "request": {"withdrawn": False},
    "custody": {"held": True},
    "person": {"matches_request": True},
}
"""That nothing has taken a request out of the law: it stands, and the person whom it names is in custody."""


@dataclass(frozen=True)
class Said:
    """What the law says of one decision: sure or not, the answer on these facts alone, why, and what is missing."""

    outcome: str  # one of OUTCOMES
    answer: str  # the modality on the facts of the table
    cites: tuple[tuple[str, str], ...]  # (law, citation) of what decided
    because: tuple[str, ...]  # the conditions that decided, in words
    missing: tuple[str, ...]  # the facts that could still change it, the most decisive first


@dataclass(frozen=True)
class Decided:
    """A distinct set of facts on a day of the law, and what the law says of it."""

    case: Mapping[str, Any]
    said: Mapping[str, Said]
    digest: str


def outcome(decision: Decision) -> str:
    """Which of OUTCOMES a decision is: sure only where no missing fact could change it."""
    return _SURE[decision.modality] if decision.settled and decision.modality in _SURE else "cannot_be_told"


class Decider:
    """Decides the facts that rows say. `given` are facts that hold of every row unless the row says otherwise."""

    def __init__(self, book: LawBook, rules: Rules, given: Mapping[str, Any]) -> None:
        self.book, self.rules, self.given = book, rules, given
        self._known: dict[object, Decided] = {}

    def facts(self, values: Sequence[str | None]) -> dict[str, Any]:
        """The facts that a row with these values, in the order of the mapping's telling columns, says."""
        found: dict[str, Any] = {}
        cells = dict(zip(self.rules.telling, map(self.rules.clean, values), strict=True))
        merge(found, self.given)
        merge(found, self.rules.facts.always)
        for column in self.rules.facts.columns:
            merge(found, self.rules.meaning(column, cells[column]) or {})
        for path, chosen in ticked(self.rules.facts, cells).items():
            merge(found, nested(path, chosen))
        return found

    def decide(self, agency: str, day: date, values: Sequence[str | None]) -> Decided:
        """What the law that binds an agency on a day says of these values; UserError if there is no such agency."""
        facts = self.facts(values)
        key = agency, day, json.dumps(facts, default=str, sort_keys=True)  # values of one meaning are decided once
        if key not in self._known:
            self._known[key] = self._decide(agency, day, facts)
        return self._known[key]

    def _decide(self, agency: str, day: date, facts: dict[str, Any]) -> Decided:
        # Noon is on the same day by every offset that the agency's zone may have.
        at = datetime.combine(day, time(12), self.book.agency(agency).zone)
        case = {"id": f"{agency}-{day}", "agency": agency, "at": at.isoformat()}
        # A row is decided for the moment at which a hold would begin, so that no clock has run yet.
        merge(case, {"custody": {"releasable_at": at.isoformat()}})
        merge(case, facts)
        answer = self.book.decide(Case.read(case, "replay"), brief=True)
        return Decided(case, {name: _said(name, answer) for name in JUDGED}, answer.digest)


def ticked(facts: Facts, cells: Mapping[str, str | None]) -> dict[str, list[str]]:
    """The lists of choices whose every box is known to be ticked or not."""
    found = {}
    for path, boxes in facts.choices.items():
        states = {choice: TICKED.get(folded(cells[column] or "")) for choice, column in boxes.items()}
        if None not in states.values():
            found[path] = [choice for choice, is_so in states.items() if is_so]
    return found


def merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Lay facts over others, mapping by mapping; lists replace."""
    for key, value in more.items():
        if isinstance(value, dict):
            inner = into.get(key)
            into[key] = dict(inner) if isinstance(inner, dict) else {}
            merge(into[key], value)
        else:
            into[key] = value


def dated(facts: Any) -> bool:
    """Whether facts speak of days, moments, or elements of a list, which the law may measure against the day itself."""
    if isinstance(facts, dict):
        return any(map(dated, facts.values()))
    if isinstance(facts, list):
        return any(isinstance(one, dict) for one in facts)
    if isinstance(facts, str):
        try:
            datetime.fromisoformat(facts)
        except ValueError:
            return False
        return True
    return isinstance(facts, date)


def _said(name: str, answer: Answer) -> Said:
    decision = answer.decisions[name]
    return Said(
        outcome(decision),
        decision.modality,
        tuple(dict.fromkeys((reason.law, reason.cite) for reason in decision.reasons)),
        tuple(dict.fromkeys(because.text for reason in decision.reasons for because in reason.because)),
        tuple(need.fact for need in answer.facts_needed if name in need.decisions),
    )
