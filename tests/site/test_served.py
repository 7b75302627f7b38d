"""The desk serves what was last published, to anyone, and nothing beside it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from detainer.house import house

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import FileResponse
    from django.test import Client


@pytest.fixture
def folder(published: Path) -> Iterator[Path]:
    """The folder that the desk serves, as a copy of the demonstration's site."""
    shutil.copytree(published, house().public)
    yield house().public
    shutil.rmtree(house().public)


def body(response: FileResponse) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["index.html", "law/offenses.html", "data/claims.csv", "record/verify.py", "site.css"])
def test_every_file_is_there_without_signing_in(client: Client, folder: Path, path: str) -> None:
    response = client.get(f"/public/{path}")
    assert response.status_code == 200
    assert body(response) == (folder / path).read_bytes()


def test_the_first_page_stands_at_the_address_itself(client: Client, folder: Path) -> None:
    assert b"1,526" in body(client.get("/public/"))


@pytest.mark.django_db  # the page that says so asks whether this is the demonstration
@pytest.mark.parametrize(
    "path", ["../detainer.sqlite3", "..%2Fkeys", "%2e%2e/keys/secret-key", "law", "nope.html", "/etc/passwd", "a%00b"]
)
def test_nothing_outside_the_folder_is_served(client: Client, folder: Path, path: str) -> None:
    (folder.parent / "detainer.sqlite3").touch()
    assert client.get(f"/public/{path}").status_code == 404


def test_before_anything_is_published_it_says_so(client: Client) -> None:
    response = client.get("/public/")
    assert response.status_code == 404
    assert "Nothing is published yet" in response.content.decode()


def test_the_site_is_only_read(client: Client, folder: Path) -> None:
    assert client.post("/public/index.html").status_code == 405
