"""./run makes its environment once, again when it must, and says what to do when it cannot.

The installer here is a stand-in that records what it was asked: what is under test is the script, not the network.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import ROOT

UV = """#!/bin/sh
echo "$*" >>"$UV_CALLS"
case "$1" in
--version) ;;
venv) "$3" -m venv --without-pip "$4" ;;
pip) [ -z "$UV_WAITS" ] || sleep 30
    [ -z "$UV_FAILS" ] || { echo "$UV_FAILS" >&2; exit 1; } ;;
esac
"""


class Checkout:
    """A checkout with ./run, a package that tells how it was called, and a stand-in installer."""

    def __init__(self, folder: Path) -> None:
        self.root, self.tools, self.calls = folder / "check out", folder / "tools", folder / "calls"
        (self.root / "src" / "detainer").mkdir(parents=True)
        (self.root / "src" / "detainer" / "__main__.py").write_text("import sys; print('called', sys.argv[1:])")
        shutil.copy(ROOT / "run", self.root)
        shutil.copytree(ROOT / "requirements", self.root / "requirements")
        self.tools.mkdir()
        self.tool("uv", UV)
        (self.tools / "python3").symlink_to(sys.executable)

    def tool(self, name: str, text: str) -> None:
        """Put a program where ./run finds it before any other."""
        (self.tools / name).write_text(text)
        (self.tools / name).chmod(0o755)

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Call ./run from a folder that is not the checkout, to its end."""
        program = self.start(*arguments, **more)
        out, err = program.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, program.returncode, out, err)

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Begin to call it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DETAINER_")}
        path = f"{self.tools}:/usr/bin:/bin"
        return subprocess.Popen(
            [self.root / "run", *arguments],
            env={**kept, "PATH": path, "UV_CALLS": str(self.calls), "PYTHONPATH": str(self.root / "src"), **more},
            cwd=self.tools,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # A shell cannot hear an interrupt that whoever started the tests has it ignore.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  one thread starts it
        )

    def installs(self) -> int:
        """How often packages were installed."""
        return self.calls.read_text().count("pip install") if self.calls.exists() else 0


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_the_first_run_makes_the_environment_and_the_next_does_not(checkout: Checkout) -> None:
    first = checkout.run("decide", "a file.yaml")
    assert first.stdout == "called ['decide', 'a file.yaml']\n", first.stderr
    assert "Making the environment (once)" in first.stderr
    again = checkout.run("serve", "--port", "8001")
    assert (again.stdout, again.stderr) == ("called ['serve', '--port', '8001']\n", "")
    assert checkout.installs() == 1


def test_run_alone_is_the_demonstration(checkout: Checkout) -> None:
    assert checkout.run().stdout == "called ['demo']\n"


def test_packages_are_installed_by_their_digests_alone(checkout: Checkout) -> None:
    checkout.run()
    asked = [line for line in checkout.calls.read_text().splitlines() if line.startswith("pip install")]
    env, lock = f"{checkout.root}/.detainer/env/bin/python", f"{checkout.root}/requirements/core.txt"
    assert asked == [f"pip install --python {env} --require-hashes -r {lock}"]


def test_all_that_is_written_lies_under_home(checkout: Checkout, tmp_path: Path) -> None:
    before = sorted(path.relative_to(checkout.root) for path in checkout.root.rglob("*"))
    home = tmp_path / "elsewhere" / "home"
    assert checkout.run(DETAINER_HOME=str(home)).returncode == 0
    assert sorted(path.relative_to(checkout.root) for path in checkout.root.rglob("*")) == before
    assert (home / "env" / "bin" / "python").exists()


def test_compiled_modules_are_kept_there_whatever_the_machine_says(checkout: Checkout, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert checkout.run(DETAINER_HOME=str(home), PYTHONDONTWRITEBYTECODE="1").returncode == 0
    assert list((home / "pycache").rglob("*.pyc"))
    assert not list(checkout.root.rglob("*.pyc"))


def test_a_changed_lock_makes_the_environment_anew(checkout: Checkout) -> None:
    checkout.run()
    with (checkout.root / "requirements" / "core.txt").open("a") as lock:
        lock.write("another==1.0 \\\n    --hash=sha256:0\n")
    checkout.run()
    assert checkout.installs() == 2


def test_a_moved_checkout_makes_the_environment_anew(checkout: Checkout, tmp_path: Path) -> None:
    checkout.run()
    checkout.root = checkout.root.rename(tmp_path / "moved")
    assert checkout.run("--version").stdout == "called ['--version']\n"
    assert checkout.installs() == 2


def test_a_half_made_environment_is_made_anew(checkout: Checkout) -> None:
    assert checkout.run(UV_FAILS="killed").returncode == 2
    assert (checkout.root / ".detainer" / "env" / "bin" / "python").exists(), "half of it is there"
    assert checkout.run().stdout == "called ['demo']\n"


def test_an_interrupted_start_is_made_good_by_the_next(checkout: Checkout) -> None:
    program = checkout.start(UV_WAITS="1")
    until = time.monotonic() + 30
    while not checkout.installs() and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(program.pid, signal.SIGINT)
    program.communicate(timeout=30)
    assert program.returncode == 130
    assert checkout.run().stdout == "called ['demo']\n"
    assert checkout.installs() == 2


def test_an_environment_whose_python_is_gone_is_made_anew(checkout: Checkout) -> None:
    checkout.run()
    (checkout.root / ".detainer" / "env" / "bin" / "python").unlink()
    assert checkout.run().stdout == "called ['demo']\n"


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("error: failed to create file: No space left on device (os error 28)", "the disk is full ("),
        ("error: dns error: failed to lookup address information", "is there a network? Try again then."),
        ("error: Hash mismatch for `django==5.2`", "a package is not the one that was locked"),
        ("error: the moon is in the wrong house", "the environment could not be made."),
    ],
)
def test_a_failed_installation_says_what_to_do(checkout: Checkout, says: str, told: str) -> None:
    done = checkout.run(UV_FAILS=says)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 2
    assert last.startswith("error: ")
    assert told in last
    assert "called" not in done.stdout


def test_no_python_that_is_new_enough_is_told(checkout: Checkout) -> None:
    (checkout.tools / "python3").unlink()
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14", "python"):
        checkout.tool(name, "#!/bin/sh\nexit 1\n")
    done = checkout.run()
    assert done.returncode == 2
    assert done.stderr.startswith("error: no Python 3.11 or newer found. Install one")


def test_a_home_that_cannot_be_written_is_told(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = checkout.run(DETAINER_HOME=str(tmp_path / "file" / "home"))
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("Set DETAINER_HOME to one that you may write.")
