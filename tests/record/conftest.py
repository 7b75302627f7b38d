"""A record to write in, and a law that answers what a test wants."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from fake_law import NOON, POLICE, RUIZ, Book, book
from own_home import home

__all__ = ["home"]

# PostgreSQL keeps its files to itself.
collect_ignore = ["test_raw_file.py"] if "DETAINER_DATABASE" in os.environ else []


@pytest.fixture(autouse=True)
def law(monkeypatch: pytest.MonkeyPatch) -> Book:
    """The law as it is at the moment of an act: it permits everything until a test says otherwise.

    What the real law says of facts is tested in its own room, and with the record in test_law.py.
    """
    from detainer.record import agencies

    shipped = book(hold="may", notify="may", transfer="may")
    monkeypatch.setattr(agencies, "book", lambda: shipped)
    return shipped


@pytest.fixture(autouse=True)
def days_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are about one fixed day, whatever today is; test_future.py holds the limit itself."""
    from detainer.record import journal

    monkeypatch.setattr(journal, "AHEAD", timedelta(days=3650))


@pytest.fixture
def request_in() -> Callable[..., Any]:
    """Takes in a request at noon of the day of the tests."""
    from detainer.record import journal

    def take(agency: str = POLICE, facts: Mapping[str, Any] | None = None, **more: Any) -> Any:
        said = {"request": {"form": "I-247A", "asks": ["hold", "notify"], "from": "ice", "purpose": "civil"}}
        return journal.receive(
            agency, facts or said, **{"happened": NOON, "author": RUIZ, "person": {"name": "Ana Example"}, **more}
        )

    return take
