"""The people and the record of the desk's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with no keys in it yet."""
    from detainer.house import house

    monkeypatch.setenv("DETAINER_HOME", str(tmp_path / "home"))
    house.cache_clear()
    yield tmp_path / "home"
    house.cache_clear()
