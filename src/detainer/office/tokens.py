"""Tokens of the interface: the administrator's page. It shows a token's text once, and no case."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from detainer import clock
from detainer.api import tokens
from detainer.api.actions import SAYS
from detainer.api.models import Token
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.pages import NotYours, agency_name, require, show, staff
from detainer.desk.wording.clockwords import moment
from detainer.errors import UserError
from detainer.house import house

_YEAR = 365


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """The tokens of one's agencies, and a form for another one; each deed on one is an event."""
    agencies = require(duties, Action.MANAGE_ACCOUNTS)
    context: dict[str, object] = {"page": "tokens", "typed": request.POST, "days": request.POST.get("days") or _YEAR}
    status = 200
    if request.method == "POST":
        try:
            made = _deed(request, duties, agencies)
        except UserError as error:
            context["wrong"], status = error.line(), 422
        else:
            if made is None:
                messages.success(request, _("Revoked. It is on record."))
                return redirect("tokens")
            context |= {"made": made[0], "text": made[1], "typed": {}, "days": _YEAR}
    context |= {
        "rows": _rows(agencies),
        "actions": [(str(action), says) for action, says in SAYS.items()],
        "chosen": request.POST.getlist("action") if status == 422 else [],
        "agencies": [(one, agency_name(one)) for one in agencies],
    }
    return show(request, "tokens.html", context, status)


def _deed(request: HttpRequest, duties: Duties, agencies: tuple[str, ...]) -> tuple[Token, str] | None:
    """What the form asks for: a token with its text, or None where one was revoked."""
    what, said = request.POST.get("what", ""), request.POST
    if what == "new":
        agency, name = said.get("agency", ""), said.get("name", "").strip()
        if agency not in agencies:
            raise UserError(_("Say at which agency"))
        lasts = _days(said.get("days", ""))
        return tokens.new(name, agency, said.getlist("action"), lasts=lasts, by=duties.author)
    found = _find(said.get("token", ""), agencies)
    if what == "rotate":
        return tokens.rotate(found.id, lasts=timedelta(days=_YEAR), by=duties.author)
    if what == "revoke":
        tokens.revoke(found.id, by=duties.author)
        return None
    raise UserError(_("There is no such step"))


def _find(token_id: str, agencies: tuple[str, ...]) -> Token:
    """A token of one's own agencies; any other is answered like one that is not there."""
    found = Token.objects.filter(id=token_id).first() if token_id.isprintable() else None
    if found is None:
        raise Http404
    if found.agency not in agencies:
        raise NotYours
    return found


def _days(said: str) -> timedelta:
    if not (said.isascii() and said.isdigit() and len(said) < 5):
        raise UserError(_("Say for how many days, as a number"))
    return timedelta(days=int(said))


def _rows(agencies: tuple[str, ...]) -> list[dict[str, object]]:
    zone, now = ZoneInfo(house().time_zone), clock.now()
    return [
        {
            "id": one.id,
            "name": one.name,
            "agency": agency_name(one.agency),
            "actions": ", ".join(one.actions),
            "until": moment(one.expires_at, zone, now=now),
            "state": tokens.state(one, now),
        }
        for one in Token.objects.filter(agency__in=agencies).order_by("agency", "made_at", "id")
    ]
