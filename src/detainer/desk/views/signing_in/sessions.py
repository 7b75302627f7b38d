"""Where somebody is signed in."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from detainer import clock
from detainer.desk.duties.permissions import Duties
from detainer.desk.pages import show, staff
from detainer.desk.signing_in import again, opening, passwords, proposals, sessions
from detainer.desk.signing_in.signing import told
from detainer.desk.wording.clockwords import moment
from detainer.house import house
from detainer.record import access

_LONGEST = 100


@staff
def password(request: HttpRequest, duties: Duties) -> HttpResponse:
    """A password of one's own; the page that a first one leads to, and no other."""
    form = passwords.OwnPasswordForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        passwords.change(request, form)
        messages.success(request, _("Your password is changed. You are signed out everywhere else."))
        return redirect("requests")
    context = {"page": "sessions", "form": form, "first": passwords.must_change(request)}
    return show(request, "password.html", context, 422 if form.is_bound else 200)


@staff
def code(request: HttpRequest, duties: Duties) -> HttpResponse:
    """The code that the first second factor takes, from the one who agreed to the account."""
    user = request.user
    if not isinstance(user, User) or not opening.asked_for(request):
        return redirect("mfa_index")
    wrong = ""
    if request.method == "POST":
        try:
            opening.prove(request, user, request.POST.get("code", "")[:_LONGEST])
        except ValidationError as error:
            wrong = " ".join(error.messages)
        else:
            return redirect("mfa_index")
    return show(request, "opening.html", {"wrong": wrong}, 422 if wrong else 200)


@staff
def listing(request: HttpRequest, duties: Duties) -> HttpResponse:
    """One's own sessions; each can be ended, and all others at once."""
    user = request.user
    if not isinstance(user, User):
        return redirect("login")
    if request.method == "POST":
        again.ask(request)
        chosen = request.POST.get("session", "")
        if chosen == "others":
            ended = sessions.end_all(user, but=request.session.session_key) > 0
        else:
            ended = re.fullmatch("[0-9]{1,18}", chosen) is not None and sessions.end(user, int(chosen))
        if ended:
            access.happened("sessions_ended", duties.author, account=duties.author)
            messages.success(request, _("Signed out there."))
        return redirect("sessions")
    zone, now = ZoneInfo(house().time_zone), clock.now()
    rows = [
        {
            "number": one.pk,
            "began": moment(one.created_at, zone, now=now),
            "address": one.ip,
            "browser": one.user_agent,
            "here": one.session_key == request.session.session_key,
        }
        for one in sessions.of(user)
    ]
    changed = [told(one) for one in proposals.settled(user)]
    return show(request, "sessions.html", {"page": "sessions", "rows": rows, "changed": changed})
