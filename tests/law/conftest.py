"""What the tests of the law room share: the shipped laws, read once."""

from __future__ import annotations

import pytest
import shipped

from detainer.law import LawBook


@pytest.fixture(scope="session")
def book() -> LawBook:
    return shipped.book()
