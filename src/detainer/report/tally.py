"""Counting, pure: a report's items over the lives of the requests, in one period."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from detainer.errors import UserError
from detainer.report import splits
from detainer.report.definitions import Definition, Item, Version, add_months
from detainer.report.figures import Agency, Basis, Figure, Report
from detainer.report.render import day, requests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from detainer.report.lives import Life

ONLY_TO_BE_TOLD = "I-247N"  # the one form that asks for a notice and no hold

NO_TALKS = (
    "The record holds no contact in which information was asked for or given: whether there was none or none was "
    "entered, it cannot say."
)


@dataclass(frozen=True)
class Beyond:
    """What a count over a period must know of all the lives: the first day of any, and whether any tells exchanges."""

    begins: date | None
    spoken: bool

    @classmethod
    def of(cls, lives: Iterable[Life]) -> Beyond:
        """The same, read from all of them."""
        begins, spoken = None, False
        for life in lives:
            first, _ = life.span()
            begins = min(first or date.max, begins or date.max)
            spoken = spoken or bool(life.talks)
        return cls(begins, spoken)


def tally(
    report: Definition,
    agency: Agency,
    lives: Sequence[Life],
    period: tuple[date, date],
    basis: Basis,
    beyond: Beyond | None = None,
) -> Report:
    """The report over the period (both days included) as counted from these lives.

    They are all there are, or those of the period with what is `beyond` them. UserError if the period does not fit a
    version of the law, has not begun, or the lives hold nothing of it: whether no request came or none was entered, no
    count can tell.
    """
    start, end = period
    version = report.version(start, end)
    today = basis.as_of.astimezone(ZoneInfo(agency.timezone)).date()
    if start > today:
        raise UserError("the period starts on {start}, after today, {today}", where=report.id, start=start, today=today)
    beyond = beyond or Beyond.of(lives)
    if beyond.begins is None:
        raise UserError("the record holds no event of {agency}", where=report.id, agency=agency.name)
    within = [life for life in lives if _touches(life, start, end)]
    if not within:
        raise UserError(
            "the record holds no event of {agency} from {start} to {end}",
            where=report.id,
            fix="Whether no request came or none was entered, it cannot say; it gives no zero.",
            agency=agency.name,
            start=start,
            end=end,
        )
    items = tuple(_figure(item, within, start, end, beyond.spoken) for item in _asked(report, version, start))
    return Report(
        definition=report,
        version=version,
        agency=agency,
        start=start,
        end=end,
        basis=basis,
        items=items,
        months={
            one.item.id: {month: counts[month] for month in months(start, end)}
            for one in items
            if one.value is not None
            for counts in [_by_month(one.item, within, start, end)]
        },
        notes=tuple(_notes(version, agency, beyond.begins, start, end, today)),
    )


def span(items: Iterable[Item], lives: Sequence[Life], start: date, end: date) -> tuple[Figure, ...]:
    """These items over any period, without a law that names it; empty where the lives hold nothing of the period."""
    within = [life for life in lives if _touches(life, start, end)]
    spoken = any(life.talks for life in lives)
    return tuple(_figure(item, within, start, end, spoken) for item in items) if within else ()


def behind(item: Item, life: Life, start: date, end: date) -> bool:
    """Whether a life is counted in an item's number over a period."""
    if item.talks:
        return any(getattr(talk, item.talks) and start <= talk.day <= end for talk in life.talks)
    return not item.not_counted and _counts(item, life, start, end) and item.ground in ("", life.ground)


def monthly(item: Item, lives: Iterable[Life]) -> dict[str, int]:
    """The item's count in each month that has any, over all time."""
    return {month: count for month, count in _by_month(item, lives, date.min, date.max).items() if count}


def _touches(life: Life, start: date, end: date) -> bool:
    """Whether anything of the life lies in the period; nothing else can count in it."""
    return any(start <= when <= end for when in life.days.values()) or any(
        start <= talk.day <= end for talk in life.talks
    )


def _asked(report: Definition, version: Version, start: date) -> Iterator[Item]:
    """The items that the law's version asks for in a period with that first day, then those told beside them."""
    for item in report.items:
        asked = item.id in version.items and (item.required_from is None or start >= item.required_from)
        if asked or item.id in report.beside:
            yield item


def _figure(item: Item, lives: Sequence[Life], start: date, end: date, spoken: bool) -> Figure:
    if item.not_counted:
        return Figure(item, None, 0, item.not_counted)
    if item.talks and not spoken:
        return Figure(item, None, 0, NO_TALKS)
    if item.talks:
        return _of_talks(item, lives, start, end)
    dated = [life for life in lives if _counts(item, life, start, end)]
    counted = [life for life in dated if not item.ground or life.ground == item.ground]
    parts = splits.of_requests(item, counted)
    if item.ground:
        unknown = _sum(life for life in dated if not life.ground)
        value = None if unknown and unknown == _sum(dated) else _sum(counted)
        return Figure(item, value, unknown, _basis_of_outcome(item, unknown), parts)
    if not item.known_by:
        return Figure(item, _sum(counted), 0, _basis_of_received(item, counted), parts)
    received = [life for life in lives if _within(life.first_of(["received"]), start, end)]
    unknown = _sum(life for life in received if not life.any_of(item.known_by))
    nothing_known = unknown == _sum(received) and not counted and unknown > 0
    value = None if nothing_known else _sum(counted)
    return Figure(item, value, unknown, _basis_of_outcome(item, unknown), parts)


def _of_talks(item: Item, lives: Sequence[Life], start: date, end: date) -> Figure:
    """A figure of exchanges: those that asked, or those that gave, something in the period."""
    found = [
        (life, talk) for life in lives for talk in life.talks if getattr(talk, item.talks) and start <= talk.day <= end
    ]
    value = sum(life.count for life, _ in found)
    unknown = sum(life.count for life, talk in found if not talk.ground) if "ground" in item.split else 0
    did = "asked for information" if item.talks == "asked" else "gave the information asked for"
    basis = f"Counted: contacts that the record says {did} in the period."
    if "kind" in item.split:
        basis += " A contact about two kinds of information is told under both, and counted once in the whole."
    if unknown:
        basis += f" For {unknown:,} of them the record does not say what the search found."
    return Figure(item, value, 0, basis, splits.of_talks(item, found))


def _counts(item: Item, life: Life, start: date, end: date) -> bool:
    return _within(life.first_of(item.dated_by), start, end) and not life.any_of(item.without)


def _within(when: date | None, start: date, end: date) -> bool:
    return when is not None and start <= when <= end


def _sum(lives: Iterable[Life]) -> int:
    return sum(life.count for life in lives)


def _basis_of_received(item: Item, counted: Sequence[Life]) -> str:
    basis = "Counted: requests that the record says were received in the period"
    forms: Counter[str] = Counter()
    for life in counted:
        forms[life.form or "a form not known"] += life.count
    if forms:
        basis += "; " + ", ".join(f"{count:,} on {form}" for form, count in sorted(forms.items()))
    basis += "."
    if dated := _sum(life for life in counted if life.dated_by):
        basis += f" {dated:,} of them {'is' if dated == 1 else 'are'} dated by the day on which the form was prepared: "
        basis += "the day of receipt is not recorded."
    return f"{basis} {item.note}" if item.note and forms[ONLY_TO_BE_TOLD] else basis


def _basis_of_outcome(item: Item, unknown: int) -> str:
    never = f", and never {', '.join(item.without)}" if item.without else ""
    basis = f"Counted: requests that the record says were first {' or '.join(item.dated_by)} in the period{never}."
    if item.of == "people":
        basis += " A person named in two requests is counted twice: the record does not join people."
    if unknown and item.ground:
        basis += f" Of {unknown:,} such {requests(unknown)} the record does not say what the search found."
    elif unknown:
        basis += (
            f" Of {unknown:,} {requests(unknown)} received in the period the record does not say it: "
            "neither counted nor taken for a zero."
        )
    return basis


def _by_month(item: Item, lives: Iterable[Life], start: date, end: date) -> Counter[str]:
    """The item's count in each month that has any."""
    counts: Counter[str] = Counter()
    for life in lives:
        if item.talks:
            for talk in life.talks:
                if getattr(talk, item.talks) and start <= talk.day <= end:
                    counts[talk.day.isoformat()[:7]] += life.count
        elif _counts(item, life, start, end) and (not item.ground or life.ground == item.ground):
            counts[str(life.first_of(item.dated_by))[:7]] += life.count
    return counts


def months(start: date, end: date) -> list[str]:
    """The months that the period touches, as 2016-01."""
    found, first = [], start.replace(day=1)
    while first <= end:
        found.append(f"{first:%Y-%m}")
        first = add_months(first, 1)
    return found


def _notes(version: Version, agency: Agency, begins: date, start: date, end: date, today: date) -> Iterator[str]:
    if version.note:
        yield version.note
    if begins > start:
        yield f"The record of {agency.name} begins on {day(begins)}; what came before that day is not in it."
    if end >= today:
        yield f"The period is not over: counted to {day(today)}."
