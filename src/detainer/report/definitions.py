"""The reports that laws prescribe, as the files `reports.yaml` beside the laws define them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from detainer.errors import UserError
from detainer.law.files import read_documents

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["received", "decided", "permitted", "declined", "held", "told", "transferred", "released", "withdrawn"]
Ground = Literal["none", "listed", "watch_list"]
Dimension = Literal["form", "receiving", "requesting", "ground", "kind", "transferred"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Part):
    """One item of a report: in words, and as a count over events; or why the record cannot count it.

    `number` is the law's own; None for what is told beside the items that the law asks for.
    """

    id: str
    number: int | None = None
    label: str
    noun: str
    cite: str
    says: str
    of: Literal["requests", "people"] = "requests"
    dated_by: tuple[Kind, ...] = ()
    without: tuple[Kind, ...] = ()
    known_by: tuple[Kind, ...] = ()
    ground: Ground | Literal[""] = ""
    talks: Literal["", "asked", "gave"] = ""
    split: tuple[Dimension, ...] = ()
    kinds: tuple[str, ...] = ()
    note: str = ""
    required_from: date | None = None
    not_counted: str = ""

    @model_validator(mode="after")
    def _counted_or_not(self) -> Self:
        if sum(map(bool, (self.dated_by, self.talks, self.not_counted))) != 1:
            raise ValueError(f"item {self.id!r} needs one of `dated_by`, `talks` and `not_counted`")
        if set(self.split) & {"ground", "kind", "transferred"} and not self.talks:
            raise ValueError(f"item {self.id!r} is split by what only `talks` have")
        if ("kind" in self.split) != bool(self.kinds):
            raise ValueError(f"item {self.id!r} is split by kind and needs `kinds`, or has them without the split")
        return self


class YearDay(_Part):
    """A day of the year, the same in every year."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)

    @model_validator(mode="after")
    def _exists_every_year(self) -> Self:
        date(2001, self.month, self.day)
        return self

    def of(self, year: int) -> date:
        """That day of that year."""
        return date(year, self.month, self.day)


class Period(_Part):
    """The period a version prescribes: so many months, ending on a day of the year if the law names one.

    A period of less than a year ends there and every so many months from it: quarters of the year, for instance.
    `first_starts` is the law's own first day where its first period is shorter than the others.
    """

    months: int = Field(ge=1)
    ends: YearDay | None = None
    first_starts: date | None = None

    def is_named(self, start: date, end: date) -> bool:
        """Whether start to end is a period the law names."""
        if self.ends is not None and end not in self.ends_in(end.year):
            return False
        whole = add_months(end + timedelta(days=1), -self.months)
        return start == (self.first_starts if self.first_starts and whole < self.first_starts else whole)

    def ends_in(self, year: int) -> tuple[date, ...]:
        """The days of that year on which a period of the law ends, in order; none where it names no day."""
        if self.ends is None:
            return ()
        after = self.ends.of(year) + timedelta(days=1)
        steps = range(0, 12, self.months)
        ends = (add_months(after, shift - step) - timedelta(days=1) for step in steps for shift in (0, 12))
        return tuple(sorted(end for end in ends if end.year == year))


class Due(YearDay):
    """The day by which the report is due each year, the first time in `first`."""

    first: date

    def after(self, end: date) -> date | None:
        """When the report on a period ending on that day is due; None before the first."""
        due = self.of(end.year) if end <= self.of(end.year) else self.of(end.year + 1)
        return due if due >= self.first else None


class Version(_Part):
    """A reporting duty as it stood from one day to another, and how far back its first report reaches.

    `due` is left out where the law sets no day, or none that is known.
    """

    start: date = Field(alias="from")
    until: date = date.max
    source: str
    counts_from: date
    period: Period
    due: Due | None = None
    items: tuple[str, ...]
    note: str = ""


class Definition(_Part):
    """One report: who makes it, to whom, under which law, in all versions, and what each item counts.

    `counts` are the agencies whose record is counted, where that is not the reporting agency's alone; `reporter` is
    then the name of whoever reports.
    """

    id: str
    agency: str
    reporter: str = ""
    counts: tuple[str, ...] = ()
    title: str
    cite: str
    to: str
    versions: tuple[Version, ...]
    items: tuple[Item, ...]
    beside: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        known = {item.id for item in self.items}
        for version in self.versions:
            if unknown := sorted({*version.items, *self.beside} - known):
                raise ValueError(f"{self.id} names the unknown item {unknown[0]!r}")
        for older, newer in zip(self.versions, self.versions[1:], strict=False):
            if older.until + timedelta(days=1) != newer.start:
                raise ValueError(f"{self.id}: the versions do not join between {older.until} and {newer.start}")
        return self

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies whose record is counted."""
        return self.counts or (self.agency,)

    def version(self, start: date, end: date) -> Version:
        """The version in force on the period's last day.

        UserError if none was, or if that version does not reach back to the period's first day.
        """
        if end < start:
            raise UserError(
                "the period ends on {end}, before it starts on {start}", where=self.id, end=end, start=start
            )
        found = next((version for version in self.versions if version.start <= end <= version.until), None)
        if found is None:
            first = self.versions[0]
            raise UserError(
                "no version of {cite} asks for a report on {start} to {end}",
                where=self.id,
                fix="The first, {source}, was in force from {first}.",
                cite=self.cite,
                start=start,
                end=end,
                source=first.source,
                first=first.start,
            )
        if start < found.counts_from:
            raise UserError(
                "{start} to {end} does not fit one version of {cite}: {source}, in force on {end}, counts from {first}",
                where=self.id,
                fix="Ask for the periods before and after that day apart.",
                start=start,
                end=end,
                cite=self.cite,
                source=found.source,
                first=found.counts_from,
            )
        return found


class _File(_Part):
    """A file of reports. One that several agencies owe names `agencies` and `name`, and is AGENCY/NAME of each."""

    reports: tuple[Definition, ...]

    @model_validator(mode="before")
    @classmethod
    def _one_for_each_agency(cls, data: dict[str, Any]) -> dict[str, Any]:
        reports = data.get("reports")
        if not isinstance(reports, list):
            return data
        return {**data, "reports": [one for report in reports for one in _for_each_agency(report)]}


def _for_each_agency(report: Any) -> list[Any]:
    if not isinstance(report, dict) or not isinstance(report.get("agencies"), list) or "name" not in report:
        return [report]
    shared = {key: value for key, value in report.items() if key not in ("agencies", "name")}
    return [{**shared, "id": f"{agency}/{report['name']}", "agency": agency} for agency in report["agencies"]]


def load(folder: Path) -> dict[str, Definition]:
    """Every report defined under that folder of laws, by id; UserError naming the file if one is badly written."""
    found: dict[str, Definition] = {}
    for path in sorted(folder.rglob("reports.yaml")):
        for report in _read(path).reports:
            if report.id in found:
                raise UserError(f"the report {report.id!r} is defined twice", where=str(path))
            found[report.id] = report
    return found


def _read(path: Path) -> _File:
    now = path.stat()
    return _said(path, now.st_mtime_ns, now.st_size, now.st_ino)


@lru_cache(maxsize=64)
def _said(path: Path, changed: int, size: int, inode: int) -> _File:
    """What the file says, read once for as long as it stays as it is."""
    try:
        return _File.model_validate(next(read_documents(path), {}))
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(step) for step in first["loc"])
        raise UserError(f"{at}: {first['msg']}", where=str(path)) from error


def add_months(day: date, months: int) -> date:
    """The same day of the month, so many months on (or back); the month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
