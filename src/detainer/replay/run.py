"""One replay: tables in, counts out, the rows themselves on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

from detainer.errors import UserError
from detainer.law import LawBook
from detainer.replay import duck
from detainer.replay.cells import Period, Plan, Reading
from detainer.replay.counts import Counts, Split
from detainer.replay.deciding import JUDGED, Decider, dated
from detainer.replay.facilities import NOBODY, Facilities
from detainer.replay.mapping import Facts, folded
from detainer.replay.mapping import Mapping as Rules
from detainer.replay.tables import Tables


@dataclass(frozen=True)
class Question:
    """What is asked of the tables: under whose law, which rows, and what else is given."""

    agency: str = ""  # the agency whose law decides every row; empty: the agency of each row's facility
    period: Period = field(default_factory=Period)
    state: str = ""  # only rows of facilities in this state
    order: str = ""  # how days are written, where the file differs from its mapping
    given: Mapping[str, Any] = field(default_factory=dict)
    facilities: str = ""  # the table of facilities, where not the mapping's own
    repeats: bool = False  # count rows that the table's keepers mark as repeats
    other_agency: str = ""  # what if: under this agency's law
    other_day: date | None = None  # what if: under the law of this day

    @property
    def compares(self) -> bool:
        """Whether a second law is asked about."""
        return bool(self.other_agency or self.other_day)


@dataclass
class Replay:
    """What a replay found; `reading` tells what was left out and why."""

    mapping: Rules
    question: Question
    files: dict[str, str]  # path → SHA-256
    reading: Reading
    counts: Counts


class Run:
    """A replay under way; close it (or use it as a context) to remove what it spilled."""

    def __init__(self, book: LawBook, rules: Rules, question: Question, latest: date, memory: str = "") -> None:
        if rules.facts == Facts():
            raise UserError(
                f"the rows of {rules.id} are no requests, so no law answers them",
                where="--mapping",
                fix="Count them with `detainer data series`.",
            )
        self.book, self.rules, self.question = book, rules, question
        self.places = Facilities.load(question.facilities or rules.place.table)
        self.decider = Decider(book, rules, question.given)
        every_day = dated(dict(question.given)) or dated(rules.facts.always) or dated(rules.facts.columns)
        plan = Plan(rules, self._edges(), every_day, question.period, question.order or rules.day.format, latest)
        self.tables = Tables(plan, memory)
        self.db = self.tables.db
        self.counts = Counts()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.tables.close()

    def _edges(self) -> Sequence[date]:
        """The days on which the law of an agency that may be asked changes."""
        if self.question.agency:
            agencies = {self.question.agency}
        else:
            agencies = {one for _, one in self.places.agency_at.values()} - {NOBODY}
        laws = {law for name in agencies for law in self.book.agency(name, self.places.name).laws}
        if self.question.other_agency:
            laws.update(self.book.agency(self.question.other_agency).laws)
        return sorted({edge for law in laws for edge in self.book.edges[law]})

    def replay(self, paths: Sequence[Path], progress: Callable[[str], None] = lambda _: None) -> Replay:
        """Read the tables, decide what they say and count; UserError where not one of them can be read."""
        files = self.tables.read(paths, progress)
        progress("deciding")
        self._name_agencies()
        self.tables.note_unlisted()
        self._leave_out()
        self._decide()
        return Replay(self.rules, self.question, files, self.tables.reading, self.counts)

    def _decide(self) -> None:
        """Decide every cell that belongs to an agency; each distinct set of values once."""
        values = self.tables.plan.values
        keys = ", ".join(["agency", "act", *values])
        self.db.execute(
            f"CREATE TABLE patterns AS SELECT row_number() OVER (ORDER BY {keys}) AS pattern, * "  # noqa: S608
            f"FROM (SELECT {keys}, sum(n)::BIGINT AS n FROM wanted GROUP BY ALL)"
        )
        asked = f"SELECT pattern, n, {keys} FROM patterns ORDER BY pattern"  # noqa: S608
        for pattern, n, agency, act, *said in self.db.execute(asked).fetchall():
            decided = self.decider.decide(agency, act, said)
            other = None
            if self.question.compares:
                other = self.decider.decide(self.question.other_agency or agency, self.question.other_day or act, said)
            self.counts.add(pattern, n, agency, decided, other)
        self._count(["month"], lambda key, split, n: self.counts.add_month(key[0], split, n))
        self._count(["facility", "state"], lambda key, split, n: self.counts.add_facility(self._clean(key), split, n))

    def _count(self, by: Sequence[str], add: Callable[[Sequence[Any], Split, int], None]) -> None:
        """Count the decided cells by some of their columns and what the law says of them."""
        said = [tuple(decided.said[name].outcome for name in JUDGED) for decided in self.counts.patterns.values()]
        self.db.execute(
            "CREATE OR REPLACE TEMP TABLE said AS SELECT unnest(?::BIGINT[]) AS pattern, "
            f"{', '.join(f'unnest(?::VARCHAR[]) AS {name}' for name in JUDGED)}",
            [list(self.counts.patterns), *([one[number] for one in said] for number in range(len(JUDGED)))],
        )
        matched = " AND ".join(
            f"w.{key} IS NOT DISTINCT FROM p.{key}" for key in ("agency", "act", *self.tables.plan.values)
        )
        chosen = ", ".join([*(f"w.{column}" for column in by), *(f"s.{name}" for name in JUDGED)])
        for line in self.db.execute(
            f"SELECT {chosen}, sum(w.n)::BIGINT FROM wanted w JOIN patterns p ON {matched} "  # noqa: S608
            "JOIN said s ON s.pattern = p.pattern GROUP BY ALL"
        ).fetchall():
            add(line[: len(by)], dict(zip(JUDGED, line[len(by) : -1], strict=True)), line[-1])

    def _clean(self, place: Sequence[str | None]) -> tuple[str, str]:
        return self.rules.clean(place[0]) or "", self.rules.clean(place[1]) or ""

    def _name_agencies(self) -> None:
        """Make the table of the agency of each facility."""
        names: list[list[str | None]] = [[], [], []]
        for facility, state in self.db.execute("SELECT DISTINCT facility, state FROM cells").fetchall():
            clean = self.rules.clean(facility), self.rules.clean(state)
            elsewhere = self.question.state and folded(clean[1] or "") != folded(self.question.state)
            agency = "elsewhere" if elsewhere else self.question.agency or self._agency(*clean)
            for into, value in zip(names, (facility, state, agency), strict=True):
                into.append(value)
        self.db.execute(
            "CREATE TABLE places AS SELECT unnest(?::VARCHAR[]) AS facility, unnest(?::VARCHAR[]) AS state, "
            "unnest(?::VARCHAR[]) AS agency",
            names,
        )

    def _agency(self, facility: str | None, state: str | None) -> str:
        if facility is None:
            return "no facility"
        return self.places.agency(facility, state) or "unlisted facility"

    def _leave_out(self) -> None:
        """Make the table of the cells that are decided; count the others by why they are not."""
        repeats = "false" if self.question.repeats else "repeats"
        others = ", ".join(map(duck.text, (NOBODY, "elsewhere", "no facility", "unlisted facility")))
        self.db.execute(
            "CREATE TABLE sorted AS SELECT c.*, p.agency, CASE "  # noqa: S608
            "WHEN act IS NULL THEN 'day not readable' WHEN NOT wanted THEN 'outside the period' "
            f"WHEN agency = 'elsewhere' THEN 'another state' WHEN agency = {duck.text(NOBODY)} THEN 'federal facility' "
            f"WHEN agency IN ({others}) THEN agency WHEN {repeats} THEN 'marked as a repeat' END AS why "
            "FROM cells c JOIN places p ON c.facility IS NOT DISTINCT FROM p.facility "
            "AND c.state IS NOT DISTINCT FROM p.state"
        )
        self.db.execute("CREATE VIEW wanted AS SELECT * FROM sorted WHERE why IS NULL")
        for why, n in self.db.execute("SELECT why, sum(n)::BIGINT FROM sorted GROUP BY why").fetchall():
            self.tables.reading.rows += n
            if why:
                self.tables.reading.left_out[why] = self.tables.reading.left_out.get(why, 0) + n
        if self.tables.reading.left_out.get("day not readable"):
            self.tables.note_days()
