"""Tokens of the interface: supervisors make them, administrators see and revoke them. No case stands on the page.

A token can read cases, so that making one, or taking a new secret of one, is for those who see cases themselves.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from detainer import clock
from detainer.api import tokens
from detainer.api.actions import SAYS
from detainer.api.models import Token
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.pages import NotYours, agency_name, house_zone, require, require_at, show, staff
from detainer.desk.signing_in import again
from detainer.desk.wording.clockwords import moment
from detainer.desk.wording.mistakes import told
from detainer.desk.wording.words import tr
from detainer.errors import UserError

_YEAR = 365


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """The tokens of one's agencies, and a form for another one; each deed on one is an event."""
    agencies = require(duties, Action.SEE_TOKENS)
    context: dict[str, object] = {"page": "tokens", "typed": request.POST, "days": request.POST.get("days") or _YEAR}
    status = 200
    if request.method == "POST":
        try:
            made = _deed(request, duties)
        except UserError as error:
            context["wrong"], status = told(error, house_zone()), 422
        else:
            if made is None:
                messages.success(request, _("Revoked. It is on record."))
                return redirect("tokens")
            context |= {"made": made[0], "text": made[1], "typed": {}, "days": _YEAR}
    context |= {
        "rows": _rows(agencies, duties),
        "actions": [(str(action), tr(says)) for action, says in SAYS.items()],
        "chosen": request.POST.getlist("action") if status == 422 else [],
        "agencies": [(one, agency_name(one)) for one in duties.agencies(Action.MAKE_TOKENS)],
    }
    return show(request, "tokens.html", context, status)


def _deed(request: HttpRequest, duties: Duties) -> tuple[Token, str] | None:
    """What the form asks for: a token with its text, or None where one was revoked."""
    what, said = request.POST.get("what", ""), request.POST
    if what == "new":
        agencies, agency = require(duties, Action.MAKE_TOKENS), said.get("agency", "")
        if agency not in agencies:
            raise UserError(_("Say at which agency"))
        again.ask(request)
        lasts = _days(said.get("days", ""))
        return tokens.new(said.get("name", "").strip(), agency, said.getlist("action"), lasts=lasts, by=duties.author)
    found = _find(said.get("token", ""), duties)
    if what == "rotate":
        require_at(duties, Action.MAKE_TOKENS, found.agency)
        again.ask(request)
        return tokens.rotate(found.id, lasts=timedelta(days=_YEAR), by=duties.author)
    if what == "revoke":
        tokens.revoke(found.id, by=duties.author)
        return None
    raise UserError(_("There is no such step"))


def _find(token_id: str, duties: Duties) -> Token:
    """A token of one's own agencies; any other is answered like one that is not there."""
    found = Token.objects.filter(id=token_id).first() if token_id.isprintable() else None
    if found is None:
        raise Http404
    if found.agency not in duties.agencies(Action.SEE_TOKENS):
        raise NotYours
    return found


def _days(said: str) -> timedelta:
    if not (said.isascii() and said.isdigit() and len(said) < 5):
        raise UserError(_("Say for how many days, as a number"))
    return timedelta(days=int(said))


def _rows(agencies: tuple[str, ...], duties: Duties) -> list[dict[str, object]]:
    zone, now = house_zone(), clock.now()
    return [
        {
            "id": one.id,
            "name": one.name,
            "agency": agency_name(one.agency),
            "actions": ", ".join(one.actions),
            "until": moment(one.expires_at, zone, now=now),
            "state": tokens.state(one, now),
            "makes": one.agency in duties.agencies(Action.MAKE_TOKENS),
        }
        for one in Token.objects.filter(agency__in=agencies).order_by("agency", "made_at", "id")
    ]
