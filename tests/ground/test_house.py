"""The house's settings: read once, in one place, with every mistake told at once."""

from __future__ import annotations

import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from detainer.errors import UserError, UserErrors
from detainer.house import CHECKOUT, House, house, write_private

KEY = "k" * 50


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DETAINER_")]:
        monkeypatch.delenv(name)


def _house(monkeypatch: pytest.MonkeyPatch, **settings: str) -> House:
    for name, value in settings.items():
        monkeypatch.setenv(f"DETAINER_{name.upper()}", value)
    return house.__wrapped__()


def _mistakes(monkeypatch: pytest.MonkeyPatch, **settings: str) -> list[str]:
    with pytest.raises(UserErrors) as caught:
        _house(monkeypatch, **settings)
    return caught.value.lines()


def test_without_settings_everything_lies_in_the_checkout_and_this_machine_alone_is_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = _house(monkeypatch)
    assert found.home == CHECKOUT / ".detainer"
    assert found.sqlite.parent == found.keys.parent == found.home
    assert found.hosts == ("localhost", "127.0.0.1", "[::1]")
    assert not found.production
    assert not found.debug


def test_an_empty_setting_is_one_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _house(monkeypatch, home="", database="", time_zone="").home == CHECKOUT / ".detainer"


def test_every_mistake_is_told_at_once_one_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = _mistakes(
        monkeypatch,
        production="1",
        debug="1",
        database="mysql://x/y",
        time_zone="America/Gotham",
        log_level="loud",
        databse="x",
    )
    assert [line.split(":")[0] for line in lines] == [
        "DETAINER_DATABSE",
        "DETAINER_DATABASE",
        "DETAINER_DEBUG",
        "DETAINER_HOSTS",
        "DETAINER_SECRET_KEY_FILE",
        "DETAINER_TIME_ZONE",
        "DETAINER_LOG_LEVEL",
    ]
    assert lines[0] == "DETAINER_DATABSE: is no setting. Meant DETAINER_DATABASE?"


@pytest.mark.parametrize("address", ["postgresql://", "postgresql://host", "mysql://host/name", "name"])
def test_an_address_that_is_no_postgresql_database_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert _mistakes(monkeypatch, database=address) == [
        "DETAINER_DATABASE: not an address like postgresql://user@host/name"
    ]


@pytest.mark.parametrize("address", ["postgresql://host/name", "postgres://user:word@host:5433/name?sslmode=require"])
def test_a_postgresql_address_is_taken(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert _house(monkeypatch, database=address).database == address


def test_production_makes_up_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert any("a key is required" in line for line in _mistakes(monkeypatch, production="1", home=str(tmp_path)))
    assert list(tmp_path.iterdir()) == []


def test_production_takes_a_given_key_and_names(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _house(monkeypatch, production="1", secret_key=KEY, hosts="desk.example, www.desk.example")
    assert found.secret() == KEY
    assert found.hosts == ("desk.example", "www.desk.example")
    assert KEY not in repr(found)


def test_a_key_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n")
    given = _house(monkeypatch, production="1", secret_key_file=str(tmp_path / "key"), hosts="desk.example")
    assert given.secret() == KEY


def test_a_short_key_and_two_keys_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _mistakes(monkeypatch, secret_key="short") == ["DETAINER_SECRET_KEY: shorter than 50 characters"]
    assert "given twice" in _mistakes(monkeypatch, secret_key=KEY, secret_key_file="key")[0]


@pytest.mark.parametrize("content", [b"short", b"\xff\xfe" * 40])
def test_a_key_file_that_holds_no_key_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(UserError, match="the secret key"):
        _house(monkeypatch, secret_key_file=str(tmp_path / "key")).secret()


def test_the_key_is_made_once_and_its_owner_alone_may_read_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = _house(monkeypatch, home=str(tmp_path))
    first = found.secret()
    assert len(first) >= 50
    assert found.secret() == first
    assert stat.S_IMODE((found.keys / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE(found.keys.stat().st_mode) == 0o700
    assert [file.name for file in found.keys.iterdir()] == ["secret-key"]


def test_a_private_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_bytes(b"before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"key: cannot be written: no space left on device"):
        write_private(tmp_path / "key", b"after")
    assert (tmp_path / "key").read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_every_setting_is_described() -> None:
    page = (CHECKOUT / "docs" / "settings.md").read_text()
    for name, field in House.model_fields.items():
        assert f"`DETAINER_{name.upper()}`" in page
        assert field.description
        assert field.description in page


def test_programs_that_make_the_secret_key_at_the_same_moment_all_use_the_same(tmp_path: Path) -> None:
    ready = threading.Barrier(8)

    def ask(_: int) -> str:
        ready.wait()
        return House(home=tmp_path).secret()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["secret-key"]
