"""Before something weighty is done in a session: who is there shows once more who they are."""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest


def ask(request: HttpRequest) -> None:
    """Ask for the password, a code or a passkey, unless one was given within five minutes beside signing in.

    What was sent is kept in the session meanwhile and done afterwards.
    """
    if not did_recently_reauthenticate(request):
        raise ReauthenticationRequired
