"""`detainer rebuild`: derive the present state of every request anew from its events."""

from __future__ import annotations

from detainer import setup


def rebuild() -> None:
    """Derive every request's present state anew from the events, in one transaction."""
    setup.django()
    from detainer.record import projection

    made = projection.rebuild()
    print(f"{made.requests} requests rebuilt from their events; {made.mended} rows were not as they should be.")
