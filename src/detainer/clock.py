"""The one place that reads the system's clock."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC, aware of its zone."""
    return datetime.now(UTC)
