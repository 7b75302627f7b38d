"""In production the house is as strict as Django knows how to ask."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from command import environment

CHECK = """
import django
django.setup()
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING")
"""


def test_django_finds_nothing_to_warn_of_before_a_deployment(tmp_path: Path) -> None:
    given = environment(tmp_path, production="1", hosts="desk.example", secret_key="kV3-" + "0aZ_9" * 12)
    done = subprocess.run(
        [sys.executable, "-P", "-c", CHECK],
        env={**given, "DJANGO_SETTINGS_MODULE": "detainer.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    assert list(tmp_path.iterdir()) == [], "no key was made up"
