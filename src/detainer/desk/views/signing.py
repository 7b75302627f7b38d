"""Signing in and out."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from detainer import clock
from detainer.desk import factors, limits
from detainer.desk.accounts import author
from detainer.desk.addresses import address_of
from detainer.desk.pages import common, staff
from detainer.desk.permissions import Action, Duties
from detainer.record import access


@staff
def home(request: HttpRequest, duties: Duties) -> HttpResponse:
    """Where somebody begins: the list, or the accounts for whoever sees no list."""
    sees_list = duties.agencies(Action.SEE_LIST) or not duties.agencies(Action.MANAGE_ACCOUNTS)
    return redirect("requests" if sees_list else "accounts")


class SignInForm(AuthenticationForm):
    """Account and password; refuses for a while after too many failures, whoever the name belongs to."""

    error_messages = {
        "invalid_login": "Account and password do not match. Check both; the password tells capitals apart.",
        "inactive": "This account is closed. Ask the agency's administrator.",
    }

    def clean(self) -> dict[str, Any]:
        """Count failures, and stop before the password is looked at when there were too many."""
        name = self.cleaned_data.get("username", "")
        until = limits.closed_until(name, _address(self.request), now=clock.now())
        if until:
            self.add_error(None, factors.too_many(until))
            return self.cleaned_data
        cleaned = super().clean()
        if self.get_user():
            limits.succeeded(name)
        return cleaned

    def get_invalid_login_error(self) -> Any:
        """The one answer to a wrong name and to a wrong password."""
        name = self.cleaned_data.get("username", "")
        limits.failed(name, _address(self.request), now=clock.now())
        _note_failure(User.objects.filter(username=name).first())
        return super().get_invalid_login_error()


class SignIn(LoginView):
    """The sign-in page; the second step, where there is one, follows it."""

    template_name = "desk/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Go on to the second step, or in."""
        where = self.get_redirect_url() or None
        login = Login(user=form.get_user(), redirect_url=where)
        answer: HttpResponse = perform_password_login(self.request, {}, login)
        return answer

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The page's words with what every page shows."""
        return super().get_context_data(**context) | common(self.request)


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The password once more, to unlock or before the account itself is changed; under the limits of signing in."""

    def clean_password(self) -> str:
        """Count failures."""
        request, name = self.request_, self.user.get_username()
        until = limits.closed_until(name, address_of(request), now=clock.now())
        if until:
            raise ValidationError(factors.too_many(until))
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            limits.failed(name, address_of(request), now=clock.now())
            _note_failure(self.user)
            raise ValidationError(_("This is not the password of your account."))
        limits.succeeded(name)
        return password

    @property
    def request_(self) -> HttpRequest:
        """The request that is being answered."""
        from allauth.core import context

        return context.request  # type: ignore[no-any-return]


def _note_failure(user: User | None) -> None:
    """A failed sign-in is an event, until a storm of them would only fill the record."""
    if not limits.storm(now=clock.now()):
        access.happened("sign_in_failed", factors.DESK, account=author(user) if user else "", step="password")


def _address(request: HttpRequest | None) -> str:
    return address_of(request) if request else ""
