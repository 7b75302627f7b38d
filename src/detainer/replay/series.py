"""Rows counted over time by what a column's values mean: who was arrested, and how, beside the figures of detainers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from detainer.errors import UserError
from detainer.replay.cells import Period, Plan
from detainer.replay.duck import Tell
from detainer.replay.mapping import Grouping, Mapping, folded
from detainer.replay.table import Left
from detainer.replay.tables import Tables

NOT_SAID = "not said"
TOTAL = "all"


@dataclass
class Series:
    """Rows by month and group in a period; `breaks` are the days in it across which the series does not compare."""

    mapping: str
    title: str
    by: str
    period: Period
    area: str
    rows: Counter[str] = field(default_factory=Counter)  # group → rows
    months: Counter[tuple[str, str]] = field(default_factory=Counter)  # (month, group) → rows
    left_out: Counter[str] = field(default_factory=Counter)
    breaks: dict[date, str] = field(default_factory=dict)
    all_breaks: dict[date, str] = field(default_factory=dict)  # within the period or not
    groups: tuple[str, ...] = ()  # that the mapping knows
    files: dict[str, str] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def unsaid(self) -> int:
        """The rows that do not say to which group they belong, or say what the mapping does not list."""
        return self.rows[TOTAL] - sum(self.rows[group] for group in self.groups)

    def as_json(self) -> dict[str, Any]:
        """The series as one JSON object."""
        months = sorted({month for month, _ in self.months})
        return {
            "mapping": self.mapping,
            "by": self.by,
            "area": self.area or None,
            "from": str(self.period.first) if self.period.first else None,
            "to": str(self.period.last) if self.period.last else None,
            "files": [{"path": path, "sha256": digest} for path, digest in self.files.items()],
            "rows": dict(self.rows),
            "months": [
                {"month": month, **{group: self.months[month, group] for group in self.rows}} for month in months
            ],
            "left_out": dict(self.left_out),
            "breaks": [{"day": str(day), "says": says} for day, says in self.breaks.items()],
            "notes": self.notes,
        }


def series(
    paths: Sequence[Path],
    rules: Mapping,
    by: str,
    period: Period,
    latest: date,
    *,
    area: str = "",
    order: str = "",
    progress: Tell = lambda _: None,
) -> Series:
    """Count rows by the groups of a series; UserError where the mapping has no such series or nothing can be read.

    Rows that their keepers mark as repeats are left out. `area` is a facility or area of that name, or a state.
    """
    grouping = _grouping(rules, by)
    with Tables(Plan(rules, (grouping.column,), (), False, period, order, latest)) as tables:
        tables.open(paths, progress)
        tables.lay(["facility", "state"], progress)
        found = Series(rules.id, rules.title, by, period, area, files=tables.digests())
        found.groups, found.all_breaks = tuple(grouping.groups), dict(sorted(grouping.breaks.items()))
        asked = "SELECT month, facility, state, v0, repeats, wanted, sum(n)::BIGINT FROM cells GROUP BY ALL"
        for month, facility, state, cell, repeats, wanted, n in tables.db.execute(asked).fetchall():
            places = {folded(place) for place in (facility, state) if place}
            why = _why_not(month, wanted=wanted, repeats=repeats, elsewhere=bool(area) and folded(area) not in places)
            if why:
                found.left_out[why] += n
                continue
            clean = rules.clean(cell)
            group = NOT_SAID if clean is None else grouping.group_of.get(folded(clean), f"not listed: {clean}")
            for one in (TOTAL, group):
                found.rows[one] += n
                found.months[f"{month // 12}-{month % 12 + 1:02}", one] += n
        known = (TOTAL, *grouping.groups, NOT_SAID)
        found.rows = Counter({group: found.rows[group] for group in (*known, *sorted(found.rows)) if found.rows[group]})
        found.left_out.update(tables.reading.left_out)
        tables.note_unlisted()
        found.left, found.notes = tables.reading.left, tables.reading.notes
    found.breaks = {day: says for day, says in grouping.breaks.items() if _inside(day, found)}
    return found


def _grouping(rules: Mapping, by: str) -> Grouping:
    if by not in rules.series:
        known = ", ".join(rules.series) or "none"
        raise UserError(f"the mapping {rules.id} has no series by {by}", where="--by", fix=f"It has: {known}.")
    return rules.series[by]


def _why_not(month: int | None, *, wanted: bool, repeats: bool, elsewhere: bool) -> str:
    """Why rows are not counted; nothing if they are."""
    if month is None:
        return "day not readable"
    if not wanted:
        return "outside the period"
    if elsewhere:
        return "another area"
    return "marked as a repeat" if repeats else ""


def _inside(day: date, found: Series) -> bool:
    """Whether a break lies within the months counted."""
    months = [month for month, _ in found.months]
    return bool(months) and min(months) < f"{day:%Y-%m}" <= max(months)


def compared(before: Series, after: Series) -> Iterator[tuple[str, int, int, float | None]]:
    """Each group in two periods: its rows in either, and the change as a share; None where there were none before."""
    for group in dict.fromkeys([*after.rows, *before.rows]):
        then, now = before.rows[group], after.rows[group]
        yield group, then, now, now / then - 1 if then else None


def as_text(found: Series, before: Series | None) -> Iterator[str]:
    """A series, or two periods of it side by side, in lines for people."""
    groups = list(found.rows)
    yield f"by {found.by}{', ' + found.area if found.area else ''}"
    if found.left_out:
        yield "Left out: " + ", ".join(f"{n:,} {why}" for why, n in found.left_out.most_common())
    if before is None:
        lines = [["month", *groups]]
        months = sorted({month for month, _ in found.months})
        lines += [[month, *(f"{found.months[month, group]:,}" for group in groups)] for month in months]
        lines.append(["sum", *(f"{found.rows[group]:,}" for group in groups)])
    else:
        lines = [["", span(before), span(found), "change"]]
        for group, then, now, change in compared(before, found):
            lines.append([group, f"{then:,}", f"{now:,}", "none before" if change is None else f"{change:+.1%}"])
    widths = [max(len(line[number]) for line in lines) for number in range(len(lines[0]))]
    for line in lines:
        yield "  ".join([line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))])
    for day, says in found.breaks.items():
        yield f"Break on {day}: {says}"


def span(found: Series) -> str:
    """The period of a series, in words."""
    return f"{found.period.first or '…'} to {found.period.last or '…'}"
