"""What every test stands on: a home of its own, one of the two databases, and a browser.

TEST_DATABASE chooses the database: `sqlite` (when unset), `postgresql` for a server of the run's own, or a
`postgresql://` address. Read here and not as an option, since Django is set up before options are.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CI = os.environ.get("CI") == "true"
# Without a sandbox, as root has none, and no calls home.
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
CHROMIUM += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
WORKER = "PYTEST_XDIST_WORKER" in os.environ


def _settle() -> None:
    """Point the house at a temporary home and the chosen database; whatever the developer has set is left out."""
    for name in [name for name in os.environ if name.startswith("DETAINER_")]:
        del os.environ[name]
    home = tempfile.mkdtemp(prefix="detainer-test-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["DETAINER_HOME"] = home
    database = os.environ.get("TEST_DATABASE", "sqlite")
    if database == "postgresql":
        from postgresql import Server

        server = Server()
        atexit.register(server.stop)
        # The workers of a run in parallel find the address here and start no server.
        database = os.environ["TEST_DATABASE"] = server.address
    if database != "sqlite":
        os.environ["DETAINER_DATABASE"] = database
    os.environ["DJANGO_SETTINGS_MODULE"] = "detainer.settings"


def _set_up_django() -> None:
    """Here rather than in a hook, so that a test module or conftest may import models at its top."""
    import django
    from django.conf import settings

    # Real hashing takes half a second a sign-in, by design.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # tests/desk/signing_in/test_second_factor.py asks for it; everywhere else people just sign in.
    settings.SECOND_FACTOR_REQUIRED = False
    if "DETAINER_DATABASE" not in os.environ:
        # Rows asked for in no order come the other way round, as PostgreSQL may give them: nothing leans on it.
        settings.DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA reverse_unordered_selects=ON;"
    django.setup()
    from databases import prepare
    from django.db import connection

    prepare(connection)


_settle()
_set_up_django()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the tests marked `soak`, and only those")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests run when asked for; on PostgreSQL, what never touches a database has nothing new to show."""
    soak = config.getoption("--soak")
    fits = _for_postgresql if "DETAINER_DATABASE" in os.environ else _for_sqlite
    chosen = [item for item in items if bool(item.get_closest_marker("soak")) == soak and fits(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


def _for_sqlite(item: pytest.Item) -> bool:
    return not item.get_closest_marker("postgresql")


def _for_postgresql(item: pytest.Item) -> bool:
    if item.get_closest_marker("sqlite"):
        return False
    marked = item.get_closest_marker("postgresql") or item.get_closest_marker("django_db")
    return bool(marked or {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    return _no_skip_in_ci(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    return _no_skip_in_ci(report)


def _no_skip_in_ci(report: pytest.TestReport | pytest.CollectReport) -> pytest.TestReport | pytest.CollectReport:
    """With CI=true a skip is a failure: what a machine of ours cannot test has not been tested."""
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"A skip is a failure in CI. {reason}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Leave each skip and its reason, and the counts, for ./test to print last."""
    told = os.environ.get("TEST_TOLD")
    if not told or WORKER:
        return
    stats = terminalreporter.stats
    counts = {name: len(stats.get(name, ())) for name in ("passed", "failed", "skipped", "error")}
    with Path(told).open("a", encoding="utf-8") as out:
        print("COUNT", counts["passed"], counts["failed"] + counts["error"], counts["skipped"], file=out)
        for report in stats.get("skipped", ()):
            print("SKIP", f"{report.nodeid}: {report.longrepr[2]}", file=out)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless; never a browser that a test tool would fetch."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine; on Debian: apt-get install chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)  # a machine that does other work too is slow, not wrong

    # Playwright's loop runs in this thread, and Django takes any loop for a reason to refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=CHROMIUM,
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh page in a browser that knows nothing yet."""
    context = chromium.new_context(locale="en-US", timezone_id="America/New_York")
    yield context.new_page()
    context.close()
