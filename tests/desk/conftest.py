"""People at a desk, a record of their own, and clients that are signed in."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from desk_people import person
from own_home import home

from detainer import clock
from detainer.desk.duties.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.test import Client

__all__ = ["home"]


@pytest.fixture
def officer(db: None) -> User:
    return person("ruiz", Role.OFFICER)


@pytest.fixture
def reviewer(db: None) -> User:
    return person("okafor", Role.REVIEWER)


@pytest.fixture
def supervisor(db: None) -> User:
    return person("lindqvist", Role.SUPERVISOR)


@pytest.fixture
def as_(db: None) -> Callable[[User], Client]:
    """A client that is signed in as somebody, and checks forms' tokens as a browser would have to."""
    from django.test import Client

    def sign_in(user: Any) -> Client:
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def one_span(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is counted within this test falls in one span, though a minute or an hour may end in the midst of it."""
    began = clock.now()
    monkeypatch.setattr("detainer.desk.duties.tally.clock", SimpleNamespace(now=lambda: began))
