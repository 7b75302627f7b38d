"""The second factor: no page without it, no code twice, no way round it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from desk_people import PASSWORD, person, take
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from detainer.desk.duties.accounts import author
from detainer.desk.duties.demonstration import PASSWORD as DEMO_PASSWORD
from detainer.desk.duties.demonstration import sign_ins
from detainer.desk.duties.roles import Role
from detainer.desk.models import FailedSignIn
from detainer.desk.signing_in import factors, limits
from detainer.record import journal
from detainer.record.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import User
    from django.http import HttpResponse
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
SECOND = "/second-factor/authenticate/"
KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the secret of RFC 4226, Appendix D
ENROLLING = {"/second-factor/", "/second-factor/totp/activate/", "/second-factor/webauthn/add/"}


@pytest.fixture(autouse=True)
def _required(settings: SettingsWrapper) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def ruiz(db: None) -> User:
    made = person("ruiz", Role.OFFICER)
    journal.open_record(demonstration=False)
    return made


def with_app(user: User) -> User:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(user, KEY)
    RecoveryCodes.activate(user)
    return user


def code(steps: int = 0) -> str:
    return format_hotp_value(hotp_value(KEY, int(time.time()) // 30 + steps))


def browser(**more: Any) -> Client:
    return Client(headers={"host": "localhost"}, **more)


def first_step(client: Client, name: str = "ruiz", password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post("/sign-in/", {"username": name, "password": password, **more})


def second_step(client: Client, typed: str) -> HttpResponse:
    return client.post(SECOND, {"code": typed})


def kinds() -> list[str]:
    return list(Event.objects.order_by("seq").values_list("kind", flat=True))


def addresses() -> Iterator[str]:
    """Every address of the house, with something in the place of each argument."""

    def walk(patterns: list[Any], before: str) -> Iterator[str]:
        for one in patterns:
            here = before + str(one.pattern).lstrip("^").rstrip("$")
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, here)
            elif isinstance(one, URLPattern):
                yield here

    for found in walk(get_resolver().url_patterns, "/"):
        made = found
        for kind, value in {"int": "1", "slug": "2017-01-01", "path": "x", "str": "x"}.items():
            while f"<{kind}:" in made:
                start = made.index(f"<{kind}:")
                made = made[:start] + value + made[made.index(">", start) + 1 :]
        yield made


def test_the_codes_are_those_of_the_standard() -> None:
    assert [format_hotp_value(hotp_value(KEY, number)) for number in range(3)] == ["755224", "287082", "359152"]


def test_without_a_second_factor_one_can_only_set_one_up(ruiz: User) -> None:
    client = browser()
    first_step(client)
    answer = client.get("/requests/")
    assert (answer.status_code, answer["Location"]) == (302, "/second-factor/")
    assert b"Set up a second factor to go on" in client.get("/second-factor/").content


@pytest.mark.django_db(transaction=True)  # the codes come when the step is committed
def test_an_app_is_set_up_with_its_first_code_and_opens_the_desk(ruiz: User) -> None:
    client = browser()
    first_step(client)
    page = client.get("/second-factor/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    typed = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = client.post("/second-factor/totp/activate/", {"code": typed})
    assert answer["Location"] == "/second-factor/recovery-codes/"
    codes = client.get("/second-factor/recovery-codes/").content.decode()
    assert codes.count("<li><code>") == 10
    assert "<li><code>" not in client.get("/second-factor/recovery-codes/").content.decode(), "shown once"
    assert client.get("/requests/").status_code == 200
    assert kinds().count("factor_added") == 2
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    other = browser()
    first_step(other)
    assert second_step(other, typed).status_code == 200, "the first code is used"


@pytest.mark.attack
@pytest.mark.parametrize("enrolled", [False, True])
def test_no_address_shows_anything_to_a_session_without_its_second_factor(ruiz: User, enrolled: bool) -> None:
    """The attack: the password is known, the factor is not; each address of the house is asked for."""
    take(author(ruiz), name="Ana Example")
    user, asked = with_app(ruiz) if enrolled else ruiz, 0
    for path in sorted(set(addresses())):
        public = path.startswith(("/law/", "/public/", "/healthz"))
        signing = path.startswith(("/sign-in/", "/sign-out/")) or path == SECOND
        client = browser()
        for method in (client.get,) if public else (client.get, client.post):
            client.force_login(user)  # an earlier answer may have signed it out
            answer = method(path)
            asked += 1
            assert b"Ana Example" not in answer.content, path
            if public or signing or (path in ENROLLING and not enrolled):
                continue
            assert answer.status_code == 302, path
            assert answer["Location"].startswith(("/second-factor/", "/sign-in/")), path
    assert asked > 100


def test_the_right_code_opens_and_a_wrong_one_does_not(ruiz: User) -> None:
    with_app(ruiz)
    client = browser()
    assert first_step(client)["Location"] == SECOND
    assert client.get("/requests/").status_code == 302, "the password alone opens nothing"
    assert second_step(client, "000000" if code() != "000000" else "111111").status_code == 200
    assert client.get("/requests/").status_code == 302
    assert second_step(client, code()).status_code == 302
    assert client.get("/requests/").status_code == 200
    failed = Event.objects.get(kind="sign_in_failed")
    assert failed.author == "system:desk"
    assert failed.published() == {"account": author(ruiz), "step": "second"}
    assert failed.body() is None


@pytest.mark.attack
@pytest.mark.parametrize("steps", [0, -1])
def test_a_code_opens_once_and_none_before_it_opens_again(ruiz: User, steps: int) -> None:
    """The attack: a code read over a shoulder, typed again at once or while the clock still allows it."""
    with_app(ruiz)
    used, again = code(0), code(steps)  # both of this moment: half a minute may end below
    one, other = browser(), browser()
    first_step(one)
    assert second_step(one, used).status_code == 302
    first_step(other)
    assert second_step(other, again).status_code == 200
    assert other.get("/requests/").status_code == 302


def test_a_recovery_code_opens_once_and_is_an_event(ruiz: User) -> None:
    with_app(ruiz)
    one_code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    one, other = browser(), browser()
    first_step(one)
    assert second_step(one, one_code).status_code == 302
    assert one.get("/requests/").status_code == 200
    first_step(other)
    assert second_step(other, one_code).status_code == 200
    assert kinds().count("recovery_code_used") == 1


@pytest.mark.attack
def test_five_wrong_codes_close_the_second_step_for_the_right_one_too(ruiz: User) -> None:
    """The attack: guessing six digits; a new sign-in with the right password starts no new count."""
    with_app(ruiz)
    for _ in range(limits.BY_NAME):
        client = browser()
        first_step(client)
        second_step(client, "abc")
    client = browser()
    first_step(client)
    answer = second_step(client, code())
    assert b"Too many failed sign-ins" in answer.content
    assert client.get("/requests/").status_code == 302


def test_the_second_step_cannot_be_opened_without_the_first(ruiz: User) -> None:
    with_app(ruiz)
    client = browser()
    assert client.get(SECOND)["Location"] == "/sign-in/"
    assert second_step(client, code())["Location"] == "/sign-in/"


def test_a_factor_of_somebody_else_opens_nothing(ruiz: User) -> None:
    with_app(ruiz)
    other = person("okafor", Role.REVIEWER)
    client = browser()
    first_step(client, "okafor")
    client.post(SECOND, {"code": code()})
    assert client.get("/requests/")["Location"] == "/second-factor/"
    assert not factors.has(other)


def test_the_only_factor_cannot_be_taken_away_by_its_owner(ruiz: User) -> None:
    with_app(ruiz)
    client = browser()
    first_step(client)
    second_step(client, code())
    client.post("/sign-in/again/", {"password": PASSWORD})
    answer = client.post("/second-factor/totp/deactivate/")
    assert b"only second factor" in answer.content
    assert factors.has(ruiz)


def test_what_changes_signing_in_asks_for_the_password_again_under_the_same_limit(ruiz: User) -> None:
    with_app(ruiz)
    client = browser()
    first_step(client)
    second_step(client, code())
    assert client.get("/second-factor/webauthn/add/")["Location"].startswith("/sign-in/again/")
    for _ in range(limits.BY_NAME):
        client.post("/sign-in/again/", {"password": "wrong"})
    assert b"Too many failed sign-ins" in client.post("/sign-in/again/", {"password": PASSWORD}).content


def test_the_administrator_must_have_one_too_and_nobody_without_a_duty(ruiz: User) -> None:
    assert factors.required(person("stone", Role.ADMINISTRATOR))
    assert not factors.required(person("nobody"))


def test_a_demonstration_asks_nobody_and_says_so(db: None) -> None:
    journal.open_record(demonstration=True)
    sign_ins("us-ny-nyc-police")
    client = browser()
    assert "Signing in takes no second factor here" in client.get("/sign-in/").content.decode()
    first_step(client, "ruiz", DEMO_PASSWORD)
    assert client.get("/requests/").status_code == 200


def test_a_demonstration_in_production_asks_everybody(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.open_record(demonstration=True)
    user = person("ruiz", Role.OFFICER)
    strict = factors.house().model_copy(update={"production": True})
    monkeypatch.setattr(factors, "house", lambda: strict)
    assert factors.required(user)


def test_whoever_sets_one_up_on_a_demonstration_is_asked_for_it(db: None) -> None:
    journal.open_record(demonstration=True)
    with_app(person("ruiz", Role.OFFICER))
    client = browser()
    assert first_step(client)["Location"] == SECOND


@pytest.mark.attack
def test_a_storm_of_failures_does_not_fill_the_record(ruiz: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attack: names by the hundred, from as many addresses, to write a record full that can never be shortened."""
    monkeypatch.setattr(limits, "STORM", 8)
    for number in range(20):
        browser(REMOTE_ADDR=f"192.0.2.{number}").post("/sign-in/", {"username": f"n{number}", "password": "wrong"})
    assert FailedSignIn.objects.count() == 20
    assert kinds().count("sign_in_failed") == 8


def test_no_event_about_signing_in_says_a_name_or_an_address(ruiz: User) -> None:
    browser(REMOTE_ADDR="192.0.2.77").post("/sign-in/", {"username": "ruiz", "password": "wrong"})
    browser(REMOTE_ADDR="192.0.2.77").post("/sign-in/", {"username": "a.person@example.org", "password": "wrong"})
    said = " ".join(Event.objects.filter(kind="sign_in_failed").values_list("public", flat=True))
    assert Event.objects.filter(kind="sign_in_failed").count() == 2
    assert not any(word in said for word in ("ruiz", "example", "192.0.2"))


@pytest.mark.attack
def test_signing_in_leads_nowhere_outside_after_the_second_step(ruiz: User) -> None:
    """The attack: a link to the sign-in page that ends elsewhere, past the second step."""
    for where in ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)"):
        Authenticator.objects.all().delete()
        with_app(ruiz)
        client = browser()
        first_step(client, next=where)
        assert second_step(client, code())["Location"] == "/", where


@pytest.mark.attack
def test_a_session_planted_before_signing_in_is_nobodys_after_it(ruiz: User) -> None:
    """The attack: fixation, with the second step in between."""
    with_app(ruiz)
    client = browser()
    first_step(client)
    planted = client.cookies["sessionid"].value
    second_step(client, code())
    assert client.cookies["sessionid"].value != planted
    thief = browser()
    thief.cookies["sessionid"] = planted
    assert thief.get("/requests/")["Location"].startswith("/sign-in/")


@pytest.mark.attack
@pytest.mark.parametrize(
    "path",
    ["/sign-in/", SECOND, "/sign-in/again/", "/sign-out/", "/sessions/", "/accounts/", "/second-factor/totp/activate/"],
)
def test_no_form_about_signing_in_is_taken_from_another_site(ruiz: User, path: str) -> None:
    """The attack: a form elsewhere that signs somebody in or out, or changes their factor."""
    client = browser(enforce_csrf_checks=True)
    client.force_login(ruiz)
    assert client.post(path, {"username": "ruiz", "password": PASSWORD, "code": "1"}).status_code == 403
