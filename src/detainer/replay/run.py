"""One replay: tables in, counts out, the rows themselves on demand."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from detainer.errors import UserError
from detainer.law import LawBook
from detainer.replay import cells, duck, table
from detainer.replay.cells import Period, Plan, Reading
from detainer.replay.counts import Counts
from detainer.replay.deciding import Decider, dated
from detainer.replay.facilities import NOBODY, Facilities
from detainer.replay.mapping import Mapping as Rules
from detainer.replay.mapping import folded

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


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
        self.book, self.rules, self.question = book, rules, question
        self._spill = tempfile.TemporaryDirectory(prefix="detainer-replay-")
        self.spill = Path(self._spill.name)
        self.db: DuckDBPyConnection = duck.connect(self.spill, memory)
        self.places = Facilities.load(question.facilities or rules.place.table)
        self.decider = Decider(book, rules, question.given)
        every_day = dated(dict(question.given)) or dated(rules.facts.always) or dated(rules.facts.columns)
        self.plan = Plan(rules, self._edges(), every_day, question.period, question.order or rules.day.format, latest)
        self.reading = Reading()
        self.read: list[table.Source] = []
        self.counts = Counts()
        cells.make(self.db, self.plan)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()
        self._spill.cleanup()

    def _edges(self) -> Sequence[date]:
        """The days on which the law of an agency that may be asked changes."""
        agencies = (
            {self.question.agency} if self.question.agency else {one for _, one in self.places.agency_at.values()}
        )
        agencies = (agencies | {self.question.other_agency}) - {"", NOBODY}
        laws = {law for name in agencies for law in self.book.agency(name, "--agency").laws}
        return sorted({edge for law in laws for edge in self.book.edges[law]})

    def tables(self, paths: Sequence[Path], progress: Callable[[str], None] = lambda _: None) -> Replay:
        """Read the tables, decide what they say and count; UserError where not one of them can be read."""
        files: dict[str, str] = {}
        for path in paths:
            progress(f"reading {path.name}")
            try:
                files[str(path)] = table.digest(path)
            except UserError as error:
                self.reading.left.append(table.Left(str(path), error.what))
                continue
            for found in table.sources(self.db, path, self.rules, self.spill):
                if isinstance(found, table.Left):
                    self.reading.left.append(found)
                elif cells.add(self.db, self.plan, found, self.reading):
                    self.read.append(found)
        if not self.read:
            first = self.reading.left[0]
            raise UserError(first.why, where=first.name)
        progress("deciding")
        self._decide()
        return Replay(self.rules, self.question, files, self.reading, self.counts)

    def _decide(self) -> None:
        """Decide every cell that belongs to an agency; each distinct set of values once."""
        self._name_agencies()
        self._note_unseen()
        self._leave_out()
        values = [f"v{number}" for number in range(len(self.rules.valued))]
        keys = ", ".join(["agency", "act", *values])
        self.db.execute(
            f"CREATE TABLE patterns AS SELECT row_number() OVER (ORDER BY {keys}) AS pattern, * "  # noqa: S608
            f"FROM (SELECT {keys}, sum(n)::BIGINT AS n FROM wanted GROUP BY ALL)"
        )
        asked = f"SELECT pattern, n, {keys} FROM patterns ORDER BY pattern"  # noqa: S608
        found = self.db.execute(asked).fetchall()
        for pattern, n, agency, act, *said in found:
            decided = self.decider.decide(agency, act, said)
            other = None
            if self.question.compares:
                other = self.decider.decide(self.question.other_agency or agency, self.question.other_day or act, said)
            self.counts.add(pattern, n, agency, decided, other)
        joins = " AND ".join(f"w.{key} IS NOT DISTINCT FROM p.{key}" for key in ("agency", "act", *values))
        for month, facility, state, agency, pattern, n in self.db.execute(
            "SELECT w.month, w.facility, w.state, w.agency, p.pattern, sum(w.n)::BIGINT "  # noqa: S608
            f"FROM wanted w JOIN patterns p ON {joins} GROUP BY ALL"
        ).fetchall():
            named = self.rules.clean(facility) or "", self.rules.clean(state) or ""
            self.counts.place(month, named, agency, pattern, n)

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
            self.reading.rows += n
            if why:
                self.reading.left_out[why] = self.reading.left_out.get(why, 0) + n
        if self.reading.left_out.get("day not readable"):
            self._note_days()

    def _note_days(self) -> None:
        """Say where the first row stands whose day cannot be read, and what it says."""
        for source in self.read:
            found = self._first(source, "day IS NULL")
            if found:
                row, written = found
                form, column = self.plan.order, self.rules.columns[self.rules.day.column][0]
                self.reading.notes.append(
                    f"{source.name}: row {row}: {column} {_short(written)} is no day written {form} from "
                    f"{self.rules.day.earliest} on; rows like it are left out (--dates says how a file writes days)"
                )

    def _note_unseen(self) -> None:
        """Say which values the mapping does not know, how often, and where the first stands."""
        for number, column in enumerate(self.rules.valued):
            totals: Counter[str] = Counter()
            raw: dict[str, str] = {}
            asked = f"SELECT v{number}, sum(n)::BIGINT FROM cells WHERE v{number} IS NOT NULL GROUP BY ALL"  # noqa: S608
            for value, n in self.db.execute(asked).fetchall():
                clean = self.rules.clean(value)
                if clean is not None and self.decider.unseen(column, clean):
                    totals[clean] += n
                    raw[clean] = value
            for clean, n in totals.most_common():
                at = next(
                    (
                        f"{source.name}: row {found[0]}"
                        for source in self.read
                        if (found := self._first(source, f"v{number} = {duck.text(raw[clean])}"))
                    ),
                    self.rules.id,
                )
                rows = "1 row" if n == 1 else f"{n:,} rows"
                self.reading.notes.append(
                    f"{at}: {self.rules.columns[column][0]} {_short(clean)} is not in the mapping; "
                    f"in {rows} it is read as not known"
                )

    def _first(self, source: table.Source, condition: str) -> tuple[int, str | None] | None:
        """The number in its file of the first row that meets a condition, and how its day is written."""
        self.db.execute("SET preserve_insertion_order = true")  # else the numbers would be those of no file
        found = self.db.execute(
            f"SELECT row, written FROM (SELECT row_number() OVER () AS row, * FROM ({self.plan.select(source)})) "  # noqa: S608
            f"WHERE {condition} LIMIT 1"
        ).fetchone()
        self.db.execute("SET preserve_insertion_order = false")
        return (found[0] + source.first - 1, found[1]) if found else None


def _short(value: str | None) -> str:
    return "is empty and" if value is None else repr(value[:60])
