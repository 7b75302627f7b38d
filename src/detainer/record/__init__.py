"""What happened: requests, their events, and the ledger that shows that nobody changed them."""

from __future__ import annotations


def is_demo() -> bool:
    """Whether this record is a demonstration, as its first event says for ever."""
    from detainer.record import opening  # models can only be imported once Django is ready

    return opening.is_demo()
