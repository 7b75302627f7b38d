"""Tokens: made, found by their secret, rotated, revoked. Each of these deeds is an event of the ledger."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from detainer import clock
from detainer.api.actions import Action
from detainer.api.models import Refusal, Token
from detainer.errors import UserError
from detainer.record import agencies, canonical, journal
from detainer.record.opening import HOUSE

LONGEST: Final = timedelta(days=730)
OVERLAP: Final = timedelta(hours=24)
AGAIN: Final = timedelta(minutes=10)
_OFFERED = "One or more of: {offered}."
_SHAPE = re.compile(r"dd_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}")


def author(token: Token) -> str:
    """The id under which the record knows what this token entered."""
    return f"token:{token.id}"


def new(name: str, agency: str, actions: Collection[str], *, lasts: timedelta, by: str = HOUSE) -> tuple[Token, str]:
    """A token for one agency, and its text, which is shown this once and kept nowhere.

    UserError for an agency that no law knows, an action that there is not, or a life over two years.
    """
    agencies.book().agency(agency)
    if not _NAME.fullmatch(name):
        raise UserError("a token's name is letters, digits, blanks, dots and hyphens, 60 at most", where=name[:60])
    allowed = [action for action in Action if action in actions]
    if unknown := sorted(set(actions) - set(Action)):
        raise UserError("{action} is no action", fix=_OFFERED, action=unknown[0][:60], offered=", ".join(Action))
    if not allowed:
        raise UserError("a token must be allowed something", fix=_OFFERED, offered=", ".join(Action))
    now, secret = clock.now(), secrets.token_urlsafe(32)
    made = Token(
        id=secrets.token_hex(6),
        name=name,
        agency=agency,
        actions=[str(action) for action in allowed],
        digest=_digest(secret),
        made_at=now,
        expires_at=now + _life(lasts),
    )
    with journal.batch():
        made.save(force_insert=True)
        _event("token_made", made, by, now, actions=made.actions, expires=canonical.moment(made.expires_at))
    return made, f"dd_{made.id}_{secret}"


def rotate(token_id: str, *, lasts: timedelta, overlap: timedelta = OVERLAP, by: str = HOUSE) -> tuple[Token, str]:
    """A new secret for a token, whose id and leave stay; the old secret is good until `overlap` is over."""
    now, secret = clock.now(), secrets.token_urlsafe(32)
    with journal.batch():
        token = _living(token_id)
        token.old_digest, token.old_until = token.digest, min(now + overlap, token.expires_at)
        token.digest, token.expires_at = _digest(secret), now + _life(lasts)
        token.save()
        _event("token_rotated", token, by, now, expires=canonical.moment(token.expires_at))
    return token, f"dd_{token.id}_{secret}"


def revoke(token_id: str, *, by: str = HOUSE) -> Token:
    """End a token at once, with every secret that it has."""
    now = clock.now()
    with journal.batch():
        token = _living(token_id)
        token.revoked_at = now
        token.save()
        _event("token_revoked", token, by, now)
    return token


def found(text: str) -> tuple[Token | None, str]:
    """The token whose text this is, and why it may not be used ("" where it may); None where there is none."""
    shape = _SHAPE.fullmatch(text)
    token = Token.objects.filter(id=shape[1]).first() if shape else None
    if token is None or shape is None:
        return None, "unknown"
    given, now = _digest(shape[2]), clock.now()
    is_new = hmac.compare_digest(given, token.digest)
    is_old = hmac.compare_digest(given, token.old_digest or "-")
    if not is_new and not is_old:
        return None, "unknown"
    if token.revoked_at:
        return token, "revoked"
    if token.expires_at <= now or (not is_new and (token.old_until is None or token.old_until <= now)):
        return token, "expired"
    return token, ""


def refused(token: Token, why: str) -> None:
    """Record an attempt outside a token's leave: once for each token, reason and ten minutes."""
    now = clock.now()
    if Refusal.objects.filter(token=token, why=why, at__gt=now - AGAIN).exists():
        return
    with journal.batch():
        # Looked at again now that nobody else can write.
        if not Refusal.objects.filter(token=token, why=why, at__gt=now - AGAIN).exists():
            Refusal.objects.update_or_create(token=token, why=why, defaults={"at": now})
            _event("token_refused", token, author(token), now, why=why)


def state(token: Token, now: datetime) -> str:
    """In a word: in use, expired or revoked."""
    if token.revoked_at:
        return "revoked"
    return "expired" if token.expires_at <= now else "in use"


def event(kind: str, token: Token, **public: object) -> None:
    """Record a deed of a token that is no step of a request."""
    _event(kind, token, author(token), clock.now(), **public)


def _event(kind: str, token: Token, by: str, now: datetime, **public: object) -> None:
    with journal.batch() as writing:
        if writing.ledger.size == 0:
            journal.open_record(demonstration=False)
        writing.add(None, kind, now, by, public={"token": token.id, "at": token.agency, **public})


def _living(token_id: str) -> Token:
    token = Token.objects.filter(id=token_id).first()
    if token is None:
        raise UserError("there is no such token", where=token_id[:60], fix="`detainer token list` lists them.")
    if token.revoked_at:
        raise UserError("the token is revoked already", where=token_id, fix="Make another with `detainer token new`.")
    return token


def _life(lasts: timedelta) -> timedelta:
    if not timedelta(0) < lasts <= LONGEST:
        raise UserError("a token lasts from 1 to {most} days", most=LONGEST.days)
    return lasts


def _digest(secret: str) -> str:
    """Of 256 random bits a plain digest is enough: there is nothing to guess."""
    return sha256(secret.encode()).hexdigest()
