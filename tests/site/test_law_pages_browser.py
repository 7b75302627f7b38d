"""The law's pages in a real browser: without a script, at any width, light, dark and printed; no fault of access."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_faults import faults
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

FACTS = "agency=us-ny-nyc-police&at=11/24/2026+14:30&request.form=I-247A&request.asks=hold&request.asks=notify"
PAGES = (
    "/law/",
    "/law/us-tx?on=2026-11-24",
    "/law/offenses?q=assault&on=2026-11-24",
    "/law/offenses?q=PL+135.65(2)(b)&on=2026-11-24",
    f"/law/try?{FACTS}&warrants=some&warrants.row=0",
    f"/law/land?{FACTS}",
    "/law/us-co/diff?from=2019-01-01&to=2019-06-01",
    "/law/us-tx?on=never",
)


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_no_page_has_a_fault_of_access_or_runs_over_its_edge(
    chromium: Browser, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, width: int, scheme: str
) -> None:
    from detainer.site import law_changes

    monkeypatch.setattr(law_changes, "_WAIT", 60.0)
    context = chromium.new_context(
        base_url=live_server.url,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    found: dict[str, list[str]] = {}
    for address in PAGES:
        page.goto(address)
        found[address] = faults(page)
    context.close()
    assert found == {address: [] for address in PAGES}


def test_facts_are_tried_by_keyboard_and_without_a_script(chromium: Browser, live_server: LiveServer) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto("/law/try?agency=us-ny-nyc-police&at=11/24/2026+14:30")
    page.get_by_role("group", name="Which form did the request come on?").get_by_label("I-247A").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # a form is sent from any of its fields
    expect(page.get_by_role("group", name="Which form did the request come on?").get_by_label("I-247A")).to_be_checked()
    assert page.url.endswith("/law/try?agency=us-ny-nyc-police&at=11/24/2026+14:30&request.form=I-247A")
    page.get_by_role("button", name="Add a paper").click()
    expect(page.get_by_role("group", name="Paper 1")).to_be_visible()
    assert "warrants.row=0" in page.url
    page.get_by_role("button", name="Remove paper 1").click()
    expect(page.get_by_role("group", name="Paper 1")).to_have_count(0)
    page.get_by_role("link", name="What every place says of them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The law of the land")
    context.close()


def test_a_law_prints_with_its_cases_and_without_its_forms(chromium: Browser, live_server: LiveServer) -> None:
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto("/law/us-tx?on=2026-11-24")
    page.emulate_media(media="print")
    expect(page.get_by_label("The law as it stood on")).to_be_hidden()
    expect(page.locator(".provision .shown li").first).to_be_visible()
    context.close()
