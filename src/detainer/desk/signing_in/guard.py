"""Stands before every page: a session without its second factor sees none, and one left alone locks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse

from detainer import clock
from detainer.desk.duties.accounts import author
from detainer.desk.duties.heavy import AGAIN, Busy
from detainer.desk.duties.quota import TooMuch
from detainer.desk.signing_in import factors, opening, passwords
from detainer.house import house
from detainer.record import access
from detainer.record.models import Event

ACTIVE = "active_at"
_METHODS = ("GET", "HEAD", "POST")
_EVERY = 60  # seconds between two notes of activity: each is a write
_TELL_AGAIN = timedelta(minutes=10)

# What the public may see, whoever is signed in. Asked first: a session that is looked at makes a page differ by cookie.
_PUBLIC = ("/law/", "/public/", "/healthz", "/static/")
_SIGNING = frozenset(
    "login account_login logout account_logout mfa_authenticate".split()
    + "provider provider_callback provider_answer provider_back provider_metadata".split()
)
_UNLOCKING = frozenset({"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"})
_ENROLLING = frozenset({"mfa_index", "mfa_activate_totp", "mfa_add_webauthn"})


class Guard:
    """The one check that no address goes round; it knows which pages to leave alone, not which to watch."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page; none that was shown to somebody signed in is kept by the browser."""
        if request.method not in _METHODS and not request.path.startswith("/api/"):
            return HttpResponseNotAllowed(_METHODS)
        answer = self._get_response(request)
        if not request.path.startswith(_PUBLIC) and request.user.is_authenticated:
            answer.setdefault("Cache-Control", "no-store")
        return answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """None where the page may be shown."""
        if request.path.startswith(_PUBLIC) or not request.user.is_authenticated:
            return None
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if name in _SIGNING:
            return None
        if _locked(request):
            return None if name in _UNLOCKING else _lock(request)
        _note_activity(request)
        if not factors.required(request.user) or factors.given(request):
            ready = name == "password" or name.startswith("mfa_") or not passwords.must_change(request)
            return None if ready else _elsewhere(request, reverse("password"))
        if factors.has(request.user):
            logout(request)
            return redirect("login")
        if opening.asked_for(request):
            return None if name == "opening" else _elsewhere(request, reverse("opening"))
        return None if name in _ENROLLING else _elsewhere(request, reverse("mfa_index"))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say that it was too much, or too much at once.

        An attempt outside somebody's duties is an event: once for each page, person and ten minutes.
        """
        if isinstance(exception, TooMuch):
            context = {"minutes": -(-exception.wait // 60)}
            return _later(render(request, "desk/too_much.html", context, status=429), exception.wait)
        if isinstance(exception, Busy):
            return _later(render(request, "desk/busy.html", {"seconds": AGAIN}, status=503), AGAIN)
        if not request.user.is_authenticated or not (
            isinstance(exception, PermissionDenied) or getattr(exception, "elsewhere", False)
        ):
            return None
        name = (request.resolver_match and request.resolver_match.url_name) or "page"
        last = Event.objects.filter(kind="not_allowed", author=author(request.user)).order_by("-seq").first()
        if last is None or last.published()["what"] != name or last.entered_at <= clock.now() - _TELL_AGAIN:
            access.happened("not_allowed", author(request.user), what=name)
        return None


def _later(answer: HttpResponse, wait: int) -> HttpResponse:
    answer["Retry-After"] = str(wait)
    return answer


def _locked(request: HttpRequest) -> bool:
    """Whether nobody did anything for too long, and nobody has shown since who they are."""
    active = request.session.get(ACTIVE)
    if active is None:
        return False
    left = clock.now() - datetime.fromisoformat(active)
    if left <= timedelta(minutes=house().lock_after):
        return False
    shown = [one["at"] for one in get_authentication_records(request, request.user) if one.get("reauthenticated")]
    return not shown or shown[-1] <= datetime.fromisoformat(active).timestamp()


def _note_activity(request: HttpRequest) -> None:
    """A page that renews itself is no activity of anybody's."""
    if request.headers.get("HX-Request") and request.method == "GET":
        return
    active = request.session.get(ACTIVE)
    if active is None or (clock.now() - datetime.fromisoformat(active)).total_seconds() >= _EVERY:
        request.session[ACTIVE] = clock.now().isoformat()


def _lock(request: HttpRequest) -> HttpResponse:
    request.session.pop(STATE_SESSION_KEY, None)  # what waited to be done is not done by unlocking
    if request.method not in ("GET", "HEAD"):
        return render(request, "desk/locked.html", status=403)
    here = "" if request.headers.get("HX-Request") else request.get_full_path()
    return _elsewhere(request, f"{reverse('account_reauthenticate')}?{urlencode({'next': here or '/'})}")


def _elsewhere(request: HttpRequest, where: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return redirect(where)
