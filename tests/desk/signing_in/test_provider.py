"""Signing in with the agency's provider, a real one on this machine: into a bound account, and no other way."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialApp
from cryptography.hazmat.primitives.asymmetric import rsa
from desk_people import PASSWORD, person
from django.contrib.auth.models import User
from django.test import Client
from oidc_provider import CLIENT, KID, SECRET, Provider
from provider_steps import awaited, bound_and_signed_in, browser, refused

from detainer.desk.duties.roles import Role
from detainer.desk.models import Expected, FailedSignIn, Membership
from detainer.desk.signing_in import limits
from detainer.errors import UserErrors
from detainer.house import house
from detainer.record.models import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpResponse

pytestmark = pytest.mark.django_db
START, BACK = "/sign-in/provider/", "/sign-in/provider/back/"
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def machine() -> Iterator[Provider]:
    made = Provider()
    yield made
    made.stop()


@pytest.fixture
def provider(machine: Provider, monkeypatch: pytest.MonkeyPatch) -> Provider:
    machine.who = {"sub": "person-1", "preferred_username": "n.ruiz"}
    machine.lies, machine.described, machine.asked, machine.codes = {}, {}, [], {}
    machine.sign, machine.keys, machine.token_answer = machine.signed, None, None
    told = {"ISSUER": machine.issuer, "CLIENT": CLIENT, "SECRET": SECRET}
    for name, value in told.items():
        monkeypatch.setenv(f"DETAINER_OIDC_{name}", value)
    house.cache_clear()
    return machine


@pytest.fixture
def ruiz(provider: Provider, db: None) -> User:
    return awaited("n.ruiz")


def begun(client: Client, provider: Provider, **more: str) -> str:
    """Where the provider sends the browser back to."""
    return provider.authorize(client.post(START, more)["Location"]).removeprefix("http://localhost")


def sign_in(provider: Provider, client: Client | None = None, **more: str) -> HttpResponse:
    client = client or browser()
    return client.get(begun(client, provider, **more))


def steps() -> list[str]:
    return [one.published()["step"] for one in Event.objects.filter(kind="sign_in_failed")]


def test_the_first_sign_in_binds_the_account_that_is_expected_and_opens_the_desk(
    ruiz: User, provider: Provider
) -> None:
    client = browser()
    assert "Sign in with the agency’s account" in client.get("/sign-in/").content.decode()
    answer = sign_in(provider, client, next="/approvals/")
    assert (answer.status_code, answer["Location"]) == (302, "/approvals/")
    assert client.get("/requests/").status_code == 200
    kept = SocialAccount.objects.get()
    assert (kept.user, kept.extra_data) == (ruiz, {})
    assert "person-1" not in kept.uid
    assert not Expected.objects.exists()
    bound_and_signed_in(ruiz)


def test_what_is_asked_carries_state_nonce_and_a_challenge_new_each_time(ruiz: User, provider: Provider) -> None:
    sign_in(provider)
    sign_in(provider)
    for asked in provider.asked:
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert sorted(asked["scope"].split()) == ["openid", "profile"]
        assert asked["redirect_uri"] == "http://localhost/sign-in/provider/back/"
    for name in ("state", "nonce", "code_challenge"):
        one, other = (asked[name] for asked in provider.asked)
        assert one != other
        assert len(one) >= 16


@pytest.mark.attack
def test_after_the_first_time_the_subject_counts_and_the_name_no_longer(ruiz: User, provider: Provider) -> None:
    """The attack: somebody else at the provider takes over the name of a person who is bound."""
    sign_in(provider)
    provider.who["preferred_username"] = "another.name"
    assert sign_in(provider).status_code == 302
    provider.who = {"sub": "person-2", "preferred_username": "n.ruiz"}
    client = browser()
    refused(sign_in(provider, client), client)


@pytest.mark.attack
def test_nobody_signs_up_and_no_duty_comes_from_the_provider(ruiz: User, provider: Provider) -> None:
    """The attack: an account at the provider that says of itself that it is an administrator here."""
    provider.who = {"sub": "person-9", "preferred_username": "n.new", "roles": ["administrator"], "groups": ["admin"]}
    client = browser()
    refused(sign_in(provider, client), client)
    assert list(User.objects.values_list("username", flat=True)) == ["ruiz"]
    provider.who |= {"sub": "person-1", "preferred_username": "n.ruiz"}
    sign_in(provider)
    assert list(Membership.objects.values_list("role", flat=True)) == ["officer"]


@pytest.mark.attack
def test_the_accounts_own_name_is_no_binding(ruiz: User, provider: Provider) -> None:
    """The attack: a name at the provider that is an account's name here, which nobody bound."""
    provider.who["preferred_username"] = "ruiz"
    client = browser()
    refused(sign_in(provider, client), client)


def test_the_second_factor_is_asked_for_here_too(ruiz: User, provider: Provider, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = browser()
    sign_in(provider, client)
    assert client.get("/requests/")["Location"] == "/second-factor/"
    TOTP.activate(ruiz, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    client = browser()
    assert sign_in(provider, client)["Location"] == "/second-factor/authenticate/"
    assert client.get("/requests/").status_code == 302


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_closed_account_stays_out(ruiz: User, provider: Provider, when: str) -> None:
    if when == "after":
        sign_in(provider)
    User.objects.update(is_active=False)
    client = browser()
    refused(sign_in(provider, client), client)


def _unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, algorithm="none", headers={"kid": KID})


def _foreign(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, STRANGER, algorithm="RS256", headers={"kid": KID})


def _with_the_secret(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, SECRET * 3, algorithm="HS256", headers={"kid": KID})


def _unknown_key(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, STRANGER, algorithm="RS256", headers={"kid": "key-2"})


TOKENS: dict[str, dict[str, Any]] = {
    "another nonce": {"lies": {"nonce": "A" * 43}},
    "no nonce": {"lies": {"nonce": None}},
    "another audience": {"lies": {"aud": "another-program"}},
    "two audiences and no word for whom": {"lies": {"aud": [CLIENT, "another-program"]}},
    "made for another program": {"lies": {"azp": "another-program"}},
    "another issuer": {"lies": {"iss": "https://elsewhere.example"}},
    "expired": {"lies": {"exp": int(time.time()) - 3600}},
    "never expiring": {"lies": {"exp": None}},
    "not yet": {"lies": {"nbf": int(time.time()) + 86400}},
    "no subject": {"lies": {"sub": None}},
    "an empty subject": {"lies": {"sub": ""}},
    "a name that is a list": {"lies": {"preferred_username": ["n.ruiz"]}},
    "unsigned": {"sign": _unsigned},
    "signed by a stranger": {"sign": _foreign},
    "signed with the client's secret": {"sign": _with_the_secret},
    "signed with a key that is not published": {"sign": _unknown_key},
    "rubbish": {"sign": lambda _: "rubbish"},
    "no key published": {"keys": []},
    "a key of both kinds": {"keys": [{"kty": "oct", "kid": KID, "k": "c2VjcmV0", "alg": "HS256"}]},
    "an answer that is no JSON": {"token_answer": (200, {"Content-Type": "text/plain"}, b"no")},
    "an answer of no kind": {"token_answer": (200, {}, b"no")},
    "no token": {"token_answer": (200, {"Content-Type": "application/json"}, b'{"access_token": "x"}')},
    "a failure": {"token_answer": (500, {}, b"")},
    "sent on to another address": {"token_answer": (302, {"Location": "http://127.0.0.1:9/"}, b"")},
}


@pytest.mark.attack
@pytest.mark.parametrize("what", TOKENS)
def test_a_token_that_proves_nothing_opens_nothing(ruiz: User, provider: Provider, what: str) -> None:
    """The attack: a provider, or somebody between, that hands over what is not its word for this sign-in."""
    client = browser()
    back = begun(client, provider)
    for name, value in TOKENS[what].items():
        setattr(provider, name, value)
    refused(client.get(back), client)
    assert steps() == ["provider"]
    assert not SocialAccount.objects.exists()


@pytest.mark.attack
def test_a_code_opens_only_in_the_browser_that_asked_for_it(ruiz: User, provider: Provider) -> None:
    """The attacks: a link with somebody's code, for another browser; with another state; with none; used again."""
    client, other = browser(), browser()
    back = begun(client, provider)
    refused(other.get(back), other)
    state = provider.asked[0]["state"]
    refused(client.get(back.replace(state, "A" * len(state))), client)
    refused(client.get(back.partition("&state")[0]), client)
    assert client.get(back).status_code == 302
    refused(other.get(back), other)
    client.post("/sign-out/")
    refused(client.get(back), client)


@pytest.mark.attack
def test_a_stolen_code_put_into_ones_own_sign_in_opens_nothing(ruiz: User, provider: Provider) -> None:
    """The attack: code injection, with a state of the thief's own; the challenge does not fit (RFC 9700, 4.5)."""
    theirs, thief = browser(), browser()
    code = begun(theirs, provider).partition("code=")[2].partition("&")[0]
    own = begun(thief, provider)
    refused(thief.get(own.replace(own.partition("code=")[2].partition("&")[0], code)), thief)


def test_the_providers_no_is_told_in_one_sentence(ruiz: User, provider: Provider) -> None:
    client = browser()
    back = begun(client, provider)
    state = provider.asked[0]["state"]
    answer = client.get(f"{BACK}?error=access_denied&error_description=<script>&state={state}")
    refused(answer, client)
    assert "<script>" not in answer.content.decode()
    assert back


DESCRIBED = {
    "another issuer": {"issuer": "https://elsewhere.example"},
    "browsers to another host": {"authorization_endpoint": "https://elsewhere.example/authorize"},
    "a script for an address": {"authorization_endpoint": "javascript:alert(1)"},
    "no token address": {"token_endpoint": "ftp://elsewhere.example/token"},
    "no address of keys": {"jwks_uri": None},
}


@pytest.mark.attack
@pytest.mark.parametrize("what", DESCRIBED)
def test_a_description_that_is_not_the_configured_providers_is_not_followed(
    ruiz: User, provider: Provider, what: str
) -> None:
    """The attack: the well-known address answers for another provider (mix-up)."""
    provider.described = DESCRIBED[what]
    answer = browser().post(START)
    assert answer.status_code == 503
    assert "does not answer as it should. Sign in with your password meanwhile." in answer.content.decode()


def test_a_provider_that_is_away_leaves_the_password(ruiz: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETAINER_OIDC_ISSUER", "http://localhost:9")
    house.cache_clear()
    assert browser().post(START).status_code == 503


@pytest.mark.attack
def test_signing_in_leads_nowhere_outside(ruiz: User, provider: Provider) -> None:
    """The attack: an open redirect behind the provider."""
    for where in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"):
        assert sign_in(provider, next=where)["Location"] == "/"


@pytest.mark.attack
def test_it_is_begun_by_a_form_of_ours_and_asks_for_nothing_that_a_link_says(ruiz: User, provider: Provider) -> None:
    """The attacks: a sign-in begun from elsewhere; and parameters of one's own put into what is asked."""
    assert browser().get(START).status_code == 405
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    assert strict.post(START).status_code == 403
    sent = f"{START}?auth_params=redirect_uri%3Dhttps%3A%2F%2Felsewhere.example&scope=admin&process=connect"
    provider.authorize(browser().post(sent)["Location"])
    asked = provider.asked[-1]
    assert asked["redirect_uri"] == "http://localhost/sign-in/provider/back/"
    assert "admin" not in asked["scope"]


@pytest.mark.attack
def test_who_is_signed_in_is_not_turned_into_somebody_else(
    ruiz: User, provider: Provider, as_: Callable[[User], Client]
) -> None:
    """The attack: a link that signs an officer in under another's name, whose work theirs then is."""
    other = as_(person("okafor", Role.REVIEWER))
    assert other.post(START)["Location"] == "/requests/"
    client = browser()
    back = begun(client, provider)
    client.force_login(person("marsh", Role.RECORDS))
    assert client.get(back).status_code == 403
    assert b"Marsh" in client.get("/requests/").content


def test_failures_are_counted_by_address(ruiz: User, provider: Provider) -> None:
    provider.lies = {"nonce": "x"}
    client = browser()
    refused(sign_in(provider, client), client)
    row = FailedSignIn.objects.get()
    for _ in range(limits.BY_ADDRESS - 1):
        FailedSignIn.objects.create(name_digest=row.name_digest, address=row.address, at=row.at)
    assert browser().post(START).status_code == 429


@pytest.mark.attack
@pytest.mark.parametrize("sent", ["?state=A&code=x", "?state=A&error=access_denied", "?code=x", ""])
def test_another_site_closes_nobodys_address(ruiz: User, provider: Provider, sent: str) -> None:
    """The attack: a page elsewhere that sends a visitor's browser here with answers to nothing."""
    client = browser()
    client.post(START)
    for _ in range(limits.BY_ADDRESS + 1):
        assert client.get(f"{BACK}{sent}").status_code == 403
    assert not FailedSignIn.objects.exists()
    assert steps() == []
    assert client.post("/sign-in/", {"username": "ruiz", "password": PASSWORD}).status_code == 302


def test_the_same_subject_at_another_provider_is_somebody_else(
    ruiz: User, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(provider)
    other = Provider()
    try:
        monkeypatch.setenv("DETAINER_OIDC_ISSUER", other.issuer)
        house.cache_clear()
        client = browser()
        refused(sign_in(other, client), client)
    finally:
        other.stop()


@pytest.mark.parametrize(("verified", "status"), [(True, 302), (False, 403), (None, 403), ("true", 403)])
def test_an_address_counts_only_where_the_provider_says_that_it_is_verified(
    ruiz: User, provider: Provider, monkeypatch: pytest.MonkeyPatch, verified: object, status: int
) -> None:
    monkeypatch.setenv("DETAINER_OIDC_CLAIM", "email")
    house.cache_clear()
    Expected.objects.update(name="ruiz@agency.example")
    provider.who = {"sub": "person-1", "email": "ruiz@agency.example", "email_verified": verified}
    assert sign_in(provider).status_code == status


def test_without_the_setting_there_is_no_such_way_in_whatever_the_database_says(db: None) -> None:
    SocialApp.objects.create(provider="agency", provider_id="agency", name="x", client_id="x", secret="x")
    client = browser()
    assert "agency’s account" not in client.get("/sign-in/").content.decode()
    assert client.post(START).status_code == client.get(BACK).status_code == 404


def test_the_administrator_binds_and_unbinds(ruiz: User, provider: Provider, as_: Callable[[User], Client]) -> None:
    Expected.objects.all().delete()
    admin = as_(person("stone", Role.ADMINISTRATOR))
    page = f"/accounts/{ruiz.pk}/"
    assert "Name there (preferred_username)" in admin.get(page).content.decode()
    for wrong in ("", "   ", "x" * 192, "a\nb"):
        assert admin.post(page, {"what": "expected", "named": wrong}).status_code == 422
    assert admin.post(page, {"what": "expected", "named": "n.ruiz"}).status_code == 302
    other = person("okafor", Role.REVIEWER)
    taken = admin.post(f"/accounts/{other.pk}/", {"what": "expected", "named": "n.ruiz"})
    assert taken.status_code == 422
    client = browser()
    assert sign_in(provider, client).status_code == 302
    assert "Bound to a person there." in admin.get(page).content.decode()
    assert admin.post(page, {"what": "expected", "named": "n.other"}).status_code == 422
    assert admin.post(page, {"what": "unbound"}).status_code == 302
    assert client.get("/requests/")["Location"].startswith("/sign-in/")
    client = browser()
    refused(sign_in(provider, client), client)
    changed = [one.published()["what"] for one in Event.objects.filter(kind="account_changed").order_by("seq")]
    assert changed == ["expected", "bound", "unbound"]


@pytest.mark.parametrize(
    ("production", "issuer"),
    [
        ("", "http://provider.example"),
        ("1", "http://localhost:8080"),
        ("", "provider.example"),
        ("", "javascript://localhost/x"),
    ],
)
def test_a_provider_is_reached_by_https_alone(monkeypatch: pytest.MonkeyPatch, production: str, issuer: str) -> None:
    told = {"OIDC_ISSUER": issuer, "OIDC_CLIENT": CLIENT, "OIDC_SECRET": SECRET, "PRODUCTION": production}
    for name, value in told.items():
        monkeypatch.setenv(f"DETAINER_{name}", value)
    house.cache_clear()
    with pytest.raises(UserErrors, match="OIDC_ISSUER"):
        house()
