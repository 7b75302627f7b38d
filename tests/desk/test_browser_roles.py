"""Every page for every duty that can open it: no fault of access, nothing over the edge, at 320 px and 200 % zoom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from desk_people import facts, person, take
from django.test import Client
from erasing import ORDER
from page_faults import faults

from detainer import clock
from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.record import journal

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
PAGES = ["/requests/", "/requests/new/", "/approvals/", "/counsel/", "/reports/", "/audit/", "/sealed/", "/duplicates/"]
PAGES += [
    "/exports/",
    "/system/",
    "/incoming/",
    "/accounts/",
    "/accounts/proposed/",
    "/programs/",
    "/sessions/",
    "/second-factor/",
    "/second-factor/totp/activate/",
]
# 1280 px at 200 % are 640.
HOW: dict[Role, dict[str, Any]] = {
    Role.OFFICER: {"viewport": {"width": 320, "height": 800}, "color_scheme": "dark"},
    Role.REVIEWER: {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    Role.SUPERVISOR: {"viewport": {"width": 320, "height": 800}, "locale": "es-US"},
    Role.RECORDS: {"viewport": {"width": 320, "height": 800}, "reduced_motion": "reduce"},
    Role.AUDITOR: {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2, "color_scheme": "dark"},
    Role.ADMINISTRATOR: {"viewport": {"width": 320, "height": 800}, "color_scheme": "dark", "locale": "es-US"},
}


def records() -> list[str]:
    """Records in the states that look different: permitted and asked for, settled, waiting for counsel, sealed."""
    me = author(person("ruiz", Role.OFFICER))
    permitted, settled = (
        take(me, permitted=True),
        take(me, name="A name as long as names of Upper-Longtown can ever be"),
    )
    asks = take(me, said={**facts(), "watch_list": "match"})
    now = clock.now()
    journal.act(permitted, "asked", happened=now, author=me, detail={"for": "held"})
    journal.act(settled, "declined", happened=now, author=me, detail={"of": ["hold", "notify"]})
    journal.act(settled, "released", happened=now, author=me)
    sealed = take(me, name="C. Muster", decide=False)
    journal.act(sealed, "sealed", happened=now, author="records:one", detail=ORDER)
    journal.act(sealed, "asked", happened=now, author="records:one", detail={"for": "expunged", **ORDER})
    paths = [f"/requests/{one.id}/" for one in (permitted, settled, asks, sealed)]
    return [*paths, f"{paths[0]}facts/", f"{paths[0]}export/", f"{paths[0]}seal/", f"{paths[3]}seal/"]


def test_no_page_has_a_fault_for_anybody_who_can_open_it(chromium: Browser, live_server: LiveServer) -> None:
    places = [*PAGES, *records()]
    found: dict[str, list[str]] = {}
    opened: set[str] = set()
    for role, how in HOW.items():
        client = Client(headers={"host": "localhost"})
        client.force_login(person(f"a-{role}", role))
        context = chromium.new_context(base_url=live_server.url, **how)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        for place in places:
            answer = page.goto(place)
            if answer is None or not answer.ok or answer.url.startswith(f"{live_server.url}/sign-in"):
                continue
            opened.add(place)
            wrong = faults(page)
            if page.evaluate("document.getAnimations().length"):
                wrong.append("moves")
            if wrong:
                found[f"{role} {place}"] = wrong
        context.close()
    assert found == {}
    assert sorted(opened) == sorted(places), "each page was open to somebody"
