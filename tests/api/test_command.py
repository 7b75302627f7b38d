"""`detainer token`: made, listed, rotated and revoked, and each slip told in one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from api_client import POLICE

from detainer import cli, setup
from detainer.api import tokens
from detainer.errors import UserError
from detainer.record.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """`detainer token …` on the record of the tests: what it prints."""
    monkeypatch.setattr(setup, "django", lambda **_: None)

    def run(*arguments: str) -> str:
        assert not cli._call("token", list(arguments))
        return capsys.readouterr().out

    return run


def test_a_token_is_shown_once_and_listed_without_its_secret(token: Callable[..., str]) -> None:
    text = token("new", "booking", "--agency", POLICE, "--allow", "read, receive").strip()
    head, name, secret = text.split("_", 2)
    listed = token("list")
    assert head == "dd"
    assert f"{name}  in use" in listed
    assert "read,receive  booking" in listed
    assert secret not in listed
    rotated = token("rotate", name).strip()
    assert rotated.startswith(f"dd_{name}_")
    assert rotated != text
    assert tokens.found(text)[1] == tokens.found(rotated)[1] == ""
    assert token("revoke", name) == f"{name} is revoked.\n"
    assert f"{name}  revoked" in token("list")
    assert tokens.found(rotated)[1] == "revoked"


@pytest.mark.parametrize(
    ("name", "agency", "actions", "days", "line"),
    [
        ("x", "gotham", ["read"], 9, "there is no agency gotham"),
        ("x", POLICE, [], 9, "a token must be allowed something"),
        ("x", POLICE, ["read", "approve"], 9, "approve is no action. One or more of: read"),
        ("=cmd|' /C calc'!A0", POLICE, ["read"], 9, "a token's name is letters"),
        ("x", POLICE, ["read"], 731, "a token lasts from 1 to 730 days"),
        ("x", POLICE, ["read"], 0, "a token lasts from 1 to 730 days"),
    ],
)
def test_a_token_that_cannot_be_is_not_made(name: str, agency: str, actions: list[str], days: int, line: str) -> None:
    with pytest.raises(UserError, match=line):
        tokens.new(name, agency, actions, lasts=timedelta(days=days))
    assert not Event.objects.filter(kind="token_made").exists()


def test_a_token_that_is_not_there_cannot_be_revoked(token: Callable[..., str]) -> None:
    with pytest.raises(UserError, match="nothing: there is no such token"):
        token("revoke", "nothing")
