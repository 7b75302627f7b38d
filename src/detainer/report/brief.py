"""One period beside another, in sentences that say no more than the numbers do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from detainer.errors import UserError
from detainer.report import page, published
from detainer.report.render import day, number, requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detainer.report.figures import Figure, Report

SAME_LENGTH = 2  # days by which two periods may differ and still be called equally long: a leap day, a short month


@dataclass(frozen=True)
class Comparison:
    """One item in both periods; what rests on an unknown number, or divides by nothing, is None."""

    now: Figure
    before: Figure

    @property
    def difference(self) -> int | None:
        """How many more (or fewer, below zero); None unless both numbers are whole."""
        if not (self.now.known and self.before.known):
            return None
        return (self.now.value or 0) - (self.before.value or 0)

    @property
    def ratio(self) -> float | None:
        """This period's number as a multiple of the other's; None unless both are whole and neither is zero."""
        if self.difference is None or not self.now.value or not self.before.value:
            return None
        return self.now.value / self.before.value

    def sentence(self) -> str:
        """The comparison in words: `1,526 against 80, 19.1 times`, `0 against 2 held`."""
        label, noun = self.now.item.label, self.now.item.noun
        if self.difference is None:
            said = "; ".join(
                _unknown(when, figure)
                for when, figure in (("this period", self.now), ("the other period", self.before))
                if not figure.known
            )
            return f"{label}: cannot be compared ({said})."
        pair = f"{self.now.value:,} against {self.before.value:,}"
        if self.difference == 0:
            return f"{label}: {pair} {noun}, the same."
        change = f"{abs(self.difference):,} {'more' if self.difference > 0 else 'fewer'}"
        if self.ratio is None:
            return f"{label}: {pair} {noun}, {change}."
        return f"{label}: {pair}, {_times(self.ratio)}, {change}."


def _times(ratio: float) -> str:
    return f"{ratio:.1f} times" if ratio >= 1 else f"{ratio:.1%} of it"


def _unknown(when: str, figure: Figure) -> str:
    if figure.item.not_counted:
        return f"not counted in {when}"
    return f"not recorded for {figure.not_recorded:,} {requests(figure.not_recorded)} of {when}"


@dataclass(frozen=True)
class Brief:
    """A period and the one it is measured against, from the same report."""

    now: Report
    before: Report

    @property
    def spans(self) -> tuple[str, str]:
        """The two periods in words."""
        return span(self.now.start, self.now.end), span(self.before.start, self.before.end)

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """The items that both periods have, in the law's order."""
        both = ((figure, self.before.figure(figure.item.id)) for figure in self.now.items)
        return tuple(Comparison(figure, other) for figure, other in both if other is not None)

    def months(self, item: str) -> Iterator[tuple[str, int | None, str, int | None]]:
        """The item month by month, the two periods' months side by side in order: (month, count, month, count)."""
        pairs = zip_longest(self.now.months[item].items(), self.before.months[item].items(), fillvalue=("", None))
        return ((month, count, other, then) for (month, count), (other, then) in pairs)

    def published(self) -> Iterator[str]:
        """What others published for the same items over exactly these periods, each with its source."""
        for report in (self.now, self.before):
            for figure in report.items:
                found = published.beside(report.agency.id, figure.item.id, report.start, report.end)
                if found is not None:
                    yield (
                        f"{span(report.start, report.end)}, {found.measure.label.lower()}: {found.value:,} "
                        f"({found.source}); this record: {number(figure)}."
                    )

    def notes(self) -> Iterator[str]:
        """What a reader must know to compare fairly."""
        lengths = [(report.end - report.start + timedelta(days=1)).days for report in (self.now, self.before)]
        if abs(lengths[0] - lengths[1]) > SAME_LENGTH:
            yield f"The periods are not equally long: {lengths[0]:,} days against {lengths[1]:,}."
        if self.now.start <= self.before.end and self.before.start <= self.now.end:
            yield "The periods overlap: some requests count in both."
        if self.now.version != self.before.version:
            yield f"Counted under two versions of the law: {self.now.version.source}, {self.before.version.source}."
        for report in (self.now, self.before):
            for note in report.notes:
                yield f"{span(report.start, report.end)}: {note}"

    def as_json(self) -> dict[str, Any]:
        """The brief as an object of plain values, both reports in full beside it."""
        return {
            "report": self.now.definition.id,
            "comparisons": [
                {
                    "item": one.now.item.id,
                    "value": one.now.value,
                    "against": one.before.value,
                    "difference": one.difference,
                    "ratio": one.ratio if one.ratio is None else round(one.ratio, 4),
                    "sentence": one.sentence(),
                }
                for one in self.comparisons
            ],
            "notes": list(self.notes()),
            "published": list(self.published()),
            "this": self.now.as_json(),
            "other": self.before.as_json(),
        }

    def as_text(self) -> str:
        """The brief for a hearing, on one page."""
        now, before = self.now, self.before
        lines = [
            f"{now.agency.name}: {span(now.start, now.end)} against {span(before.start, before.end)}",
            f"Counted by {now.definition.cite}",
            "",
            *(one.sentence() for one in self.comparisons),
        ]
        for one in self.comparisons:
            if one.now.value and one.now.item.id in before.months:
                lines += ["", f"{one.now.item.label}, by month", *self._table(one.now.item.id)]
        if elsewhere := list(self.published()):
            lines += ["", "Published elsewhere, and not of this record:", *(f"  {line}" for line in elsewhere)]
        for note in self.notes():
            lines += ["", note]
        lines += ["", f"Checkpoint of {now.basis.size:,} events, root {now.basis.root}"]
        return "\n".join(lines)

    def as_html(self) -> str:
        """The brief as one page of HTML that needs nothing beside it, with its charts."""
        return page.brief(self)

    def _table(self, item: str) -> Iterator[str]:
        for month, count, other, then in self.months(item):
            here = f"{month:7}  {_cell(count):>7}"
            yield f"  {here}    {other:7}  {_cell(then):>7}".rstrip()


def compare(now: Report, before: Report) -> Brief:
    """The two periods side by side; UserError if they are not of the same report."""
    if now.definition.id != before.definition.id:
        raise UserError("{one} and {other} count different things", one=now.definition.id, other=before.definition.id)
    return Brief(now, before)


def span(start: date, end: date) -> str:
    """A period in words: `calendar 2017`, `1 October 2016 to 30 September 2017`."""
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        return f"calendar {start.year}"
    return f"{day(start)} to {day(end)}"


def _cell(count: int | None) -> str:
    return "" if count is None else f"{count:,}"
