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
    "factor_reset": frozenset({"account"}),
    "recovery_code_used": frozenset({"account"}),
    "account_changed": frozenset({"account", "what"}),
    "sessions_ended": frozenset({"account"}),
    "not_allowed": frozenset({"what"}),
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
