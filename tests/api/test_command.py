"""`detainer token`: made, listed, rotated and revoked, and each slip told in one line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from api_client import POLICE
from command import detainer, mistake

from detainer.api import tokens
from detainer.errors import UserError
from detainer.record.models import Event


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("home")
    assert detainer(made, "migrate").returncode == 0
    return made


def test_a_token_is_shown_once_and_listed_without_its_secret(place: Path) -> None:
    done = detainer(place, "token", "new", "booking", "--agency", "us-ny-nyc-police", "--allow", "read,receive")
    text = done.stdout.strip()
    assert text.startswith("dd_")
    listed = detainer(place, "token", "list").stdout
    name, secret = text.split("_", 2)[1:]
    assert f"{name}  in use" in listed
    assert secret not in listed
    rotated = detainer(place, "token", "rotate", name).stdout.strip()
    assert rotated.startswith(f"dd_{name}_")
    assert rotated != text
    assert detainer(place, "token", "revoke", name).stdout == f"{name} is revoked.\n"
    assert f"{name}  revoked" in detainer(place, "token", "list").stdout
    assert detainer(place, "verify").returncode == 0


def test_a_slip_is_one_line(place: Path) -> None:
    said = detainer(place, "token", "new", "x", "--agency", "us-ny-nyc-police", "--allow", "approve")
    assert mistake(said).startswith("approve is no action. One or more of: read")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "agency", "actions", "days", "line"),
    [
        ("x", "gotham", ["read"], 9, "there is no agency gotham"),
        ("x", POLICE, [], 9, "a token must be allowed something"),
        ("=cmd|' /C calc'!A0", POLICE, ["read"], 9, "a token's name is letters"),
        ("x", POLICE, ["read"], 731, "a token lasts from 1 to 730 days"),
        ("x", POLICE, ["read"], 0, "a token lasts from 1 to 730 days"),
    ],
)
def test_a_token_that_cannot_be_is_not_made(name: str, agency: str, actions: list[str], days: int, line: str) -> None:
    with pytest.raises(UserError, match=line):
        tokens.new(name, agency, actions, lasts=timedelta(days=days))
    assert not Event.objects.filter(kind="token_made").exists()


@pytest.mark.django_db
def test_a_token_that_is_not_there_cannot_be_revoked() -> None:
    with pytest.raises(UserError, match="nothing: there is no such token"):
        tokens.revoke("nothing")
