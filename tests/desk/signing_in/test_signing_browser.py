"""A second factor in a real browser: by keyboard alone, with a passkey, and without a finding of axe."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from desk_people import PASSWORD, POLICE, person
from page_faults import COLOUR, faults
from playwright.sync_api import expect

from detainer.api import tokens
from detainer.api.actions import Action
from detainer.desk.duties.roles import Role
from detainer.record import journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page
    from pytest_django.fixtures import SettingsWrapper
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _required(settings: SettingsWrapper) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def open_(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    opened, told = [], []

    def make(**how: object) -> Page:
        context = chromium.new_context(base_url=live_server.url, locale="en-US", **how)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
        return page

    yield make
    for context in opened:
        context.close()
    assert told == []


def no_finding(page: Page) -> None:
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert faults(page, rules=COLOUR if scheme == "dark" else ()) == []


def first_step(page: Page, name: str = "ruiz") -> None:
    page.goto("/sign-in/")
    expect(page.get_by_label("Account")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def test_an_app_is_set_up_and_used_by_keyboard_alone(open_: Callable[..., Page]) -> None:
    person("ruiz", Role.OFFICER, Role.ADMINISTRATOR)
    journal.open_record(demonstration=False)
    tokens.new("a program with a long name of its own", POLICE, tuple(Action), lasts=timedelta(days=30))
    page = open_(viewport={"width": 320, "height": 640})
    first_step(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
    no_finding(page)
    page.get_by_role("link", name="Set up an app").focus()
    page.keyboard.press("Enter")
    secret = page.locator("#key").inner_text()
    assert page.locator(".key-picture").evaluate("image => image.complete && image.naturalWidth > 0")
    no_finding(page)
    page.keyboard.type(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.keyboard.press("Enter")
    expect(page.locator(".recovery li")).to_have_count(10)
    recovery = page.locator(".recovery li").first.inner_text()
    no_finding(page)
    for place, heading in (
        ("/sessions/", "Where you are signed in"),
        ("/accounts/", "Accounts"),
        ("/programs/", "Programs"),
        ("/sign-in/password/", "Your password"),
        ("/second-factor/", "Second factor"),
    ):
        page.goto(place)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        no_finding(page)
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/")
    first_step(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    no_finding(page)
    page.keyboard.type(recovery)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Requests")
    page.goto("/second-factor/recovery-codes/generate/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it still you?")
    no_finding(page)


def test_a_passkey_is_added_and_opens_the_desk(open_: Callable[..., Page]) -> None:
    person("ruiz", Role.OFFICER)
    journal.open_record(demonstration=False)
    page = open_()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    first_step(page)
    page.get_by_role("link", name="Add a passkey").click()
    no_finding(page)
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".recovery li")).to_have_count(10)
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    first_step(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Requests")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]})
    empty = options | {"automaticPresenceSimulation": False}
    stranger = device.send("WebAuthn.addVirtualAuthenticator", {"options": empty})
    first_step(page)
    page.get_by_role("button", name="Use a passkey").click()
    device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": stranger["authenticatorId"]})
    page.goto("/requests/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
