"""The numbers that the site publishes, each with a name: a page, a table and the recount speak of the same one."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from detainer.law.markup import Markup, tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detainer.report.definitions import Item
    from detainer.report.figures import Report
    from detainer.site.gather import Material, Told


@dataclass(frozen=True)
class Number:
    """One published number of the record, and all that it takes to count it again."""

    reporter: str
    agencies: tuple[str, ...]
    timezone: str
    item: Item
    start: date
    end: date
    value: int | None
    not_recorded: int

    @property
    def name(self) -> str:
        """What the number is called everywhere: who reports it, what is counted, and the period."""
        return name(self.reporter, self.item.id, self.start, self.end)

    def as_json(self) -> dict[str, Any]:
        """The number with its rule, for the recount."""
        return {
            "figure": self.name,
            "agencies": list(self.agencies),
            "timezone": self.timezone,
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "dated_by": list(self.item.dated_by),
            "without": list(self.item.without),
            "known_by": list(self.item.known_by),
            "talks": self.item.talks,
            "value": self.value,
            "not_recorded": self.not_recorded,
            "counts": self.item.says,
        }


def name(agency: str, item: str, start: date, end: date) -> str:
    """The name of a number."""
    return f"{agency}/{item}/{start}/{end}"


def shown(named: str, value: int | None, words: str = "") -> Markup:
    """A number as a page shows it: marked with its name, so that the recount finds it there."""
    text = words or ("not recorded" if value is None else f"{value:,}")
    if value is None:
        return tag("span", text, data_figure=named, class_="gap")
    return tag("data", text, value=str(value), data_figure=named)


def numbers(material: Material) -> Iterator[Number]:
    """Every number of the record that the site tells and that the published events can give again, each once."""
    found: dict[str, Number] = {}
    for told in material.agencies:
        for number in (*_of_years(told), *_of_months(told)):
            found.setdefault(number.name, number)
    for report in material.reports:
        agencies = report.definition.agencies
        for figure in report.items:
            if not figure.item.not_counted and not figure.item.ground:
                made = (figure.item, report.start, report.end, figure.value, figure.not_recorded)
                number = Number(report.agency.id, agencies, report.agency.timezone, *made)
                found.setdefault(number.name, number)
        for number in _of_report_months(report):
            found.setdefault(number.name, number)
    yield from found.values()


def _of_years(told: Told) -> Iterator[Number]:
    for year in told.years:
        for figure in year.figures:
            made = (figure.item, year.start, year.end, figure.value, figure.not_recorded)
            yield Number(told.agency.id, (told.agency.id,), told.agency.timezone, *made)


def _of_months(told: Told) -> Iterator[Number]:
    for item in told.items:
        for month, value in told.months[item.id].items():
            start, end = month_days(month)
            yield Number(
                told.agency.id, (told.agency.id,), told.agency.timezone, _counted_only(item), start, end, value, 0
            )


def _of_report_months(report: Report) -> Iterator[Number]:
    """An item by month, as a report's table has it; what the search showed is no published event."""
    for figure in report.items:
        if figure.item.id in report.months and not figure.item.ground:
            for month, value in report.months[figure.item.id].items():
                made = (_counted_only(figure.item), *within(report, month), value, 0)
                yield Number(report.agency.id, report.definition.agencies, report.agency.timezone, *made)


def within(report: Report, month: str) -> tuple[date, date]:
    """The days of a month that a report's period has."""
    first, last = month_days(month)
    return max(first, report.start), min(last, report.end)


def _counted_only(item: Item) -> Item:
    """The item where only what happened is told: a month says nothing of what is not recorded."""
    return item.model_copy(update={"known_by": ()})


def month_days(month: str) -> tuple[date, date]:
    """The first and last day of a month written as 2016-01."""
    year, number = map(int, month.split("-"))
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])
