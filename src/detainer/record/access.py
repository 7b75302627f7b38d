"""What the record says of who got in and who did not: events of the house, without a request and without a name."""

from __future__ import annotations

from detainer.clock import now
from detainer.record import kinds
from detainer.record.batch import batch
from detainer.record.models import Event

# What is recorded → what it may say. An account is its opaque id, as in every author; an address is never said.
KINDS: dict[str, frozenset[str]] = {
    "signed_in": frozenset({"account", "step"}),
    "sign_in_failed": frozenset({"account", "step"}),
    "factor_added": frozenset({"account", "type"}),
    "factor_removed": frozenset({"account", "type"}),
    "factor_reset": frozenset({"account", "by"}),
    "recovery_code_used": frozenset({"account"}),
    "account_changed": frozenset({"account", "what"}),
    # A change that takes two people: `by` is who proposed it.
    "change_proposed": frozenset({"account", "what", "duty", "at"}),
    "change_agreed": frozenset({"account", "what", "duty", "at", "by"}),
    "change_refused": frozenset({"account", "what", "duty", "at", "by"}),
    "change_withdrawn": frozenset({"account", "what", "duty", "at", "by"}),
    "sessions_ended": frozenset({"account"}),
    "not_allowed": frozenset({"what"}),
    # That an account was shown as much in an hour as the settings let one be.
    "limit_met": frozenset({"what"}),
}


def happened(kind: str, author: str, **public: str) -> Event | None:
    """Record one; None on a record that was not opened yet, where there is nothing to guard.

    UserError where a value is more than a word or an id: it stands in public for ever.
    """
    if unknown := public.keys() - KINDS[kind]:
        raise ValueError(f"{kind} does not say {sorted(unknown)}")
    said = {name: str(value) for name, value in public.items() if value}
    kinds.words(kind, said)
    with batch() as writing:
        if writing.ledger.size == 0:
            return None
        return writing.add(None, kind, now(), author, public=said)
