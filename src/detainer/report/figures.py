"""A report as it was counted: each figure with its definition, its basis, and what is not known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detainer.report import render

if TYPE_CHECKING:
    from datetime import date, datetime

    from detainer.report.definitions import Definition, Item, Version
    from detainer.report.splits import Part


@dataclass(frozen=True)
class Figure:
    """One item's number. `value` is None where the record cannot say; `not_recorded` requests may still add to it.

    `parts` tell the number by what the item is split by; one thing can count in several (two kinds of information).
    """

    item: Item
    value: int | None
    not_recorded: int
    basis: str
    parts: tuple[Part, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the number is the whole number: nothing of it is unknown."""
        return self.value is not None and not self.not_recorded

    def as_json(self) -> dict[str, Any]:
        """The figure as an object of plain values."""
        return {
            "number": self.item.number,
            "id": self.item.id,
            "label": self.item.label,
            "value": self.value,
            "not_recorded": self.not_recorded,
            "definition": self.item.says,
            "basis": self.basis,
            "cite": self.item.cite,
            "split": list(self.item.split),
            "parts": [{**dict(zip(self.item.split, part.of, strict=True)), "value": part.value} for part in self.parts],
        }


@dataclass(frozen=True)
class Agency:
    """Who reports: the agency's id and name, and the zone whose days its periods are made of."""

    id: str
    name: str
    timezone: str


@dataclass(frozen=True)
class Basis:
    """What was counted: everything up to that moment, in the tree of that size and root."""

    as_of: datetime
    size: int
    root: str


@dataclass(frozen=True)
class Report:
    """One report over one period, both ends included, in the agency's own days."""

    definition: Definition
    version: Version
    agency: Agency
    start: date
    end: date
    basis: Basis
    items: tuple[Figure, ...]
    months: dict[str, dict[str, int]]  # item id → "2016-01" → count, for each month of the period
    notes: tuple[str, ...]

    @property
    def named(self) -> bool:
        """Whether this is a period that the law itself names."""
        return self.version.period.is_named(self.start, self.end)

    @property
    def due(self) -> date | None:
        """The day by which the law wants this report; None for a period of one's own, or where no day is known."""
        return self.version.due.after(self.end) if self.named and self.version.due else None

    def figure(self, item: str) -> Figure | None:
        """The figure with that id; None if the law's version has none."""
        return next((figure for figure in self.items if figure.item.id == item), None)

    def as_json(self) -> dict[str, Any]:
        """The report as an object of plain values."""
        return {
            "report": self.definition.id,
            "title": self.definition.title,
            "agency": {"id": self.agency.id, "name": self.agency.name},
            "to": self.definition.to,
            "law": {
                "cite": self.definition.cite,
                "source": self.version.source,
                "from": self.version.start.isoformat(),
            },
            "period": {
                "from": self.start.isoformat(),
                "to": self.end.isoformat(),
                "timezone": self.agency.timezone,
                "named_by_law": self.named,
                "due": self.due and self.due.isoformat(),
            },
            "as_of": self.basis.as_of.isoformat(timespec="seconds"),
            "checkpoint": {"size": self.basis.size, "root": self.basis.root},
            "items": [figure.as_json() for figure in self.items],
            "months": self.months,
            "notes": list(self.notes),
        }

    def as_csv(self) -> str:
        """One line an item, each with all that it needs to stand alone."""
        return render.csv_text(self)

    def as_text(self) -> str:
        """The report for a person to read."""
        return render.text(self)

    def as_xlsx(self) -> bytes:
        """The same table as a workbook; no cell can become a formula."""
        from detainer.report import sheet

        return sheet.xlsx(self)

    def as_pdf(self) -> bytes:
        """The report set for print, PDF/UA-1 and PDF/A-3a."""
        from detainer.report import paper

        return paper.pdf(self)

    def as_html(self) -> str:
        """The report as one page of HTML that needs nothing beside it."""
        from detainer.report import page

        return page.whole(self)
