"""More of the attack suite: bytes that databases choke on, numbers too large, files given back, what stays behind.

Each is refused, changes nothing and fails nothing; docs/security/attacks.md counts them.
"""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from desk_people import PASSWORD, person, take
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from detainer import clock
from detainer.desk.duties.accounts import author, duties_of
from detainer.desk.duties.roles import Role
from detainer.desk.lists.exports import safe
from detainer.desk.models import Membership, Proposal
from detainer.desk.signing_in import proposals
from detainer.desk.signing_in.guard import ACTIVE
from detainer.errors import UserError
from detainer.intake.models import Draft
from detainer.record import journal
from detainer.record.models import Event, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User

    As = Callable[[User], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.attack]
HERE, ELSEWHERE = "us-ny-nyc-police", "us-ny-nyc-correction"
LOOKS = ("viewed", "listed", "paper_shown", "not_allowed", "sign_in_failed", "signed_in")


def deeds() -> list[Any]:
    return list(Event.objects.exclude(kind__in=LOOKS).values_list("seq", "kind"))


@pytest.fixture
def made(officer: User) -> Request:
    return take(author(officer), name="Ana Example")


@pytest.fixture
def everybody(db: None, as_: As) -> Client:
    """Somebody with every duty, so that each page reads what was sent; the password was given once more."""
    client = as_(person("all", *Role))
    client.post("/sign-in/again/", {"password": PASSWORD, "next": "/sessions/"})
    return client


# Bytes and numbers that a database does not take

PLACES = [
    ("/requests/", {"q": "{}", "agency": "{}", "group": "{}", "page": "{}", "before": "{}"}),
    ("/requests/new/", {"do": "record", "name": "{}", "received": "{}", "agency": "{}", "born": "{}"}),
    ("/requests/ID/facts/", {"do": "record", "seen": "{}", "watch_list": "{}", "arrest.date": "{}"}),
    ("/requests/ID/act/", {"kind": "{}", "step": "{}", "note": "x"}),
    ("/requests/ID/act/", {"kind": "released", "when": "{}"}),
    ("/requests/ID/act/", {"kind": "contact", "way": "{}", "about": "{}", "when": "{}"}),
    ("/requests/ID/act/", {"kind": "advised", "law": "{}", "question": "{}", "stands": "{}"}),
    ("/requests/ID/seal/", {"kind": "{}", "ground": "{}", "reference": "{}", "by": "{}", "dated": "{}"}),
    ("/requests/ID/export/", {"reason": "{}", "reference": "{}"}),
    ("/requests/ID/reply/", {"paper": "{}", "lang": "{}", "reason": "{}"}),
    ("/exports/", {"agency": HERE, "first": "{}", "last": "{}", "reason": "{}", "reference": "{}"}),
    ("/duplicates/", {"late": "{}", "early": "{}", "as": "{}"}),
    ("/audit/", {"who": "{}", "number": "{}", "before": "{}", "after": "{}"}),
    ("/sealed/", {"number": "{}"}),
    ("/accounts/", {"username": "{}", "first": "{}", "last": "{}", "role": "officer", "agency": HERE}),
    ("/accounts/ACCOUNT/", {"what": "{}", "duty": "{}|{}", "named": "{}"}),
    ("/accounts/ACCOUNT/", {"what": "expected", "named": "{}"}),
    ("/accounts/proposed/", {"proposal": "{}", "do": "{}"}),
    ("/programs/", {"what": "new", "name": "{}", "agency": HERE, "action": "{}", "days": "{}"}),
    ("/programs/", {"what": "rotate", "token": "{}"}),
    ("/sessions/", {"session": "{}"}),
    ("/sign-in/code/", {"code": "{}"}),
    ("/sign-in/", {"username": "{}", "password": "{}", "next": "{}"}),
    ("/sign-in/provider/", {"next": "{}"}),
    ("/language/", {"language": "{}", "next": "{}"}),
    ("/incoming/upload/", {"agency": "{}", "mapping": "{}", "look": "{}"}),
]
BAD = {
    "a NUL byte": "a\0b",
    "a lone surrogate": "\\ud800",
    "a number of forty digits": "9" * 40,
    "digits of another script": "\u0661\u0662",
    "the end of the text turned round": "\u202eabc",
    "ten thousand letters": "a" * 10_000,
    "a year that is none": "0000-99-99T99:99:99+99:99",
}


@pytest.mark.parametrize("what", BAD)
def test_no_field_takes_what_a_database_does_not(made: Request, officer: User, everybody: Client, what: str) -> None:
    """Sent as a form, and as an address, to every page that reads something; no answer is a failure of the program."""
    before, accounts = deeds(), Membership.objects.count()
    for path, fields in PLACES:
        where = path.replace("ID", made.id).replace("ACCOUNT", str(officer.pk))
        sent = {name: value.replace("{}", BAD[what]) for name, value in fields.items()}
        for answer in (everybody.post(where, sent), everybody.get(where, sent)):
            assert answer.status_code < 500, (where, sent)
            everybody.cookies.pop("django_language", None)
    kinds = {kind for _, kind in deeds()[len(before) :]}
    # A name may be any words: what stays is what a person of that duty may enter.
    own = {"opened", "received", "decided"}
    assert kinds <= own | {"noted", "change_proposed", "account_changed", "replied", "paper"}, kinds
    assert Membership.objects.count() == accounts


FAR = [
    "/reports/us-ny-nyc-police/annual/0001-01-01/9999-12-31/",
    "/reports/us-ny-nyc-police/annual/0001-01-01/0001-12-31/",
    "/reports/us-ny-nyc-police/annual/9999-01-01/9999-12-31/",
    "/reports/us-ny-nyc-police/annual/2016-10-01/2017-09-30/?behind=received&after=0001-01-01T00:00:00%2B23:59 x",
    "/reports/us-ny-nyc-police/annual/2016-10-01/2017-09-30/?behind=received&after=9999-12-31T23:59:59-23:59 x",
    "/reports/us-ny-nyc-police/annual/2016-10-01/2017-09-30/?behind=%00",
    "/requests/?group=settled&page=99999999999999999999",
    "/requests/?group=settled&before=9223372036854775807",
    "/audit/?before=9223372036854775808",
    "/law/land?at=0001-01-01T00:00",
    "/law/try?at=9999-12-31T23:59",
    "/law/offenses?q=%00",
    "/law/offenses?q=" + "9" * 99,
]


@pytest.mark.parametrize("path", FAR)
def test_no_day_and_no_number_lies_too_far(made: Request, everybody: Client, path: str) -> None:
    before = deeds()
    assert everybody.get(path).status_code < 500
    assert deeds() == before


SLOW = ["a" * 50_000, "9-" * 25_000, " 1" * 25_000, "(" * 50_000, "a." * 25_000 + "!", "\u0301" * 50_000]


@pytest.mark.parametrize("number", range(len(SLOW)))
def test_no_text_makes_a_pattern_run_for_long(made: Request, everybody: Client, number: int) -> None:
    """The attack: words on which a careless pattern takes time by the square or worse."""
    words, begun = SLOW[number], time.process_time()
    for path, name in (("/requests/", "q"), (f"/requests/{made.id}/export/", "reference"), ("/audit/", "number")):
        assert everybody.post(path, {name: words, "reason": "audit"}).status_code in (200, 422)
    answer = everybody.post(f"/requests/{made.id}/act/", {"kind": "released", "when": words})
    assert answer.status_code == 422
    everybody.post("/sign-in/code/", {"code": words})
    assert time.process_time() - begun < 5


# Files that are kept and given back

KEPT = {
    "a page called a form": ("form.pdf", b"<!doctype html><script>alert(1)</script>"),
    "a page": ("form.html", b"<!doctype html><script>alert(1)</script>"),
    "a drawing that runs": ("form.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "a drawing called a picture": ("form.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "a form that is a page as well": ("form.pdf", b"%PDF-1.7\n<html><script>alert(1)</script></html>"),
    "a program": ("form.pdf.exe", b"MZ" + b"\0" * 100),
    "a shortcut": ("form.pdf.lnk", b"L\0\0\0"),
    "an application of a page": ("form.hta", b"<script>alert(1)</script>"),
    "a name of another line": ('form".pdf\r\nSet-Cookie: a=b', b"%PDF-1.7 x"),
    "a name with a NUL": ("form\0.html", b"%PDF-1.7 y"),
    "a name read from its end": ("form\u202efdp.exe", b"MZ z"),
}


@pytest.mark.parametrize("what", KEPT)
def test_what_was_kept_is_given_back_as_nothing_that_runs(officer: User, as_: As, what: str) -> None:
    """The attack: a file that runs in the browser of whoever takes it, or on the machine where they save it."""
    name, data = KEPT[what]
    client = as_(officer)
    file = SimpleUploadedFile("x.pdf", data)
    file._name = name  # past what Django makes of it, as another client would send it
    assert client.post("/incoming/upload/", {"files": file}).status_code in (200, 302, 400, 422)
    for draft in Draft.objects.all():
        answer = client.get(f"/incoming/{draft.id}/file/")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        said = answer["Content-Disposition"]
        assert said.startswith('attachment; filename="paper-')
        assert said.endswith(('.pdf"', '.png"', '.bin"'))
        assert "Set-Cookie" not in answer
        assert answer.content == data


@pytest.mark.parametrize("lead", ["＝", "＋", "－", "＠", " =", "\n=", "\u00a0=", "\u2003@"])
def test_no_cell_of_an_export_is_a_formula_in_any_spreadsheet(lead: str) -> None:
    assert safe(f"{lead}HYPERLINK(1)").startswith("'")


def test_another_agencys_paper_is_not_there_and_asking_is_an_event(officer: User, as_: As) -> None:
    as_(officer).post("/incoming/upload/", {"files": SimpleUploadedFile("x.pdf", b"%PDF-1.7 x")})
    draft, stranger = Draft.objects.get(), person("far", *Role, agency=ELSEWHERE)
    client = as_(stranger)
    for path in ("", "pages/1.png", "copy/", "file/"):
        assert client.get(f"/incoming/{draft.id}/{path}").status_code == 404
    refused = Event.objects.filter(kind="not_allowed", author=author(stranger)).order_by("seq")
    told = [one.published()["what"] for one in refused]
    assert told == ["draft", "draft-page", "draft-copy", "draft-file"]


# What stays behind

STAYS = ["/requests/", "/requests/ID/", "/requests/ID/facts/", "/audit/", "/exports/", "/reports/", "/sessions/"]
STAYS += ["/accounts/", "/accounts/proposed/", "/programs/", "/second-factor/", "/incoming/", "/sealed/", "/counsel/"]


@pytest.mark.parametrize("path", STAYS)
def test_no_page_is_left_in_a_browser_for_who_comes_next(made: Request, everybody: Client, path: str) -> None:
    """The attack: the button that goes back, at a desk whose officer signed out."""
    where = path.replace("ID", made.id)
    answer = everybody.get(where)
    assert (answer.status_code, answer["Cache-Control"].split(",")[-1].strip()) == (200, "no-store")
    kept = everybody.cookies["sessionid"].value
    everybody.post("/sign-out/")
    thief = Client(headers={"host": "localhost"})
    thief.cookies["sessionid"] = kept
    assert thief.get(where)["Location"].startswith("/sign-in/")


COOKIES = {
    "a message": {"messages": '[["__json_message",1,25,"<script>alert(1)</script>",""]]'},
    "a language that is a path": {"django_language": "../../../etc/passwd"},
    "a session that is a path": {"sessionid": "../../etc/passwd"},
    "a session with a NUL": {"sessionid": "a%00b"},
    "a session without end": {"sessionid": "a" * 7000},
    "a token of one's own": {"csrftoken": "a" * 32},
}


@pytest.mark.parametrize("what", COOKIES)
def test_a_planted_cookie_says_and_opens_nothing(made: Request, what: str) -> None:
    client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    for name, value in COOKIES[what].items():
        client.cookies[name] = value
    answer = client.get("/sign-in/")
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content
    assert client.get(f"/requests/{made.id}/")["Location"].startswith("/sign-in/")
    sent = {"username": "ruiz", "password": PASSWORD, "csrfmiddlewaretoken": "b" * 32}
    assert client.post("/sign-in/", sent).status_code == 403


def test_what_waited_to_be_done_is_not_done_by_unlocking(officer: User, supervisor: User) -> None:
    """The attack: somebody unlocks a session hours later, and a step that was left half-way is taken."""
    journal.open_record(demonstration=False)
    by = duties_of(person("stone", Role.ADMINISTRATOR))
    proposals.propose(officer, "duty", HERE, by, "records")
    client = Client(headers={"host": "localhost"})
    client.post("/sign-in/", {"username": "lindqvist", "password": PASSWORD})
    page = "/accounts/proposed/"
    asked = client.post(page, {"proposal": str(Proposal.objects.get().pk), "do": "agree"})
    assert asked["Location"].startswith("/sign-in/again/")
    session = client.session
    session[ACTIVE] = (clock.now() - timedelta(minutes=16)).isoformat()
    session.save()
    locked = client.get(page)["Location"]
    assert client.post(locked, {"password": PASSWORD, "next": page})["Location"] == page
    assert Proposal.objects.get().state == "waiting"
    assert set(officer.memberships.values_list("role", flat=True)) == {"officer"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["agree", "refuse", "withdraw"])
def test_of_two_who_settle_a_proposal_at_once_one_does(officer: User, other: str) -> None:
    """The attack: two pages sent in the same moment, so that a duty is both given and refused."""
    journal.open_record(demonstration=False)
    admin = duties_of(person("stone", Role.ADMINISTRATOR))
    chiefs = [duties_of(person(name, Role.SUPERVISOR)) for name in ("lindqvist", "berg")]
    proposals.propose(officer, "duty", HERE, admin, "records")
    one, gate, done = Proposal.objects.get(), Barrier(2), list[str]()

    def settle(how: str, by: Any) -> None:
        try:
            gate.wait(10)
            {"agree": proposals.agree, "refuse": proposals.refuse, "withdraw": proposals.withdraw}[how](one, by)
            done.append(how)
        except UserError as error:
            done.append(error.what)
        finally:
            connection.close()

    threads = [Thread(target=settle, args=given) for given in (("agree", chiefs[0]), (other, chiefs[1]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert done.count("This does not wait any more") == 1, done
    won = next(how for how in done if how in ("agree", other))
    assert Proposal.objects.get().state == {"agree": "agreed", "refuse": "refused", "withdraw": "withdrawn"}[won]
    has = officer.memberships.filter(role="records").exists()
    assert has == (won == "agree")
    assert Event.objects.filter(kind__in=["change_agreed", "change_refused", "change_withdrawn"]).count() == 1


CONFUSING = {
    "a Cyrillic letter": {"username": "lindqvi\u0455t"},
    "a letter without its dot": {"username": "l\u0131ndqvist"},
    "a wide letter": {"username": "\uff4cindqvist"},
    "a space that is not seen": {"username": "lindqvist\u200b"},
    "a hyphen that is not seen": {"username": "lindq\u00advist"},
    "capitals": {"username": "LINDQVIST"},
    "a blank behind": {"username": "lindqvist "},
    "a name of two alphabets": {"username": "vega", "last": "Lindqvi\u0455t"},
    "a name turned round": {"username": "vega", "last": "\u202etsivqdniL"},
    "a name with what is not seen": {"username": "vega", "last": "Lindq\u200bvist"},
}


@pytest.mark.parametrize("what", CONFUSING)
def test_no_account_is_called_so_that_it_passes_for_another(supervisor: User, as_: As, what: str) -> None:
    """The attack: an account that a supervisor takes for a colleague's."""
    client = as_(person("stone", Role.ADMINISTRATOR))
    sent = {"first": "", "last": "", "role": "officer", "agency": HERE, **CONFUSING[what]}
    assert client.post("/accounts/", sent).status_code == 422
    assert not Proposal.objects.exists()
