"""How allauth behaves at this desk: nobody signs up, secrets lie encrypted, addresses are those of known proxies."""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from detainer import clock
from detainer.desk.duties.accounts import author, name_of, names_of
from detainer.desk.models import Proposal
from detainer.desk.signing_in import agency, binding, factors, limits, proposals
from detainer.desk.signing_in.addresses import address_of
from detainer.desk.signing_in.binding import NotKnown
from detainer.desk.wording.clockwords import moment
from detainer.desk.wording.words import say
from detainer.house import house
from detainer.record import access

OURS = "answers_our_asking"  # said of a request whose browser, or whose sender's address, began the sign-in
PROVIDER = "\0provider"  # the name under which its failures are counted: none that anybody can type


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The sender's address, as limits count it."""
        return address_of(request)

    def is_safe_url(self, url: str) -> bool:
        """Only a place on this desk: no other host, not even one that the desk is also known by."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """For whoever has a factor to lose; the first one is set up right after signing in."""
        return factors.has(self.request.user)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: each page says itself what holds now."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: accounts have no e-mail address, and the record has the event."""


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors."""

    def encrypt(self, text: str) -> str:
        """A secret as it lies in the database, worth nothing without the house's secret key."""
        nonce = os.urandom(12)
        return urlsafe_b64encode(nonce + _box().encrypt(nonce, text.encode(), None)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret."""
        kept = urlsafe_b64decode(encrypted_text)
        return _box().decrypt(kept[:12], kept[12:], None).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who must have one."""
        own = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(
            type=Authenticator.Type.RECOVERY_CODES
        )
        return own.exclude(pk=authenticator.pk).exists() or not factors.required(authenticator.user)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        """What a passkey is called unless somebody says otherwise."""
        return _("Passkey %(number)s") % {
            "number": Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1,
        }

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """What a passkey keeps of the account: its opaque id, and what the person calls it."""
        return {"id": author(user).encode(), "display_name": name_of(user), "name": user.get_username()}


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Signing in with the agency's own provider, into an account that an administrator made and bound."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """The one provider of the settings; a row in the database makes none."""
        found = agency.provider()
        return [found.application()] if found else []

    def get_provider(self, request: HttpRequest, provider: Any, client_id: Any = None) -> Any:
        """The same."""
        found = agency.provider()
        if found is None:
            raise ImproperlyConfigured("no identity provider is named")
        return found.adapter(request, self.get_app(request, provider))

    def get_requests_session(self) -> Any:
        """Asks the configured addresses and follows none to another."""
        session = super().get_requests_session()
        asking = session.request
        session.request = lambda method, url, **how: asking(method, url, **{**how, "allow_redirects": False})
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never: a provider names accounts, it makes none, and gives no duty."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Only into an account that is bound, or is expected and bound now."""
        if request.user.is_authenticated:
            raise NotKnown
        if not sociallogin.is_existing:
            binding.bind(request, sociallogin)
        elif not sociallogin.user.is_active:
            raise NotKnown(sociallogin.user)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **more: Any) -> None:
        """One answer to whatever went wrong on the way.

        What answers a sign-in that this browser began is counted and recorded like a wrong password. Any site can make
        a browser send us other answers: they are refused, and close nothing for whoever sits there.
        """
        error = more.get("exception")
        user = error.user if isinstance(error, NotKnown) else None
        ours = getattr(request, OURS, False) or user is not None
        if ours:
            limits.failed(PROVIDER, address_of(request), now=clock.now())
        if ours and not limits.storm(now=clock.now()):
            access.happened("sign_in_failed", factors.DESK, account=author(user) if user else "", step="provider")
        words = (
            _("The agency’s sign-in names no account that may work here. Ask the administrator.")
            if isinstance(error, NotKnown)
            else _("The sign-in did not succeed. Begin again.")
        )
        raise ImmediateHttpResponse(render(request, "desk/not_signed_in.html", {"words": words}, status=403))


def signed_in(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    """Somebody signed in: an event, with the way."""
    ways = {one.get("method") for one in get_authentication_records(request, user)}
    access.happened(
        "signed_in", author(user), account=author(user), step="provider" if "socialaccount" in ways else "password"
    )
    for one in proposals.untold(user):
        messages.warning(request, told(one))


def told(one: Proposal) -> str:
    """What was done to an account, by whom and when, as its owner is told."""
    names, zone = names_of([one.by, one.settled_by]), ZoneInfo(house().time_zone)
    said = {"by": names[one.by], "second": names[one.settled_by], "when": moment(one.at, zone, now=clock.now())}
    if one.what == Proposal.What.FACTOR:
        return say("Your second factor was reset, {when}: {by} proposed it, {second} agreed.", **said)
    if one.what == Proposal.What.OPENED:
        return say("Your account was opened again, {when}: {by} proposed it, {second} agreed.", **said)
    return say(
        "You were given a duty, {duty}, {when}: {by} proposed it, {second} agreed.", duty=proposals.words(one), **said
    )


def _box() -> AESGCM:
    """AES-256-GCM under a key of its own (RFC 5869), drawn from the house's secret key."""
    drawn = HKDF(SHA256(), 32, salt=None, info=b"detainer second factors")
    return AESGCM(drawn.derive(house().secret().encode()))
