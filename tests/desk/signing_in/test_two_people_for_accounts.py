"""Nobody comes to a case by one person's word: what an administrator alone may try, and what takes a second person."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from desk_people import PASSWORD, person, take
from django.contrib.auth.models import User
from django.test import Client

from detainer import clock
from detainer.desk.duties.accounts import author, duties_of
from detainer.desk.duties.roles import Role
from detainer.desk.models import Expected, Membership, Opening, Proposal
from detainer.desk.pages import agency_name
from detainer.desk.signing_in import factors, limits, opening, proposals
from detainer.errors import UserError
from detainer.record import journal
from detainer.record.models import Event

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE, PAGE = "us-ny-nyc-police", "us-ny-nyc-correction", "/accounts/proposed/"
KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
OWN = "seven herons over wet slate"
NEW = {"username": "vega", "first": "Officer", "last": "Vega", "role": "officer", "agency": HERE}


@pytest.fixture(autouse=True)
def _required(settings: SettingsWrapper) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def signed_in(user: User) -> Client:
    """With password, second factor and the password once more."""
    if not factors.has(user):
        TOTP.activate(user, KEY)
    client = Client(headers={"host": "localhost"})
    client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    Authenticator.objects.filter(user=user, type="totp").update(data=Authenticator.objects.get(user=user).data)
    client.post("/second-factor/authenticate/", {"code": code(KEY)})
    client.post("/sign-in/again/", {"password": PASSWORD, "next": "/sessions/"})
    assert client.get("/sessions/").status_code == 200
    return client


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def admin(db: None) -> Client:
    journal.open_record(demonstration=False)
    return signed_in(person("stone", Role.ADMINISTRATOR))


@pytest.fixture
def chief(admin: Client) -> Client:
    return signed_in(person("lindqvist", Role.SUPERVISOR))


def agree(client: Client, what: str = "agree") -> str:
    """What a supervisor is shown for the one thing that waits: its code."""
    waits = Proposal.objects.get(state="waiting")
    answer = client.post(PAGE, {"proposal": str(waits.pk), "do": what})
    shown = answer.context and answer.context.get("code")
    return str(shown or "")


def enrolled(client: Client) -> str:
    """Set an authenticator app up, as a browser would; where that led."""
    page = client.get("/second-factor/totp/activate/")
    if page.status_code != 200:
        return str(page["Location"])
    return str(client.post("/second-factor/totp/activate/", {"code": code(page.context["form"].secret)})["Location"])


def at_the_door(name: str, password: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.post("/sign-in/", {"username": name, "password": password})
    return client


@pytest.mark.django_db(transaction=True)  # a factor counts when the step is committed
def test_an_account_opens_with_a_password_from_one_and_a_code_from_another(admin: Client, chief: Client) -> None:
    password = admin.post("/accounts/", NEW).context["password"]
    agency = agency_name(HERE)
    assert f"proposed: Desk officer, {agency}" in admin.get("/accounts/").content.decode()
    assert f"Desk officer</strong>, {agency}. Made-up Stone proposed it" in chief.get(PAGE).content.decode()
    said = agree(chief)
    assert re.fullmatch("([2-9A-Z]{5}-){3}[2-9A-Z]{5}", said)
    assert said not in chief.get(PAGE).content.decode()
    client = at_the_door("vega", password)
    assert client.get("/second-factor/")["Location"] == "/sign-in/code/"
    assert client.post("/sign-in/code/", {"code": said.replace("-", " ").lower()})["Location"] == "/second-factor/"
    assert enrolled(client) == "/second-factor/recovery-codes/"
    changed = {"old_password": password, "new_password1": OWN, "new_password2": OWN}
    assert client.post("/sign-in/password/", changed).status_code == 302
    assert client.get("/requests/").status_code == 200
    assert "You were given a duty, Desk officer" in client.get("/sessions/").content.decode()
    assert not Opening.objects.exists()
    user, told = User.objects.get(username="vega"), {}
    for one in Event.objects.filter(kind__startswith="change_"):
        told[one.kind] = (one.author, one.published())
    first, second = (author(User.objects.get(username=name)) for name in ("stone", "lindqvist"))
    said_of = {"account": author(user), "what": "duty", "duty": "officer", "at": HERE}
    assert told == {"change_proposed": (first, said_of), "change_agreed": (second, {**said_of, "by": first})}


def a_new_one(admin: Client, chief: Client) -> Client:
    """An account that a supervisor agreed to; the administrator knows its password and signs in before its owner."""
    password = admin.post("/accounts/", NEW).context["password"]
    agree(chief)
    return at_the_door("vega", password)


def before_it_is_agreed(admin: Client, chief: Client) -> Client:
    return at_the_door("vega", admin.post("/accounts/", NEW).context["password"])


def refused(admin: Client, chief: Client) -> Client:
    password = admin.post("/accounts/", NEW).context["password"]
    agree(chief, "refuse")
    return at_the_door("vega", password)


def own_second_account(admin: Client, chief: Client) -> Client:
    """An account of their own making with a factor of theirs, whose duty is agreed to later."""
    mine = person("vega")
    TOTP.activate(mine, KEY)
    client = at_the_door("vega", PASSWORD)
    client.post("/second-factor/authenticate/", {"code": code(KEY)})
    proposals.propose(mine, "duty", HERE, duties_of(User.objects.get(username="stone")), "officer")
    agree(chief)
    assert client.get("/requests/").status_code == 302, "what was open is over"
    return at_the_door("vega", PASSWORD)


def a_new_password(admin: Client, chief: Client) -> Client:
    """A supervisor's password replaced: their second factor stands before it."""
    victim = User.objects.get(username="lindqvist")
    given = admin.post(f"/accounts/{victim.pk}/", {"what": "password"}).context["password"]
    return at_the_door("lindqvist", given)


def a_new_password_of_who_has_no_factor(admin: Client, chief: Client) -> Client:
    victim = person("ruiz", Role.OFFICER)
    answer = admin.post(f"/accounts/{victim.pk}/", {"what": "password"})
    assert answer.status_code == 422
    return at_the_door("ruiz", "none was given")


def a_name_at_the_provider(admin: Client, chief: Client) -> Client:
    """Whoever has no factor yet is not bound to a name of the administrator's at the agency's provider."""
    victim = person("ruiz", Role.OFFICER)
    assert admin.post(f"/accounts/{victim.pk}/", {"what": "expected", "named": "stone"}).status_code == 422
    assert not Expected.objects.exists()
    return at_the_door("ruiz", "none was given")


def the_factor_and_the_password(admin: Client, chief: Client) -> Client:
    """Both of them: the one waits for a second person, and what that person is given the administrator has not."""
    victim = person("ruiz", Role.OFFICER)
    TOTP.activate(victim, KEY)
    admin.post(f"/accounts/{victim.pk}/", {"what": "factor"})
    assert factors.has(victim)
    agree(chief)
    given = admin.post(f"/accounts/{victim.pk}/", {"what": "password"}).context["password"]
    return at_the_door("ruiz", given)


def a_duty_taken_and_given_back(admin: Client, chief: Client) -> Client:
    """Without a duty an account is the administrator's alone; with its next one it begins anew."""
    victim = person("ruiz", Role.OFFICER)
    page = f"/accounts/{victim.pk}/"
    admin.post(page, {"what": "duties"})
    assert not Membership.objects.filter(account=victim).exists()
    Proposal.objects.create(account=victim, what="duty", role="officer", agency=HERE, by="x", at=clock.now())
    given = admin.post(page, {"what": "password"}).context["password"]
    TOTP.activate(victim, KEY)
    agree(chief)
    return at_the_door("ruiz", given)


def closed_and_opened(admin: Client, chief: Client) -> Client:
    victim = person("ruiz", Role.OFFICER)
    TOTP.activate(victim, KEY)
    page = f"/accounts/{victim.pk}/"
    admin.post(page, {"what": "closed"})
    admin.post(page, {"what": "opened"})
    assert not User.objects.get(pk=victim.pk).is_active
    return at_the_door("ruiz", PASSWORD)


WAYS = [
    a_new_one,
    before_it_is_agreed,
    refused,
    own_second_account,
    a_new_password,
    a_new_password_of_who_has_no_factor,
    a_name_at_the_provider,
    the_factor_and_the_password,
    a_duty_taken_and_given_back,
    closed_and_opened,
]


@pytest.mark.attack
@pytest.mark.parametrize("way", WAYS)
def test_an_administrator_alone_comes_to_no_case(admin: Client, chief: Client, way: object) -> None:
    made = take(author(User.objects.get(username="lindqvist")), name="Ana Example")
    client = way(admin, chief)  # type: ignore[operator]
    for path in ("/requests/", f"/requests/{made.id}/", "/exports/", "/second-factor/webauthn/add/", "/"):
        answer = client.get(path, follow=True)
        assert b"Ana Example" not in answer.content
        assert answer.redirect_chain[-1][0].startswith(("/sign-in/", "/second-factor/authenticate/"))
    assert enrolled(client).startswith(("/sign-in/", "/second-factor/authenticate/"))
    client.post("/sign-in/code/", {"code": "22222-22222-22222-22222"})
    assert enrolled(client).startswith(("/sign-in/", "/second-factor/authenticate/"))


@pytest.mark.attack
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPERVISOR])
def test_no_other_duty_agrees(admin: Client, role: Role) -> None:
    admin.post("/accounts/", NEW)
    client = signed_in(person("somebody", role))
    assert client.get(PAGE).status_code == 403
    agree(client)
    assert Proposal.objects.get().state == "waiting"
    assert Event.objects.filter(kind="not_allowed").count() == 1


@pytest.mark.attack
def test_nobody_agrees_to_what_they_proposed_nor_to_what_is_about_them(admin: Client) -> None:
    """The attacks: somebody who is administrator and supervisor at once, alone."""
    both = person("both", Role.SUPERVISOR, Role.ADMINISTRATOR)
    client = signed_in(both)
    client.post("/accounts/", NEW)
    agree(client)
    assert "You proposed this" in client.get(PAGE).content.decode()
    Proposal.objects.all().delete()
    admin.post(f"/accounts/{both.pk}/", {"what": "factor"})
    agree(client)
    assert "about your own account" in client.get(PAGE).content.decode()
    assert not User.objects.get(username="vega").is_active
    assert factors.has(both)


@pytest.mark.attack
@pytest.mark.parametrize("sent", ["other", "0", "-1", "9" * 40, "x", "²", ""])
def test_another_agencys_proposal_is_not_there(admin: Client, sent: str) -> None:
    admin.post("/accounts/", NEW)
    client = signed_in(person("far", Role.SUPERVISOR, agency=ELSEWHERE))
    number = str(Proposal.objects.get().pk) if sent == "other" else sent
    assert client.post(PAGE, {"proposal": number, "do": "agree"}).status_code == 404
    assert "vega" not in client.get(PAGE).content.decode()
    assert Proposal.objects.get().state == "waiting"


@pytest.mark.attack
@pytest.mark.parametrize("first", ["agree", "refuse", "withdraw"])
def test_what_was_settled_is_not_settled_again(admin: Client, chief: Client, first: str) -> None:
    """The attack: a page that grew old, sent again."""
    admin.post("/accounts/", NEW)
    waits = Proposal.objects.get()
    if first == "withdraw":
        admin.post(f"/accounts/{waits.account_id}/", {"what": "withdraw", "proposal": str(waits.pk)})
    else:
        agree(chief, first)
    before = Proposal.objects.values().get()
    for what in ("agree", "refuse"):
        assert chief.post(PAGE, {"proposal": str(waits.pk), "do": what}).status_code == 422
    answer = admin.post(f"/accounts/{waits.account_id}/", {"what": "withdraw", "proposal": str(waits.pk)})
    assert answer.status_code == 422
    assert Proposal.objects.values().get() == before
    assert Membership.objects.filter(account=waits.account).exists() == (first == "agree")


@pytest.mark.attack
def test_a_supervisors_session_that_was_left_open_agrees_to_nothing(admin: Client) -> None:
    """The attack: the administrator at a supervisor's desk."""
    admin.post("/accounts/", NEW)
    user = person("lindqvist", Role.SUPERVISOR)
    client = signed_in(user)
    session = client.session
    session["account_authentication_methods"] = [
        {**one, "at": one["at"] - 301} for one in session["account_authentication_methods"]
    ]
    session.save()
    answer = client.post(PAGE, {"proposal": str(Proposal.objects.get().pk), "do": "agree"})
    assert answer["Location"].startswith("/sign-in/again/")
    assert Proposal.objects.get().state == "waiting"


@pytest.mark.attack
def test_a_supervisor_who_has_the_code_has_no_password(admin: Client, chief: Client) -> None:
    """The attack: the second person makes a second person of their own."""
    admin.post("/accounts/", NEW)
    said = agree(chief)
    client = at_the_door("vega", said)
    assert client.post("/sign-in/code/", {"code": said})["Location"].startswith("/sign-in/?")
    assert chief.post("/sign-in/code/", {"code": said})["Location"] == "/second-factor/"
    assert Opening.objects.exists()


@pytest.mark.attack
def test_a_code_is_not_guessed_is_nobody_elses_and_grows_old(admin: Client, chief: Client) -> None:
    password = admin.post("/accounts/", NEW).context["password"]
    said = agree(chief)
    client = at_the_door("vega", password)
    for _ in range(limits.BY_NAME):
        assert client.post("/sign-in/code/", {"code": "wrong"}).status_code == 422
    answer = client.post("/sign-in/code/", {"code": said})
    assert b"Too many failed sign-ins" in answer.content
    assert Event.objects.filter(kind="sign_in_failed").count() == limits.BY_NAME
    limits.succeeded(f"\0opening {User.objects.get(username='vega').pk}")
    Opening.objects.update(made_at=clock.now() - opening.LASTS)
    assert "too old" in client.post("/sign-in/code/", {"code": said}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_new_second_factor_takes_two_people_and_its_owner_is_told(admin: Client, chief: Client) -> None:
    ruiz = person("ruiz", Role.OFFICER)
    old = signed_in(ruiz)
    admin.post(f"/accounts/{ruiz.pk}/", {"what": "factor"})
    assert old.get("/requests/").status_code == 200, "until somebody agrees nothing is taken"
    said = agree(chief)
    assert old.get("/requests/").status_code == 302
    client = at_the_door("ruiz", PASSWORD)
    client.post("/sign-in/code/", {"code": said})
    told = "Your second factor was reset"
    assert told in client.get("/second-factor/", follow=True).content.decode()
    assert enrolled(client) == "/second-factor/recovery-codes/"
    assert client.get("/requests/").status_code == 200
    assert told in client.get("/sessions/").content.decode()
    first, second = (author(User.objects.get(username=name)) for name in ("stone", "lindqvist"))
    event = Event.objects.get(kind="factor_reset")
    assert (event.author, event.published()) == (second, {"account": author(ruiz), "by": first})


def test_who_works_for_two_agencies_takes_a_supervisor_of_both(admin: Client, chief: Client) -> None:
    ruiz = person("ruiz", Role.OFFICER)
    Membership.objects.create(account=ruiz, role=Role.OFFICER, agency=ELSEWHERE)
    both = User.objects.get(username="stone")
    Membership.objects.create(account=both, role=Role.ADMINISTRATOR, agency=ELSEWHERE)
    admin.post(f"/accounts/{ruiz.pk}/", {"what": "factor"})
    waits = Proposal.objects.get()
    with pytest.raises(UserError, match="works for another agency too"):
        proposals.agree(waits, duties_of(User.objects.get(username="lindqvist")))
    Membership.objects.create(account=User.objects.get(username="lindqvist"), role=Role.SUPERVISOR, agency=ELSEWHERE)
    assert proposals.agree(waits, duties_of(User.objects.get(username="lindqvist")))


def test_a_further_duty_leaves_the_second_factor_as_it_is(admin: Client, chief: Client) -> None:
    ruiz = person("ruiz", Role.OFFICER)
    TOTP.activate(ruiz, KEY)
    admin.post(f"/accounts/{ruiz.pk}/", {"what": "duties", "duty": [f"officer|{HERE}", f"records|{HERE}"]})
    assert agree(chief) == ""
    assert factors.has(ruiz)
    assert set(ruiz.memberships.values_list("role", flat=True)) == {"officer", "records"}


def test_closing_an_account_takes_back_what_waits_for_it_and_opening_it_waits(admin: Client, chief: Client) -> None:
    ruiz = person("ruiz", Role.OFFICER)
    page = f"/accounts/{ruiz.pk}/"
    admin.post(page, {"what": "duties", "duty": [f"officer|{HERE}", f"records|{HERE}"]})
    admin.post(page, {"what": "closed"})
    assert Proposal.objects.get().state == "withdrawn"
    admin.post(page, {"what": "opened"})
    agree(chief)
    ruiz.refresh_from_db()
    assert ruiz.is_active
    assert admin.post(page, {"what": "opened"}).status_code == 422
