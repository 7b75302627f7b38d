"""The attack suite at the desk: each is refused and changes nothing. docs/security/attacks.md counts them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import paper_forms as forms
import pytest
from desk_people import PASSWORD, person, take
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from page_form import form_of

from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.desk.models import Membership
from detainer.desk.views.request.acts import ACTS
from detainer.house import house
from detainer.intake import background
from detainer.intake.models import Draft, Paper
from detainer.record import journal
from detainer.record.models import Event, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.contrib.auth.models import User
    from django.http import HttpResponse

    As = Callable[[User], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.attack]
HERE, ELSEWHERE = "us-ny-nyc-police", "us-ny-nyc-correction"
PAPER = forms.draw(forms.person(7), forms.Look())
LOOKS = ("viewed", "listed", "paper_shown", "not_allowed", "sign_in_failed", "signed_in")


def state() -> dict[str, Any]:
    """All that an attack must leave as it is: the record but for looks and refusals, who may do what, the papers."""
    from django.contrib.auth.models import User

    return {
        "events": list(Event.objects.exclude(kind__in=LOOKS).values_list("seq", "kind", "request_id", "author")),
        "requests": list(Request.objects.order_by("id").values_list("id", "agency", "state", "held_at", "released_at")),
        "duties": sorted(Membership.objects.values_list("account", "role", "agency")),
        "people": sorted(User.objects.values_list("username", "password", "is_superuser", "is_staff", "is_active")),
        "papers": Paper.objects.count(),
        "drafts": sorted(Draft.objects.values_list("id", "state")),
    }


@contextmanager
def untouched() -> Iterator[None]:
    before = state()
    yield
    assert state() == before


@pytest.fixture
def made(officer: User) -> Request:
    """A request about which the law forbids everything."""
    return take(author(officer), name="Ana Example")


@pytest.fixture
def permitted(officer: User) -> Request:
    return take(author(officer), name="Ana Example", permitted=True)


@pytest.fixture
def desk(officer: User, as_: As) -> Client:
    return as_(officer)


def act(client: Client, made: Request, kind: str, **typed: Any) -> HttpResponse:
    return client.post(f"/requests/{made.id}/act/", {"kind": kind} | typed)


# Another agency's ids

THERE = {
    "the request": ("get", "/requests/{id}/", {}),
    "its facts": ("get", "/requests/{id}/facts/", {}),
    "its facts, changed": ("post", "/requests/{id}/facts/", {"do": "record", "watch_list": "match"}),
    "its reply": ("post", "/requests/{id}/reply/", {}),
    "its paper": ("get", "/requests/{id}/papers/{paper}.pdf", {}),
    "its paper as a page": ("get", "/requests/{id}/papers/{paper}.html", {}),
    "its seal": ("post", "/requests/{id}/seal/", {"kind": "sealed"}),
    "its file": ("post", "/requests/{id}/export/", {"reason": "audit"}),
    "its report": ("get", "/reports/us-ny-nyc-police/annual/2016-10-01/2017-09-30/", {}),
    "its report, settled": (
        "post",
        "/reports/us-ny-nyc-police/annual/2016-10-01/2017-09-30/settle/",
        {"step": "approve"},
    ),
    "its incoming paper": ("get", "/incoming/{draft}/", {}),
    "its incoming paper, recorded": ("post", "/incoming/{draft}/", {"do": "record"}),
    "its incoming paper, set aside": ("post", "/incoming/{draft}/", {"do": "aside", "why": "mine now"}),
    "its incoming paper's picture": ("get", "/incoming/{draft}/pages/1.png", {}),
    "its incoming paper's file": ("get", "/incoming/{draft}/file/", {}),
    "its account": ("get", "/accounts/{account}/", {}),
    "its account, closed": ("post", "/accounts/{account}/", {"what": "closed"}),
    "its account, a new password": ("post", "/accounts/{account}/", {"what": "password"}),
    "its account, without a factor": ("post", "/accounts/{account}/", {"what": "factor"}),
    "its account, other duties": (
        "post",
        "/accounts/{account}/",
        {"what": "duties", "duty": ["auditor|us-ny-nyc-police"]},
    ),
    "its account, bound to another name": ("post", "/accounts/{account}/", {"what": "expected", "named": "me"}),
}


@pytest.mark.parametrize("what", THERE)
def test_what_is_another_agencys_is_not_there(made: Request, officer: User, desk: Client, as_: As, what: str) -> None:
    method, path, sent = THERE[what]
    names: dict[str, Any] = {"id": made.id, "account": officer.pk}
    if "{paper}" in path:
        desk.post(f"/requests/{made.id}/reply/")
        names["paper"] = Event.objects.get(kind="replied").seq
    if "{draft}" in path:
        desk.post("/incoming/upload/", {"files": SimpleUploadedFile("form.pdf", PAPER)})
        background.drain()
        names["draft"] = Draft.objects.get().id
    stranger = as_(person("far", *Role, agency=ELSEWHERE))
    with untouched():
        answer = getattr(stranger, method)(path.format(**names), sent)
    assert answer.status_code == 404
    assert b"Ana Example" not in answer.content


@pytest.mark.parametrize("kind", ACTS)
def test_no_step_is_taken_on_another_agencys_request(permitted: Request, as_: As, kind: str) -> None:
    stranger = as_(person("far", *Role, agency=ELSEWHERE))
    with untouched():
        assert act(stranger, permitted, kind, step="held", note="x", of=["hold"]).status_code == 404
    assert Event.objects.filter(kind="not_allowed").count() == 1


@pytest.mark.parametrize("way", ["list", "search", "filter", "approvals", "counsel", "audit"])
def test_no_list_shows_another_agencys_people(made: Request, as_: As, way: str) -> None:
    stranger = as_(person("far", *Role, agency=ELSEWHERE))
    answer = {
        "list": lambda: stranger.get("/requests/"),
        "search": lambda: stranger.post("/requests/", {"q": "Ana"}),
        "filter": lambda: stranger.get("/requests/", {"agency": HERE}),
        "approvals": lambda: stranger.get("/approvals/"),
        "counsel": lambda: stranger.get("/counsel/"),
        "audit": lambda: stranger.post("/audit/", {"number": made.number}),
    }[way]()
    assert answer.status_code == 200
    assert b"Ana Example" not in answer.content
    assert made.id.encode() not in answer.content


def test_an_agency_put_into_the_form_is_not_ones_own(desk: Client) -> None:
    sent = {"who.name": "B. Sample", "request.form": "I-247A", "request.received": "01/01/2026 10:00"}
    sent |= {"request.from": "ice", "request.asks": "hold", "agency": ELSEWHERE, "do": "record"}
    desk.post("/requests/new/", sent)
    desk.post("/incoming/upload/", {"files": SimpleUploadedFile("form.pdf", PAPER), "agency": ELSEWHERE})
    assert not Request.objects.filter(agency=ELSEWHERE).exists()
    assert not Paper.objects.filter(agency=ELSEWHERE).exists()


# Approvals: replayed, one's own, out of turn


def asked(client: Client, made: Request) -> None:
    assert act(client, made, "asked", step="held").status_code == 302


def approved(client: Client, made: Request) -> None:
    assert act(client, made, "approved", step="held").status_code == 302


REPLAYS = (
    "before it was asked",
    "twice",
    "after it was used",
    "after a refusal",
    "of another step",
    "after a new fact",
)


@pytest.mark.parametrize("when", REPLAYS)
def test_an_approval_is_given_once_to_what_is_asked_now(
    permitted: Request, desk: Client, reviewer: User, as_: As, when: str
) -> None:
    legal = as_(reviewer)
    if when != "before it was asked":
        asked(desk, permitted)
    if when in ("twice", "after it was used"):
        approved(legal, permitted)
    if when == "after it was used":
        assert act(desk, permitted, "held").status_code == 302
    if when == "after a refusal":
        act(legal, permitted, "refused", step="held", note="no")
    if when == "after a new fact":
        typed = form_of(desk.get(f"/requests/{permitted.id}/facts/").content.decode())
        desk.post(f"/requests/{permitted.id}/facts/", typed | {"watch_list": ["match"], "do": ["record"]})
    with untouched():
        step = "told" if when == "of another step" else "held"
        assert act(legal, permitted, "approved", step=step).status_code in (403, 422)


@pytest.mark.parametrize("when", ["with none", "twice", "for another step", "by the approver", "once refused"])
def test_a_step_needs_an_approval_of_its_own(
    permitted: Request, desk: Client, supervisor: User, as_: As, when: str
) -> None:
    second = as_(supervisor)
    if when != "with none":
        asked(desk, permitted)
    if when in ("twice", "for another step", "by the approver"):
        approved(second, permitted)
    if when == "twice":
        assert act(desk, permitted, "held").status_code == 302
    if when == "once refused":
        act(second, permitted, "refused", step="held", note="no")
    with untouched():
        kind = "told" if when == "for another step" else "held"
        assert act(second if when == "by the approver" else desk, permitted, kind).status_code == 422


@pytest.mark.parametrize("entered", ["the asking", "the request", "the facts"])
def test_nobody_with_every_duty_approves_their_own(
    officer: User, desk: Client, permitted: Request, as_: As, entered: str
) -> None:
    both = person("both", Role.OFFICER, Role.REVIEWER, Role.SUPERVISOR)
    alone = as_(both)
    target = take(author(both), permitted=True) if entered == "the request" else permitted
    if entered == "the facts":
        typed = form_of(alone.get(f"/requests/{target.id}/facts/").content.decode())
        alone.post(
            f"/requests/{target.id}/facts/",
            typed | {"who.booking_number": ["77"], "search.run": ["at_release"], "do": ["record"]},
        )
        journal.record_facts(target, {"watch_list": "no_match"}, happened=target.received_at, author=author(both))
        act(desk, target, "decide")
    asked(alone if entered == "the asking" else desk, target)
    with untouched():
        answer = act(alone, target, "approved", step="held")
    assert answer.status_code == 403
    assert "You entered what this rests on" in answer.content.decode()


@pytest.mark.parametrize("step", ["held", "told", "transferred"])
@pytest.mark.parametrize("way", ["recorded", "asked", "approved"])
def test_what_the_law_forbids_is_nobodys_to_do(
    made: Request, desk: Client, supervisor: User, as_: As, step: str, way: str
) -> None:
    client = as_(supervisor) if way == "approved" else desk
    with untouched():
        assert act(client, made, step if way == "recorded" else way, step=step, override="1").status_code == 422


# Pages that grew old


def test_facts_from_a_page_that_grew_old_overwrite_nothing(made: Request, desk: Client) -> None:
    old = form_of(desk.get(f"/requests/{made.id}/facts/").content.decode()) | {"do": ["record"]}
    desk.post(f"/requests/{made.id}/facts/", old | {"watch_list": ["match"]})
    with untouched():
        assert desk.post(f"/requests/{made.id}/facts/", old | {"watch_list": ["unknown"]}).status_code == 422


@pytest.mark.parametrize("seen", ["", "0", "-1", "9" * 30, "x", "1.5", "²"])
def test_a_made_up_age_of_the_page_overwrites_nothing(made: Request, desk: Client, seen: str) -> None:
    typed = form_of(desk.get(f"/requests/{made.id}/facts/").content.decode()) | {"do": ["record"]}
    assert "seen" in typed
    with untouched():
        answer = desk.post(f"/requests/{made.id}/facts/", typed | {"watch_list": ["match"], "seen": [seen]})
    assert answer.status_code == 422


@pytest.mark.parametrize("kind", ["declined", "withdrawn", "asked", "held", "approved"])
def test_a_settled_request_takes_no_more_steps(
    permitted: Request, desk: Client, supervisor: User, as_: As, kind: str
) -> None:
    asked(desk, permitted)
    act(desk, permitted, "withdrawn")
    with untouched():
        client = as_(supervisor) if kind == "approved" else desk
        assert act(client, permitted, kind, step="held", of=["hold"]).status_code in (403, 422)


# Mass assignment

EXTRA = {
    "author": "staff:999",
    "agency": ELSEWHERE,
    "approved_by": "staff:999",
    "modality_hold": "must",
    "modality": "may",
    "held_at": "2026-01-01T00:00:00Z",
    "entered": "2020-01-01T00:00:00Z",
    "number": "1999-0001",
    "id": "0" * 24,
    "seq": "1",
    "decisions": '{"hold": "may"}',
    "public": '{"forged": 1}',
}


@pytest.mark.parametrize("name", EXTRA)
def test_a_field_that_the_form_has_not_changes_nothing(made: Request, desk: Client, officer: User, name: str) -> None:
    assert act(desk, made, "note", note="seen", **{name: EXTRA[name]}).status_code == 302
    event = Event.objects.get(kind="noted")
    assert (event.author, event.agency, event.request_id) == (author(officer), HERE, made.id)
    assert EXTRA[name] not in event.public
    made.refresh_from_db()
    assert (made.modality_hold, made.held_at, made.agency) == ("must_not", None, HERE)
    with untouched():
        assert act(desk, made, "held", **{name: EXTRA[name]}).status_code == 422


@pytest.mark.parametrize("name", ["is_superuser", "is_staff", "user_permissions", "groups", "password", "id", "pk"])
def test_a_new_account_is_what_the_form_says_and_no_more(as_: As, name: str) -> None:
    from django.contrib.auth.models import User

    journal.open_record(demonstration=False)
    admin = person("stone", Role.ADMINISTRATOR)
    sent = {"username": "vega", "role": "officer", "agency": HERE, name: str(admin.pk)}
    assert as_(admin).post("/accounts/", sent).status_code == 200
    made = User.objects.get(username="vega")
    assert made.pk != admin.pk
    assert not made.is_superuser
    assert not made.is_staff
    assert not made.check_password(str(admin.pk))
    assert not made.is_active
    assert not made.memberships.exists()
    assert list(made.proposals.values_list("what", "role", "agency")) == [("duty", "officer", HERE)]


@pytest.mark.parametrize(
    "what", ["superuser", "is_superuser", "", "delete", "duties|closed", "__class__", "password\0"]
)
def test_there_is_no_other_step_on_an_account(officer: User, as_: As, what: str) -> None:
    admin = as_(person("stone", Role.ADMINISTRATOR))
    with untouched():
        assert admin.post(f"/accounts/{officer.pk}/", {"what": what}).status_code == 422


# Addresses that climb out, and those that are none

PATHS = [
    "/public/../keys/secret-key",
    "/public/..%2fkeys%2fsecret-key",
    "/public/%2e%2e/%2e%2e/etc/passwd",
    "/public//etc/passwd",
    "/public/..%5c..%5cetc%5cpasswd",
    "/public/%00",
    "/static/../settings.py",
    "/static/..%2f..%2fsettings.py",
    "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/requests/..%2f..%2fetc%2fpasswd/",
    "/requests/%00/",
    "/requests/{id}/papers/..%2f1.pdf",
    "/requests/{id}/papers/1.exe",
    "/requests/{id}/papers/99999999999999999999999.pdf",
    "/requests/{id}/papers/-1.pdf",
    "/requests/{id}/papers/1.pdf%00.html",
    "/reports/us-ny-nyc-police/..%2f..%2fannual/2016-10-01/2017-09-30/",
    "/reports/us-ny-nyc-police/annual/0000-00-00/9999-99-99/",
    "/reports/us-ny-nyc-police/%2e%2e/2016-10-01/2017-09-30/",
    "/incoming/..%2f..%2fetc%2fpasswd/",
    "/incoming/000000000000000000000000/pages/99999999999999999999.png",
    "/accounts/99999999999999999999999/",
    "/law/..%2f..%2fetc%2fpasswd",
    "/admin/",
    "/.git/config",
    "/.env",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/second-factor/../requests/{id}/",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_address_leads_out_of_its_place(made: Request, desk: Client, home: Path, path: str) -> None:
    (home / "public").mkdir(parents=True)
    secret = house().secret()
    answer = desk.get(path.format(id=made.id))
    assert answer.status_code in (400, 403, 404)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert not any(word in body for word in (secret.encode(), b"root:", b"SECRET_KEY", b"Ana Example"))


# Injection

HOSTILE = {
    "a script": "<script>alert(1)</script>",
    "an image": '"><img src=x onerror=alert(1)>',
    "a quote": "' OR '1'='1",
    "a statement": "'; DROP TABLE record_event; --",
    "a wildcard": "%",
    "an underscore": "_",
    "a template": "{{ request.user.password }}{% debug %}",
    "a format": "{0.__class__}%(name)s%s",
    "JSON": '"}], "person": {"name": "',
    "a backslash": "\\",
    "a regular expression": "(x+)+$",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_searched_for_is_words_and_nothing_else(made: Request, desk: Client, what: str) -> None:
    with untouched():
        answer = desk.post("/requests/", {"q": HOSTILE[what]})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Ana Example" not in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "pbkdf2" not in page


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_written_is_shown_as_text(made: Request, desk: Client, what: str) -> None:
    assert act(desk, made, "note", note=HOSTILE[what]).status_code == 302
    page = desk.get(f"/requests/{made.id}/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "pbkdf2" not in page
    assert Event.objects.get(kind="noted").body()["note"] == HOSTILE[what]  # type: ignore[index]


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_a_tables_answer_is_a_formula(desk: Client, lead: str) -> None:
    """A table is read, never written back; what it says is told as text."""
    table = f'{lead}HYPERLINK("http://elsewhere.example"),b\n1,2\n'.encode()
    with untouched():
        answer = desk.post(
            "/incoming/upload/", {"files": SimpleUploadedFile("t.csv", table), "mapping": "ice-foia-2015"}
        )
    assert answer.status_code == 422
    assert b'href="http://elsewhere' not in answer.content


# Uploads


def _bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("form.pdf", b"\0" * 20_000_000)
    return made.getvalue()


def _flood() -> bytes:
    """A picture of few bytes that says it has ten thousand million points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


FILES: dict[str, Callable[[], tuple[str, bytes]]] = {
    "nothing": lambda: ("form.pdf", b""),
    "a page": lambda: ("form.pdf", b"<html><script>alert(1)</script></html>"),
    "a drawing that runs": lambda: ("form.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "a program": lambda: ("form.pdf", b"MZ" + b"\0" * 500),
    "a shell": lambda: ("form.php", b"<?php system($_GET['c']); ?>"),
    "an archive": lambda: ("form.zip", _bomb()),
    "XML that reads files": lambda: ("form.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    "a picture too large": lambda: ("form.png", _flood()),
    "a damaged PDF": lambda: ("form.pdf", b"%PDF-1.7\nrubbish"),
    "a PDF cut short": lambda: ("form.pdf", PAPER[: len(PAPER) // 2]),
    "a table without a mapping": lambda: ("t.csv", b"a,b\n1,2\n"),
    "a pickle": lambda: ("form.pdf", b"\x80\x04cos\nsystem\n(S'id'\ntR."),
}


@pytest.mark.parametrize("what", FILES)
def test_what_is_no_paper_becomes_no_request_and_runs_nothing(desk: Client, what: str) -> None:
    name, data = FILES[what]()
    answer = desk.post("/incoming/upload/", {"files": SimpleUploadedFile(name, data)})
    background.drain()
    assert answer.status_code in (200, 302, 422)
    assert not Request.objects.exists()
    assert b"root:" not in answer.content
    for draft in Draft.objects.all():
        kept = desk.get(f"/incoming/{draft.id}/file/")
        if what == "nothing":
            assert kept.status_code == 404
            continue
        assert kept["Content-Type"] == "application/octet-stream"
        assert kept["Content-Disposition"].startswith("attachment;")


NAMES = [
    "../../../etc/cron.d/x.pdf",
    "..\\..\\x.pdf",
    "/etc/passwd",
    'a".pdf',
    "<script>alert(1)</script>.pdf",
    "CON.pdf",
    "a\tb.pdf",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_files_name_leads_nowhere_and_is_not_given_back(desk: Client, home: Path, name: str) -> None:
    there = desk.post("/incoming/upload/", {"files": SimpleUploadedFile(name, PAPER)})["Location"]
    background.drain()
    said = desk.get(f"{there}file/")["Content-Disposition"]
    assert said.startswith('attachment; filename="paper-')
    assert "alert" not in said
    assert b"<script>alert" not in desk.get(there).content
    assert not [one for one in home.rglob("*") if one.suffix == ".pdf"]


@pytest.mark.parametrize("length", [str(10**9), "-1", "1e9", "x", "9" * 40])
def test_an_upload_of_no_size_is_not_read(desk: Client, length: str) -> None:
    with untouched():
        answer = desk.post(
            "/incoming/upload/", b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=length
        )
    assert answer.status_code in (400, 413, 422)


@pytest.mark.parametrize("mapping", ["../../../etc/passwd", "/etc/passwd", "ice-foia-2015/../x", "\0", "x" * 5000])
def test_a_mapping_is_one_of_those_offered(desk: Client, mapping: str) -> None:
    with untouched():
        answer = desk.post(
            "/incoming/upload/", {"files": SimpleUploadedFile("t.csv", b"a,b\n1,2\n"), "mapping": mapping}
        )
    assert answer.status_code == 422
    assert b"root:" not in answer.content


def test_a_form_of_a_thousand_fields_is_refused(made: Request, desk: Client) -> None:
    with untouched():
        answer = act(desk, made, "note", note="x", **{f"field{number}": "x" for number in range(1500)})
    assert answer.status_code == 400


@pytest.mark.parametrize("size", [2001, 1_000_000])
def test_a_note_has_an_end(made: Request, desk: Client, size: int) -> None:
    with untouched():
        assert act(desk, made, "note", note="x" * size).status_code == 422


# Forms from elsewhere

FORMS = [
    "/sign-in/",
    "/sign-in/provider/",
    "/sign-in/again/",
    "/sign-out/",
    "/sessions/",
    "/accounts/",
    "/accounts/{account}/",
    "/accounts/proposed/",
    "/sign-in/code/",
    "/requests/",
    "/requests/new/",
    "/requests/{id}/facts/",
    "/requests/{id}/act/",
    "/requests/{id}/reply/",
    "/requests/{id}/seal/",
    "/requests/{id}/export/",
    "/exports/",
    "/duplicates/",
    "/programs/",
    "/incoming/upload/",
    "/audit/",
    "/reports/us-ny-nyc-police/annual/2016-10-01/2017-09-30/settle/",
    "/second-factor/totp/activate/",
    "/second-factor/totp/deactivate/",
    "/second-factor/webauthn/add/",
    "/second-factor/recovery-codes/generate/",
]


@pytest.mark.parametrize("origin", ["none", "elsewhere"])
@pytest.mark.parametrize("path", FORMS)
def test_no_form_from_elsewhere_is_taken(made: Request, officer: User, path: str, origin: str) -> None:
    told = {"origin": "https://elsewhere.example"} if origin == "elsewhere" else {}
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost", **told})
    client.force_login(person("all", *Role))
    token = client.get("/requests/").content.decode().partition('name="csrfmiddlewaretoken" value="')[2][:64]
    assert len(token) == 64
    sent = {"kind": "released", "do": "record", "csrfmiddlewaretoken": token if origin == "elsewhere" else ""}
    with untouched():
        answer = client.post(path.format(id=made.id, account=officer.pk), sent)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/requests/{id}/act/", "/requests/{id}/reply/", "/incoming/upload/", "/sign-out/"])
@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "override"])
def test_nothing_happens_by_another_method(made: Request, desk: Client, path: str, method: str) -> None:
    with untouched():
        if method == "override":
            answer = desk.get(
                f"{path.format(id=made.id)}?kind=released&_method=POST", headers={"x-http-method-override": "POST"}
            )
        else:
            answer = getattr(desk, method)(path.format(id=made.id), {"kind": "released"})
    assert answer.status_code == 405


# Sessions


def test_a_planted_session_is_nobodys_after_signing_in(officer: User) -> None:
    client = Client(headers={"host": "localhost"})
    client.cookies["sessionid"] = planted = "a" * 32
    client.post("/sign-in/", {"username": "ruiz", "password": PASSWORD})
    assert client.cookies["sessionid"].value != planted
    thief = Client(headers={"host": "localhost"})
    thief.cookies["sessionid"] = planted
    assert thief.get("/requests/").status_code == 302


@pytest.mark.parametrize("ends", ["sign-out", "password", "closed", "cookie"])
def test_a_kept_cookie_opens_nothing_once_the_session_ended(officer: User, as_: As, ends: str) -> None:
    client = Client(headers={"host": "localhost"})
    client.post("/sign-in/", {"username": "ruiz", "password": PASSWORD})
    assert client.get("/requests/").status_code == 200
    kept = client.cookies["sessionid"].value
    if ends == "sign-out":
        client.post("/sign-out/")
    elif ends == "cookie":
        kept = kept[::-1]
    else:
        as_(person("stone", Role.ADMINISTRATOR)).post(f"/accounts/{officer.pk}/", {"what": ends})
    thief = Client(headers={"host": "localhost"})
    thief.cookies["sessionid"] = kept
    assert thief.get("/requests/")["Location"].startswith("/sign-in/")


def test_a_duty_that_was_taken_away_is_gone_at_once(made: Request, officer: User, desk: Client) -> None:
    assert desk.get(f"/requests/{made.id}/").status_code == 200
    Membership.objects.filter(account=officer).delete()
    with untouched():
        assert act(desk, made, "released").status_code == 404
    assert desk.get("/requests/").status_code == 403


@pytest.mark.parametrize("number", range(3))
def test_a_storm_of_passwords_is_closed_out(officer: User, number: int) -> None:
    """By one name from many places; by many names from one; and with the right password at its end."""
    for attempt in range(31):
        name = "ruiz" if number != 1 else f"name{attempt}"
        place = f"192.0.2.{attempt}" if number == 0 else "192.0.2.1"
        sent = {"username": name, "password": f"wrong {attempt}"}
        Client(headers={"host": "localhost"}, REMOTE_ADDR=place).post("/sign-in/", sent)
    place = "198.51.100.1" if number == 0 else "192.0.2.1"
    last = Client(headers={"host": "localhost"}, REMOTE_ADDR=place)
    assert b"Too many failed sign-ins" in last.post("/sign-in/", {"username": "ruiz", "password": PASSWORD}).content
    assert last.get("/requests/").status_code == 302


# Other places

WHERE = [
    "https://elsewhere.example/",
    "//elsewhere.example",
    "/\\elsewhere.example",
    "///elsewhere.example",
    "javascript:alert(1)",
]
WHERE += [
    "http:elsewhere.example",
    "https:/elsewhere.example",
    "\thttps://elsewhere.example",
    "/%09/elsewhere.example\r\nX: 1",
]


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("way", ["sign-in", "again"])
def test_signing_in_leads_nowhere_else(officer: User, desk: Client, where: str, way: str) -> None:
    client = desk if way == "again" else Client(headers={"host": "localhost"})
    path = "/sign-in/again/" if way == "again" else "/sign-in/"
    answer = client.post(path, {"username": "ruiz", "password": PASSWORD, "next": where})
    if answer.status_code == 302:
        place = answer["Location"]
        assert place.startswith("/")
        assert not place.startswith(("//", "/\\"))
    assert "X" not in answer.headers


HOSTS = [
    "elsewhere.example",
    "localhost.elsewhere.example",
    "localhost:80@elsewhere.example",
    "127.0.0.1.elsewhere.example",
]
HOSTS += ["localhost/", "", "localhost elsewhere.example", "[::1", "xn--"]


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_is_not_answered(host: str) -> None:
    assert Client(headers={"host": host}).get("/sign-in/").status_code == 400


@pytest.mark.parametrize("name", ["x-forwarded-host", "x-host", "forwarded", "x-original-url", "x-rewrite-url"])
def test_no_header_moves_the_desk(desk: Client, made: Request, name: str) -> None:
    told = "host=elsewhere.example" if name == "forwarded" else "elsewhere.example"
    said = "/requests/" if "url" in name else told
    answer = Client(headers={"host": "localhost", name: said}).get("/requests/")
    assert answer["Location"] == "/sign-in/?next=/requests/"


# The count


def test_the_page_on_attacks_counts_them(request: pytest.FixtureRequest) -> None:
    """Each file's number and their sum; a run of part of a file says nothing of it."""
    option, named = request.config.option, any("::" in one for one in request.config.args)
    text = (Path(__file__).parents[2] / "docs/security/attacks.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| `tests/")]
    said = {row[1].strip().strip("`"): int(row[2]) for row in rows}
    assert f"**{sum(said.values())} attacks, none succeeds.**" in text
    if option.keyword or option.markexpr or option.deselect or named:
        return
    root = request.config.rootpath
    found = Counter(
        item.path.relative_to(root).as_posix() for item in request.session.items if item.get_closest_marker("attack")
    )
    found[f"tests/desk/{Path(__file__).name}"] -= 1  # this one
    assert found <= Counter(said)
    assert {name: said.get(name) for name in found} == found
