"""What a replay counts: by month, facility, agency, outcome, provision, missing fact; what another law changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from detainer.replay.deciding import JUDGED, OUTCOMES, Decided

Facility = tuple[str, str]  # name, state
Split = Mapping[str, str]  # decision → outcome
EXAMPLES = 3  # worked examples that a comparison keeps for each kind of change


@dataclass(frozen=True)
class Example:
    """A set of facts whose answer another law changes."""

    rows: int
    then: Decided
    now: Decided


@dataclass
class Counts:
    """Counts of rows. A key ends in a decision and an outcome wherever what is counted is outcomes."""

    rows: int = 0
    patterns: dict[int, Decided] = field(default_factory=dict)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    months: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    month_rows: Counter[str] = field(default_factory=Counter)
    agencies: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    agency_rows: Counter[str] = field(default_factory=Counter)
    facilities: Counter[tuple[Facility, str, str]] = field(default_factory=Counter)
    facility_rows: Counter[Facility] = field(default_factory=Counter)
    provisions: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)  # decision, outcome, law, citation
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)  # decision, fact: rows it could still change
    tells_most: Counter[tuple[str, str]] = field(default_factory=Counter)  # rows where it is the most decisive
    changed: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # decision, outcome here, outcome there
    examples: dict[tuple[str, str, str], list[Example]] = field(default_factory=dict)
    laws: set[str] = field(default_factory=set)

    def add(self, pattern: int, n: int, agency: str, decided: Decided, other: Decided | None) -> None:
        """Count the rows of one pattern."""
        self.rows += n
        self.agency_rows[agency] += n
        self.patterns[pattern] = decided
        self.laws.add(decided.digest)
        for name in JUDGED:
            said = decided.said[name]
            self.outcomes[name, said.outcome] += n
            self.answers[name, said.answer] += n
            self.agencies[agency, name, said.outcome] += n
            for law, cite in said.cites:
                self.provisions[name, said.outcome, law, cite] += n
            if said.outcome == "cannot_be_told":
                for fact in said.missing:
                    self.missing[name, fact] += n
                if said.missing:
                    self.tells_most[name, said.missing[0]] += n
            if other is not None:
                self._compare(name, n, decided, other)

    def _compare(self, name: str, n: int, then: Decided, now: Decided) -> None:
        key = name, _full(then, name), _full(now, name)
        self.laws.add(now.digest)
        self.changed[key] += n
        if key[1] != key[2]:
            kept = self.examples.setdefault(key, [])
            kept.append(Example(n, then, now))
            kept.sort(key=lambda example: -example.rows)
            del kept[EXAMPLES:]

    def add_month(self, month: int, said: Split, n: int) -> None:
        """Count rows of a month (years times twelve, and months from 0) of which the law says the same."""
        when = f"{month // 12}-{month % 12 + 1:02}"
        self.month_rows[when] += n
        for name, outcome in said.items():
            self.months[when, name, outcome] += n

    def add_facility(self, facility: Facility, said: Split, n: int) -> None:
        """Count rows of a facility of which the law says the same."""
        self.facility_rows[facility] += n
        for name, outcome in said.items():
            self.facilities[facility, name, outcome] += n

    def bounds(self, decision: str) -> dict[str, tuple[int, int]]:
        """For each outcome the fewest and the most rows that it can have, whatever the missing facts are."""
        open_ = self.outcomes[decision, "cannot_be_told"]
        return {
            kind: (self.outcomes[decision, kind], self.outcomes[decision, kind] + open_)
            for kind in OUTCOMES
            if kind != "cannot_be_told"
        }

    def differences(self) -> Iterator[tuple[str, str, str, int]]:
        """What another law changes: decision, answer here, answer there, rows; the most rows first."""
        for (name, then, now), n in self.changed.most_common():
            if then != now:
                yield name, then, now, n


def _full(decided: Decided, name: str) -> str:
    """An outcome with the answer on the facts of the table alone."""
    said = decided.said[name]
    return f"{said.outcome} ({said.answer})"
