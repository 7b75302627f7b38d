"""Passwords that became known: found in a sorted file of digests, wherever in it they stand, without loading it."""

from __future__ import annotations

import io
from hashlib import sha1
from typing import TYPE_CHECKING

import pytest
from desk_people import PASSWORD
from django.test import Client

from detainer.desk.signing_in.breached import holds
from detainer.errors import UserErrors
from detainer.house import house

if TYPE_CHECKING:
    from pathlib import Path

    from django.contrib.auth.models import User

KNOWN = [f"made-up known password {number}" for number in range(257)]


def digest(password: str) -> str:
    return sha1(password.encode(), usedforsecurity=False).hexdigest()


def kept(file: Path, passwords: list[str], line: str = "{digest}:{count}\r\n") -> Path:
    digests = sorted(digest(one).upper() for one in passwords)
    text = "".join(line.format(digest=one, count=10 ** (place % 9)) for place, one in enumerate(digests))
    file.write_bytes(text.encode())
    return file


@pytest.mark.parametrize("line", ["{digest}:{count}\r\n", "{digest}:{count}\n", "{digest}\n"])
@pytest.mark.parametrize("number", [1, 2, 3, 64, 257])
def test_each_is_found_wherever_it_stands_and_nothing_else(tmp_path: Path, line: str, number: int) -> None:
    file = kept(tmp_path / "known.txt", KNOWN[:number], line)
    assert all(holds(file, one) for one in KNOWN[:number])
    assert not any(holds(file, f"{one}x") for one in KNOWN)


def test_small_letters_and_a_file_without_its_last_line_end_are_read_alike(tmp_path: Path) -> None:
    file = kept(tmp_path / "known.txt", KNOWN)
    file.write_bytes(file.read_bytes().lower().rstrip())
    assert all(holds(file, one) for one in KNOWN)
    file.write_bytes(b"")
    assert not holds(file, KNOWN[0])


def test_four_gigabytes_cost_some_sixty_short_reads() -> None:
    """A file that is never written: line n is the number n in forty digits."""
    lines, counted = 10**8, []

    class Far(io.RawIOBase):
        at = 0

        def seek(self, place: int, whence: int = 0) -> int:
            self.at = place if whence == 0 else lines * 41
            return self.at

        def read(self, size: int = -1) -> bytes:
            counted.append(size)
            first = self.at // 41
            text = b"".join(b"%040x\n" % line for line in range(first, (self.at + size) // 41 + 1))
            return text[self.at - first * 41 :][:size]

        def readline(self, size: int | None = -1) -> bytes:
            return self.read(41 - self.at % 41)

    class Place:
        def open(self, mode: str) -> Far:
            return Far()

    assert not holds(Place(), PASSWORD)  # type: ignore[arg-type]
    assert 0 < len(counted) <= 2 * 33
    assert max(counted) <= 80


@pytest.mark.attack
@pytest.mark.django_db
def test_a_password_that_became_known_is_not_taken(
    officer: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attack: to try what other places lost."""
    file = kept(tmp_path / "known.txt", KNOWN)
    monkeypatch.setenv("DETAINER_BREACHED_PASSWORDS", str(file))
    house.cache_clear()
    client = Client(headers={"host": "localhost"})
    client.post("/sign-in/", {"username": "ruiz", "password": PASSWORD})

    def change(new: str) -> tuple[int, str]:
        sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
        answer = client.post("/sign-in/password/", sent)
        return answer.status_code, answer.content.decode()

    status, page = change(KNOWN[100])
    assert status == 422
    assert "Not a password that became known elsewhere." in page
    file.write_text("rubbish")
    status, page = change("seven herons over wet slate")
    assert status == 422
    assert "cannot be read. Tell whoever runs the desk." in page
    kept(file, KNOWN)
    assert change("seven herons over wet slate")[0] == 302


@pytest.mark.parametrize("content", [None, "", "password\n", "unsorted", f"{'g' * 40}:1\n", "0" * 200])
def test_what_is_no_such_file_is_told_at_the_start(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    file = tmp_path / "known.txt"
    if content == "unsorted":
        content = f"{'b' * 40}:1\n{'a' * 40}:1\n"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("DETAINER_BREACHED_PASSWORDS", str(file))
    house.cache_clear()
    with pytest.raises(UserErrors, match="BREACHED_PASSWORDS"):
        house()
