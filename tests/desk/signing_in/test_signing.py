"""Signing in: limits on failures, no word about who exists, nothing kept of what was typed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from desk_people import PASSWORD, person
from django.test import Client

from detainer import clock
from detainer.desk.duties.roles import Role
from detainer.desk.models import FailedSignIn
from detainer.desk.signing_in import limits

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpResponse

pytestmark = pytest.mark.django_db
PAGE = "/sign-in/"


def sign_in(name: str, password: str, **more: str) -> HttpResponse:
    return Client(headers={"host": "localhost"}).post(PAGE, {"username": name, "password": password, **more})


def test_the_right_password_opens_the_list(officer: User) -> None:
    answer = sign_in("ruiz", PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_everybody_begins_at_a_page_that_their_duties_open(client: Client, officer: User) -> None:
    assert client.get("/")["Location"].startswith(PAGE)
    for user, place in ((officer, "/requests/"), (person("stone", Role.ADMINISTRATOR), "/accounts/")):
        client.force_login(user)
        assert client.get("/")["Location"] == place


def test_who_takes_requests_in_can_begin_at_the_form_and_nobody_else(officer: User) -> None:
    said = {"password": PASSWORD, "to": "new"}
    person("abadi", Role.AUDITOR)
    to = [Client().post("/sign-in/", {"username": name, **said})["Location"] for name in ("ruiz", "abadi")]
    assert to == ["/requests/new/", "/"]
    assert 'name="to"' in Client().get("/sign-in/").content.decode()
    assert 'name="to"' not in Client().get("/sign-in/?next=/audit/").content.decode()


def test_the_forms_own_address_comes_back_to_it_after_signing_in_and_after_the_second_step(officer: User) -> None:
    """Somebody follows a bookmark of `/requests/new/`, signs in, and stands before the empty form."""
    browser = Client(headers={"host": "localhost"})
    asked = browser.get("/requests/new/")
    assert (asked.status_code, asked["Location"]) == (302, "/sign-in/?next=/requests/new/")
    page = browser.get(asked["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/requests/new/">' in page
    sent = {"username": "ruiz", "password": PASSWORD, "next": "/requests/new/"}
    answer = browser.post("/sign-in/", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/requests/new/")
    form = browser.get(answer["Location"])
    assert form.status_code == 200
    assert 'name="who.name"' in form.content.decode()
    wrong = Client(headers={"host": "localhost"}).post("/sign-in/", sent | {"password": "wrong"})
    assert 'name="next" value="/requests/new/"' in wrong.content.decode()


def test_a_wrong_password_and_a_wrong_name_get_the_same_words(officer: User) -> None:
    wrong, nobody = sign_in("ruiz", "wrong").content, sign_in("nobody", "wrong").content
    assert b"do not match" in wrong
    assert b"do not match" in nobody


def test_after_five_failures_the_right_password_waits_too(officer: User) -> None:
    for _ in range(limits.BY_NAME):
        sign_in("Ruiz", "wrong")
    answer = sign_in("ruiz", PASSWORD)
    assert answer.status_code == 200
    assert b"Too many failed sign-ins. Try again after" in answer.content
    FailedSignIn.objects.update(at=clock.now() - limits.WINDOW - timedelta(seconds=1))
    assert sign_in("ruiz", PASSWORD).status_code == 302


def test_the_limit_holds_for_a_name_that_is_nobodys(db: None) -> None:
    for _ in range(limits.BY_NAME):
        sign_in("nobody", "wrong")
    assert b"Too many failed sign-ins" in sign_in("nobody", "wrong").content


def test_one_address_cannot_try_name_after_name(officer: User) -> None:
    for number in range(limits.BY_ADDRESS):
        limits.failed(f"name{number}", "127.0.0.1", now=clock.now())
    assert b"Too many failed sign-ins" in sign_in("ruiz", PASSWORD).content


def test_an_empty_password_wipes_no_slate(officer: User) -> None:
    for _ in range(limits.BY_NAME - 1):
        sign_in("ruiz", "wrong")
    sign_in("ruiz", "")
    sign_in("ruiz", "wrong")
    assert b"Too many failed sign-ins" in sign_in("ruiz", PASSWORD).content


def test_nothing_that_was_typed_is_kept(officer: User) -> None:
    sign_in("my password by mistake", "wrong")
    kept = FailedSignIn.objects.values_list("name_digest", "address").get()
    assert "password" not in " ".join(kept)


def test_signing_in_leads_nowhere_outside(officer: User) -> None:
    assert sign_in("ruiz", PASSWORD, next="https://elsewhere.example/")["Location"] == "/"
    assert sign_in("ruiz", PASSWORD, next="/approvals/")["Location"] == "/approvals/"


def test_a_closed_account_stays_out(officer: User) -> None:
    officer.is_active = False
    officer.save()
    assert sign_in("ruiz", PASSWORD).status_code == 200


def test_the_session_gets_a_new_key_at_sign_in_and_ends_at_sign_out(officer: User) -> None:
    client = Client(headers={"host": "localhost"})
    client.get(PAGE)
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    client.post(PAGE, {"username": "ruiz", "password": PASSWORD})
    assert client.session.session_key != before
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/requests/").status_code == 302


def test_signing_in_takes_a_form_of_ours(officer: User) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    assert strict.post(PAGE, {"username": "ruiz", "password": PASSWORD}).status_code == 403
