"""Where an offense stands: on which list of which law, from when to when, and what a conviction of it counts as.

Whether an attempt, say, counts is never told from the list: a conviction is made up for each form and grade, and the
law's own condition decides it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from detainer.errors import UserError
from detainer.law import conditions as c
from detainer.law.book import LawBook
from detainer.law.case import Case
from detainer.law.expand import CAUTIOUS, Layer, Readings, expanded
from detainer.law.findings import Examiner, Law, make_test
from detainer.law.lawfile import Definition, LawFile, OpenQuestion, Provision
from detainer.law.offenses import Offense, OffenseList, split_section
from detainer.law.vocabulary import CHARGE, CONVICTION, ELEMENTS
from detainer.law.wording import listed as in_words
from detainer.law.wording import named

GRADES = ("felony", "misdemeanor")
_NATURAL = re.compile(r"\d+|[^\d\W]+")


@dataclass(frozen=True, slots=True)
class Sought:
    """The offense asked for; what was not named is empty."""

    law: str
    section: str
    subdivision: str

    @property
    def text(self) -> str:
        """The offense as people cite it."""
        return f"{self.law} {self.section}{self.subdivision}".strip()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the law makes of one form of the offense.

    `counts` names the grades at which it counts; `depends` the facts that decide it at some grade; `open` the open
    questions whose other reading makes it count, or not count, instead.
    """

    form: str
    counts: tuple[str, ...]
    depends: tuple[str, ...]
    open: tuple[OpenQuestion, ...]

    @property
    def says(self) -> str:
        """What becomes of it, in words."""
        if self.depends:
            return f"depends on {in_words([named(path) for path in self.depends], 'and')}"
        if not self.counts:
            return "does not count"
        return "counts" if len(self.counts) == len(GRADES) else f"counts if it is itself a {self.counts[0]}"


@dataclass(frozen=True, slots=True)
class Use:
    """A term or a provision that asks whether the offense stands on the list, and what it makes of each form."""

    id: str
    cite: str
    says: str
    of: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The rows of one list of one law that name the section; `uses` is empty when the law was not in force."""

    law: str
    cite: str
    list: str
    rows: tuple[Offense, ...]
    covered: tuple[bool | None, ...]  # for each row: whether the subdivision asked for falls under it
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What the lists say of an offense on a day; `nearest` names the sections beside one that no list names."""

    sought: Sought
    on: date
    standings: tuple[Standing, ...]
    nearest: tuple[str, ...]


def look_up(book: LawBook, text: str, day: date) -> Found:
    """Where an offense stands on every list of every law.

    Raises UserError for what is no section, and for a statute of which no list names any section.
    """
    sought = parse(text)
    lists = [(law, listed) for law in book.laws.values() for listed in law.lists.values()]
    known = sorted({row.law for _, listed in lists for row in listed.all()})
    if sought.law and sought.law not in {law.upper() for law in known}:
        raise UserError(f"no list names a section of {sought.law}", fix=f"Lists name sections of {', '.join(known)}.")
    standings = []
    for law, listed in lists:
        rows = _rows(listed, sought)
        if rows:
            covered = tuple(row.covers(sought.subdivision or None) for row in rows)
            uses = tuple(_uses(book, law, listed, sought, rows, day))
            standings.append(Standing(law.id, law.cite, listed.name, rows, covered, uses))
    nearest = () if standings else _nearest(sought, [row for _, listed in lists for row in listed.all()])
    return Found(sought, day, tuple(standings), nearest)


def parse(text: str) -> Sought:
    """The offense that a text names: "PL 120.05", "VTL 600", "PL 135.65(2)(b)", "120.05"."""
    law, section, subdivision = split_section(text.replace("§", " "))
    if not re.match(r"\d", section):
        raise UserError(f"{text!r} is no section", fix="Write it as PL 120.05 or PL 135.65(2)(b).")
    return Sought(" ".join(law.split()).upper(), section.lower(), subdivision)


def _rows(listed: OffenseList, sought: Sought) -> tuple[Offense, ...]:
    if sought.law:
        return tuple(listed.rows_for(sought.law, sought.section))
    return tuple(row for row in listed.all() if row.section == sought.section)


def _nearest(sought: Sought, rows: list[Offense]) -> tuple[str, ...]:
    """The two listed sections before and the two after, in the order of the statute."""
    named = {f"{row.law} {row.section}": row.section for row in rows if not sought.law or row.law == sought.law}
    order = sorted(named, key=lambda name: _natural(named[name]))
    place = sum(_natural(named[name]) < _natural(sought.section) for name in order)
    return tuple(order[max(0, place - 2) : place + 2])


def _natural(section: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in _NATURAL.findall(section))


def _uses(
    book: LawBook, law: LawFile, listed: OffenseList, sought: Sought, rows: tuple[Offense, ...], day: date
) -> Iterator[Use]:
    """Each term and provision in force on the day that asks whether a conviction or a charge stands on the list."""
    layer = Layer(law, law.version_on(day), day)
    zone = next((agency.zone for agency in book.agencies.values() if law.id in agency.laws), ZoneInfo("UTC"))
    trial = _Trial(layer, zone, book, _offense(sought, rows, day), day)
    terms = [term for term in layer.of(law.definitions) if not term.of]
    for item in (*terms, *layer.provisions):
        asking = [node for node in _exists(item.when) if trial.asks(node, listed.name)]
        yield from (trial.use(item, node) for node in asking)
        other = [node for doubt in item.doubts for node in _exists(doubt.other) if trial.asks(node, listed.name)]
        for kind in dict.fromkeys(
            node.element for node in other if node.element not in {one.element for one in asking}
        ):
            yield trial.use(item, c.Exists(kind, c.Always(value=False)))


def _all(layer: Layer) -> Readings:
    """Every open question, read the other way."""
    return frozenset(question.id for question in layer.of(layer.law.questions))


def _offense(sought: Sought, rows: tuple[Offense, ...], day: date) -> dict[str, Any]:
    """The facts that the list goes by; a limited section is tried with a subdivision that is listed."""
    row = next((row for row in rows if row.listed_on(day)), rows[0])
    named = {"jurisdiction": row.jurisdiction, "law": row.law, "section": row.section}
    subdivision = sought.subdivision or (
        "".join(f"({part})" for part in row.subdivisions[0]) if row.subdivisions else ""
    )
    return {**named, "subdivision": subdivision} if subdivision else named


def _exists(node: c.Node) -> Iterator[c.Exists]:
    """The conditions on a list of convictions or charges inside a condition."""
    if isinstance(node, c.Exists) and node.element in ("conviction", "charge"):
        yield node
    for child in node.children():
        yield from _exists(child)


def _asks(node: c.Node, name: str) -> bool:
    """Whether a condition asks if the offense itself stands on the list."""
    if isinstance(node, c.OnList):
        return node.list == name and not node.equivalent
    if isinstance(node, c.Within):
        return False  # the convictions that extend a look-back are others
    return any(_asks(child, name) for child in node.children())


_ASIDE = object()  # a condition that does not ask about the offense: it neither opens nor closes anything here


def _of_kind(node: c.Node, kind: str, finds: Callable[[c.Exists], bool | None]) -> Any:
    """What a condition makes of one conviction or charge, every other fact left aside."""
    if isinstance(node, c.Exists):
        return finds(node) if node.element == kind else _ASIDE
    if isinstance(node, (c.And, c.Or, c.Shown, c.Not)):
        parts = [_of_kind(child, kind, finds) for child in node.children()]
        said = [part for part in parts if part is not _ASIDE]
        value = _several(said, stops=isinstance(node, c.Or)) if said else _ASIDE
        return not value if isinstance(node, c.Not) and isinstance(value, bool) else value
    return _ASIDE


def _several(values: Sequence[bool | None], *, stops: bool) -> bool | None:
    """All of them, or any of them where `stops` is true; None where what is not known decides it."""
    if stops in values:
        return stops
    return None if None in values else not stops


@dataclass(frozen=True)
class _Trial:
    """Made-up convictions and charges of one offense, tried by the law's conditions on one day."""

    layer: Layer
    zone: ZoneInfo
    book: LawBook
    offense: dict[str, Any]
    day: date

    def asks(self, node: c.Exists, name: str) -> bool:
        """Whether a condition, however the open questions are read, asks if the offense stands on a list."""
        return any(_asks(expanded(node, self.layer, readings), name) for readings in (CAUTIOUS, _all(self.layer)))

    def use(self, item: Definition | Provision, node: c.Exists) -> Use:
        """What an item makes of each form, where this condition of it is the one on the offense."""
        forms = CONVICTION["form"].values if node.element == "conviction" else ("",)
        outcomes = tuple(self._outcome(item, node, form) for form in forms)
        return Use(item.id, item.cite, item.says, node.element, outcomes)

    def _outcome(self, item: Definition | Provision, node: c.Exists, form: str) -> Outcome:
        counts: list[str] = []
        depends: list[str] = []
        questions = tuple(self.layer.of(self.layer.law.questions))
        turning: set[str] = set()
        for grade in GRADES:
            value, missing = self._finds(node, form, grade, CAUTIOUS)
            if value is None:
                depends += missing
            elif value:
                counts.append(grade)
            turning |= {
                one.id for one in questions if self._read_otherwise(item, node, form, grade, one.id) is not value
            }
        asked = tuple(one for one in questions if one.id in turning)
        return Outcome(form, tuple(counts), tuple(dict.fromkeys(depends)), asked)

    def _read_otherwise(
        self, item: Definition | Provision, node: c.Exists, form: str, grade: str, question: str
    ) -> bool | None:
        """The same where a question is read the other way: inside the condition, or in the item's own doubt."""
        readings = frozenset({question})

        def finds(one: c.Exists) -> bool | None:
            return self._finds(one, form, grade, readings)[0]

        value = finds(node)
        for doubt in item.doubts:
            if doubt.question == question:
                other = _of_kind(expanded(doubt.other, self.layer, readings), node.element, finds)
                if other is not _ASIDE:
                    value = _several([value, other], stops=doubt.adds)
        return value

    def _finds(self, node: c.Exists, form: str, grade: str, readings: Readings) -> tuple[bool | None, tuple[str, ...]]:
        law = self.layer.law
        test = make_test(expanded(node, self.layer, readings), Law(law.clocks, law.lookbacks, law.lists))
        case = Case(
            id="",
            agency="",
            at=datetime.combine(self.day, time(12), self.zone),
            facts={"arrest.date": self.day},
            lists={ELEMENTS[node.element]: (self._element(node.element, form, grade),)},
        )
        found = Examiner(case, self.zone, self.book.calendar).find(test)
        return found.value, tuple(path.partition("].")[2] or path for path in found.missing)

    def _element(self, kind: str, form: str, grade: str) -> dict[str, Any]:
        """A conviction of yesterday that stands, or a charge that is held to answer."""
        if kind == "charge":
            return {**self.offense, "grade": grade, "stage": CHARGE["stage"].values[-1]}
        yesterday = self.day - timedelta(days=1)
        stands = {"status": "adult", "vacated": False, "on_appeal": False, "hate_crime": False, "incarceration": ()}
        dated = {"offense_date": yesterday, "judgment_date": yesterday}
        return {**self.offense, **dated, **stands, "grade": grade, "form": form}
