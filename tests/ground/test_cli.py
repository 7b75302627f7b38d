"""The command line: every command found, described and quick to start; every slip told in one line."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command import ROOT, detainer, environment, mistake

from detainer.cli import COMMANDS, main, usage

COMMAND_NAMES = sorted(COMMANDS)


def test_help_lists_every_command_with_its_line(tmp_path: Path) -> None:
    done = detainer(tmp_path, "--help")
    assert done.returncode == 0
    for name, (_, _, line) in COMMANDS.items():
        assert f"  {name} " in done.stdout
        assert line in done.stdout
    assert done.stdout.strip() == usage()
    assert list(tmp_path.iterdir()) == [], "help writes nothing"


@pytest.mark.parametrize("name", COMMAND_NAMES)
def test_a_command_has_help_of_its_own(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["detainer", name, "--help"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    assert f"Usage: detainer {name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", COMMAND_NAMES)
def test_a_command_is_described_in_the_documentation(name: str) -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert any(f"{form} {name}" in page.read_text() for page in pages for form in ("./run", "detainer"))


@pytest.mark.parametrize("name", COMMAND_NAMES)
def test_a_command_lives_in_the_module_that_the_table_names(name: str) -> None:
    module, attribute, _ = COMMANDS[name]
    assert module == f"detainer.commands.{name}"
    assert callable(getattr(importlib.import_module(module), attribute))


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["serv"], "serv: is no command. Meant `serve`?"),
        (["xyzzy"], "xyzzy: is no command. `detainer --help` lists them."),
        (["migrate", "--nonsense"], "No such option: --nonsense. Try `detainer migrate --help`."),
    ],
)
def test_a_slip_is_told_in_one_line(tmp_path: Path, arguments: list[str], line: str) -> None:
    assert mistake(detainer(tmp_path, *arguments)) == line


def test_wrong_settings_are_all_told_before_anything_is_written(tmp_path: Path) -> None:
    done = detainer(tmp_path, "migrate", time_zone="Nowhere", log_level="loud")
    assert done.returncode == 2
    assert [line.split(":")[1].strip() for line in done.stderr.splitlines()] == [
        "DETAINER_TIME_ZONE",
        "DETAINER_LOG_LEVEL",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    line = mistake(detainer(tmp_path / "file" / "home", "migrate"))
    assert line == f"{tmp_path}/file/home: no such folder can be made: not a directory. Set DETAINER_HOME."


def test_help_needs_neither_django_nor_the_settings(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['detainer', '--help']\n"
        "from detainer.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('loaded', sorted({'django', 'pydantic', 'typer'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "loaded []"


def test_a_folder_that_a_command_runs_in_lends_it_no_module(tmp_path: Path) -> None:
    (tmp_path / "yaml.py").write_text("raise SystemExit('imported from where the user stands')")
    (tmp_path / "django.py").write_text("raise SystemExit('imported from where the user stands')")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "detainer", "migrate"],
        env=environment(tmp_path / "home"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "-P -m detainer" in (ROOT / "run").read_text()
    assert os.access(ROOT / "run", os.X_OK)
