"""What the repository may hold: locked digests, and no address or path of the machine it was made on."""

from __future__ import annotations

import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest
from command import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
HOST = re.compile(r"https?://[^ \"]+\.(whl|tar\.gz|tgz)|index-" + "url|find-" + r"links|files\.pytho|pypi\." + "org")
MACHINE = re.compile(r"(^|[^A-Za-z0-9_.])/(work|farm|root|home)/[a-z.]")


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def _pins(name: str) -> list[tuple[str, str, str]]:
    """Name, extras and version of each package that a lock names."""
    return re.findall(r"^([a-z0-9-]+)(?:\[(.+?)\])?==(\S+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_is_one_version_known_by_its_digests(lock: Path) -> None:
    packages = re.split(r"\n(?=\S)", lock.read_text().strip())
    assert packages
    for package in packages:
        head, *digests = (line.strip(" \\") for line in package.split("\n"))
        assert re.match(r"[a-z0-9-]+(\[[a-z0-9, -]+\])?==[^ ]+( ; .+)?$", head), head
        assert digests
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", digest) for digest in digests), head


def test_what_runs_is_what_is_tested() -> None:
    def pins(name: str) -> set[tuple[str, str]]:
        return {(package, version) for package, _, version in _pins(name)}

    assert pins("core.txt") <= pins("dev.txt")
    assert pins("core.txt") <= pins("bench.txt")
    assert pins("core.txt") <= pins("analytics.txt") <= pins("dev.txt")


def test_an_extra_that_a_package_asks_of_another_is_locked_too() -> None:
    """uv installs without it; pip, which stands in where uv does not come, refuses a lock that lacks it."""
    locked = {package: set(extras.split(", ")) for package, extras, _ in _pins("dev.txt")}
    asked = 0
    for package in locked:
        try:
            needs = metadata.requires(package) or []
        except metadata.PackageNotFoundError:  # for another system
            continue
        for need in map(Requirement, needs):
            if need.extras and (need.marker is None or need.marker.evaluate({"extra": ""})):
                asked += 1
                assert need.extras <= locked[canonicalize_name(need.name)], f"{package} asks for {need}"
    assert asked


def test_no_file_names_a_package_host_or_a_path_of_the_machine() -> None:
    found = []
    for file in _tracked():
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue
        found += [
            f"{file.relative_to(ROOT)}:{number}"
            for number, line in enumerate(text.splitlines(), 1)
            if HOST.search(line) or MACHINE.search(line)
        ]
    assert found == []


@pytest.mark.parametrize("script", ["run", "test", ".ci/run", "requirements/lock"])
def test_the_scripts_can_be_run(script: str) -> None:
    file = ROOT / script
    assert file.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", file], check=True)
