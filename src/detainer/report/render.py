"""A report as text for a person and as CSV; no number appears without what it counts."""

from __future__ import annotations

import csv
import io
import textwrap
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from detainer.report import splits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from detainer.report.figures import Figure, Report
    from detainer.report.splits import Part

WIDTH = 100
CSV_COLUMNS = (
    "report", "agency", "from", "to", "item", "id", "label", "part", "value", "not_recorded", "definition", "basis",
    "cite", "as_of", "tree_size", "tree_root",
)  # fmt: skip


def text(report: Report) -> str:
    """The report, each number first, then what it counts and rests on."""
    asked = [figure for figure in report.items if figure.item.number is not None]
    beside = [figure for figure in report.items if figure.item.number is None]
    lines = [*_head(report)]
    for figure in asked:
        lines += ["", *_figure(f"{figure.item.number}.", figure)]
    if beside:
        lines += ["", "Beside what the law asks for:"]
    for figure in beside:
        lines += ["", *_figure("- ", figure)]
    lines += ["", *_months(report)]
    for note in report.notes:
        lines += ["", *_wrapped(note, "")]
    return "\n".join(lines)


def _head(report: Report) -> list[str]:
    return [
        f"{report.definition.title}: {day(report.start)} to {day(report.end)}",
        f"{report.definition.cite}, {report.version.source}",
        *_wrapped(period(report), ""),
        f"As of {as_of(report)}; checkpoint of {report.basis.size:,} events,",
        f"root {report.basis.root}",
    ]


def as_of(report: Report) -> str:
    """The moment of counting, by the agency's clock."""
    when = report.basis.as_of.astimezone(ZoneInfo(report.agency.timezone))
    return f"{when:%a} {day(when.date())}, {when:%H:%M}"


def _figure(mark: str, figure: Figure) -> list[str]:
    return [
        f"{mark} {figure.item.label}: {number(figure)}",
        *_wrapped(figure.item.says, "   "),
        *_wrapped(figure.basis, "   "),
        *(f"     {', '.join(words)}: {part.said}" for words, part in parts(figure)),
    ]


def parts(figure: Figure) -> list[tuple[list[str], Part]]:
    """The parts of a figure with the words that say what each is about."""
    split = figure.item.split
    return [
        ([splits.say(name, word) for name, word in zip(split, part.of, strict=True)], part) for part in figure.parts
    ]


def _months(report: Report) -> list[str]:
    """Every counted item month by month."""
    counted = [figure.item for figure in report.items if figure.item.id in report.months]
    if not counted:
        return []
    lines = ["Month    " + "  ".join(f"{item.noun:>13}" for item in counted)]
    lines += [
        f"{month}  " + "  ".join(f"{report.months[item.id][month]:>13,}" for item in counted)
        for month in report.months[counted[0].id]
    ]
    return lines


def csv_text(report: Report) -> str:
    """One line a figure, then one for each of its parts; an unknown number is an empty cell, never a zero."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows(rows(report))
    return out.getvalue()


def rows(report: Report) -> Iterator[list[str | int]]:
    """The report as a table of CSV_COLUMNS, for every format that has rows."""
    for figure in report.items:
        unknown = "" if figure.value is None else figure.value
        yield _row(report, figure, "", unknown, figure.not_recorded)
        for words, part in parts(figure):
            yield _row(report, figure, "; ".join(words), part.said if part.value is None else part.value, 0)


def _row(report: Report, figure: Figure, part: str, value: str | int, not_recorded: int) -> list[str | int]:
    item, basis = figure.item, report.basis
    return [
        report.definition.id,
        report.agency.id,
        report.start.isoformat(),
        report.end.isoformat(),
        item.number or "",
        item.id,
        item.label,
        part,
        value,
        not_recorded,
        item.says,
        figure.basis,
        item.cite,
        basis.as_of.isoformat(timespec="seconds"),
        basis.size,
        basis.root,
    ]


def number(figure: Figure) -> str:
    """The number as it is said, with what is not known of it."""
    if figure.item.not_counted:
        return "not counted"
    if figure.value is None and not figure.not_recorded:
        return "not recorded"
    if figure.value is None:
        return f"not recorded for {figure.not_recorded:,} {requests(figure.not_recorded)}"
    if figure.not_recorded:
        missing = f"not recorded for {figure.not_recorded:,} {requests(figure.not_recorded)}"
        return f"{figure.value:,} recorded; {missing}"
    return f"{figure.value:,}"


def requests(count: int) -> str:
    """The word, in the number it takes."""
    return "request" if count == 1 else "requests"


def day(when: date) -> str:
    """A day as people write it."""
    return f"{when.day} {when:%B %Y}"


def period(report: Report) -> str:
    """Whether the law names the period, and when and for whom the report is due."""
    law = report.version.period
    if not report.named:
        ends = " or ".join(f"{end.day} {end:%B}" for end in law.ends_in(report.end.year))
        return f"A period of your choosing; the law's own is {law.months} months{ends and f' ending {ends}'}."
    due = f"due {day(report.due)}" if report.due else "due, on no day that is known,"
    months = law.months if law.first_starts != report.start else "first"
    return f"The {months} months to {day(report.end)}, as the law names them; {due} to {report.definition.to}."


def _wrapped(words: str, indent: str) -> list[str]:
    return textwrap.wrap(words, WIDTH, initial_indent=indent, subsequent_indent=indent)
