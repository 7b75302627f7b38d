"""The sessions of an account: where it is signed in, and how to end that."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.db import transaction


def of(user: User) -> list[UserSession]:
    """The sessions that are still open, the newest first."""
    with transaction.atomic():  # they are read by a cursor, which a pooler loses outside one
        return sorted(UserSession.objects.purge_and_list(user), key=lambda one: one.created_at, reverse=True)


def end(user: User, number: int) -> bool:
    """End one session of this account; whether there was one."""
    found = UserSession.objects.filter(user=user, pk=number).first()
    if found:
        found.end()
    return found is not None


def end_all(user: User, but: str | None = None) -> int:
    """End every session of this account but the one with this key; how many."""
    others = list(UserSession.objects.filter(user=user).exclude(session_key=but or ""))
    for one in others:
        one.end()
    return len(others)
