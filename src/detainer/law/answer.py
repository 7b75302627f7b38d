"""The answer to one case: what the law says of each decision, why, what is missing and what must be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Because:
    """One condition that decided: its citation, its sentence, whether it is met, and the facts it rests on."""

    cite: str
    text: str
    value: bool | None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """A provision that decided, and the conditions that made it apply or kept its exceptions from applying."""

    law: str
    version: str
    provision: str
    cite: str
    text: str
    because: tuple[Because, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """The nearest change of the facts that would give another answer."""

    if_: tuple[str, ...]
    modality: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the law says of one decision.

    `until` is the end of a hold by the statute's own reading; `outer_limit` and `flat_48` stand beside it (see
    `detainer.hold.Window`). `set_aside` is what a wider law makes void, `against` what some law commands although the
    answer is must_not. `could_be` names the possible outcomes while a missing fact decides.
    """

    name: str
    modality: str
    until: datetime | None = None
    outer_limit: datetime | None = None
    flat_48: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    changes: tuple[Change, ...] = ()
    set_aside: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()
    could_be: tuple[str, ...] = ()
    settled: bool = True

    @property
    def alarm(self) -> datetime | None:
        """The earliest end under any reading: the moment to warn of."""
        return min((end for end in (self.until, self.outer_limit, self.flat_48) if end), default=None)


@dataclass(frozen=True, slots=True)
class LayerDecision:
    """What one law alone says of one decision."""

    modality: str
    until: datetime | None = None
    outer_limit: datetime | None = None
    flat_48: datetime | None = None


@dataclass(frozen=True, slots=True)
class LayerAnswer:
    """What one law alone says; `version` is empty when that law was not in force."""

    law: str
    version: str
    digest: str
    decisions: Mapping[str, LayerDecision]


@dataclass(frozen=True, slots=True)
class FactNeeded:
    """A fact that is not known and could still change a decision."""

    fact: str
    asks: str
    why: str
    decisions: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Question:
    """An open question of law that this answer rests on, with the cautious reading that was taken.

    `decisions` are those that its answer would change; all of them where the law has it asked in every case.
    """

    id: str
    law: str
    cite: str
    asks: str
    cautious: str
    decisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """What must be done whatever the answer.

    `paper` is the paper that fulfils it, `after` the step it follows, `hours` how many hours after. With `reminder` the
    law gives no hours: they are this house's, and `due_at` is when the desk reminds.
    """

    id: str
    law: str
    cite: str
    says: str
    due: str
    due_at: datetime | None = None
    paper: str = ""
    after: str = ""
    hours: int | None = None
    reminder: bool = False


@dataclass(frozen=True)
class Answer:
    """The answer to one case under every law that binds the agency.

    `digest` identifies the law files that were asked; the same case and the same digest give the same answer.
    `calendar` is the version of the reviewed holidays by which every end was counted.
    """

    id: str
    agency: str
    at: datetime
    decisions: Mapping[str, Decision]
    laws: tuple[LayerAnswer, ...]
    facts_needed: tuple[FactNeeded, ...] = ()
    counsel: tuple[Question, ...] = ()
    duties: tuple[Duty, ...] = ()
    digest: str = ""
    calendar: str = ""
    asks: tuple[str, ...] = field(default=("hold", "notify"))

    def headline(self) -> str:
        """What to do, in a line: "Release on time. Do not tell ICE."."""
        hold, notify = self.decisions["hold"].modality, self.decisions["notify"].modality
        if hold == notify == "not_applicable":
            return "Nothing to answer. Log the request."
        said = _HOLD[hold], _NOTIFY[notify]
        return " ".join(said)

    def as_json(self) -> dict[str, Any]:
        """The answer as docs/case-format.md describes it."""
        return {
            "id": self.id,
            "agency": self.agency,
            "at": self.at.isoformat(),
            "headline": self.headline(),
            "decisions": {name: _decision(said) for name, said in self.decisions.items()},
            "laws": [_layer(layer) for layer in self.laws],
            "facts_needed": [
                {
                    "fact": need.fact,
                    "asks": need.asks,
                    "why": need.why,
                    "decisions": list(need.decisions),
                    "status": need.status,
                }
                for need in self.facts_needed
            ],
            "counsel": [
                {
                    "id": asked.id,
                    "law": asked.law,
                    "cite": asked.cite,
                    "asks": asked.asks,
                    "cautious": asked.cautious,
                    "decisions": list(asked.decisions),
                }
                for asked in self.counsel
            ],
            "duties": [
                {
                    "id": duty.id,
                    "law": duty.law,
                    "cite": duty.cite,
                    "says": duty.says,
                    "due": duty.due,
                    "due_at": _moment(duty.due_at),
                    "paper": duty.paper,
                    "after": duty.after,
                    "hours": duty.hours,
                    "reminder": duty.reminder,
                }
                for duty in self.duties
            ],
            "digest": self.digest,
            "calendar": self.calendar,
        }


_HOLD = {
    "must": "Hold as the law commands.",
    "may": "You may hold.",
    "must_not": "Release on time.",
    "silent": "No law speaks of a hold.",
    "not_applicable": "No hold to decide.",
    "undetermined": "Not settled: whether to hold.",
}
_NOTIFY = {
    "must": "Tell ICE of the release.",
    "may": "You may tell ICE.",
    "must_not": "Do not tell ICE.",
    "silent": "No law speaks of telling ICE.",
    "not_applicable": "Nothing to tell.",
    "undetermined": "Not settled: whether to tell ICE.",
}


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _decision(said: Decision) -> dict[str, Any]:
    found: dict[str, Any] = {"modality": said.modality, "until": _moment(said.until)}
    if said.outer_limit or said.flat_48:
        found |= {
            "outer_limit": _moment(said.outer_limit),
            "flat_48": _moment(said.flat_48),
            "alarm": _moment(said.alarm),
        }
    found["settled"] = said.settled
    if said.could_be:
        found["could_be"] = list(said.could_be)
    found["reasons"] = list(map(_reason, said.reasons))
    for key in ("set_aside", "against"):
        if reasons := getattr(said, key):
            found[key] = list(map(_reason, reasons))
    found["changes"] = [
        {"if": list(change.if_), "modality": change.modality, "until": _moment(change.until)} for change in said.changes
    ]
    return found


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "law": reason.law,
        "version": reason.version,
        "provision": reason.provision,
        "cite": reason.cite,
        "text": reason.text,
        "because": [
            {"cite": part.cite, "text": part.text, "met": part.value, "facts": list(part.facts)}
            for part in reason.because
        ],
    }


def _layer(layer: LayerAnswer) -> dict[str, Any]:
    decisions = {}
    for name, said in layer.decisions.items():
        decisions[name] = {"modality": said.modality}
        for key in ("until", "outer_limit", "flat_48"):
            if moment := getattr(said, key):
                decisions[name][key] = moment.isoformat()
    return {"law": layer.law, "version": layer.version or None, "digest": layer.digest, "decisions": decisions}
