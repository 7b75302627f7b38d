"""How allauth behaves at this desk: nobody signs up, secrets lie encrypted, addresses are those of known proxies."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from detainer.desk import factors
from detainer.desk.accounts import author, name_of
from detainer.desk.addresses import address_of
from detainer.house import house


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
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret."""
        return _box().decrypt(encrypted_text.encode()).decode()

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


def _box() -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"detainer second factors\0" + house().secret().encode()).digest()))
