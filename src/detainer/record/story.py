"""A request as its events tell it. Pure: the same steps always give the same story, live and rebuilt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from detainer.record import facts as case_facts
from detainer.record.canonical import read_moment
from detainer.record.kinds import GUARDED, UNSETTLING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SETTLING = ("released", "transferred", "withdrawn")
# Steps by which a request can come to be settled, or no longer be.
ENDING = frozenset({*SETTLING, "declined", "reopened"})
# Steps after which nobody's yes is waited for any more: it would have to be asked for again.
OVERTAKING = frozenset(
    {"decided", "facts", "corrected", "withdrawn", "declined", "released", "transferred", "expunged", "reopened"}
)


@dataclass(frozen=True, slots=True)
class Step:
    """One event with its personal body, which is None where there is none or it was removed."""

    seq: int
    kind: str
    agency: str
    happened: str
    author: str
    public: Mapping[str, Any]
    body: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Determination:
    """The law's answer on a request as it was given; `answer` and `case` are None once the request is expunged."""

    seq: int
    at: datetime
    author: str
    modalities: Mapping[str, str]
    laws: tuple[Mapping[str, str], ...]
    digest: str
    answer: Mapping[str, Any] | None
    case: Mapping[str, Any] | None

    def permits(self, decision: str) -> bool:
        """Whether the law permits or commands it; what it left open or never judged it does not permit."""
        return self.modalities.get(decision) in ("may", "must")

    def ends(self, decision: str) -> dict[str, datetime]:
        """The ends that the answer set for a permitted decision, by name: until, outer_limit, flat_48."""
        given = (self.answer or {}).get("decisions", {}).get(decision, {})
        if not self.permits(decision):
            return {}
        names = ("until", "outer_limit", "flat_48")
        return {name: read_moment(given[name]) for name in names if given.get(name)}


@dataclass(frozen=True, slots=True)
class Approval:
    """A second person's consent to one step, given on one determination."""

    seq: int
    step: str
    author: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """Expunging that one person asked for, and the order it rests on; it waits for another."""

    seq: int
    author: str
    order: Mapping[str, str]


def touches(asked: Mapping[str, Any], decision: str) -> bool:
    """Whether counsel's answer to a question could change a decision; one that does not say what it touches may any."""
    return decision in (asked.get("decisions") or (decision,))


@dataclass
class Story:
    """What the events of one request add up to."""

    id: str
    agency: str = ""
    number: str = ""
    source: str = ""
    source_key: str = ""
    public: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    person: dict[str, Any] | None = None
    determination: Determination | None = None
    stale: bool = False
    approvals: list[Approval] = field(default_factory=list)
    advised: set[tuple[str, str]] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)
    times: dict[str, datetime] = field(default_factory=dict)
    settled: bool = False
    settled_seq: int | None = None  # the last of the steps that settled it; None while it is open
    past_release: int | None = None
    custody_with: str = ""
    papers: dict[int, datetime] = field(default_factory=dict)
    erasure: Erasure | None = None
    asked: dict[str, int] = field(default_factory=dict)  # step that waits for a second person → the asking
    last_seq: int = -1

    def for_counsel(self, decision: str = "") -> list[Mapping[str, Any]]:
        """The questions that the last determination carries to counsel and counsel has not answered since.

        With `decision`, those whose answer could change it.
        """
        answer = self.determination.answer if self.determination else None
        carried = (answer or {}).get("counsel", ())
        return [
            asked
            for asked in carried
            if (asked["law"], asked["id"]) not in self.advised and (not decision or touches(asked, decision))
        ]

    def add(self, step: Step) -> None:
        """Take the next step into the story."""
        self.last_seq = step.seq
        self._learn(step)
        if step.kind in OVERTAKING:
            self.asked = {}
        if step.kind in UNSETTLING:
            self.stale, self.approvals, self.advised = True, [], set()
        self.times[step.kind] = read_moment(step.happened)
        special = getattr(self, f"_{step.kind}", None)
        if special:
            special(step)
        elif step.kind in SETTLING:
            self.settled = True
        if step.kind in ENDING:
            self.settled_seq = step.seq if self.settled else None
        self.past_release = step.public.get("past_release", self.past_release)

    def _learn(self, step: Step) -> None:
        """Facts that the step brings: those given with it, and what the step itself implies."""
        body = step.body or {}
        if step.kind in ("received", "facts", "corrected"):
            self.facts = case_facts.without(self.facts, body.get("unknown", ()))
            self.facts = case_facts.merged(self.facts, body.get("facts", {}))
            self.public.update(step.public.get("request", {}))
            if "person" in body:
                self.person = case_facts.merged(self.person or {}, body["person"])
        said = case_facts.implied(step.kind, step.happened, step.public, self.agency)
        self.facts = case_facts.merged(self.facts, said)

    def _paper(self, step: Step) -> None:
        self.papers[step.seq] = read_moment(step.happened)

    _replied = _paper

    def _received(self, step: Step) -> None:
        self.agency, self.number = step.agency, step.public["number"]
        source = step.public.get("source", {})
        self.source, self.source_key = source.get("mapping", ""), source.get("key", "")

    def _corrected(self, step: Step) -> None:
        if "received" in step.public:
            self.times["received"] = read_moment(step.public["received"])

    def _decided(self, step: Step) -> None:
        body = step.body or {}
        self.stale, self.approvals = False, []
        self.determination = Determination(
            seq=step.seq,
            at=read_moment(step.public["at"]),
            author=step.author,
            modalities=step.public["modalities"],
            laws=tuple(step.public["laws"]),
            digest=step.public["digest"],
            answer=body.get("answer"),
            case=body.get("case"),
        )

    def _advised(self, step: Step) -> None:
        self.advised.add((step.public["law"], step.public["question"]))

    def _asked(self, step: Step) -> None:
        if step.public.get("for") == "expunged":
            self.erasure = Erasure(step.seq, step.author, (step.body or {}).get("detail", {}))
        else:
            self.asked[step.public["for"]] = step.seq

    def _approved(self, step: Step) -> None:
        self.asked.pop(step.public["for"], None)
        self.approvals.append(Approval(step.seq, step.public["for"], step.author))

    def _refused(self, step: Step) -> None:
        """Whoever says no takes back a yes of their own."""
        if step.public["for"] == "expunged":
            self.erasure = None
        self.asked.pop(step.public["for"], None)
        own = step.public["for"], step.author
        self.approvals = [given for given in self.approvals if (given.step, given.author) != own]

    def _used(self, step: Step) -> None:
        """An approval serves for one step."""
        self.approvals = [given for given in self.approvals if given.seq != step.public["approval"]]

    _told = _held = _used

    def _transferred(self, step: Step) -> None:
        self.settled = True

    def _declined(self, step: Step) -> None:
        self.declined |= set(step.public.get("of", GUARDED.values()))
        asked = set(self.public.get("asks") or GUARDED.values())
        self.settled = self.settled or asked <= self.declined

    def _reopened(self, step: Step) -> None:  # every step is handed over alike
        self.settled, self.declined = False, set()

    def _custody_moved(self, step: Step) -> None:
        self.custody_with = step.public["to"]

    def _unsealed(self, step: Step) -> None:  # every step is handed over alike
        self.times.pop("sealed", None)

    def _expunged(self, step: Step) -> None:
        """Nothing that stood in personal data outlives it, here or in what is derived from it; and it stays hidden."""
        self.times.setdefault("sealed", self.times["expunged"])
        self.facts, self.person, self.erasure = {}, None, None
        if self.determination:
            last = self.determination
            self.determination = Determination(
                last.seq, last.at, last.author, last.modalities, last.laws, last.digest, None, None
            )
