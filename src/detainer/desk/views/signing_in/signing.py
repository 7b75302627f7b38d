"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.socialaccount.helpers import complete_social_login, render_authentication_error
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from detainer import clock
from detainer.desk.duties.accounts import author, duties_of
from detainer.desk.duties.permissions import Action, Duties
from detainer.desk.pages import common, staff
from detainer.desk.signing_in import agency, factors, identity, limits, oidc, passwords, saml
from detainer.desk.signing_in.addresses import address_of
from detainer.desk.signing_in.signing import OURS, AccountAdapter
from detainer.errors import UserError
from detainer.record import access


@staff
def home(request: HttpRequest, duties: Duties) -> HttpResponse:
    """Where somebody begins: the list, or the accounts for whoever sees no list."""
    sees_list = duties.agencies(Action.SEE_LIST) or not duties.agencies(Action.MANAGE_ACCOUNTS)
    return redirect("requests" if sees_list else "accounts")


class SignInForm(AuthenticationForm):
    """Account and password; refuses for a while after too many failures, whoever the name belongs to."""

    error_messages = {
        "invalid_login": gettext_lazy(
            "Account and password do not match. Check both; the password tells capitals apart."
        ),
        "inactive": gettext_lazy("This account is closed. Ask the agency's administrator."),
    }

    def clean(self) -> dict[str, Any]:
        """Count failures, and stop before the password is looked at when there were too many."""
        name = self.cleaned_data.get("username", "")
        until = limits.closed_until(name, _address(self.request), now=clock.now())
        if until:
            self.add_error(None, factors.too_many(until))
            return self.cleaned_data
        cleaned = super().clean()
        user = self.get_user()
        if user:
            limits.succeeded(name)
            if passwords.expired(user, clock.now()):
                raise ValidationError(_("This first password is too old. Ask the administrator for another."))
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
        if self.request.POST.get("to") == "new" and duties_of(form.get_user()).agencies(Action.ENTER):
            where = reverse("new-request")
        login = Login(user=form.get_user(), redirect_url=where)
        answer: HttpResponse = perform_password_login(self.request, {}, login)
        return answer

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The page's words with what every page shows."""
        return super().get_context_data(**context) | common(self.request) | {"provider": bool(_provider_address())}

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        """The page, whose form may go on to the provider and nowhere else."""
        answer: HttpResponse = super().render_to_response(context, **more)
        if address := _provider_address():
            answer._csp_update = {"form-action": [oidc.origin(address)]}  # type: ignore[attr-defined]  # noqa: SLF001  # django-csp's own way
        return answer


def _paced(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """What has to do with the provider is answered so often a minute and address, whoever made the browser ask."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        wait = limits.answered(address_of(request))
        if not wait:
            return view(request)
        words = _("Too much came from here for the agency’s sign-in. Try again in a minute, or use your password.")
        answer = render(request, "desk/not_signed_in.html", {"words": words}, status=429)
        answer["Retry-After"] = str(wait)
        return answer

    return guarded


@require_POST
@_paced
def to_provider(request: HttpRequest) -> HttpResponse:
    """Begin to sign in with the agency's provider."""
    found = agency.provider()
    if found is None:
        raise Http404
    if request.user.is_authenticated:
        return redirect("requests")
    until = limits.closed_until("", address_of(request), now=clock.now())
    if until:
        return render(request, "desk/not_signed_in.html", {"words": factors.too_many(until)}, status=429)
    wanted = request.POST.get("next", "")
    where = wanted if AccountAdapter(request).is_safe_url(wanted) else None
    try:
        return found.begin(request, where)
    except (OAuth2Error, RequestException, UserError, KeyError, ValueError):
        words = _("The agency’s sign-in does not answer as it should. Sign in with your password meanwhile.")
        return render(request, "desk/not_signed_in.html", {"words": words}, status=503)


@require_GET
@_paced
def from_provider(request: HttpRequest) -> HttpResponse:
    """The browser comes back: the one sign-in that this session began, or none."""
    if not isinstance(agency.provider(), oidc.OpenIDConnect):
        raise Http404
    setattr(request, OURS, request.GET.get("state", "") in statekit.get_states(request))
    view = OAuth2CallbackView.adapter_view(oidc.Exchange(request, identity.ID))
    answer: HttpResponse = view(request)
    return answer


@csrf_exempt  # it comes from the provider's site, with no cookie of ours: saml.take says what is believed of it
@require_POST
@_paced
def provider_answer(request: HttpRequest) -> HttpResponse:
    """The identity provider's answer arrives: proven and kept until its browser comes back, or refused."""
    found = agency.provider()
    if not isinstance(found, saml.Saml):
        raise Http404
    until = limits.closed_until("", address_of(request), now=clock.now())
    if until:
        return render(request, "desk/not_signed_in.html", {"words": factors.too_many(until)}, status=429)
    try:
        saml.take(request)
    except saml.Unproven as error:
        return _not_proven(request, found, error, ours=error.ours)
    return redirect("provider_back")


@require_GET
@_paced
def provider_back(request: HttpRequest) -> HttpResponse:
    """The browser comes back by itself: the one sign-in that this session began, or none."""
    found = agency.provider()
    if not isinstance(found, saml.Saml):
        raise Http404
    try:
        answer: HttpResponse = complete_social_login(request, saml.login(request))
    except saml.Unproven as error:
        return _not_proven(request, found, error, ours=error.ours)
    except PermissionDenied as error:
        return _not_proven(request, found, error, ours=True)
    return answer


@require_GET
def provider_metadata(request: HttpRequest) -> HttpResponse:
    """The desk's own description, which the identity provider is set up with."""
    if not isinstance(agency.provider(), saml.Saml):
        raise Http404
    try:
        told = saml.metadata(request)
    except UserError as error:
        return HttpResponse(f"{error.line()}\n", content_type="text/plain; charset=utf-8", status=503)
    return HttpResponse(told, content_type="application/samlmetadata+xml")


def _not_proven(request: HttpRequest, found: saml.Saml, error: Exception, *, ours: bool) -> HttpResponse:
    setattr(request, OURS, ours)
    adapter = found.adapter(request, found.application())
    answer: HttpResponse = render_authentication_error(request, adapter, exception=error)
    return answer


def _provider_address() -> str:
    """Where the agency's provider signs people in; "" where there is none, or none that can be used now."""
    found = agency.provider()
    return found.address if found else ""


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
