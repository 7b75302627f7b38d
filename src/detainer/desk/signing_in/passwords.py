"""Passwords: the first one is an administrator's and opens nothing but the page that sets one's own."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.password_change import finalize_password_change
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from detainer import clock
from detainer.desk.duties.accounts import author
from detainer.desk.models import FirstPassword
from detainer.desk.signing_in import factors, limits, sessions
from detainer.desk.signing_in.addresses import address_of
from detainer.record import access

LASTS = timedelta(days=7)
# What a stranger would try first at a desk like this one (docs/security/policy.md).
WORDS = ("detainer", "officer", "sheriff", "police", "precinct", "immigration", "corrections", "warrant")


def first(user: User) -> str:
    """Give somebody a password that opens only the way to one's own; it is shown once and kept nowhere."""
    made = secrets.token_urlsafe(15)
    with transaction.atomic():
        user.set_password(made)
        user.save(update_fields=["password"])
        FirstPassword.objects.update_or_create(account=user, defaults={"made_at": clock.now()})
    return made


def expired(user: User, now: datetime) -> bool:
    """Whether somebody left their first password lying for too long."""
    return FirstPassword.objects.filter(account=user, made_at__lte=now - LASTS).exists()


def must_change(request: HttpRequest) -> bool:
    """Whether this session was opened with a first password; one that the agency's provider opened never was."""
    ways = {one.get("method") for one in get_authentication_records(request, request.user)}
    if "socialaccount" in ways or isinstance(request.user, AnonymousUser):
        return False
    return FirstPassword.objects.filter(account_id=request.user.pk).exists()


class HouseWords:
    """A validator: no password that is little more than a word of the house or of the trade, or a name of one's own."""

    def validate(self, password: str, user: User | None = None) -> None:
        """ValidationError where fewer than eight characters are left without such words."""
        own = (user.username, user.first_name, user.last_name) if user else ()
        left = password.casefold()
        for word in (*WORDS, *(name.casefold() for name in own if len(name) > 2)):
            left = left.replace(word, "")
        if len(left) < 8 <= len(password):
            raise ValidationError(self.get_help_text(), code="house_word")

    def get_help_text(self) -> str:
        """What is asked."""
        return _("Not little more than your name or a word of this work, such as “officer” or “detainer”.")


class OwnPasswordForm(PasswordChangeForm):
    """The password that one has, and the one that one wants; under the limits of signing in."""

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self._request = request
        super().__init__(User.objects.get(username=request.user.get_username()), *args)

    def clean_old_password(self) -> str:
        """Count failures."""
        name, where = self.user.get_username(), address_of(self._request)
        until = limits.closed_until(name, where, now=clock.now())
        if until:
            raise ValidationError(factors.too_many(until))
        try:
            old = super().clean_old_password()
        except ValidationError:
            limits.failed(name, where, now=clock.now())
            raise
        return str(old)

    def clean(self) -> dict[str, Any]:
        """A new one, not the one that one has."""
        said = super().clean() or self.cleaned_data
        new = self.cleaned_data.get("new_password1", "")
        if new and self.user.check_password(new):
            raise ValidationError(_("This is the password that you have."))
        return said


@transaction.atomic
def change(request: HttpRequest, form: OwnPasswordForm) -> None:
    """Set it, end all other sessions, and say so in the record."""
    user = form.save()
    FirstPassword.objects.filter(account=user).delete()
    finalize_password_change(request, user)
    sessions.end_all(user, but=request.session.session_key)
    access.happened("account_changed", author(user), account=author(user), what="own_password")
