"""`detainer demo`: a desk to look at, on made-up people only."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from command import answer, detainer, environment, free_port, mistake, served

REAL = """
from detainer import setup
setup.django(make=True)
from detainer.record import journal
journal.open_record(demonstration=False)
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with the demonstration in it, and what loading it printed."""
    home = tmp_path_factory.mktemp("demo")
    done = detainer(home, "demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    return home, done.stdout


def test_the_demonstration_says_who_may_sign_in_and_what_it_is(shown: tuple[Path, str]) -> None:
    _, said = shown
    assert said.startswith("A demonstration of Detainer Desk: made-up people")
    assert "  ruiz        Desk officer        password: night desk demonstration\n" in said
    assert "  okafor      Legal reviewer      password: night desk demonstration\n" in said


def test_the_record_that_it_leaves_is_sound(shown: tuple[Path, str]) -> None:
    home, _ = shown
    done = detainer(home, "verify")
    assert done.returncode == 0, done.stdout


def test_loading_it_again_adds_nothing_and_says_the_same(shown: tuple[Path, str]) -> None:
    home, said = shown
    before = detainer(home, "checkpoint").stdout
    again = detainer(home, "demo", "--no-serve")
    assert (again.returncode, again.stdout) == (0, said)
    assert detainer(home, "checkpoint").stdout == before


def test_its_public_site_is_that_of_the_record(shown: tuple[Path, str]) -> None:
    """Asked before anything is served: the watch beside the desk may add its own events."""
    home, _ = shown
    told = json.loads((home / "public" / "record" / "figures.json").read_text())
    assert str(told["size"]) == detainer(home, "checkpoint").stdout.splitlines()[1]


def test_the_desk_on_it_asks_who_is_there(shown: tuple[Path, str]) -> None:
    home, _ = shown
    port = free_port()
    with served(home, port):
        assert b"demonstration" in answer(port, "/sign-in/").lower()


def test_its_public_site_stands_there(shown: tuple[Path, str]) -> None:
    home, _ = shown
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
