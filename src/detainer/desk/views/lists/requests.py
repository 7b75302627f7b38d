"""The list: what must be worked on, most urgent first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from detainer import clock
from detainer.desk.duties import looks, quota
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.lists.urgency import GROUPS, Group, all_counts, all_settled, counts, members
from detainer.desk.pages import agency_name, entry_of, require, show, staff, zone_of
from detainer.desk.request import approvals
from detainer.desk.wording import people
from detainer.desk.wording.clockwords import distance, moment, remaining
from detainer.desk.wording.outcome import says
from detainer.desk.wording.words import say, tr
from detainer.record.models import Request

_PAGE = 50


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    id: str
    number: str
    name: str
    agency: str
    clock: str
    left: str
    says: str
    go: str


@dataclass(frozen=True)
class Filters:
    """What the list was narrowed to; shown on the page, never hidden."""

    words: str = ""
    agency: str = ""
    group: str = ""

    def query(self, **changed: Any) -> str:
        """The address of this list with something changed, without the words searched for."""
        asked = {"agency": self.agency, "group": self.group} | changed
        return "?" + urlencode({name: value for name, value in asked.items() if value})


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """The groups of the list, or one group page by page."""
    agencies = require(duties, Action.SEE_LIST)
    now = clock.now()
    filters = _filters(request, agencies)
    chosen = [filters.agency] if filters.agency else list(agencies)
    found = Request.objects.filter(agency__in=chosen, sealed_at=None)
    if filters.words:
        quota.take(duties.author, "searches")
        found = found.filter(id__in=people.search(filters.words, chosen))
    waiting = approvals.requests_that_wait(chosen)
    total = (all_counts if filters.words else counts)(found, waiting=waiting, now=now)
    if not filters.words:
        total["settled"] = all_settled(chosen, now, live=sum(total.values()))
    groups = [
        _group(group, total[group.name], members(found, group.name, waiting=waiting, now=now), request, filters)
        for group in GROUPS
        if filters.group in ("", group.name)
    ]
    shown = [row.id for group in groups for row in group["rows"]]
    names = people.persons(shown)
    for group in groups:
        group["rows"] = [_row(row, names.get(row.id), group["group"], now) for row in group["rows"]]
    first = not filters.words and not filters.group  # what is most urgent is on it
    looks.named(request, shown, chosen, "search" if filters.words else "list", duties.author, must=first)
    return show(
        request,
        "requests.html",
        {
            "page": "requests",
            "groups": groups,
            "filters": filters,
            "names": [(group.name, group.title) for group in GROUPS],
            "agencies": [(agency, agency_name(agency)) for agency in agencies],
            "found": sum(group["total"] for group in groups),
        },
    )


def _filters(request: HttpRequest, agencies: tuple[str, ...]) -> Filters:
    """The filters as asked for; a value that is not offered is left out.

    What is searched for can be a name, so it comes in a form's body and never stands in an address.
    """
    asked = request.POST if request.method == "POST" else request.GET
    agency, group = asked.get("agency", ""), asked.get("group", "")
    return Filters(
        " ".join(request.POST.get("q", "").split())[:100],
        agency if agency in agencies else "",
        group if group in {one.name for one in GROUPS} else "",
    )


def _group(
    group: Group, total: int, found: QuerySet[Request], request: HttpRequest, filters: Filters
) -> dict[str, Any]:
    if filters.group:
        asked = request.POST if request.method == "POST" else request.GET
        pages = Paginator(found, _PAGE)
        pages.count = total
        page = pages.get_page(asked.get("page"))
        rows = _beside(found, asked) if group.name == "settled" else None
        rows = list(page.object_list) if rows is None else rows
        edge = (
            {"after": rows[0].settled_seq, "before": rows[-1].settled_seq} if group.name == "settled" and rows else {}
        )
        turns = (
            (page.number - 1, "Before", "after", page.has_previous()),
            (page.number + 1, "Next", "before", page.has_next()),
        )
        turn = {
            "number": page.number,
            "of": page.paginator.num_pages,
            "ways": [
                (number, words, filters.query(page=number, **({side: edge[side]} if edge else {})))
                for number, words, side, there in turns
                if there
            ],
        }
    else:
        rows, turn = list(found[: group.first]) if total else [], None
    return {
        "group": group,
        "total": total,
        "rows": rows,
        "turn": turn,
        "more": filters.query(group=group.name) if total > len(rows) and not turn else "",
    }


def _beside(settled: QuerySet[Request], asked: Mapping[str, str]) -> list[Request] | None:
    """The page of settled requests next to where the one before ended, found without counting up to it; None elsewhere.

    A settled request stands by the step that settled it.
    """
    for side, order in (("before", "-settled_seq"), ("after", "settled_seq")):
        edge = entry_of(asked.get(side, ""))
        if edge is not None:
            way = {"settled_seq__lt" if side == "before" else "settled_seq__gt": edge}
            rows = list(settled.filter(**way).order_by(order)[:_PAGE])
            return rows if side == "before" else rows[::-1]
    return None


def _row(found: Request, person: Mapping[str, Any] | None, group: Group, now: datetime) -> Row:
    when, left = _clock(found, group, now)
    go = {"overdue": "Release now", "settled": "Look"}.get(group.name, "Open")
    return Row(found.id, found.number, people.shown(person), agency_name(found.agency), when, left, says(found), go)


def _clock(found: Request, group: Group, now: datetime) -> tuple[str, str]:
    """The clock of a row in words, and how much is left of it."""
    zone = zone_of(found.agency)
    if group.name == "settled":
        return say("received {when}", when=moment(found.received_at, zone, now=now)), ""
    deadline: datetime | None = found.deadline
    if deadline is None and found.held_at:
        return say("hold runs since {when}", when=moment(found.held_at, zone, now=now)), distance(now - found.held_at)
    if deadline is None:
        when = moment(found.received_at, zone, now=now)
        return tr("release time not known"), say("received {when}", when=when)
    past = deadline <= now
    held, free = ("hold ended {when}", "releasable since {when}") if past else ("hold ends {when}", "releasable {when}")
    verb = held if found.held_at else free
    return say(verb, when=moment(deadline, zone, now=now)), remaining(deadline, now=now)
