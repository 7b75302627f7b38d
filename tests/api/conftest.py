"""A program with a token, and what it sends."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from api_client import POLICE, Program
from own_home import home

from detainer.api import tokens
from detainer.api.actions import Action

__all__ = ["home"]


@pytest.fixture
def program(db: None) -> Callable[..., Program]:
    """A program of an agency with a token that is allowed everything, or what is named."""
    numbers = itertools.count(1)

    def make(*actions: str, agency: str = POLICE, lasts: timedelta = timedelta(days=30)) -> Program:
        token, text = tokens.new(f"booking {next(numbers)}", agency, actions or tuple(Action), lasts=lasts)
        return Program(token, text)

    return make


@pytest.fixture
def booking(program: Callable[..., Program]) -> Program:
    """The police's booking system, allowed everything."""
    return program()


@pytest.fixture
def taken(booking: Program) -> dict[str, Any]:
    """The receipt of one request that the police's booking system entered."""
    return booking.entered()
