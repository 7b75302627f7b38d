"""Deciding a case: from what is known to the answer, with everything that belongs to it.

All that depends only on the pattern of known atoms is worked out once for each pattern and kept; what depends on the
case itself (moments, the facts that are missing, the questions that its facts raise) is added to each answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from detainer.hold import Calendar, Window, count_hours
from detainer.law.answer import Answer, Change, Decision, Duty, FactNeeded, LayerAnswer, LayerDecision, Question
from detainer.law.case import Case
from detainer.law.expand import CAUTIOUS, Layer, Readings
from detainer.law.lawfile import DutyRule, OpenQuestion
from detainer.law.needs import Need, needs
from detainer.law.reasoning import Reasoner
from detainer.law.stack import Stack
from detainer.law.state import CaseState, Knowledge, known, settle
from detainer.law.vocabulary import ALWAYS_JUDGED, DECISIONS, FACTS, LISTS, STEPS, Unknown

ClockName = tuple[str, str]  # the law and the clock of that law
Ready = tuple[tuple[str, ...], tuple[bool | None, ...]]  # the decisions judged; what is known of each atom
_PERMITS = ("may", "must")
MOST_PATTERNS = 2000  # that an engine keeps before another takes its place: each takes up to 0.1 MB with its diagrams


@dataclass(frozen=True, slots=True)
class Judged:
    """What a pattern makes of one decision; the moments are added for each case."""

    decision: Decision
    clock: ClockName | None  # the clock that ends what the narrowest law permits
    changes: tuple[tuple[Change, ClockName | None], ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a pattern of known atoms makes of a case: all that does not depend on its moments and missing facts."""

    decisions: Mapping[str, Judged]
    layers: tuple[tuple[LayerAnswer, Mapping[str, ClockName | None]], ...]
    needs: tuple[Need, ...]
    duties: tuple[tuple[Duty, ClockName | None], ...]
    asked: tuple[Question, ...]
    touched: tuple[str, ...]


class Engine:
    """Answers the cases of one agency under one stack of laws.

    A `brief` one leaves out what would change an answer and the questions for counsel whose answer would: two thirds of
    the work, for whoever reads neither.
    """

    def __init__(self, stack: Stack, zone: ZoneInfo, calendar: Calendar, *, brief: bool = False) -> None:
        self.stack, self.zone, self.calendar, self.brief = stack, zone, calendar, brief
        self.digest = "+".join(layer.law.digest[:12] for layer in stack.layers)
        self._patterns: dict[Ready, Pattern] = {}
        self._live: dict[tuple[object, ...], tuple[Question, ...]] = {}

    @property
    def full(self) -> bool:
        """Whether so much has been worked out that a fresh engine should take this one's place."""
        return len(self._patterns) >= MOST_PATTERNS

    def decide(self, case: Case) -> Answer:
        """The answer to a case of this agency on a day of this stack."""
        judged = _judged(case)
        state = CaseState(self.stack, case, self.zone, self.calendar)
        pattern = self.explained((judged, state.values()[: self.stack.asked]))
        ends = _Ends(self, state)
        asks = case.get("request.asks")
        return Answer(
            id=case.id,
            agency=case.agency,
            at=case.at,
            decisions={name: _with_ends(found, ends) for name, found in pattern.decisions.items()},
            laws=tuple(_layer_with_ends(layer, clocks, ends) for layer, clocks in pattern.layers),
            facts_needed=_needed(pattern, state, case) if pattern.needs else (),
            counsel=(*pattern.asked, *self._live_questions(pattern, state, judged)),
            duties=tuple(_due(duty, ends.of(clock), case, self.zone) for duty, clock in pattern.duties),
            digest=self.digest,
            calendar=self.calendar.version,
            asks=tuple(name for name in DECISIONS if name in asks) if isinstance(asks, frozenset) else (),
        )

    def ready(self, case: Case) -> Ready:
        """A case as the decisions to judge and what is known of each atom: all that the answer's substance rests on."""
        state = CaseState(self.stack, case, self.zone, self.calendar)
        return _judged(case), state.values()[: self.stack.asked]

    def said(self, case: Case, law: str) -> Mapping[str, str]:
        """What one law alone makes of the decisions judged, without reasons; nothing where it is not in force."""
        layer = self.stack.layer(law)
        if layer is None or layer.version is None:
            return {}
        judged, values = self.ready(case)
        return self._modality(layer, judged, Knowledge(self.stack, known(values)))

    def deciding(self, case: Case) -> frozenset[tuple[str, str]]:
        """The provisions and limits that have a part in the answer, each by its law and its id."""
        judged, values = self.ready(case)
        facts = known(values)
        state = Knowledge(self.stack, facts)
        reasoner, closed = Reasoner(self.stack, facts, state), self.stack.program(CAUTIOUS).closed
        return frozenset(
            (layer.law.id, rule.id)
            for name in judged
            for layer, rule in reasoner.deciding(name, settle(self.stack.outcomes(closed[name], state)))
        )

    def _modality(self, layer: Layer, judged: tuple[str, ...], state: Knowledge) -> Mapping[str, str]:
        answers = self.stack.program(CAUTIOUS).layers
        return {name: settle(self.stack.outcomes(answers[layer.law.id, name], state)) for name in judged}

    def explained(self, ready: Ready) -> Pattern:
        """What a ready set of facts makes of the decisions, with the reasons; worked out once and kept."""
        found = self._patterns.get(ready)
        if found is None:
            found = self._patterns[ready] = self._work_out(ready[0], known(ready[1]))
        return found

    def _work_out(self, judged: tuple[str, ...], facts: dict[int, bool]) -> Pattern:
        state = Knowledge(self.stack, facts)
        reasoner = Reasoner(self.stack, facts, state)
        needed = needs(self.stack, facts, judged)
        unsettled = {name for need in needed for name in need.decisions}
        decisions = {name: self._judge(name, state, reasoner, name not in unsettled) for name in judged}
        idle = all(found.decision.modality == "not_applicable" for found in decisions.values())
        return Pattern(
            decisions,
            tuple(self._layer(layer, judged, state) for layer in self.stack.layers),
            needed,
            tuple(
                (_duty(law, rule), (law, rule.clock) if rule.clock else None)
                for law, rule in self._standing("duties", state)
            ),
            () if idle else tuple(_question(law, item, judged) for law, item in self._standing("always_asked", state)),
            () if idle or self.brief else tuple(name for name in self.stack.questions if self._touches(name, state)),
        )

    def _standing(self, kind: str, state: Knowledge) -> Iterator[tuple[str, Any]]:
        """The duties, or the questions always asked, whose condition holds."""
        for layer, items in zip(self.stack.layers, getattr(self.stack, kind), strict=True):
            yield from ((layer.law.id, item) for item, when in items if self.stack.outcomes(when, state) == {True})

    def _judge(self, name: str, state: Knowledge, reasoner: Reasoner, settled: bool) -> Judged:
        outcomes = self.stack.outcomes(self.stack.program(CAUTIOUS).closed[name], state)
        modality = settle(outcomes)
        unsettled = modality == "undetermined"
        turns = tuple(
            (Change(turn.says, turn.modality), self._clock(turn.state, name))
            for turn in (() if self.brief else reasoner.turns(name))
        )
        decision = Decision(
            name,
            modality,
            reasons=() if unsettled else reasoner.reasons(name, modality),
            changes=tuple(change for change, _ in turns),
            set_aside=() if unsettled else reasoner.set_aside(name),
            against=reasoner.against(name, modality),
            could_be=tuple(sorted(map(str, outcomes))) if unsettled else (),
            settled=settled,
        )
        return Judged(decision, self._clock(state, name), turns)

    def _layer(
        self, layer: Layer, judged: tuple[str, ...], state: Knowledge
    ) -> tuple[LayerAnswer, Mapping[str, ClockName | None]]:
        law = layer.law
        if layer.version is None:
            return LayerAnswer(law.id, "", law.digest, {}), {}
        said = {name: LayerDecision(modality) for name, modality in self._modality(layer, judged, state).items()}
        clocks = {name: self._clocks(state, name).get(law.id) for name in judged if said[name].modality in _PERMITS}
        return LayerAnswer(law.id, layer.version.name, law.digest, said), clocks

    def _clocks(self, state: Knowledge, name: str) -> dict[str, ClockName | None]:
        """For each layer that permits or commands: the clock that ends it, or None where some provision sets no end."""
        applies = self.stack.program(CAUTIOUS).applies
        found: dict[str, ClockName | None] = {}
        for layer in self.stack.layers:
            ends = [
                rule.until
                for rule in layer.provisions
                if rule.effect in _PERMITS
                and name in rule.on
                and self.stack.outcomes(applies[layer.law.id, rule.id, name], state) == {True}
            ]
            if ends:
                found[layer.law.id] = None if "" in ends else (layer.law.id, ends[-1])
        return found

    def _clock(self, state: Knowledge, name: str) -> ClockName | None:
        """The clock of the narrowest law that permits the decision; None where it sets no end."""
        clocks = self._clocks(state, name)
        return list(clocks.values())[-1] if clocks else None

    def _touches(self, question: str, state: Knowledge) -> bool:
        """Whether the other reading of a question changes what any provision or term makes of these facts."""
        one, two = self.stack.program(CAUTIOUS), self.stack.program(frozenset({question}))
        pairs = [(diagram, two.terms[term]) for term, diagram in one.terms.items()]
        pairs += [(diagram, two.applies[rule]) for rule, diagram in one.applies.items()]
        return any(
            mine != other and self.stack.outcomes(mine, state) != self.stack.outcomes(other, state)
            for mine, other in pairs
        )

    def _live_questions(self, pattern: Pattern, state: CaseState, judged: tuple[str, ...]) -> tuple[Question, ...]:
        """The open questions whose answer changes a decision, whatever the answers to the others may be.

        Other readings may need atoms of their own, so what is kept is found again by the values of all atoms.
        """
        if not pattern.touched:
            return ()
        key = (judged, state.values())
        found = self._live.get(key)
        if found is None:
            live = {name: self._decided_by(name, pattern.touched, state, judged) for name in pattern.touched}
            asked = [(layer.law.id, item) for layer in self.stack.layers for item in layer.of(layer.law.questions)]
            found = tuple(_question(law, item, live[item.id]) for law, item in asked if live.get(item.id))
            self._live[judged, state.values()] = found
        return found

    def _decided_by(
        self, question: str, touched: tuple[str, ...], state: CaseState, judged: tuple[str, ...]
    ) -> tuple[str, ...]:
        """The decisions that the answer to a question changes, for some way of answering the others."""
        others = [other for other in touched if other != question]
        changed: set[str] = set()
        for size in range(len(others) + 1):
            for picked in combinations(others, size):
                without: Readings = frozenset(picked)
                one, two = (self._modalities(said, state, judged) for said in (without, without | {question}))
                changed |= {name for name, mine, other in zip(judged, one, two, strict=True) if mine != other}
                if len(changed) == len(judged):
                    return judged
        return tuple(name for name in judged if name in changed)

    def _modalities(self, readings: Readings, state: CaseState, judged: tuple[str, ...]) -> tuple[str, ...]:
        program = self.stack.program(readings)
        knowledge = Knowledge(self.stack, known(state.values()))
        return tuple(settle(self.stack.outcomes(program.closed[name], knowledge)) for name in judged)


class _Ends:
    """The ends of the clocks for one case, each worked out when it is first asked for."""

    def __init__(self, engine: Engine, state: CaseState) -> None:
        self.engine, self.state = engine, state

    def of(self, name: ClockName | None) -> Window | None:
        """The ends of a clock; None where there is none or its start is not known."""
        if name is None:
            return None
        return self.state.window(self.engine.stack.context[name[0]].clocks[name[1]])


def _with_ends(found: Judged, ends: _Ends) -> Decision:
    """A decision with its moments."""
    changes = found.decision.changes
    if any(clock for _, clock in found.changes):
        changes = tuple(
            replace(change, until=window.until)
            if (window := ends.of(clock)) and change.modality in _PERMITS
            else change
            for change, clock in found.changes
        )
    window = ends.of(found.clock)
    if window is None:
        return found.decision if changes is found.decision.changes else replace(found.decision, changes=changes)
    return replace(
        found.decision,
        until=window.until if found.decision.modality in _PERMITS else None,
        outer_limit=window.outer_limit,
        flat_48=window.flat,
        changes=changes,
    )


def _duty(law: str, rule: DutyRule) -> Duty:
    return Duty(
        rule.id,
        law,
        rule.cite,
        rule.says,
        rule.due,
        paper=rule.paper,
        after=rule.after,
        hours=rule.hours,
        reminder=rule.reminder,
    )


def _due(duty: Duty, window: Window | None, case: Case, zone: ZoneInfo) -> Duty:
    """A duty with its moment: where a clock of the law ends, or hours after a step that the case knows of."""
    if window:
        return replace(duty, due_at=window.until)
    start = case.get(STEPS[duty.after]) if duty.after and STEPS[duty.after] else None
    if duty.hours is None or not isinstance(start, datetime):
        return duty
    return replace(duty, due_at=count_hours(start, duty.hours, zone, lambda _: False))


def _layer_with_ends(layer: LayerAnswer, clocks: Mapping[str, ClockName | None], ends: _Ends) -> LayerAnswer:
    """What one law says, with its moments."""
    windows = {name: window for name, clock in clocks.items() if (window := ends.of(clock))}
    if not windows:
        return layer
    said = {
        name: LayerDecision(plain.modality, windows[name].until, windows[name].outer_limit, windows[name].flat)
        if name in windows
        else plain
        for name, plain in layer.decisions.items()
    }
    return replace(layer, decisions=said)


def _needed(pattern: Pattern, state: CaseState, case: Case) -> tuple[FactNeeded, ...]:
    """The missing facts behind the atoms that still matter, in their order, each once."""
    merged: dict[str, set[str]] = {}
    for need in pattern.needs:
        for path in state.findings[need.atom].missing:
            merged.setdefault(path, set()).update(need.decisions)
    found = []
    for path, decisions in merged.items():
        asks, why = _fact(path)
        unknown = case.get(path) if path in FACTS else case.elements(path)
        status = unknown.value if isinstance(unknown, Unknown) else Unknown.NOT_ASKED.value
        found.append(FactNeeded(path, asks, why, tuple(name for name in DECISIONS if name in decisions), status))
    return tuple(found)


def _question(law: str, item: OpenQuestion, decisions: tuple[str, ...]) -> Question:
    return Question(item.id, law, item.cite, item.asks, item.cautious, decisions)


def _judged(case: Case) -> tuple[str, ...]:
    """The decisions to judge: four always, the others where the request asks for them."""
    asks = case.get("request.asks")
    asked = asks if isinstance(asks, frozenset) else frozenset()
    return tuple(name for name in DECISIONS if name in ALWAYS_JUDGED or name in asked)


def _fact(path: str) -> tuple[str, str]:
    """What to ask for a missing fact, and why, from its path."""
    if path in FACTS:
        return FACTS[path].asks, FACTS[path].why
    for name, facts in LISTS.items():
        if path.startswith(name):
            key = path[len(name) :].partition(".")[2] or path[len(name) + 1 :]
            if key in facts:
                return facts[key].asks, facts[key].why
    return path, ""
