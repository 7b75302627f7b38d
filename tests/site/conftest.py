"""The public site of the whole demonstration, published once for all tests of the room."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture(scope="session")
def published(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder; nobody may change it."""
    from detainer.demo.story import AGENCY, past
    from detainer.demo.tell import Authors, tell
    from detainer.record import journal
    from detainer.site.export import publish

    folder = tmp_path_factory.mktemp("published") / "site"
    with django_db_blocker.unblock(), transaction.atomic():
        with journal.batch():
            journal.open_record(demonstration=True)
            for tale in past():
                tell(AGENCY, tale, Authors())
        publish(folder)
        transaction.set_rollback(True)
    return folder


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    """A copy of the folder, to be tampered with."""
    return shutil.copytree(published, tmp_path / "site")
