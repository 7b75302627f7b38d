"""The law book: every law file, which agency is bound by which, and the answer to a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from detainer.errors import UserError
from detainer.hold import Calendar
from detainer.law.answer import Answer
from detainer.law.case import Case
from detainer.law.decide import Engine
from detainer.law.expand import Layer
from detainer.law.files import Block, read_documents
from detainer.law.lawfile import LawFile
from detainer.law.lawreader import read_law
from detainer.law.names import check_names
from detainer.law.stack import Stack


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency: what it is called, its time zone, and the laws that bind it, widest first.

    `standing` are facts that are so for every request until someone says otherwise, as which decisions its own policy
    forbids; the record adds them to what is known of a request. A case file stands for itself and gets none.
    """

    id: str
    name: str
    short: str
    kind: str
    timezone: str
    laws: tuple[str, ...]
    standing: Mapping[str, object] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The agency's time zone."""
        return ZoneInfo(self.timezone)


class LawBook:
    """All laws and agencies of a folder, read and checked for names."""

    def __init__(
        self, root: Path, laws: Mapping[str, LawFile], agencies: Mapping[str, Agency], calendar: Calendar
    ) -> None:
        self.root, self.laws, self.agencies, self.calendar = root, laws, agencies, calendar
        self._engines: dict[tuple[object, ...], Engine] = {}

    @classmethod
    def load(cls, path: Path | None = None) -> LawBook:
        """Read the laws of a folder, or the laws that are shipped.

        Raises UserError naming file and line of the first mistake.
        """
        root = path or shipped()
        if not root.is_dir():
            raise UserError("there is no folder of laws", where=str(root))
        laws: dict[str, LawFile] = {}
        for file in law_files(root):
            law = read_law(file)
            if law.id in laws:
                raise UserError(f"the law {law.id} is also in {laws[law.id].path}", where=str(file))
            laws[law.id] = law
        laws = {name: _with_borrowed(law, laws) for name, law in laws.items()}
        calendar = Calendar.read(root / "us" / "holidays.csv")
        for law in laws.values():
            check_names(law, laws, calendar.days)
        return cls(root, laws, _agencies(root, laws), calendar)

    def agency(self, name: str, where: str = "") -> Agency:
        """The agency of that name; UserError lists those that are there."""
        if name not in self.agencies:
            raise UserError(
                f"there is no agency {name}", where=where, fix=f"Agencies: {', '.join(sorted(self.agencies))}."
            )
        return self.agencies[name]

    def decide(self, case: Case, *, brief: bool = False) -> Answer:
        """The answer to a case under every law that binds its agency on the day of the act; see Engine for `brief`."""
        agency = self.agency(case.agency, f"case {case.id}")
        return self.engine(agency, case.at.astimezone(agency.zone).date(), brief=brief).decide(case)

    def stack(self, agency: Agency, day: date) -> Stack:
        """The laws that bind an agency on a day, compiled."""
        return self.engine(agency, day).stack

    def engine(self, agency: Agency, day: date, *, brief: bool = False) -> Engine:
        """The engine for an agency on a day; days on which the same items are in force share one.

        One that is full is let go for a fresh one, so that a desk that never stops keeps no more and more.
        """
        key = (agency.id, brief, *(self._edition(self.laws[name], day) for name in agency.laws))
        engine = self._engines.get(key)
        if engine is None or engine.full:
            layers = [Layer(law, law.version_on(day), day) for law in (self.laws[name] for name in agency.laws)]
            engine = self._engines[key] = Engine(Stack(layers), agency.zone, self.calendar, brief=brief)
        return engine

    def _edition(self, law: LawFile, day: date) -> object:
        """Which of the law's items are in force on a day."""
        edges = self.edges[law.id]
        return law.version_on(day) and sum(edge <= day for edge in edges)

    @cached_property
    def edges(self) -> Mapping[str, tuple[date, ...]]:
        """For each law, the days on which something in it begins to be in force, or is the first day no longer."""
        return {name: tuple(sorted(set(_edges(law)))) for name, law in self.laws.items()}


def _with_borrowed(law: LawFile, laws: Mapping[str, LawFile]) -> LawFile:
    """The law with the terms that it borrows from another."""
    if not law.borrows:
        return law
    other = laws.get(law.borrows)
    if other is None or other.borrows:
        raise UserError(
            f"borrows the terms of {law.borrows}, which is no law with terms of its own", where=str(law.path)
        )
    return law.with_terms_of(other)


def _edges(law: LawFile) -> Iterator[date]:
    """The days on which something in a law begins, or is the first no longer in force."""
    for items in (
        law.versions,
        law.definitions,
        law.provisions,
        law.limits,
        law.questions,
        law.duties,
        law.implications,
    ):
        for item in items:
            if item.span.first:
                yield item.span.first
            if item.span.last:
                yield date.fromordinal(item.span.last.toordinal() + 1)


def _agencies(root: Path, laws: Mapping[str, LawFile]) -> Mapping[str, Agency]:
    """The agencies of the folder itself and of each place below it that has a file of its own."""
    found: dict[str, Agency] = {}
    for file in (root / "agencies.yaml", *sorted(root.glob("*/**/agencies.yaml"))):
        for agency in read_agencies(file, laws):
            if agency.id in found:
                raise UserError(f"the agency {agency.id} stands twice", where=str(file))
            found[agency.id] = agency
    return found


def law_files(root: Path) -> list[Path]:
    """The law files below a folder: every YAML file that is no case, report or agency file."""
    return sorted(
        path
        for path in root.rglob("*.yaml")
        if "cases" not in path.relative_to(root).parts and path.name not in ("agencies.yaml", "reports.yaml")
    )


def read_agencies(path: Path, laws: Mapping[str, LawFile]) -> Iterator[Agency]:
    """The agencies of a file; UserError names the line of a wrong key, zone or law."""
    for block in read_documents(path):
        for name, item in block.items():
            yield _agency(name, item, laws, f"{path}:{block.line_of(name)}")


def _agency(name: str, item: object, laws: Mapping[str, LawFile], where: str) -> Agency:
    keys = ("name", "short", "kind", "timezone", "laws")
    if not isinstance(item, Block) or set(item) - {"standing"} != set(keys):
        raise UserError(f"the agency {name} needs the keys {', '.join(keys)} (and may have standing)", where=where)
    try:
        ZoneInfo(str(item["timezone"]))
    except (ZoneInfoNotFoundError, ValueError):
        raise UserError(
            f"{item['timezone']} is no time zone", where=where, fix="Write it as America/New_York."
        ) from None
    bound = item["laws"]
    if not isinstance(bound, list) or not bound:
        raise UserError("laws must be a list of laws, widest first", where=where)
    missing = [law for law in bound if law not in laws]
    if missing:
        raise UserError(f"the agency {name} names the law {missing[0]}, which is not there", where=where)
    called, short, kind, zone = (str(item[key]) for key in keys[:4])
    return Agency(name, called, short, kind, zone, tuple(item["laws"]), _standing(item, where))


def _standing(item: Block, where: str) -> Mapping[str, object]:
    """The facts that stand for every request of an agency, checked as a case file would be."""
    standing = item.get("standing", {})
    if not isinstance(standing, dict):
        raise UserError("standing must hold facts of the case format", where=where)
    Case.read({"id": "standing", "agency": "standing", "at": datetime(2000, 1, 1, tzinfo=UTC), **standing}, where)
    return standing


def shipped() -> Path:
    """The folder of the laws that come with the program."""
    inside = Path(__file__).resolve().parent.parent / "laws"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[3] / "laws"
