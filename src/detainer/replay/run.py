"""One replay: tables in, counts out, the rows themselves on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from detainer.errors import UserError
from detainer.law import LawBook
from detainer.replay import duck, reducing
from detainer.replay.cells import Period, Plan, Reading
from detainer.replay.counts import Counts
from detainer.replay.deciding import JUDGED, Decider, dated
from detainer.replay.engine import Embedded, Engine, Unreadable
from detainer.replay.facilities import NOBODY, Facilities, state_named
from detainer.replay.mapping import Facts
from detainer.replay.mapping import Mapping as Rules
from detainer.replay.tables import Tables

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Why the rows of a facility are not decided, in the place of its agency.
_NO_AGENCY = {
    "elsewhere": "another state",
    NOBODY: "federal facility",
    "no facility": "no facility",
    "unlisted facility": "unlisted facility",
}
_CLASS = {**dict.fromkeys(JUDGED, "VARCHAR")}


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
    files: dict[str, str]  # path → SHA-256; none where the files were not digested
    reading: Reading
    counts: Counts


class Run:
    """A replay under way; close it (or use it as a context) to remove what it spilled."""

    def __init__(
        self,
        book: LawBook,
        rules: Rules,
        question: Question,
        latest: date,
        *,
        memory: str = "",
        engine: Callable[[DuckDBPyConnection], Engine] = Embedded,
    ) -> None:
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
        plan = Plan(rules, rules.telling, self._edges(), every_day, question.period, question.order, latest)
        self.tables = Tables(plan, memory, engine)
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

    @property
    def looks_up(self) -> bool:
        """Whether the agency of a row hangs on its facility."""
        return bool(self.question.state or not self.question.agency)

    @property
    def keys(self) -> list[str]:
        """What a pattern is told apart by."""
        return ["agency", "act", *self.tables.plan.values]

    def replay(
        self, paths: Sequence[Path], progress: Callable[[str], None] = lambda _: None, *, digested: bool = True
    ) -> Replay:
        """Read the tables, decide what they say and count; UserError where not one of them can be read."""
        self.tables.open(paths, progress, digested=digested)
        if self.looks_up:
            self._name_agencies(progress)
        self.tables.lay(["agency"] if self.looks_up else [], progress)
        progress("deciding")
        self.tables.note_unlisted()
        self._leave_out()
        self._decide()
        self._count_places(progress)
        return Replay(self.rules, self.question, self.tables.digests(), self.tables.reading, self.counts)

    def _name_agencies(self, progress: Callable[[str], None]) -> None:
        """Make the table of the agency of each facility."""
        self.db.execute("CREATE TABLE named (facility VARCHAR, state VARCHAR)")
        tables, sql = self.tables, self.tables.engine.sql
        for source in tables.sources:
            query = f"SELECT DISTINCT facility, state FROM ({tables.plan.select(source, sql)}) one"  # noqa: S608
            try:
                tables.insert("named", query, source, progress)
            except Unreadable:
                continue  # told when its rows are read
        lines = []
        for facility, state in self.db.execute("SELECT DISTINCT facility, state FROM named").fetchall():
            clean = self.rules.clean(facility), self.rules.clean(state)
            elsewhere = self.question.state and state_named(clean[1] or "") != state_named(self.question.state)
            lines.append((facility, state, "elsewhere" if elsewhere else self.question.agency or self._agency(*clean)))
        duck.table(self.db, "places", {"facility": "VARCHAR", "state": "VARCHAR", "agency": "VARCHAR"}, lines)
        tables.engine.share("places")

    def _agency(self, facility: str | None, state: str | None) -> str:
        if facility is None:
            return "no facility"
        return self.places.agency(facility, state) or "unlisted facility"

    def _leave_out(self) -> None:
        """Make the view of the cells that are decided; count the others by why they are not."""
        kinds = " ".join(f"WHEN agency = '{agency}' THEN '{why}'" for agency, why in _NO_AGENCY.items())
        repeats = "" if self.question.repeats else "WHEN repeats THEN 'marked as a repeat' "
        agency = "" if self.looks_up else f", '{self.question.agency}' AS agency"
        self.db.execute(
            "CREATE TABLE sorted AS SELECT *, CASE WHEN act IS NULL THEN 'day not readable' "  # noqa: S608
            f"WHEN NOT wanted THEN 'outside the period' {kinds} {repeats}END AS why FROM (SELECT *{agency} FROM cells)"
        )
        self.db.execute("CREATE VIEW wanted AS SELECT * FROM sorted WHERE why IS NULL")
        for why, n in self.db.execute("SELECT why, sum(n)::BIGINT FROM sorted GROUP BY why").fetchall():
            self.tables.reading.rows += n
            if why:
                self.tables.reading.left_out[why] = self.tables.reading.left_out.get(why, 0) + n
        if self.tables.reading.left_out.get("day not readable"):
            self.tables.note_days()

    def _decide(self) -> None:
        """Decide every cell that belongs to an agency, each distinct set of values once; count by pattern and month."""
        keys = ", ".join(self.keys)
        self.db.execute(
            f"CREATE TABLE patterns AS SELECT row_number() OVER (ORDER BY {keys}) AS pattern, * "  # noqa: S608
            f"FROM (SELECT {keys}, sum(n)::BIGINT AS n FROM wanted GROUP BY ALL)"
        )
        self.patterns: dict[int, Sequence[Any]] = {}
        asked = f"SELECT pattern, n, {keys} FROM patterns ORDER BY pattern"  # noqa: S608
        for pattern, n, *key in self.db.execute(asked).fetchall():
            agency, act, *said = key
            decided = self.decider.decide(agency, act, said)
            other = None
            if self.question.compares:
                other = self.decider.decide(self.question.other_agency or agency, self.question.other_day or act, said)
            self.patterns[pattern] = key
            self.counts.add(pattern, n, agency, decided, other)
        duck.table(
            self.db,
            "said",
            {"pattern": "BIGINT", **_CLASS},
            [(pattern, *self._outcomes(pattern)) for pattern in self.patterns],
        )
        matched = " AND ".join(f"w.{key} IS NOT DISTINCT FROM p.{key}" for key in self.keys)
        for month, *outcomes, n in self.db.execute(
            f"SELECT w.month, {', '.join(f's.{name}' for name in JUDGED)}, sum(w.n)::BIGINT "  # noqa: S608
            f"FROM wanted w JOIN patterns p ON {matched} JOIN said s ON s.pattern = p.pattern GROUP BY ALL"
        ).fetchall():
            self.counts.add_month(month, dict(zip(JUDGED, outcomes, strict=True)), n)

    def _outcomes(self, pattern: int) -> tuple[str, ...]:
        """What the law says of each decision on a pattern."""
        return tuple(self.counts.patterns[pattern].said[name].outcome for name in JUDGED)

    def _count_places(self, progress: Callable[[str], None]) -> None:
        """Count the decided rows of each facility by what the law says of them."""
        told = {tuple(key): self._outcomes(pattern) for pattern, key in self.patterns.items()}
        chosen = reducing.needed(told)
        by = [self.keys[at] for at in chosen]
        types = {"agency": "VARCHAR", "act": "DATE"}
        duck.table(
            self.db,
            "classes",
            {**{key: types.get(key, "VARCHAR") for key in by}, **_CLASS},
            [(*key, *outcome) for key, outcome in reducing.reduced(told, chosen).items()],
        )
        columns = ["facility VARCHAR", "state VARCHAR", *(f"{key} {types.get(key, 'VARCHAR')}" for key in by)]
        self.db.execute(f"CREATE TABLE placed ({', '.join(columns)}, n BIGINT)")
        self.decided_places()
        for source in self.tables.sources:
            if coded := self.tables.coded.get(source.name):
                query = coded.placed(by, repeats=self.question.repeats)
            else:
                query = self.tables.plan.placed(
                    source, by, self.tables.engine.sql, agency=self.looks_up, repeats=self.question.repeats
                )
            try:
                self.tables.insert("placed", query, source, progress)
            except Unreadable as error:
                raise UserError(f"changed while it was read: {error}", where=source.name) from None
        matched = " AND ".join(["true", *(f"r.{key} IS NOT DISTINCT FROM c.{key}" for key in by)])
        for facility, state, *outcomes, n in self.db.execute(
            f"SELECT facility, state, {', '.join(f'c.{name}' for name in JUDGED)}, sum(n)::BIGINT "  # noqa: S608
            f"FROM placed r JOIN classes c ON {matched} GROUP BY ALL"
        ).fetchall():
            place = self.rules.clean(facility) or "", self.rules.clean(state) or ""
            self.counts.add_facility(place, dict(zip(JUDGED, outcomes, strict=True)), n)

    def decided_places(self) -> None:
        """Keep in `places` only the facilities whose rows are decided."""
        if self.looks_up:
            self.db.execute(f"DELETE FROM places WHERE agency IN ({', '.join(map(repr, _NO_AGENCY))})")  # noqa: S608
            self.tables.engine.share("places")
