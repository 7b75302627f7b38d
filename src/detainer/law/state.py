"""The state of a case under a stack: which atoms are known, and what that makes of each decision."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from detainer.hold import Calendar
from detainer.law.case import Case
from detainer.law.diagram import State
from detainer.law.findings import Examiner, Finding
from detainer.law.stack import SHOWN, Stack

SAFE = frozenset({"must_not", "not_applicable"})


class CaseState:
    """What a case says about the atoms of a stack."""

    def __init__(self, stack: Stack, case: Case, zone: ZoneInfo, calendar: Calendar) -> None:
        self.stack = stack
        self._examiners = {law: Examiner(case, context, zone, calendar) for law, context in stack.context.items()}
        self._any = next(iter(self._examiners.values()))
        self.findings: list[Finding] = []
        self.known: dict[int, bool] = {}

    def read(self) -> Mapping[int, bool]:
        """The known atoms, those added since the last call included."""
        for number in range(len(self.findings), len(self.stack.atoms)):
            atom = self.stack.atoms[number]
            finding = self._examiners.get(atom.law, self._any).find(atom.node)
            self.findings.append(finding)
            if finding.value is not None:
                self.known[number] = finding.value
        return self.known


def with_shown(stack: Stack, known: State) -> State:
    """A state with every `shown(…)` answered: true where its content is known to hold, false otherwise."""
    state = dict(known)
    for number, content in enumerate(stack.shown):
        state[SHOWN + number] = stack.outcomes(content, known) == {True}
    return state


def settle(outcomes: frozenset[object]) -> str:
    """One modality for the outcomes that are possible.

    Where one way of filling in the facts forbids and the others leave nothing to answer, the agency may do nothing
    either way, and the answer is must_not.
    """
    if len(outcomes) == 1:
        return str(next(iter(outcomes)))
    return "must_not" if outcomes == SAFE else "undetermined"
