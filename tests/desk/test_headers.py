"""What every answer tells a browser, whatever it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_people import take
from django.test import Client

from detainer.desk.duties.accounts import author

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db
PLACES = {
    "/sign-in/": 200,
    "/requests/": 200,
    "/requests/{id}/": 200,
    "/requests/new/": 200,
    "/sessions/": 200,
    "/accounts/": 403,
    "/requests/nothing/": 404,
    "/nothing": 404,
    "/public/": 404,
    "/healthz": 503,
    "/law/": 200,
    "/static/desk/desk.css": 200,
    "/static/desk/icon.svg": 200,
    "/api/v1/requests": 401,
    "/api/nothing": 404,
    "/api/": 200,
    "/api/openapi.json": 200,
}


@pytest.mark.parametrize(("place", "status"), PLACES.items())
def test_every_answer_carries_them(officer: User, as_: Callable[[User], Client], place: str, status: int) -> None:
    made = take(author(officer))
    client = Client(headers={"host": "localhost"}) if place == "/sign-in/" else as_(officer)
    answer = client.get(place.format(id=made.id))
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    answer.close()
    assert answer.status_code == status
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer["Content-Type"].partition(";")[0] in {
        "text/html",
        "text/plain",
        "text/css",
        "image/svg+xml",
        "application/json",
        "application/problem+json",
    }
    if answer["Content-Type"].startswith("text/"):
        assert "charset" in answer["Content-Type"]
    if answer["Content-Type"].startswith("text/html"):
        assert "object-src 'none'" in policy
        assert "base-uri 'none'" in policy
    if place.startswith(("/requests", "/sessions", "/accounts", "/sign-in", "/api/v1")):
        assert "no-store" in answer["Cache-Control"]


def test_a_refusal_in_front_of_the_interface_carries_them_too() -> None:
    answer = Client(headers={"host": "localhost"}).post("/api/v1/requests", b"x", "text/plain", CONTENT_LENGTH="9" * 12)
    assert answer.status_code == 413
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PROPFIND", "CONNECT", "FOO"])
def test_no_page_answers_trace(officer: User, as_: Callable[[User], Client], method: str) -> None:
    answer = as_(officer).generic(method, "/requests/", headers={"x-secret": "seen"})
    assert answer.status_code in (403, 405)
    assert b"seen" not in answer.content
