"""`detainer rebuild`: derive the present state of every request anew from its events."""

from __future__ import annotations

from detainer import setup


def rebuild() -> None:
    """Derive every request's present state, and what reports count by, anew from the events."""
    setup.django()
    from detainer.record import projection
    from detainer.report import kept

    made = projection.rebuild()
    print(f"{made.requests} requests rebuilt from their events; {made.mended} rows were not as they should be.")
    if wrong := kept.rebuild():
        print(f"{wrong} counts of like requests were not as they should be.")
