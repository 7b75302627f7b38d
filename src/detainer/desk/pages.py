"""What every page shows, who may open it, and the one way in which a page comes about."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from detainer.desk.duties.accounts import duties_of, name_of
from detainer.desk.duties.permissions import Action, Duties, Standing, may, refusal
from detainer.desk.request import approvals
from detainer.desk.signing_in import proposals
from detainer.desk.wording.words import say, tr
from detainer.house import house
from detainer.intake import queue
from detainer.record import journal
from detainer.record.agencies import book
from detainer.record.models import Request

_DIGITS = 19  # fewer fit any place of the record


class NotYours(Http404):
    """A request of another agency, or a sealed one: answered like one that is not there, and an event."""

    elsewhere = True


View = Callable[..., HttpResponse]


def zone_of(agency: str) -> ZoneInfo:
    """The local time of an agency; the house's own where no law file names the agency."""
    found = book().agencies.get(agency)
    return ZoneInfo(found.timezone if found else house().time_zone)


def house_zone() -> ZoneInfo:
    """The local time of pages that are no agency's."""
    return ZoneInfo(house().time_zone)


def agency_name(agency: str) -> str:
    """What an agency is called on a page."""
    found = book().agencies.get(agency)
    return found.short if found else agency


def staff(view: View) -> View:
    """A page for people who are signed in; the view gets their duties as its second argument."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, duties_of(request.user), *args, **kwargs)

    return cast("View", guarded)


def find(duties: Duties, request_id: str, action: Action) -> Request:
    """A request that this person may do something about.

    Raises Http404 for a request of another agency, or a sealed one that this person may not see, exactly as for one
    that is not there; and PermissionDenied where it is the person's own agency but not their duty.
    """
    # No id has a NUL byte, and PostgreSQL takes none.
    found = None if "\0" in request_id else Request.objects.filter(id=request_id).first()
    if found is None:
        raise Http404
    if not duties.at(found.agency):
        raise NotYours
    if found.sealed_at and not may(duties, Action.SEE_SEALED, standing(found)):
        raise NotYours
    why_not = refusal(duties, action, standing(found))
    if why_not:
        raise PermissionDenied(why_not)
    return found


def standing(found: Request) -> Standing:
    """What permissions need to know of a request."""
    entered = approvals.entered_by(found.id)
    return Standing(
        found.agency,
        is_open=found.state == "open",
        is_sealed=found.sealed_at is not None,
        entered_by=entered,
        programs_of=approvals.keepers(entered),
    )


def require(duties: Duties, action: Action) -> tuple[str, ...]:
    """The agencies for which a person may do this; PermissionDenied where there is none."""
    agencies = duties.agencies(action)
    if not agencies:
        raise PermissionDenied(say("Your duties do not include this: {action}.", action=tr(action.value)))
    return agencies


def require_at(duties: Duties, action: Action, agency: str) -> None:
    """PermissionDenied where a person may not do this at an agency of theirs."""
    if agency not in duties.agencies(action):
        raise PermissionDenied(
            say("Your duties at this agency do not include this: {action}.", action=tr(action.value))
        )


def common(request: HttpRequest) -> dict[str, Any]:
    """What stands on every page: the demonstration's banner, the person, the pages they may open."""
    is_demo = journal.is_demo()
    shown: dict[str, Any] = {"is_demo": is_demo, "no_second_factor": is_demo and not house().production}
    if not request.user.is_authenticated:
        return shown
    duties = duties_of(request.user)
    approving = duties.agencies(Action.APPROVE)
    return shown | {
        "shown_name": name_of(request.user),
        "sees_list": bool(duties.agencies(Action.SEE_LIST)),
        "can_enter": bool(duties.agencies(Action.ENTER)),
        "sees_approvals": bool(approving),
        "incoming": queue.count(duties.agencies(Action.ENTER)),
        "sees_looks": bool(duties.agencies(Action.SEE_LOOKS)),
        "sees_sealed": bool(duties.agencies(Action.SEE_SEALED)),
        "links_requests": bool(duties.agencies(Action.LINK)),
        "exports": bool(duties.agencies(Action.EXPORT)),
        "sees_system": bool(duties.agencies(Action.SEE_SYSTEM)),
        "sees_counsel": bool(duties.agencies(Action.ADVISE)),
        "manages_accounts": bool(duties.agencies(Action.MANAGE_ACCOUNTS)),
        "agrees": bool(duties.agencies(Action.AGREE)),
        "proposed": proposals.waiting(duties.agencies(Action.AGREE)).count(),
        "sees_tokens": bool(duties.agencies(Action.SEE_TOKENS)),
        "waiting": approvals.how_many_wait(approving),
    }


def signing_in(request: HttpRequest) -> dict[str, Any]:
    """What stands on the pages about signing in, which allauth draws: the banner and the person, no case's number."""
    name = (request.resolver_match and request.resolver_match.url_name) or ""
    if not name.startswith(("mfa_", "account_reauthenticate")):
        return {}
    is_demo = journal.is_demo()
    shown: dict[str, Any] = {"is_demo": is_demo, "no_second_factor": is_demo and not house().production}
    if request.user.is_authenticated:
        shown["shown_name"] = name_of(request.user)
    return shown


def entry_of(typed: str) -> int | None:
    """The place of an entry in the record, as an address names it; None where it names none."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < _DIGITS else None


def show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page with what every page shows. Never kept by a browser: the next person at the desk is another one."""
    answer = render(request, f"desk/{template}", common(request) | context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
