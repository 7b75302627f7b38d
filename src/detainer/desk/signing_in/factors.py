"""The second factor: who must have one, what counts as one, and what of it is an event."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from detainer import clock
from detainer.desk.duties.accounts import author, duties_of
from detainer.desk.models import Opening
from detainer.desk.signing_in import limits, sessions
from detainer.desk.signing_in.addresses import address_of
from detainer.house import house
from detainer.record import access, journal

DESK = "system:desk"
_LAST = "last_counter"


def required(user: User | AnonymousUser) -> bool:
    """Whether an account may do nothing without a second factor: each that has a duty, the administrator's too.

    On a demonstration nobody must: its people are made up, and its passwords are printed for everybody. A record is a
    demonstration from its first event for ever and takes no real request; in production there is no exemption.
    """
    if not settings.SECOND_FACTOR_REQUIRED or not user.is_authenticated:
        return False
    if journal.is_demo() and not house().production:
        return False
    return bool(duties_of(user).held)


def has(user: User | AnonymousUser) -> bool:
    """Whether an account has a second factor; recovery codes alone are none."""
    factors = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return user.is_authenticated and Authenticator.objects.filter(user_id=user.pk, type__in=factors).exists()


def given(request: HttpRequest) -> bool:
    """Whether this session gave a second factor of the account that it is signed in to."""
    return any(one.get("method") == "mfa" for one in get_authentication_records(request, request.user))


def take_away(user: User) -> None:
    """No second factor, no recovery code, no session."""
    Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user)


class _Code(AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """A code of an authenticator app, each of which opens once, or a recovery code."""

    def clean_code(self) -> str:
        """Count failures; accept no moment of time that was accepted before (RFC 6238, 5.2)."""
        code = "".join(self.cleaned_data["code"].split())
        _open_or_raise(self.user)
        with transaction.atomic():
            found = self._accepting(code)
        if found is None:
            _failed(self.user)
            raise ValidationError(_("This code does not fit, or was used before. Wait for the next one."))
        self.authenticator = found
        limits.succeeded(_limited(self.user))
        return code

    def _accepting(self, code: str) -> Authenticator | None:
        own = Authenticator.objects.select_for_update().filter(user=self.user)
        for one in own.exclude(type=Authenticator.Type.WEBAUTHN):
            one.user = self.user
            if one.type == Authenticator.Type.TOTP:
                counter = _counter(decrypt(one.data["secret"]), code)
                if counter is not None and counter > one.data.get(_LAST, -1):
                    one.data[_LAST] = counter
                    one.save(update_fields=["data"])
                    return one
            elif one.wrap().validate_code(code):
                access.happened("recovery_code_used", author(self.user), account=author(self.user))
                one.refresh_from_db()
                return one
        return None


class CodeForm(_Code):
    """At sign-in."""


class CodeAgainForm(_Code):
    """Once more, before something about the account itself is changed, or to unlock."""

    def save(self) -> None:
        """Note in the session that it was given again."""
        post_authentication(context.request, self.authenticator, reauthenticated=True)


class ActivateForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app. It counts as given in this session, and opens nothing again."""

    def clean_code(self) -> str:
        """The code fits the secret that was shown."""
        code = "".join(self.cleaned_data["code"].split())
        _open_or_raise(self.user)
        context.request.first_counter = _counter(self.secret, code)
        if context.request.first_counter is None:
            _failed(self.user)
            raise ValidationError(
                _("This code does not fit. Check that the app’s clock is right, and type the next one.")
            )
        return code


class PasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey at sign-in."""

    def clean_credential(self) -> Authenticator:
        """Count failures as with codes."""
        _open_or_raise(self.user)
        try:
            found = super().clean_credential()
        except ValidationError:
            _failed(self.user)
            raise
        limits.succeeded(_limited(self.user))
        return found


class PasskeyAgainForm(PasskeyForm, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey once more."""


def added(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    """A factor that was just set up was just shown: it counts as given, and its first code is used."""
    if authenticator.type == Authenticator.Type.TOTP:
        authenticator.data[_LAST] = getattr(request, "first_counter", max(yield_hotp_counters_from_time()))
        authenticator.save(update_fields=["data"])
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        post_authentication(request, authenticator, reauthenticated=True)
        Opening.objects.filter(account=user).delete()  # its code opens nothing more
    access.happened("factor_added", author(user), account=author(user), type=authenticator.type)


def removed(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    """A factor was taken away by its owner."""
    access.happened("factor_removed", author(user), account=author(user), type=authenticator.type)


def renewed(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    """New recovery codes took the place of the old ones."""
    access.happened("factor_added", author(user), account=author(user), type=authenticator.type)


def too_many(until: datetime) -> str:
    """What is said while nobody gets in."""
    local = until.astimezone(ZoneInfo(house().time_zone))
    return _("Too many failed sign-ins. Try again after %(time)s.") % {"time": f"{local:%H:%M}"}


def _counter(secret: str, code: str) -> int | None:
    """The moment of time whose code this is, the latest that may be meant; None where it is none."""
    for counter in sorted(yield_hotp_counters_from_time(), reverse=True):
        if constant_time_compare(code, format_hotp_value(hotp_value(secret, counter))):
            return int(counter)
    return None


def _limited(user: User) -> str:
    """The name under which failures of the second step are counted: none that anybody can type."""
    return f"\0second {user.pk}"


def _open_or_raise(user: User) -> None:
    until = limits.closed_until(_limited(user), address_of(context.request), now=clock.now())
    if until:
        raise ValidationError(too_many(until))


def _failed(user: User) -> None:
    limits.failed(_limited(user), address_of(context.request), now=clock.now())
    access.happened("sign_in_failed", DESK, account=author(user), step="second")
