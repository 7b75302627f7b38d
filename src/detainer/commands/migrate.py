"""`detainer migrate`: make the database, or bring it up to this program's version."""

from __future__ import annotations

from detainer import setup


def migrate() -> None:
    """Make the database, or bring one of an older version up to date. Safe to repeat."""
    steps = setup.migrate(print)
    print(f"{setup.place()} is up to date; {steps} steps taken.")
