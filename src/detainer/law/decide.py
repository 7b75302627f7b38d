"""Deciding a case: from what is known to the answer, with everything that belongs to it.

All that depends only on the pattern of known atoms is worked out once for each pattern and kept; what depends on the
case itself (moments, the facts that are missing, the questions that its facts raise) is added to each answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from zoneinfo import ZoneInfo

from detainer.hold import Calendar, Window
from detainer.law import conditions as c
from detainer.law.answer import Answer, Change, Decision, Duty, FactNeeded, LayerAnswer, LayerDecision, Question, Reason
from detainer.law.case import Case
from detainer.law.clocks import window_of
from detainer.law.lawfile import DutyRule, OpenQuestion
from detainer.law.needs import Need, needs
from detainer.law.reasoning import Reasoner, Turn
from detainer.law.stack import CAUTIOUS, Layer, Readings, Stack
from detainer.law.state import CaseState, settle, with_shown
from detainer.law.vocabulary import ALWAYS_JUDGED, DECISIONS, FACTS, LISTS, Unknown

ClockName = tuple[str, str]  # the law and the clock of that law


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a pattern makes of one decision."""

    modality: str
    could_be: tuple[str, ...]
    reasons: tuple[Reason, ...]
    turns: tuple[tuple[Turn, ClockName | None], ...]
    layers: Mapping[str, str]
    clocks: Mapping[str, ClockName | None]  # for each layer that permits: the clock that ends it, None for no end


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What a pattern of known atoms makes of every decision judged."""

    decisions: Mapping[str, _Judged]
    needs: tuple[Need, ...]
    touched: tuple[str, ...]


class Engine:
    """Answers the cases of one agency under one stack of laws."""

    def __init__(self, stack: Stack, zone: ZoneInfo, calendar: Calendar) -> None:
        self.stack, self.zone, self.calendar = stack, zone, calendar
        self.digest = "+".join(layer.law.digest[:12] for layer in stack.layers)
        self._patterns: dict[tuple[object, ...], _Pattern] = {}
        self._questions: dict[tuple[object, ...], tuple[Question, ...]] = {}

    def decide(self, case: Case) -> Answer:
        """The answer to a case of this agency on a day of this stack."""
        judged = _judged(case)
        state = CaseState(self.stack, case, self.zone, self.calendar)
        known = state.read()
        key = (judged, tuple(known.get(number) for number in range(self.stack.asked)))
        pattern = self._patterns.get(key)
        if pattern is None:
            pattern = self._patterns[key] = self._pattern(judged, dict(known))
        windows = self._windows(case)
        decisions = {name: self._decision(name, pattern, windows) for name in judged}
        return Answer(
            id=case.id,
            agency=case.agency,
            at=case.at,
            decisions=decisions,
            laws=tuple(self._layer(layer, pattern, windows) for layer in self.stack.layers),
            facts_needed=tuple(self._needed(pattern, state, case)),
            counsel=self._counsel(pattern, state, judged, decisions),
            duties=tuple(self._duties(state)),
            digest=self.digest,
            asks=tuple(sorted(asks)) if isinstance(asks := case.get("request.asks"), frozenset) else (),
        )

    def _pattern(self, judged: tuple[str, ...], known: dict[int, bool]) -> _Pattern:
        state = with_shown(self.stack, known)
        reasoner = Reasoner(self.stack, known, state)
        return _Pattern(
            {name: self._judge(name, state, reasoner) for name in judged},
            needs(self.stack, known, judged),
            tuple(question for question in self.stack.questions if self._touches(question, known, state)),
        )

    def _judge(self, name: str, state: Mapping[int, bool], reasoner: Reasoner) -> _Judged:
        program = self.stack.program(CAUTIOUS)
        outcomes = self.stack.outcomes(program.closed[name], state)
        modality = settle(outcomes)
        layers = {
            layer.law.id: settle(self.stack.outcomes(program.layers[layer.law.id, name], state))
            for layer in self.stack.layers
            if layer.version
        }
        turns = tuple((turn, self._ends(turn.state, name)) for turn in reasoner.turns(name))
        return _Judged(
            modality,
            tuple(sorted(map(str, outcomes))) if modality == "undetermined" else (),
            reasoner.reasons(name, modality) if modality != "undetermined" else (),
            turns,
            layers,
            self._clocks(state, name),
        )

    def _clocks(self, state: Mapping[int, bool], name: str) -> dict[str, ClockName | None]:
        """For each layer that permits or commands: the clock that ends it, or None where some provision sets no end."""
        program = self.stack.program(CAUTIOUS)
        found: dict[str, ClockName | None] = {}
        for layer in self.stack.layers:
            ends = [
                rule.until
                for rule in layer.provisions
                if rule.effect != "must_not"
                and (applies := program.applies.get((layer.law.id, rule.id, name))) is not None
                and self.stack.outcomes(applies, state) == {True}
            ]
            if ends:
                found[layer.law.id] = None if "" in ends else (layer.law.id, ends[-1])
        return found

    def _ends(self, state: Mapping[int, bool], name: str) -> ClockName | None:
        """The clock of the narrowest law that permits the decision."""
        return next(reversed(self._clocks(state, name).values()), None)

    def _windows(self, case: Case) -> dict[ClockName, Window]:
        found = {}
        for layer in self.stack.layers:
            for clock in layer.law.clocks.values():
                if ends := window_of(clock, case, self.zone, self.calendar):
                    found[layer.law.id, clock.id] = ends
        return found

    def _decision(self, name: str, pattern: _Pattern, windows: Mapping[ClockName, Window]) -> Decision:
        judged = pattern.decisions[name]
        permits = judged.modality in ("may", "must")
        clock = next(reversed(judged.clocks.values()), None)
        ends = windows.get(clock) if clock else None
        changes = tuple(
            Change(turn.says, turn.modality, windows[ends_by].until if ends_by in windows else None)
            for turn, ends_by in judged.turns
        )
        return Decision(
            name,
            judged.modality,
            until=ends.until if ends and permits else None,
            outer_limit=ends.outer_limit if ends else None,
            flat_48=ends.flat if ends else None,
            reasons=judged.reasons,
            changes=changes,
            could_be=judged.could_be,
            settled=not any(name in need.decisions for need in pattern.needs),
        )

    def _layer(self, layer: Layer, pattern: _Pattern, windows: Mapping[ClockName, Window]) -> LayerAnswer:
        said = {}
        for name, judged in pattern.decisions.items():
            if layer.version is None:
                continue
            modality = judged.layers[layer.law.id]
            clock = judged.clocks.get(layer.law.id) if modality in ("may", "must") else None
            ends = windows.get(clock) if clock else None
            said[name] = LayerDecision(modality, ends.until, ends.outer_limit, ends.flat) if ends else LayerDecision(modality)
        return LayerAnswer(layer.law.id, layer.version.name if layer.version else "", layer.law.digest, said)

    def _needed(self, pattern: _Pattern, state: CaseState, case: Case) -> Iterator[FactNeeded]:
        merged: dict[str, set[str]] = {}
        for need in pattern.needs:
            for path in state.findings[need.atom].missing:
                merged.setdefault(path, set()).update(need.decisions)
        for path, decisions in merged.items():
            fact = _fact(path)
            unknown = case.get(path)
            status = unknown.value if isinstance(unknown, Unknown) else Unknown.NOT_ASKED.value
            ordered = tuple(name for name in DECISIONS if name in decisions)
            yield FactNeeded(path, fact[0], fact[1], ordered, status)

    def _touches(self, question: str, known: Mapping[int, bool], state: Mapping[int, bool]) -> bool:
        """Whether the other reading of a question changes what any provision or term makes of these facts."""
        one, two = self.stack.program(CAUTIOUS), self.stack.program(frozenset({question}))
        for mine, other in ((one.terms, two.terms), (one.applies, two.applies)):
            for key, diagram in mine.items():
                if diagram != other[key] and self.stack.outcomes(diagram, state) != self.stack.outcomes(other[key], state):
                    return True
        return False

    def _counsel(
        self, pattern: _Pattern, state: CaseState, judged: tuple[str, ...], decisions: Mapping[str, Decision]
    ) -> tuple[Question, ...]:
        if all(said.modality == "not_applicable" for said in decisions.values()):
            return ()
        found = [question for layer, question in self._asked_always() if self._holds(question.when, layer, state)]
        live = {question for question in pattern.touched if self._decides(question, pattern.touched, state, judged)}
        found += [question for layer, question in self._asked_open() if question.id in live]
        laws = {id(question): layer.law.id for layer in self.stack.layers for question in layer.law.questions}
        return tuple(Question(item.id, laws[id(item)], item.cite, item.asks, item.cautious) for item in found)

    def _asked_always(self) -> Iterator[tuple[Layer, OpenQuestion]]:
        for layer in self.stack.layers:
            yield from ((layer, question) for question in layer.of(layer.law.questions) if question.when is not None)

    def _asked_open(self) -> Iterator[tuple[Layer, OpenQuestion]]:
        for layer in self.stack.layers:
            yield from ((layer, question) for question in layer.of(layer.law.questions) if question.when is None)

    def _decides(self, question: str, touched: tuple[str, ...], state: CaseState, judged: tuple[str, ...]) -> bool:
        """Whether the answer to a question changes a decision, whatever the answers to the others may be."""
        others = [other for other in touched if other != question]
        for size in range(len(others) + 1):
            for picked in combinations(others, size):
                without: Readings = frozenset(picked)
                if self._modalities(without, state, judged) != self._modalities(without | {question}, state, judged):
                    return True
        return False

    def _modalities(self, readings: Readings, state: CaseState, judged: tuple[str, ...]) -> tuple[str, ...]:
        program = self.stack.program(readings)
        known = with_shown(self.stack, state.read())
        return tuple(settle(self.stack.outcomes(program.closed[name], known)) for name in judged)

    def _duties(self, state: CaseState) -> Iterator[Duty]:
        for layer in self.stack.layers:
            rule: DutyRule
            for rule in layer.of(layer.law.duties):
                if self._holds(rule.when, layer, state):
                    yield Duty(rule.id, layer.law.id, rule.cite, rule.says, rule.due)

    def _holds(self, when: c.Node | None, layer: Layer, state: CaseState) -> bool:
        if when is None:
            return False
        diagram = self.stack.diagram(when, layer, "")
        known = with_shown(self.stack, state.read())
        return self.stack.outcomes(diagram, known) == {True}


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

