"""The browser that the tests drive, and what the house tells every browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.browser


def test_a_page_may_run_no_script_of_its_own(live_server: LiveServer, page: Page) -> None:
    page.goto(f"{live_server.url}/healthz")
    page.evaluate("document.body.appendChild(document.createElement('script')).textContent = 'window.ran = 1'")
    assert page.evaluate("window.ran") is None


def test_the_house_may_not_be_framed_and_tells_nobody_where_a_reader_came_from(
    live_server: LiveServer, page: Page
) -> None:
    headers = page.goto(f"{live_server.url}/healthz").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
