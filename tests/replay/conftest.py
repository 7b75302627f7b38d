"""A replay of made-up tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from detainer.law import LawBook
from detainer.replay.mapping import Mapping
from detainer.replay.run import Question, Replay, Run

# Released rows lie beside some checkouts; made-up rows show the same everywhere else.
if not any((folder / "shared/data").is_dir() for folder in Path(__file__).resolve().parents):
    collect_ignore = ["test_real_rows.py"]
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def book() -> LawBook:
    return LawBook.load()


@pytest.fixture
def replay(book: LawBook) -> Callable[..., Replay]:
    """Replay files under a question; the mapping is ICE's release of 2015 when not said."""

    def run(*paths: Path, mapping: str = "ice-foia-2015", **asked: Any) -> Replay:
        with Run(book, Mapping.load(mapping), Question(**asked), TODAY) as one:
            return one.replay(paths)

    return run
