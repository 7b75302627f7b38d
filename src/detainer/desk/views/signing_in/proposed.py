"""What waits for a supervisor's word: duties, new second factors, accounts to be opened again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from detainer import clock
from detainer.desk.duties.accounts import name_of, names_of
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.models import Membership, Proposal
from detainer.desk.pages import NotYours, agency_name, entry_of, house_zone, require, show, staff, zone_of
from detainer.desk.signing_in import again, proposals
from detainer.desk.wording.clockwords import moment
from detainer.desk.wording.mistakes import told
from detainer.desk.wording.words import tr
from detainer.errors import UserError


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """What waits at one's agencies; agreeing asks once more who is there, and may show a code, this once."""
    agencies = require(duties, Action.AGREE)
    context: dict[str, object] = {"page": "proposed"}
    status = 200
    if request.method == "POST":
        one = _find(request.POST.get("proposal", ""), agencies)
        again.ask(request)
        try:
            code = _settle(one, request.POST.get("do", ""), duties)
        except UserError as error:
            context["wrong"], status = told(error, house_zone()), 422
        else:
            if not code:
                messages.success(request, _("It is on record."))
                return redirect("proposed")
            context |= {"code": code, "name": name_of(one.account)}
    return show(request, "proposed.html", context | {"rows": _rows(agencies, duties)}, status)


def _find(number: str, agencies: tuple[str, ...]) -> Proposal:
    """One of one's own agencies, however it stands; any other is answered like one that is not there."""
    at = entry_of(number)
    found = Proposal.objects.select_related("account").filter(pk=at).first() if at is not None else None
    if found is None:
        raise Http404
    if found.agency not in agencies:
        raise NotYours
    return found


def _settle(one: Proposal, what: str, duties: Duties) -> str:
    if what == "agree":
        return proposals.agree(one, duties)
    if what != "refuse":
        raise UserError(_("There is no such step"))
    proposals.refuse(one, duties)
    return ""


def _rows(agencies: tuple[str, ...], duties: Duties) -> list[dict[str, object]]:
    found, now = list(proposals.waiting(agencies)), clock.now()
    names = names_of(one.by for one in found)
    there = set(
        Membership.objects.filter(account__in=[one.account_id for one in found]).values_list("account_id", flat=True)
    )
    return [
        {
            "number": one.pk,
            "account": one.account.get_username(),
            "name": name_of(one.account),
            "what": tr(proposals.words(one)),
            "agency": agency_name(one.agency),
            "by": names[one.by],
            "when": moment(one.at, zone_of(one.agency), now=now),
            "anew": one.what == Proposal.What.FACTOR or one.account_id not in there,
            "why_not": proposals.why_not(one, duties),
        }
        for one in found
    ]
