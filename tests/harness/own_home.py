"""A home of its own for each test of a room that writes a record: a conftest that imports `home` has it for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from detainer.house import house


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with no keys in it yet."""
    monkeypatch.setenv("DETAINER_HOME", str(tmp_path / "home"))
    house.cache_clear()
    yield tmp_path / "home"
    house.cache_clear()
