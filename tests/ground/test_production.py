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


COOKIES = """
import django
django.setup()
from django.conf import settings
for name in "SESSION CSRF".split():
    parts = "NAME SECURE HTTPONLY SAMESITE PATH DOMAIN".split()
    print(*(getattr(settings, f"{name}_COOKIE_{part}") for part in parts))
"""


def run(code: str, home: Path) -> subprocess.CompletedProcess[str]:
    given = environment(home, production="1", hosts="desk.example", secret_key="kV3-" + "0aZ_9" * 12)
    given["DJANGO_SETTINGS_MODULE"] = "detainer.settings"
    return subprocess.run([sys.executable, "-P", "-c", code], env=given, capture_output=True, text=True, check=False)


def test_django_finds_nothing_to_warn_of_before_a_deployment(tmp_path: Path) -> None:
    done = run(CHECK, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    assert list(tmp_path.iterdir()) == [], "no key was made up"


def test_cookies_are_bound_to_the_host(tmp_path: Path) -> None:
    done = run(COOKIES, tmp_path)
    assert done.stdout.splitlines() == [
        "__Host-sessionid True True Lax / None",
        "__Host-csrftoken True True Lax / None",
    ], done.stderr
