"""`detainer demo`: a desk to look at, on made-up people only."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from command import answer, detainer, environment, free_port, mistake, served

REAL = """
from detainer import setup
setup.django(make=True)
from detainer.record import journal
journal.open_record(demonstration=False)
"""

# Prints a session of the officer's, and a request to make a paper of.
SIGNED_IN = """
from detainer import setup
setup.django(make=True)
from django.contrib.auth.models import User
from django.test import Client
from detainer.record.models import Request
client = Client()
client.force_login(User.objects.get(username="ruiz"))
print(client.cookies["sessionid"].value, Request.objects.exclude(decided_at=None).order_by("-number").first().id)
"""


@dataclass(frozen=True)
class Shown:
    """A home with the demonstration in it, what loading it again printed, and a paper that was made while it was served
    by the very command that loaded it.
    """

    home: Path
    said: str
    paper: bytes


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The demonstration as its command leaves it."""
    home, port = tmp_path_factory.mktemp("demo"), free_port()
    with served(home, port, "demo"):
        answer(port, "/sign-in/")
        paper = _paper(home, port)
    done = detainer(home, "demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    return Shown(home, done.stdout, paper)


def _paper(home: Path, port: int) -> bytes:
    asked = subprocess.run(
        [sys.executable, "-P", "-c", SIGNED_IN], env=environment(home), capture_output=True, text=True, check=True
    )
    session, request = asked.stdout.split()
    token = "a" * 32
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=30)) as desk:
        form = urlencode({"paper": "interview", "lang": "en", "reason": "", "csrfmiddlewaretoken": token})
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        desk.request("POST", f"/requests/{request}/reply/", form, headers)
        return desk.getresponse().read()


def test_the_desk_that_it_starts_makes_papers(shown: Shown) -> None:
    assert shown.paper.startswith(b"%PDF-"), shown.paper[:300]


def test_the_demonstration_says_who_may_sign_in_and_what_it_is(shown: Shown) -> None:
    said = shown.said
    assert said.startswith("A demonstration of Detainer Desk: made-up people")
    assert "  ruiz        Desk officer        password: night desk demonstration\n" in said
    assert "  okafor      Legal reviewer      password: night desk demonstration\n" in said


def test_the_record_that_it_leaves_is_sound(shown: Shown) -> None:
    home = shown.home
    done = detainer(home, "verify")
    assert done.returncode == 0, done.stdout


def test_loading_it_again_adds_nothing_and_says_the_same(shown: Shown) -> None:
    home, said = shown.home, shown.said
    before = detainer(home, "checkpoint").stdout
    again = detainer(home, "demo", "--no-serve")
    assert (again.returncode, again.stdout) == (0, said)
    assert detainer(home, "checkpoint").stdout == before


def test_its_public_site_is_that_of_the_record(shown: Shown) -> None:
    """Asked before anything is served again: the watch beside the desk may add its own events."""
    home = shown.home
    told = json.loads((home / "public" / "record" / "figures.json").read_text())
    assert str(told["size"]) == detainer(home, "checkpoint").stdout.splitlines()[1]


def test_the_desk_on_it_asks_who_is_there(shown: Shown) -> None:
    home = shown.home
    port = free_port()
    with served(home, port):
        assert b"demonstration" in answer(port, "/sign-in/").lower()


def test_its_public_site_stands_there(shown: Shown) -> None:
    home = shown.home
    port = free_port()
    with served(home, port):
        assert b"1,526" in answer(port, "/public/")


def test_it_is_never_loaded_into_a_record_of_real_requests(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-P", "-c", REAL], env=environment(tmp_path), check=True)
    line = mistake(detainer(tmp_path, "demo", "--no-serve"))
    assert line.startswith("this record holds real requests: no demonstration can be loaded into it.")
    people = subprocess.run(
        [
            sys.executable,
            "-P",
            "-c",
            f"{REAL}\nfrom django.contrib.auth.models import User\nprint(User.objects.count())",
        ],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert people.stdout == "0\n", "no account with a known password was made"
