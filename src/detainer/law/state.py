"""The state of a case under a stack: which atoms are known, and what that makes of each decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from detainer.hold import Calendar, Window
from detainer.law.case import Case
from detainer.law.clocks import Clock
from detainer.law.findings import Examiner, Finding
from detainer.law.stack import SHOWN, Stack

SAFE = frozenset({"must_not", "not_applicable"})


class CaseState:
    """What a case says about the atoms of a stack."""

    def __init__(self, stack: Stack, case: Case, zone: ZoneInfo, calendar: Calendar) -> None:
        self.stack = stack
        self._examiner = Examiner(case, zone, calendar)
        self.findings: list[Finding] = []

    def values(self) -> tuple[bool | None, ...]:
        """What is known of each atom of the stack, in order; those added since the last call included."""
        self.findings += map(self._examiner.find, self.stack.tests[len(self.findings) :])
        return tuple(finding.value for finding in self.findings)

    def window(self, clock: Clock) -> Window | None:
        """The ends of a clock for this case; None when its start is not known."""
        return self._examiner.window(clock)


def known(values: Iterable[bool | None]) -> dict[int, bool]:
    """The known atoms among these values, by number."""
    return {number: value for number, value in enumerate(values) if value is not None}


class Knowledge(dict[int, bool]):
    """The known atoms, with every `shown(…)` answered when it is asked for: true where its content is known to hold."""

    def __init__(self, stack: Stack, known: Mapping[int, bool]) -> None:
        super().__init__(known)
        self._stack, self._known = stack, known

    def get(self, number: int, default: bool | None = None) -> bool | None:  # type: ignore[override]
        """Whether the atom is true; None when it is not known."""
        found = super().get(number)
        if found is None and number >= SHOWN:
            content = self._stack.shown[number - SHOWN]
            found = self[number] = self._stack.outcomes(content, self._known) == {True}
        return default if found is None else found


def settle(outcomes: frozenset[object]) -> str:
    """One modality for the outcomes that are possible.

    Where one way of filling in the facts forbids and the others leave nothing to answer, the agency may do nothing
    either way, and the answer is must_not.
    """
    if len(outcomes) == 1:
        return str(next(iter(outcomes)))
    return "must_not" if outcomes == SAFE else "undetermined"
