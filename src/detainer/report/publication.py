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

if TYPE_CHECKING:
    from datetime import date, datetime

    from detainer.report.figures import Report

APPROVED, PUBLISHED = "report_approved", "report_published"


@dataclass(frozen=True)
class Step:
    """That a person approved or published these figures."""

    kind: str
    author: str
    at: datetime
    size: int
    digest: str


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
            found.append(Step(event.kind, event.author, event.happened_at, said["size"], said["digest"]))
    return found


def figures_digest(report: Report) -> str:
    """A digest of the figures themselves; the moment of counting and the checkpoint are not in it."""
    figures = [[one.item.id, one.value, one.not_recorded] for one in report.items]
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
    with journal.batch() as writing:
        writing.add(None, kind, now(), author, public=canonical.plain(public))
