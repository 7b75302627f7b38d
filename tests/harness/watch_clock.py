"""The moment and the people of the watch's tests."""

from __future__ import annotations

from datetime import UTC, datetime

RELEASE = datetime(2016, 3, 15, 14, tzinfo=UTC)  # a Tuesday, 10:00 in New York
OFFICER, REVIEWER = "staff:1", "staff:2"
