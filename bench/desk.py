"""What the desk's pages weigh, how soon they can be read, and what keys a plain request takes.

    PYTHONPATH=src .detainer/env-test/bin/python bench/desk.py

Loads the demonstration into a folder of its own, serves it on this machine alone and drives Chromium. "First" is a
browser that knows nothing yet; "after" the same page once more. The peer is an empty page of the same server (its 404).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5
ACCOUNT, PASSWORD = "ruiz", "night desk demonstration"  # of the demonstration, which prints them
PAINT = "() => performance.getEntriesByType('paint').find((one) => one.name === 'first-contentful-paint')?.startTime"


def main() -> None:
    """Measure and print."""
    home = tempfile.mkdtemp(prefix="desk-bench-")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DETAINER_", "DJANGO_"))}
    env = kept | {"DETAINER_HOME": home, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "detainer"]
    subprocess.run([*command, "demo", "--no-serve"], env=env, check=True, stdout=subprocess.DEVNULL)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    serve = [*command, "serve", "--host", "127.0.0.1", "--port", str(port)]
    program = subprocess.Popen(serve, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait(port)
        browse(f"http://localhost:{port}")
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait()
        shutil.rmtree(home, ignore_errors=True)


def wait(port: int) -> None:
    """Until the desk answers."""
    for _ in range(600):
        try:
            asked = HTTPConnection("127.0.0.1", port, timeout=2)
            asked.request("GET", "/sign-in/", headers={"Host": "localhost"})
            asked.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the desk did not answer")


def browse(address: str) -> None:
    """Every measurement, in one browser."""
    program = shutil.which("chromium") or sys.exit("no Chromium on this machine")
    with sync_playwright() as playwright:
        args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=program, args=args)
        state, one = signed_in(browser, address)
        print(f"{'page':12} {'first, bytes':>13} {'after, bytes':>13} {'first, ms':>10} {'after, ms':>10}")
        for name, path in (
            ("list", "/requests/"),
            ("request", one),
            ("form", "/requests/new/"),
            ("empty", "/nowhere/"),
        ):
            rounds = [weigh(browser, state, address + path) for _ in range(ROUNDS)]
            first, after, soon, sooner = (statistics.median(values) for values in zip(*rounds, strict=True))
            print(f"{name:12} {first:13,.0f} {after:13,.0f} {soon:10.0f} {sooner:10.0f}")
        print(keyboard(browser, address, shortcut=True))
        print(keyboard(browser, address, shortcut=False))
        browser.close()


def signed_in(browser: Browser, address: str) -> tuple[Any, str]:
    """The cookies of somebody who is signed in, and the path of the request that the list shows first."""
    context = browser.new_context(base_url=address, locale="en-US")
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("Account").fill(ACCOUNT)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    one = page.locator("a.go").first.get_attribute("href") or ""
    state = context.storage_state()
    context.close()
    return state, one


def weigh(browser: Browser, state: Any, address: str) -> tuple[int, int, float, float]:
    """Bytes over the wire and milliseconds to the first contentful paint, of a page at first and once more."""
    context = browser.new_context(storage_state=state, locale="en-US")
    page = context.new_page()
    wire, sizes = context.new_cdp_session(page), list[int]()
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    found = []
    for _ in range(2):
        sizes.clear()
        page.goto(address, wait_until="networkidle")
        found.append((sum(sizes), float(page.evaluate(PAINT) or 0)))
    context.close()
    (first, soon), (after, sooner) = found
    return first, after, soon, sooner


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.moves, self.letters = page, 0, 0

    def press(self, key: str) -> None:
        """One key that moves or chooses."""
        self.page.keyboard.press(key)
        self.moves += 1

    def type(self, text: str) -> None:
        """Letters."""
        self.page.keyboard.type(text)
        self.letters += len(text)

    def to(self, what: str) -> None:
        """Tab until the element that `what` selects has the focus."""
        for _ in range(80):
            if self.page.evaluate("(what) => document.activeElement?.matches(what)", what):
                return
            self.press("Tab")
        sys.exit(f"the keyboard does not reach {what}")


def keyboard(browser: Browser, address: str, *, shortcut: bool) -> str:
    """A plain request from the sign-in page to its recorded answer, by keyboard alone, with Ctrl+Enter or without."""
    context = browser.new_context(base_url=address, locale="en-US")
    page = context.new_page()
    page.goto("/sign-in/")
    keys, began = Keys(page), time.perf_counter()
    keys.to("[name=username]")
    keys.type(ACCOUNT)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.to("[name=to][value=new]")
    keys.press("Enter")
    page.wait_for_url("**/requests/new/")
    keys.to("[name='who.name']")
    keys.type("B. Sample")
    for what in ("[name='request.form']", "[name='request.from']", "[value=hold]", "[value=notify]"):
        keys.to(what)
        keys.press("Space")
    page.locator("#answer .headline", has_text="Release on time").wait_for()
    fields = page.locator("#entry-doing .entry:visible").count()
    if shortcut:
        keys.press("Control+Enter")
    else:
        keys.to("[name=do][value=record]")
        keys.press("Enter")
    page.wait_for_selector("#timeline")
    took = time.perf_counter() - began
    context.close()
    return (
        f"a plain request by keyboard, {'with Ctrl+Enter' if shortcut else 'with Tab alone'}: {keys.moves} keys to "
        f"move and choose, {keys.letters} letters typed, 2 pages (sign in, form), {fields} fields shown, "
        f"{took:.1f} s by the browser"
    )


if __name__ == "__main__":
    main()
