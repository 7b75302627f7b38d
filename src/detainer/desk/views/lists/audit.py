"""The audit view: who looked at what, when; whole, and narrowed to one person or one request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from detainer import clock
from detainer.desk.duties.accounts import author, name_of, names_of
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.pages import entry_of, require, show, staff, zone_of
from detainer.desk.wording.clockwords import moment
from detainer.desk.wording.words import tr
from detainer.record.models import LOOKS, Event, Request

_OF_LISTS = ("listed", "paper_shown")  # events of the house that say themselves whose agency's they are
_PAGE = 50
_WHAT = {
    "request": "opened the request",
    "facts": "opened its facts",
    "proof": "took its proof with the personal data",
    "paper": "made a paper",
    "list": "was shown it in the list",
    "search": "found it by a search",
    "approvals": "was shown it among the approvals",
    "file": "exported its file",
    "export": "exported it in a list",
    "sealed": "was shown it among the sealed records",
    "duplicates": "was shown it among the duplicates",
    "counsel": "was shown it among the questions for counsel",
    "incoming": "was shown it beside a paper that came in",
    "draft": "opened a paper that came in",
    "original": "took the file of a paper that came in",
}


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """Every look at a record of this person's agencies, the last first."""
    agencies = require(duties, Action.SEE_LOOKS)
    asked = request.POST if request.method == "POST" else request.GET
    # PostgreSQL takes no NUL byte, and nobody has one.
    who, number = (asked.get(name, "").replace("\0", "") for name in ("who", "number"))
    number = number.strip()[:20]
    hidden = _hidden(duties, agencies)
    ids = list(Request.objects.filter(agency__in=agencies, number=number).exclude(hidden).values_list("id", flat=True))
    looks = _looks(agencies, who, ids if number else None)
    shown, turn = _turned(looks, asked)
    people = [
        (author(user), name_of(user))
        for user in get_user_model().objects.filter(memberships__agency__in=agencies).distinct().order_by("username")
    ]
    context = {"page": "audit", "rows": list(_rows(shown, agencies, hidden)), "turn": turn}
    return show(request, "audit.html", context | {"who": who, "number": number, "people": people})


def _turned(looks: QuerySet[Event], asked: Mapping[str, str]) -> tuple[list[Event], dict[str, int]]:
    """One page of looks, and by which entries to turn to the older and the newer ones; nobody counts them all."""
    before, after = (entry_of(asked.get(side, "")) for side in ("before", "after"))
    if after is not None:
        found = list(looks.filter(seq__gt=after).order_by("seq")[: _PAGE + 1])
        shown, more = found[:_PAGE][::-1], {"newer": len(found) > _PAGE, "older": True}
    else:
        found = list((looks.filter(seq__lt=before) if before is not None else looks)[: _PAGE + 1])
        shown, more = found[:_PAGE], {"newer": before is not None, "older": len(found) > _PAGE}
    edge = {"newer": shown[0].seq, "older": shown[-1].seq} if shown else {}
    return shown, {way: edge[way] for way, there in more.items() if there and edge}


def _hidden(duties: Duties, agencies: tuple[str, ...]) -> Q:
    """The requests of these agencies that this person must not see, as they are sealed."""
    return Q(sealed_at__isnull=False) & ~Q(agency__in=set(duties.agencies(Action.SEE_SEALED)) & set(agencies))


def _looks(agencies: tuple[str, ...], who: str, ids: list[str] | None) -> QuerySet[Event]:
    """The looks at these agencies' records, by one person or at these requests where asked for."""
    of_lists = Q()
    for agency in agencies:
        of_lists |= Q(public__contains=f'"{agency}"')
    found = Event.objects.filter(kind__in=LOOKS).filter(Q(agency__in=agencies) | Q(kind__in=_OF_LISTS) & of_lists)
    if who:
        found = found.filter(author=who)
    if ids is not None:
        named = Q(request_id__in=ids)
        for one in ids:
            named |= Q(kind="listed", public__contains=f'"{one}"')
        first = Event.objects.filter(request_id__in=ids).aggregate(first=Min("seq"))["first"] or 0
        found = found.filter(named, seq__gte=first)  # nobody can have looked before it came
    return found.order_by("-seq")


def _rows(events: Any, agencies: tuple[str, ...], hidden: Q) -> Iterator[dict[str, Any]]:
    """Each look in words; of a list that went over several agencies, only the requests of one's own."""
    events = list(events)
    said = {event.seq: event.published() for event in events}
    seen = {event.seq: [event.request_id, *said[event.seq].get("requests", ())] for event in events}
    wanted = {one for ids in seen.values() for one in ids if one}
    there = Request.objects.filter(id__in=wanted, agency__in=agencies)
    numbers = dict(there.exclude(hidden).values_list("id", "number"))
    sealed = set(there.filter(hidden).values_list("id", flat=True))
    names, now = names_of(event.author for event in events), clock.now()
    for event in events:
        what = "paper" if event.kind == "replied" else said[event.seq].get("what", "")
        yield {
            "when": moment(event.entered_at, zone_of(event.agency or agencies[0]), now=now),
            "iso": event.entered_at.isoformat(),
            "who": names.get(event.author, event.author),
            "what": tr(_WHAT.get(what, "looked")),
            "requests": [(one, numbers[one]) for one in seen[event.seq] if one in numbers],
            "sealed": sum(one in sealed for one in seen[event.seq]),
            "leaf": event.seq,
        }
