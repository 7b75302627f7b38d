"""The addresses that an agency's programs want told; the watch tells them."""

from __future__ import annotations

import secrets
from typing import Any, Final

from detainer import clock
from detainer.api import tokens
from detainer.api.models import Token
from detainer.api.problems import Problem
from detainer.record import journal
from detainer.watch import reach
from detainer.watch.models import Hook

MOST: Final = 10


def add(token: Token, address: str) -> dict[str, Any]:
    """Have an address told from the next step on; UserError where it may not be, Problem 409 past ten of them."""
    reach.checked(address)
    with journal.batch() as writing:
        if Hook.objects.filter(agency=token.agency, ended_at=None).count() >= MOST:
            raise Problem(409, f"This agency has {MOST} addresses already. End one first.")
        made = Hook(id=secrets.token_hex(6), agency=token.agency, address=address, made_at=clock.now())
        made.since = writing.ledger.size
        made.save(force_insert=True)
        tokens.event("hook_made", token, hook=made.id)
    return {"hook": made.id, "address": made.address}


def living(token: Token) -> list[dict[str, Any]]:
    """The addresses of the token's agency that are told."""
    found = Hook.objects.filter(agency=token.agency, ended_at=None).order_by("made_at", "id")
    return [{"hook": one.id, "address": one.address} for one in found]


def end(token: Token, hook_id: str) -> dict[str, Any]:
    """Tell an address no more; Problem 404 for another agency's, exactly as for one that is not there."""
    with journal.batch():
        found = Hook.objects.filter(id=hook_id, agency=token.agency, ended_at=None).first()
        if found is None:
            raise Problem(404, "There is no such address at this agency.")
        found.ended_at = clock.now()
        found.save()
        tokens.event("hook_ended", token, hook=found.id)
    return {"hook": found.id, "address": found.address}
