"""Sessions: seen, ended, locked; counted by the address that a known proxy tells; accounts and who changes them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from desk_people import PASSWORD, person, take
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from detainer import clock
from detainer.desk.duties.accounts import author, duties_of
from detainer.desk.duties.roles import Role
from detainer.desk.models import FailedSignIn, FirstPassword, Membership
from detainer.desk.signing_in import limits, passwords
from detainer.desk.signing_in.addresses import address_of
from detainer.desk.signing_in.guard import ACTIVE
from detainer.errors import UserError
from detainer.house import house
from detainer.record import journal
from detainer.record.models import Event

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "us-ny-nyc-police", "us-ny-nyc-correction"


def signed_in(name: str = "ruiz", agent: str = "A browser") -> Client:
    client = Client(headers={"host": "localhost", "user-agent": agent})
    assert client.post("/sign-in/", {"username": name, "password": PASSWORD}).status_code == 302
    return client


def leave_alone(client: Client, minutes: int) -> None:
    session = client.session
    session[ACTIVE] = (clock.now() - timedelta(minutes=minutes)).isoformat()
    session.save()


def shown_again(client: Client) -> None:
    """Whoever sits there gave the password once more."""
    client.post("/sign-in/again/", {"password": PASSWORD, "next": "/sessions/"})


@pytest.mark.attack
@pytest.mark.parametrize("chosen", ["others", "one"])
def test_whoever_finds_a_session_open_ends_none_of_the_others(officer: User, chosen: str) -> None:
    """The attack: to shut a person out elsewhere from a desk that they left open; what was asked is done afterwards."""
    here, there = signed_in(), signed_in()
    number = next(str(row["number"]) for row in here.get("/sessions/").context["rows"] if not row["here"])
    answer = here.post("/sessions/", {"session": number if chosen == "one" else chosen})
    assert answer["Location"] == "/sign-in/again/?next=%2Fsessions%2F"
    assert here.post(answer["Location"], {"password": "wrong", "next": "/sessions/"}).status_code == 200
    assert there.get("/requests/").status_code == 200
    assert here.post(answer["Location"], {"password": PASSWORD, "next": "/sessions/"})["Location"] == "/sessions/"
    assert there.get("/requests/").status_code == 302


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETAINER_TRUSTED_PROXIES", "10.0.0.5, 10.1.0.0/16")
    house.cache_clear()


def came(remote: str, told: str | None) -> str:
    more = {"HTTP_X_FORWARDED_FOR": told} if told is not None else {}
    return address_of(RequestFactory().get("/", REMOTE_ADDR=remote, **more))


def test_without_known_proxies_nothing_that_is_told_is_believed() -> None:
    assert came("192.0.2.1", "198.51.100.9") == "192.0.2.1"


@pytest.mark.parametrize(
    ("remote", "told", "found"),
    [
        ("10.0.0.5", "198.51.100.9", "198.51.100.9"),
        ("10.0.0.5", "203.0.113.1, 198.51.100.9", "198.51.100.9"),
        ("10.0.0.5", "203.0.113.1, 198.51.100.9, 10.1.2.3", "198.51.100.9"),
        ("192.0.2.1", "198.51.100.9", "192.0.2.1"),
        ("10.0.0.5", "rubbish", "10.0.0.5"),
        ("10.0.0.5", None, "10.0.0.5"),
        ("10.0.0.5", "[2001:db8::7]", "2001:db8::7"),
    ],
)
def test_a_known_proxy_tells_the_address_before_it(trusting: None, remote: str, told: str, found: str) -> None:
    assert came(remote, told) == found


@pytest.mark.attack
def test_made_up_addresses_do_not_escape_the_limit(officer: User) -> None:
    """The attack: a storm from one machine that names another address each time."""
    for number in range(limits.BY_ADDRESS):
        Client(headers={"host": "localhost", "x-forwarded-for": f"198.51.100.{number}"}).post(
            "/sign-in/", {"username": f"name{number}", "password": "wrong"}
        )
    assert set(FailedSignIn.objects.values_list("address", flat=True)) == {"127.0.0.1"}
    answer = Client(headers={"host": "localhost"}).post("/sign-in/", {"username": "ruiz", "password": PASSWORD})
    assert b"Too many failed sign-ins" in answer.content


def test_behind_a_known_proxy_one_storm_does_not_shut_everybody_out(officer: User, trusting: None) -> None:
    for number in range(limits.BY_ADDRESS):
        limits.failed(f"name{number}", "198.51.100.9", now=clock.now())
    for told, status in (("198.51.100.9", 200), ("203.0.113.1, 198.51.100.9", 200), ("198.51.100.10", 302)):
        client = Client(headers={"host": "localhost", "x-forwarded-for": told}, REMOTE_ADDR="10.0.0.5")
        assert client.post("/sign-in/", {"username": "ruiz", "password": PASSWORD}).status_code == status


def test_the_list_of_sessions_shows_each_and_ends_one(officer: User) -> None:
    here, there = signed_in(agent="This browser"), signed_in(agent="Another browser")
    page = here.get("/sessions/").content.decode()
    assert "This browser" in page
    assert "Another browser" in page
    other = next(row for row in here.get("/sessions/").context["rows"] if not row["here"])
    shown_again(here)
    assert here.post("/sessions/", {"session": str(other["number"])}).status_code == 302
    assert there.get("/requests/").status_code == 302
    assert here.get("/requests/").status_code == 200


def test_all_others_end_at_once_and_it_is_an_event(officer: User) -> None:
    journal.open_record(demonstration=False)
    here, others = signed_in(), [signed_in(), signed_in()]
    shown_again(here)
    here.post("/sessions/", {"session": "others"})
    assert here.get("/requests/").status_code == 200
    assert [one.get("/requests/").status_code for one in others] == [302, 302]
    assert Event.objects.get(kind="sessions_ended").author == author(officer)


def test_nobody_ends_a_session_of_somebody_else(officer: User) -> None:
    person("okafor", Role.REVIEWER)
    theirs = signed_in("okafor")
    number = theirs.get("/sessions/").context["rows"][0]["number"]
    client = signed_in()
    shown_again(client)
    assert client.post("/sessions/", {"session": str(number)})["Location"] == "/sessions/"
    assert theirs.get("/requests/").status_code == 200


@pytest.mark.parametrize("sent", ["", "x", "9" * 40, "²"])
def test_rubbish_in_the_place_of_a_session_ends_none(officer: User, sent: str) -> None:
    client = signed_in()
    shown_again(client)
    assert client.post("/sessions/", {"session": sent})["Location"] == "/sessions/"
    assert client.get("/requests/").status_code == 200


def test_a_session_left_alone_locks_and_the_password_opens_it_where_one_was(officer: User) -> None:
    made = take(author(officer), name="Ana Example")
    client = signed_in()
    client.get("/requests/")
    leave_alone(client, 16)
    answer = client.get(f"/requests/{made.id}/")
    assert answer["Location"] == f"/sign-in/again/?next=%2Frequests%2F{made.id}%2F"
    assert client.get("/requests/").status_code == 302, "asking again is no way in"
    assert b"not the password" in client.post(answer["Location"], {"password": "wrong"}).content
    opened = client.post(answer["Location"], {"password": PASSWORD, "next": f"/requests/{made.id}/"})
    assert opened["Location"] == f"/requests/{made.id}/"
    assert b"Ana Example" in client.get(f"/requests/{made.id}/").content


def test_a_form_sent_while_locked_records_nothing_and_says_how_to_send_it_again(officer: User) -> None:
    made = take(author(officer))
    client = signed_in()
    client.get("/requests/")
    leave_alone(client, 16)
    before = made.events().count()
    answer = client.post(f"/requests/{made.id}/act/", {"kind": "released"})
    assert answer.status_code == 403
    assert b"Nothing was recorded" in answer.content
    assert made.events().count() == before


def test_a_list_that_renews_itself_keeps_nothing_open_and_locks(officer: User) -> None:
    client = signed_in()
    client.get("/requests/")
    leave_alone(client, 14)
    assert client.get("/requests/", headers={"HX-Request": "true"}).status_code == 200
    leave_alone(client, 16)
    answer = client.get("/requests/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/again/?next=%2F")


def test_the_time_to_lock_is_a_setting(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETAINER_LOCK_AFTER", "60")
    house.cache_clear()
    client = signed_in()
    client.get("/requests/")
    leave_alone(client, 59)
    assert client.get("/requests/").status_code == 200
    leave_alone(client, 61)
    assert client.get("/requests/").status_code == 302


def test_what_is_not_ones_duty_or_agency_is_refused_and_is_an_event(
    officer: User, as_: Callable[[User], Client]
) -> None:
    made = take(author(officer))
    auditor, stranger = person("abadi", Role.AUDITOR), person("far", Role.OFFICER, agency=ELSEWHERE)
    assert as_(auditor).post(f"/requests/{made.id}/act/", {"kind": "released"}).status_code == 403
    for _ in range(3):
        assert as_(stranger).get(f"/requests/{made.id}/").status_code == 404
    told = Event.objects.filter(kind="not_allowed").order_by("seq")
    assert [(one.author, one.published()) for one in told] == [
        (author(auditor), {"what": "act"}),
        (author(stranger), {"what": "request"}),
    ]


def test_an_address_that_never_was_is_no_event(officer: User, as_: Callable[[User], Client]) -> None:
    take(author(officer))
    assert as_(officer).get("/requests/nothing/").status_code == 404
    assert not Event.objects.filter(kind="not_allowed").exists()


# Accounts


def stone(agency: str = HERE) -> User:
    journal.open_record(demonstration=False)
    return person("stone", Role.ADMINISTRATOR, agency=agency)


NEW = {"username": "vega", "first": "Officer", "last": "Vega", "role": "officer", "agency": HERE}


def agreed(user: User) -> None:
    """A supervisor agrees to all that waits for an account."""
    from detainer.desk.signing_in import proposals

    by = duties_of(person("lindqvist", Role.SUPERVISOR))
    for one in proposals.waiting([HERE]).filter(account=user):
        proposals.agree(one, by)


def test_an_administrator_proposes_an_account_whose_password_is_shown_once(as_: Callable[[User], Client]) -> None:
    admin = stone()
    page = as_(admin).post("/accounts/", NEW)
    password = page.context["password"]
    assert len(password) == 20
    assert password in page.content.decode()
    client = Client(headers={"host": "localhost"})
    assert client.post("/sign-in/", {"username": "vega", "password": password}).status_code == 200, "it is closed"
    event = Event.objects.get(kind="account_changed")
    assert event.author == author(admin)
    assert "vega" not in event.public
    agreed(User.objects.get(username="vega"))
    assert client.post("/sign-in/", {"username": "vega", "password": password}).status_code == 302
    assert client.get("/requests/")["Location"] == "/sign-in/password/", "it opens the way to one's own"


OWN = "seven herons over wet slate"


def first(as_: Callable[[User], Client]) -> tuple[Client, str]:
    """Somebody who signed in with a first password, and that password."""
    password = as_(stone()).post("/accounts/", NEW).context["password"]
    agreed(User.objects.get(username="vega"))
    client = Client(headers={"host": "localhost"})
    client.post("/sign-in/", {"username": "vega", "password": password})
    return client, password


def change(client: Client, old: str, new: str, again: str | None = None) -> HttpResponse:
    sent = {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
    return client.post("/sign-in/password/", sent)


@pytest.mark.attack
@pytest.mark.parametrize("path", ["/requests/new/", "/approvals/", "/sessions/", "/incoming/"])
def test_a_first_password_opens_nothing_but_the_page_that_changes_it(as_: Callable[[User], Client], path: str) -> None:
    client, _ = first(as_)
    assert client.get(path)["Location"] == "/sign-in/password/"
    assert "Set a password of your own to go on." in client.get("/sign-in/password/").content.decode()


def test_ones_own_password_opens_the_desk_ends_other_sessions_and_is_an_event(as_: Callable[[User], Client]) -> None:
    client, given = first(as_)
    other = Client(headers={"host": "localhost"})
    other.post("/sign-in/", {"username": "vega", "password": given})
    assert change(client, given, OWN).status_code == 302
    assert client.get("/requests/").status_code == 200
    assert other.get("/requests/")["Location"].startswith("/sign-in/?")
    assert [row["here"] for row in client.get("/sessions/").context["rows"]] == [True]
    event = Event.objects.filter(kind="account_changed").latest("seq")
    assert (event.author, event.published()["what"]) == (event.published()["account"], "own_password")
    assert change(client, given, "another heron on wet slate").status_code == 422
    assert change(client, OWN, "another heron on wet slate").status_code == 302


@pytest.mark.attack
@pytest.mark.parametrize(
    ("new", "again"),
    [
        ("short", None),
        ("password1234", None),
        ("officer detainer", None),
        ("Police-Detainer1", None),
        ("vega vega vega", None),
        (OWN, "something else altogether"),
        ("", None),
        ("GIVEN", None),
    ],
)
def test_no_weak_password_and_not_the_first_one_again(
    as_: Callable[[User], Client], new: str, again: str | None
) -> None:
    client, given = first(as_)
    assert change(client, given, given if new == "GIVEN" else new, again).status_code == 422
    assert client.get("/requests/").status_code == 302


def test_a_long_password_of_any_characters_is_taken_as_it_is(as_: Callable[[User], Client]) -> None:
    client, given = first(as_)
    long = "Ü ñ 漢 " * 25
    assert change(client, given, long[:150].strip()).status_code == 302
    again = Client(headers={"host": "localhost"})
    assert again.post("/sign-in/", {"username": "vega", "password": long[:150].strip().lower()}).status_code == 200
    assert again.post("/sign-in/", {"username": "vega", "password": long[:150].strip()}).status_code == 302


@pytest.mark.attack
def test_the_old_password_is_not_guessed_on_that_page_either(officer: User) -> None:
    client = signed_in()
    for _ in range(limits.BY_NAME):
        change(client, "wrong", OWN)
    assert b"Too many failed sign-ins" in change(client, PASSWORD, OWN).content


def test_a_first_password_expires(as_: Callable[[User], Client]) -> None:
    _, given = first(as_)
    FirstPassword.objects.update(made_at=clock.now() - passwords.LASTS)
    answer = Client(headers={"host": "localhost"}).post("/sign-in/", {"username": "vega", "password": given})
    assert "This first password is too old." in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "STONE"},
        {"username": "a b"},
        {"username": ""},
        {"username": "v\u0435ga"},
        {"first": "Offic\u0435r"},
        {"last": "Ve\u202ega"},
        {"last": "Vega\0"},
        {"agency": ELSEWHERE},
        {"role": "king"},
        {"role": ""},
    ],
)
def test_what_cannot_be_an_account_is_told_and_none_is_made(
    as_: Callable[[User], Client], wrong: dict[str, str]
) -> None:
    admin = stone()
    answer = as_(admin).post("/accounts/", NEW | wrong)
    assert answer.status_code == 422
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_no_other_duty_opens_the_accounts(as_: Callable[[User], Client], role: Role) -> None:
    client = as_(person("somebody", role))
    assert client.get("/accounts/").status_code == client.post("/accounts/", NEW).status_code == 403


def test_an_account_of_another_agency_is_not_there(officer: User, as_: Callable[[User], Client]) -> None:
    assert as_(stone(ELSEWHERE)).get(f"/accounts/{officer.pk}/").status_code == 404


@pytest.mark.attack
@pytest.mark.parametrize("what", ["factor", "password", "closed", "duties"])
def test_nobody_changes_their_own_account(as_: Callable[[User], Client], what: str) -> None:
    """The attack: an administrator who gives themselves another duty."""
    admin = stone()
    sent = {"what": what, "duty": [f"officer|{HERE}"]}
    assert as_(admin).post(f"/accounts/{admin.pk}/", sent).status_code == 422
    assert list(Membership.objects.values_list("role", flat=True)) == ["administrator"]


@pytest.mark.attack
def test_duties_change_at_ones_own_agencies_only(officer: User, as_: Callable[[User], Client]) -> None:
    """The attack: a duty at an agency that is not the administrator's, put into the form."""
    Membership.objects.create(account=officer, role=Role.RECORDS, agency=ELSEWHERE)
    sent = {"what": "duties", "duty": [f"reviewer|{HERE}", f"supervisor|{ELSEWHERE}", f"king|{HERE}", "rubbish"]}
    assert as_(stone()).post(f"/accounts/{officer.pk}/", sent).status_code == 302
    assert set(Membership.objects.filter(account=officer).values_list("role", "agency")) == {("records", ELSEWHERE)}
    assert list(officer.proposals.values_list("role", "agency")) == [("reviewer", HERE)]


@pytest.mark.parametrize("what", ["factor", "password", "closed"])
def test_who_works_elsewhere_too_is_not_one_agencys_to_shut_out(
    officer: User, as_: Callable[[User], Client], what: str
) -> None:
    Membership.objects.create(account=officer, role=Role.RECORDS, agency=ELSEWHERE)
    assert as_(stone()).post(f"/accounts/{officer.pk}/", {"what": what}).status_code == 422


@pytest.mark.parametrize("what", ["password", "closed", "sessions"])
def test_each_of_these_ends_the_persons_sessions(officer: User, as_: Callable[[User], Client], what: str) -> None:
    client, admin = signed_in(), stone()
    as_(admin).post(f"/accounts/{officer.pk}/", {"what": what})
    assert client.get("/requests/")["Location"].startswith("/sign-in/")
    assert Event.objects.get(kind="account_changed").author == author(admin)


def test_the_first_administrator_is_made_by_a_command_and_sets_a_password_of_their_own(db: None) -> None:
    from detainer.commands.account import _make

    given = _make("stone", HERE)
    client = Client(headers={"host": "localhost"})
    assert client.post("/sign-in/", {"username": "stone", "password": given}).status_code == 302
    assert client.get("/accounts/")["Location"] == "/sign-in/password/"
    assert change(client, given, OWN).status_code == 302
    assert client.get("/accounts/").status_code == 200
    lost = _make("stone", HERE, again=True)
    assert client.get("/accounts/")["Location"].startswith("/sign-in/?"), "the sessions before it are over"
    assert Client(headers={"host": "localhost"}).post("/sign-in/", {"username": "stone", "password": lost})
    told = [(one.kind, one.author) for one in Event.objects.exclude(kind="opened").order_by("seq")]
    me = author(User.objects.get(username="stone"))
    assert told == [
        ("account_changed", "system:command"),
        ("change_agreed", "system:command"),
        ("signed_in", me),
        ("account_changed", me),
        ("factor_reset", "system:command"),
        ("signed_in", me),
    ]


def test_the_operator_gives_any_duty_and_each_is_an_event(officer: User) -> None:
    from detainer.commands.account import _make

    assert len(_make("lindqvist", HERE, "supervisor")) == 20
    assert _make("ruiz", HERE, "reviewer") == "", "who is there keeps password and second factor"
    held = set(Membership.objects.filter(account=officer).values_list("role", flat=True))
    assert held == {"officer", "reviewer"}
    said = [one.published() for one in Event.objects.filter(kind="change_agreed").order_by("seq")]
    assert [(one["duty"], one["at"]) for one in said] == [("supervisor", HERE), ("reviewer", HERE)]


@pytest.mark.parametrize(
    ("name", "agency", "duty", "again", "line"),
    [
        ("ruiz", HERE, "officer", False, "is officer of us-ny-nyc-police already"),
        ("ruiz", HERE, "administrator", True, "has no such duty"),
        ("new", "nowhere", "administrator", False, "there is no such agency"),
        ("new", HERE, "administrator", True, "has no such duty"),
        ("new", HERE, "king", False, "there is no such duty"),
        ("idle", HERE, "officer", False, "taken by an account without a duty"),
    ],
)
def test_the_command_says_what_is_wrong_and_gives_nothing(
    officer: User, name: str, agency: str, duty: str, again: bool, line: str
) -> None:
    from detainer.commands.account import _make

    person("idle")
    with pytest.raises(UserError, match=line):
        _make(name, agency, duty, again)
    assert list(Membership.objects.values_list("role", flat=True)) == ["officer"]
