"""The code with which an account's first second factor is set up.

An administrator hands over a password; whoever agreed to the account's duty, or to a new second factor, hands over this
code. Neither of the two can sign in in the owner's stead: the one knows no code, the other no password.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from detainer import clock
from detainer.desk.duties.accounts import author
from detainer.desk.models import Opening
from detainer.desk.signing_in import factors, limits
from detainer.desk.signing_in.addresses import address_of
from detainer.record import access

LASTS = timedelta(days=7)
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
_LENGTH, _GROUP = 20, 5
_PROVED = "opening_proved"


def begin(user: User) -> str:
    """Take away every second factor and session; the code for the next one, shown once and kept nowhere."""
    factors.take_away(user)
    made = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    kept = {"digest": _digest(user, made), "made_at": clock.now()}
    Opening.objects.update_or_create(account=user, defaults=kept)
    return "-".join(made[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def pending(user: User) -> bool:
    """Whether a code is out for this account, and no second factor was set up with it yet."""
    return Opening.objects.filter(account=user).exists()


def asked_for(request: HttpRequest) -> bool:
    """Whether this session has to give the code before it sets up a second factor."""
    found = Opening.objects.filter(account_id=request.user.pk).first()
    return found is not None and request.session.get(_PROVED) != found.digest


def prove(request: HttpRequest, user: User, typed: str) -> None:
    """Take the code that was typed; ValidationError where it is not the one, and failures count."""
    name, where = f"\0opening {user.pk}", address_of(request)
    until = limits.closed_until(name, where, now=clock.now())
    if until:
        raise ValidationError(factors.too_many(until))
    found = Opening.objects.filter(account=user).first()
    if found and found.made_at <= clock.now() - LASTS:
        raise ValidationError(_("This code is too old. Ask for another one to be proposed and agreed."))
    if found is None or not constant_time_compare(found.digest, _digest(user, typed)):
        limits.failed(name, where, now=clock.now())
        access.happened("sign_in_failed", factors.DESK, account=author(user), step="code")
        raise ValidationError(_("This is not the code. It has twenty letters and digits."))
    request.session[_PROVED] = found.digest


def _digest(user: User, typed: str) -> str:
    """Of 100 random bits a plain digest is enough; blanks, hyphens and small letters are no difference."""
    said = "".join(letter for letter in typed.upper() if letter.isalnum())
    return sha256(f"{user.pk} {said}".encode()).hexdigest()
