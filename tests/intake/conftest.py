"""Tables to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import released

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Writes a table of made-up rows and gives its path."""

    def write(*rows: Sequence[str], name: str = "table.csv") -> Path:
        return released.write(tmp_path / name, *rows)

    return write
