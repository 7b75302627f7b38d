"""A report as text for a person and as CSV; no number appears without what it counts."""

from __future__ import annotations

import csv
import io
import textwrap
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date

    from detainer.report.figures import Figure, Report

WIDTH = 100
CSV_COLUMNS = (
    "report", "agency", "from", "to", "item", "id", "label", "value", "not_recorded", "definition", "basis", "cite",
    "as_of", "tree_size", "tree_root",
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
    as_of = report.basis.as_of.astimezone(ZoneInfo(report.agency.timezone))
    return [
        f"{report.definition.title}: {day(report.start)} to {day(report.end)}",
        f"{report.definition.cite}, {report.version.source}",
        *_wrapped(_period(report), ""),
        f"As of {as_of:%a} {day(as_of.date())}, {as_of:%H:%M}; checkpoint of {report.basis.size:,} events,",
        f"root {report.basis.root}",
    ]


def _figure(mark: str, figure: Figure) -> list[str]:
    return [
        f"{mark} {figure.item.label}: {number(figure)}",
        *_wrapped(figure.item.says, "   "),
        *_wrapped(figure.basis, "   "),
    ]


def _months(report: Report) -> list[str]:
    """Every counted item month by month."""
    counted = [figure.item for figure in report.items if figure.item.id in report.months]
    lines = ["Month    " + "  ".join(f"{item.noun:>13}" for item in counted)]
    lines += [
        f"{month}  " + "  ".join(f"{report.months[item.id][month]:>13,}" for item in counted)
        for month in report.months[counted[0].id]
    ]
    return lines


def csv_text(report: Report) -> str:
    """One line an item; an unknown number is an empty cell, never a zero."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for figure in report.items:
        writer.writerow(
            [
                report.definition.id,
                report.agency.id,
                report.start.isoformat(),
                report.end.isoformat(),
                figure.item.number or "",
                figure.item.id,
                figure.item.label,
                "" if figure.value is None else figure.value,
                figure.not_recorded,
                figure.item.says,
                figure.basis,
                figure.item.cite,
                report.basis.as_of.isoformat(timespec="seconds"),
                report.basis.size,
                report.basis.root,
            ]
        )
    return out.getvalue()


def number(figure: Figure) -> str:
    """The number as it is said, with what is not known of it."""
    if figure.item.not_counted:
        return "not counted"
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


def _period(report: Report) -> str:
    period = report.version.period
    if not report.named:
        ends = " or ".join(f"{end.day} {end:%B}" for end in period.ends_in(report.end.year))
        return f"A period of your choosing; the law's own is {period.months} months{ends and f' ending {ends}'}."
    due = f"due {day(report.due)}" if report.due else "due, on no day that is known,"
    return f"The {period.months} months to {day(report.end)}, as the law names them; {due} to {report.definition.to}."


def _wrapped(words: str, indent: str) -> list[str]:
    return textwrap.wrap(words, WIDTH, initial_indent=indent, subsequent_indent=indent)
