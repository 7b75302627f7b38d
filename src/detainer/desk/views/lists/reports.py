"""Reports at the desk: what is owed, a report before it goes out, its approval and publication by two people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from detainer import clock
from detainer.desk.duties import heavy
from detainer.desk.duties.accounts import names_of
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.pages import require, show, staff, zone_of
from detainer.desk.wording.clockwords import long_day, moment
from detainer.desk.wording.mistakes import told
from detainer.desk.wording.words import count as count_of
from detainer.desk.wording.words import say, tr
from detainer.errors import UserError
from detainer.law.markup import Markup, tag
from detainer.record.agencies import book
from detainer.record.models import Request
from detainer.report import brief, count, definitions, dues, page, publication, render
from detainer.report.definitions import Definition
from detainer.report.figures import Figure, Report

FILES: dict[str, tuple[str, Callable[[Report], bytes]]] = {
    "pdf": ("application/pdf", lambda report: report.as_pdf()),
    "csv": ("text/csv; charset=utf-8", lambda report: report.as_csv().encode()),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda report: report.as_xlsx(),
    ),
}


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """The reports that this person's agencies owe, the latest first."""
    agencies = require(duties, Action.SEE_LIST)
    today = clock.now().astimezone(zone_of(agencies[0])).date()
    mine = [report for report in definitions.load(book().root).values() if set(report.agencies) & set(agencies)]
    rows = [
        {
            "title": one.report.title,
            "period": say("{first} to {last}", first=long_day(one.start), last=long_day(one.end)),
            "cite": one.report.cite,
            "due": _due(one, today),
            "address": (*one.report.id.split("/"), one.start.isoformat(), one.end.isoformat()),
            "published": _published(one.report.id, one.start, one.end),
        }
        for one in dues.owed(mine, today)
    ]
    return show(request, "reports.html", {"page": "reports", "rows": rows})


def _due(one: dues.Owed, today: date) -> str:
    if one.due is None:
        return tr("no day is known")
    days = (one.due - today).days
    near = {0: "today", 1: "tomorrow"}
    away = tr(near[days]) if days in near else remaining_days(days)
    return f"{long_day(one.due)} ({away})"


def remaining_days(days: int) -> str:
    """How far off a day is."""
    return count_of("in {n} day", "in {n} days", days) if days > 0 else count_of("{n} day ago", "{n} days ago", -days)


def _published(name: str, start: date, end: date) -> bool:
    return any(step.kind == publication.PUBLISHED for step in publication.steps(name, start, end))


@staff
def one(request: HttpRequest, duties: Duties, agency: str, name: str, first: str, last: str) -> HttpResponse:
    """A report before it goes out: figures, differences from the period before, approvals; or one of its files."""
    report, start, end = _asked(duties, agency, name, first, last)
    with heavy.work(duties.author, duties.everywhere):
        return _shown(request, duties, report, start, end)


def _shown(request: HttpRequest, duties: Duties, report: Definition, start: date, end: date) -> HttpResponse:
    try:
        counted = count.run(report.id, start, end)
    except UserError as error:
        problem = told(error, zone_of(report.agencies[0]), where=False)
        context: dict[str, Any] = {"page": "reports", "title": report.title, "problem": problem}
        return show(request, "report.html", context, status=400 if end < start else 200)
    kind = request.GET.get("as", "")
    if kind in FILES:
        media, make = FILES[kind]
        figures = publication.as_public(counted, draft=True) if "public" in request.GET else counted
        return HttpResponse(make(figures), content_type=media)
    item = request.GET.get("behind", "")
    behind = _behind(request, duties, report, start, end) if item else []
    digest = publication.figures_digest(counted)
    done = publication.steps(report.id, start, end)
    names = names_of(step.author for step in done)
    context = {
        "page": "reports",
        "title": f"{report.title}: " + say("{first} to {last}", first=long_day(start), last=long_day(end)),
        "body": page.fragment(counted, 2, lambda figure: _opens(figure, item)),
        "files": list(FILES),
        "differences": _differences(counted),
        "item": item,
        "behind": behind[: count.PAGE],
        "after": f"{behind[-2].received_at.isoformat()} {behind[-2].id}" if len(behind) > count.PAGE else "",
        "later": "after" in request.GET,
        "steps": [
            {
                "words": tr("approved" if step.kind == publication.APPROVED else "published"),
                "who": names[step.author],
                "at": moment(step.at, zone_of(report.agencies[0]), now=clock.now()),
                "same": step.digest == digest,
            }
            for step in done
        ],
        "may_approve": _may_approve(duties, report),
    }
    return show(request, "report.html", context)


@require_POST
@staff
def settle(request: HttpRequest, duties: Duties, agency: str, name: str, first: str, last: str) -> HttpResponse:
    """Approve or publish a report."""
    report, start, end = _asked(duties, agency, name, first, last)
    if not _may_approve(duties, report):
        raise PermissionDenied(
            say("Your duties at this agency do not include this: {action}.", action=tr(Action.APPROVE.value))
        )
    steps = {"approve": publication.approve, "publish": publication.publish}
    step = steps.get(request.POST.get("step", ""))
    if step is None:
        raise Http404
    try:
        with heavy.work(duties.author, duties.everywhere):
            step(count.run(report.id, start, end), duties.author)
    except UserError as error:
        messages.error(request, told(error, zone_of(report.agencies[0]), where=False))
    return redirect("report", agency=agency, name=name, first=first, last=last)


def _asked(duties: Duties, agency: str, name: str, first: str, last: str) -> tuple[Definition, date, date]:
    """The report and period of an address; Http404 where there is none, or it is of other people's agencies."""
    mine = require(duties, Action.SEE_LIST)
    try:
        report = count.known(f"{agency}/{name}")
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except (UserError, ValueError):
        raise Http404 from None
    if not set(report.agencies) & set(mine):
        raise Http404
    return report, start, end


def _may_approve(duties: Duties, report: Definition) -> bool:
    return set(report.agencies) <= set(duties.agencies(Action.APPROVE))


def _behind(request: HttpRequest, duties: Duties, report: Definition, start: date, end: date) -> list[Request]:
    """The requests behind a figure that this person may see: one page of them, and one more where there are more."""
    moment_of, _, one = request.GET.get("after", "").partition(" ")
    try:
        after = (datetime.fromisoformat(moment_of), one) if moment_of else None
        if after is not None and after[0].tzinfo is None:
            raise Http404
        whose = duties.agencies(Action.SEE_PERSON)
        item, only = request.GET["behind"], _may_see(duties)
        return count.behind(report.id, item, start, end, whose=whose, only=only, after=after, limit=count.PAGE + 1)
    except (UserError, ValueError):
        raise Http404 from None


def _may_see(duties: Duties) -> Q:
    """Of the requests behind a figure, those that this person may see; a sealed one counts and is not listed."""
    return Q(agency__in=duties.agencies(Action.SEE_SEALED)) | Q(sealed_at__isnull=True)


def _opens(figure: Figure, item: str) -> Markup:
    """A figure's number, linked to the requests behind it where there are any."""
    words = render.number(figure)
    if not figure.value:
        return tag("span", words)
    return tag(
        "a", words, href=f"?behind={figure.item.id}#behind", aria_current="true" if figure.item.id == item else ""
    )


def _differences(counted: Report) -> list[str]:
    """What differs from the period before, in sentences; empty where that one cannot be counted."""
    all_of_it = dues.periods(counted.definition, date(counted.start.year - 2, 1, 1), counted.end)
    before = [one for one in all_of_it if one.end < counted.start]
    if not before:
        return []
    try:
        other = count.run(counted.definition.id, before[-1].start, before[-1].end)
    except UserError as error:
        return [told(error, zone_of(counted.definition.agencies[0]), where=False)]
    return [comparison.sentence() for comparison in brief.compare(counted, other).comparisons]
