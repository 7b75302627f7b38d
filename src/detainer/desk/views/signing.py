"""Signing in and out."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest

from detainer import clock
from detainer.desk import limits
from detainer.desk.pages import common
from detainer.house import house


class SignInForm(AuthenticationForm):
    """Account and password; refuses for a while after too many failures, whoever the name belongs to."""

    error_messages = {
        "invalid_login": "Account and password do not match. Check both; the password tells capitals apart.",
        "inactive": "This account is closed. Ask the agency's administrator.",
    }

    def clean(self) -> dict[str, Any]:
        """Count failures, and stop before the password is looked at when there were too many."""
        name = self.cleaned_data.get("username", "")
        address = _address(self.request)
        now = clock.now()
        until = limits.closed_until(name, address, now=now)
        if until:
            local = until.astimezone(ZoneInfo(house().time_zone))
            self.add_error(None, f"Too many failed sign-ins. Try again after {local:%H:%M}.")
            return self.cleaned_data
        cleaned = super().clean()
        if self.get_user():
            limits.succeeded(name)
        return cleaned

    def get_invalid_login_error(self) -> Any:
        """The one answer to a wrong name and to a wrong password."""
        limits.failed(self.cleaned_data.get("username", ""), _address(self.request), now=clock.now())
        return super().get_invalid_login_error()


class SignIn(LoginView):
    """The sign-in page."""

    template_name = "desk/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The page's words with what every page shows."""
        return super().get_context_data(**context) | common(self.request)


def _address(request: HttpRequest | None) -> str:
    return cast("str", request.META.get("REMOTE_ADDR", "")) if request else ""
