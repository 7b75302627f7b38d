"""Approving and publishing a report, as events of the record: two people, one set of figures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from detainer.clock import now
from detainer.errors import UserError
from detainer.record import canonical, journal
from detainer.record.models import Event
from detainer.report import suppress

if TYPE_CHECKING:
    from datetime import date, datetime

    from detainer.report.figures import Figure, Report

APPROVED, PUBLISHED = "report_approved", "report_published"


@dataclass(frozen=True)
class Step:
    """That a person approved or published these figures."""

    kind: str
    author: str
    at: datetime
    size: int
    digest: str
    tables: str = ""


def approve(report: Report, author: str) -> None:
    """Record that a person approves the report as counted."""
    _record(APPROVED, report, author)


def publish(report: Report, author: str) -> None:
    """Record that the report is published; UserError unless another person approved these very figures."""
    digest = figures_digest(report)
    yes = [one for one in steps(report.definition.id, report.start, report.end) if one.kind == APPROVED]
    if not any(one.digest == digest and one.author != author for one in yes):
        raise UserError("another person must approve these figures first")
    _record(PUBLISHED, report, author)


def steps(name: str, start: date, end: date) -> list[Step]:
    """What was approved and published of a report over a period, the oldest first."""
    found = []
    for event in Event.objects.filter(kind__in=(APPROVED, PUBLISHED)).order_by("seq"):
        said = event.published()
        if (said["report"], said["from"], said["to"]) == (name, start.isoformat(), end.isoformat()):
            moment, tables = event.happened_at, said.get("tables", "")
            found.append(Step(event.kind, event.author, moment, said["size"], said["digest"], tables))
    return found


def as_public(report: Report, *, draft: bool = False) -> Report:
    """The report as it may be told to anyone; a `draft` is what may be published, where nothing was yet.

    Tables that tell people apart are told only as they were when the report was first published, so that no two of
    them can be compared.
    """
    done = (step for step in steps(report.definition.id, report.start, report.end) if step.kind == PUBLISHED)
    first = next(done, None)
    whole = draft if first is None else first.tables == tables_digest(report)
    return suppress.public(report, tables=whole)


def tables_digest(report: Report) -> str:
    """A digest of the tables that tell people apart, as they may be published; "" where the report has none.

    What is withheld is not in it: small numbers could be found by trying.
    """
    own = {figure.item.id for figure in report.items if suppress.tells_people_apart(figure)}
    found = [_parts(figure) for figure in suppress.public(report).items if figure.item.id in own]
    return sha256(json.dumps(found).encode()).hexdigest() if own else ""


def _parts(figure: Figure) -> list[object]:
    return [figure.item.id, figure.item.split, [[*part.of, part.value] for part in figure.parts]]


def figures_digest(report: Report) -> str:
    """A digest of the figures as they may be published; the moment of counting and the checkpoint are not in it."""
    figures = [[one.value, one.not_recorded, _parts(one)] for one in suppress.public(report).items]
    return sha256(json.dumps([report.definition.id, figures]).encode()).hexdigest()


def _record(kind: str, report: Report, author: str) -> None:
    if author.startswith("system:"):
        raise UserError("a report is approved and published by people")
    public: dict[str, Any] = {
        "report": report.definition.id,
        "from": report.start.isoformat(),
        "to": report.end.isoformat(),
        "size": report.basis.size,
        "root": report.basis.root,
        "digest": figures_digest(report),
    }
    if kind == PUBLISHED and (tables := tables_digest(report)):
        public["tables"] = tables
    with journal.batch() as writing:
        writing.add(None, kind, now(), author, public=canonical.plain(public))
