"""A paper from the upload to the request: every value compared by a person, the rest kept with what it came on."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from functools import cache
from hashlib import sha256
from html import unescape
from typing import TYPE_CHECKING, Any

import paper_forms as forms
import pytest
from desk_people import person
from django.core.files.uploadedfile import SimpleUploadedFile
from erasing import ORDER, expunge
from page_form import form_of
from PIL import Image, ImageChops
from pypdf import PdfReader, PdfWriter

from detainer.desk.duties.roles import Role
from detainer.intake import background
from detainer.intake.models import Draft, Paper
from detainer.intake.paper import picture, reading
from detainer.record.models import Event, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db
SAID = forms.person(7)
PAPER = forms.draw(SAID, forms.Look())


_read = cache(reading.read)  # what is read is another test's; here the same papers come again and again


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "read", lambda data, **_: _read(data))


@pytest.fixture
def desk(officer: User, as_: Callable[[User], Client]) -> Client:
    return as_(officer)


def upload(client: Client, data: bytes = PAPER, name: str = "form.pdf", **more: Any) -> Any:
    answer = client.post("/incoming/upload/", {"files": SimpleUploadedFile(name, data), **more})
    background.drain()
    return answer


def ticked(page: str) -> dict[str, list[str]]:
    """What a browser would send from a page on which somebody ticked every comparison and said who asks."""
    sent = form_of(page) | {"from": ["ice"], "do": ["record"]}
    return sent | {name: ["yes"] for name in re.findall(r'name="(ok\.[^"]+)"', page)}


def test_what_a_person_compared_becomes_a_request_and_the_paper_stays_with_it(desk: Client) -> None:
    there = upload(desk)["Location"]
    page = desk.get(there).content.decode()
    answer = desk.post(there, ticked(page))
    made = Request.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/requests/{made.id}/")
    assert made.person() == {
        "name": SAID.fields["subject_name"],
        "born": SAID.fields["date_of_birth"],
        "file_number": SAID.fields["file_number"],
    }
    facts = made.facts()
    assert facts["request"]["asks"] == SAID.fields["asks"]
    assert facts["request"].get("probable_cause", []) == SAID.fields["probable_cause"]
    assert made.decided_at is not None
    kept = Event.objects.get(kind="attached")
    body = kept.body()
    assert body
    assert body["detail"]["digest"] == sha256(PAPER).hexdigest()
    assert {one["how"] for one in body["detail"]["fields"].values()} <= {"together", "singly"}
    assert bytes(Paper.objects.get().data) == PAPER
    assert Draft.objects.get().request_id == made.id


def test_a_paper_that_waits_to_be_read_says_so_and_turns_into_its_draft(desk: Client) -> None:
    there = desk.post("/incoming/upload/", {"files": SimpleUploadedFile("form.pdf", PAPER)})["Location"]
    page = desk.get(there).content.decode()
    assert "It waits to be read." in page
    assert "the watch, which reads papers, has stopped" in page
    assert "Being read · 1" in desk.get("/incoming/").content.decode()
    assert desk.get(f"{there}pages/1.png").status_code == 404  # nobody knows yet what is to be covered on it
    assert background.claim(Paper.objects.get().id, "another worker")
    Paper.objects.update(page=3, pages=12)
    assert "Page 3 of 12 is being read." in desk.get(there, headers={"HX-Request": "true"}).content.decode()
    assert desk.post(there, {"do": "aside", "why": "too slow"}).status_code == 200
    Paper.objects.update(reader="")
    background.drain()
    assert desk.get(there, headers={"HX-Request": "true"})["HX-Redirect"] == there
    assert SAID.fields["subject_name"] in desk.get(there).content.decode()


def test_every_step_is_an_event_without_a_name(desk: Client) -> None:
    there = upload(desk)["Location"]
    page = desk.get(there).content.decode()
    desk.get(there)
    desk.post(there, ticked(page))
    told = Event.objects.order_by("seq").exclude(kind="opened")
    kinds = [kind for kind in told.values_list("kind", flat=True) if kind.startswith(("paper", "rec", "att", "dec"))]
    assert kinds == ["paper_came", "paper_shown", "received", "attached", "decided"]
    public = " ".join(told.values_list("public", flat=True))
    for secret in (SAID.fields["subject_name"], SAID.fields["file_number"], sha256(PAPER).hexdigest()):
        assert secret not in public


@pytest.mark.parametrize("left_out", ["ok.v.rest", "from", "v.subject_name", "v.asks", "form", "received"])
def test_nothing_is_recorded_while_something_is_not_compared_or_missing(desk: Client, left_out: str) -> None:
    there = upload(desk)["Location"]
    sent = ticked(desk.get(there).content.decode())
    del sent[left_out]
    answer = desk.post(there, sent)
    assert answer.status_code == 422
    assert not Request.objects.exists()


def test_a_doubtful_value_must_be_ticked_by_itself(desk: Client) -> None:
    there = upload(desk)["Location"]
    draft = Draft.objects.get()
    draft.reading["fields"]["date_of_birth"]["score"] = 0.5
    draft.save()
    sent = ticked(desk.get(there).content.decode())
    assert "ok.v.date_of_birth" in sent
    del sent["ok.v.date_of_birth"]
    answer = desk.post(there, sent)
    assert answer.status_code == 422
    assert "Compare it with the paper and tick the box." in answer.content.decode()


def test_a_value_that_was_read_wrong_is_typed_and_both_are_kept(desk: Client) -> None:
    there = upload(desk)["Location"]
    sent = ticked(desk.get(there).content.decode()) | {"v.subject_name": ["RIGHT, Name"]}
    desk.post(there, sent)
    assert (Request.objects.get().person() or {})["name"] == "RIGHT, Name"
    told = (Event.objects.get(kind="attached").body() or {})["detail"]["fields"]["subject_name"]
    assert (told["how"], told["read"]) == ("corrected", SAID.fields["subject_name"])


def test_nothing_typed_is_lost(desk: Client) -> None:
    there = upload(desk)["Location"]
    sent = ticked(desk.get(there).content.decode()) | {
        "v.date_of_birth": ["31/31/1990"],
        "v.officer_name": ["<b>Bo</b>"],
        "received": ["teatime"],
    }
    page = unescape(desk.post(there, sent).content.decode())
    for typed in ("31/31/1990", "<b>Bo</b>", "teatime"):
        assert f'value="{typed}"' in page
    assert "<b>Bo</b></" not in desk.post(there, sent).content.decode()


def test_a_paper_that_cannot_be_read_is_typed_beside_its_picture(desk: Client) -> None:
    out = io.BytesIO()
    Image.new("L", (850, 1100), 255).save(out, "PNG", dpi=(100, 100))
    there = upload(desk, out.getvalue(), "scan.png")["Location"]
    page = desk.get(there).content.decode()
    assert f'src="{there}pages/1.png"' in page
    sent = form_of(page) | {
        "form": ["I-247A"],
        "from": ["ice"],
        "v.subject_name": ["Ana Muster"],
        "v.asks": ["hold"],
        "do": ["record"],
    }
    assert desk.post(there, sent).status_code == 302
    assert Request.objects.get().form == "I-247A"


def test_citizenship_is_covered_in_every_picture_and_in_no_page(desk: Client) -> None:
    there = upload(desk)["Location"]
    assert SAID.citizenship not in desk.get(there).content.decode()
    answer = desk.get(f"{there}pages/1.png")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "no-store")
    shown = Image.open(io.BytesIO(answer.content))
    hidden = Draft.objects.get().reading["hidden"]
    assert hidden
    for one in hidden:
        x0, y0, x1, y1 = (side * shown.width / 612 for side in one["box"])
        part = shown.crop((round(x0) + 1, round(y0) + 1, round(x1) - 1, round(y1) - 1))
        assert part.getextrema() == (190, 190)


def test_a_paper_set_aside_needs_a_reason_and_leaves_the_queue(desk: Client) -> None:
    there = upload(desk)["Location"]
    assert desk.post(there, {"do": "aside", "why": " "}).status_code == 422
    assert desk.post(there, {"do": "aside", "why": "a test page"}).status_code == 302
    assert "Nothing waits." in desk.get("/incoming/").content.decode()
    assert Event.objects.filter(kind="paper_aside").count() == 1


def test_a_paper_is_recorded_once_whoever_is_quicker(desk: Client) -> None:
    there = upload(desk)["Location"]
    sent = ticked(desk.get(there).content.decode())
    assert desk.post(there, sent).status_code == desk.post(there, sent).status_code == 302
    assert Request.objects.count() == 1


def test_the_same_request_again_is_told_and_kept_with_the_first(desk: Client) -> None:
    there = upload(desk)["Location"]
    desk.post(there, ticked(desk.get(there).content.decode()))
    first = Request.objects.get()
    again = upload(desk, forms.draw(SAID, forms.Look(layout="under")), "again.pdf")["Location"]
    page = desk.get(again).content.decode()
    assert f"It is the same paper: keep it with {first.number}" in page
    desk.post(again, {"do": f"keep {first.id}"})
    assert Request.objects.count() == 1
    assert set(Draft.objects.values_list("request_id", flat=True)) == {first.id}


def test_a_form_that_cancels_an_earlier_one_links_and_withdraws_it(desk: Client) -> None:
    there = upload(desk)["Location"]
    desk.post(there, ticked(desk.get(there).content.decode()))
    first = Request.objects.get()
    newer = forms.Said(
        SAID.form,
        SAID.fields | {"form_date": "2026-11-20", "cancels_form_of": SAID.fields["form_date"], "event_number": "X1"},
        SAID.citizenship,
    )
    there = upload(desk, forms.draw(newer, forms.Look()), "newer.pdf")["Location"]
    page = unescape(desk.get(there).content.decode())
    assert f"it says that it cancels the form of {SAID.fields['form_date']}" in page
    assert desk.post(there, ticked(page) | {f"link.{first.id}": ["supersedes"]}).status_code == 302
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    linked = Event.objects.get(kind="linked", request_id=first.id)
    assert linked.published()["as"] == "superseded_by"


def test_the_paper_goes_with_the_personal_data(desk: Client) -> None:
    from detainer import clock
    from detainer.record import audit, journal

    there = upload(desk)["Location"]
    desk.post(there, ticked(desk.get(there).content.decode()))
    made = Request.objects.get()
    assert desk.get(f"{there}file/").status_code == 200
    journal.act(made, "sealed", happened=clock.now(), author="records:one", detail=ORDER)
    assert [desk.get(f"{there}{part}").status_code for part in ("", "file/", "copy/", "pages/1.png")] == [404] * 4
    expunge(made, clock.now())
    assert not Paper.objects.exists()
    assert desk.get(there).status_code == 404
    assert audit.run().findings == []


def test_papers_of_another_agency_are_not_there_and_readers_do_not_take_in(
    desk: Client, as_: Callable[[User], Client]
) -> None:
    there = upload(desk)["Location"]
    other = as_(person("vega", Role.OFFICER, agency="us-ca-sheriff"))
    for path in (there, f"{there}pages/1.png", f"{there}file/", f"{there}copy/"):
        assert other.get(path).status_code == 404
    auditor = as_(person("lee", Role.AUDITOR))
    assert auditor.get("/incoming/").status_code == 403
    assert auditor.get(there).status_code == 403
    assert upload(auditor).status_code == 403


def test_the_file_is_handed_out_as_it_came_and_never_opened_here(desk: Client) -> None:
    there = upload(desk, name="Ana Muster.PDF")["Location"]
    answer = desk.get(f"{there}file/")
    assert answer.content == PAPER
    assert answer["Content-Type"] == "application/octet-stream"
    assert re.fullmatch(r'attachment; filename="paper-[0-9a-f]{8}\.pdf"', answer["Content-Disposition"])


def test_what_is_too_large_is_refused_before_it_is_read(desk: Client) -> None:
    answer = desk.post(
        "/incoming/upload/", b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**9)
    )
    assert answer.status_code == 413
    assert not Paper.objects.exists()


def test_an_upload_without_the_forms_token_is_refused(officer: User) -> None:
    from django.test import Client

    client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    client.force_login(officer)
    assert upload(client).status_code == 403
    assert not Paper.objects.exists()


def test_rubbish_among_good_files_keeps_its_place_and_stops_nothing(desk: Client) -> None:
    files = [SimpleUploadedFile("a.pdf", PAPER), SimpleUploadedFile("b.pdf", b"%PDF-1.7 rubbish")]
    page = desk.post("/incoming/upload/", {"files": files}).content.decode()
    assert "a.pdf: is kept and being read." in page
    background.drain()
    page = desk.get("/incoming/").content.decode()
    assert "is damaged" in page
    assert "Waiting for a person · 2" in page


def test_a_table_is_read_by_its_mapping_and_never_without(desk: Client) -> None:
    table = b"a,b\n1,2\n"
    answer = upload(desk, table, "t.csv")
    assert answer.status_code == 422
    assert "t.csv: is a table; choose the mapping" in answer.content.decode()
    answer = upload(desk, table, "t.csv", mapping="ice-foia-2015")
    assert "t.csv: the header has no column" in unescape(answer.content.decode())


WARRANT = {
    "issuer": "us_magistrate_judge",
    "form": "judicial",
    "grounds": "civil_removal",
    "names_person": "true",
    "orders_federal_custody": "true",
}


def test_an_officers_warrant_in_the_file_goes_with_the_form_as_an_officers(desk: Client) -> None:
    there = upload(desk, forms.draw_all(SAID, "I-200", "I-205"), "all.pdf")["Location"]
    page = desk.get(there).content.decode()
    assert "An administrative warrant. It is not a judge’s." in page
    sent = ticked(page)
    without = {name: value for name, value in sent.items() if name != "ok.warrants"}
    assert desk.post(there, without).status_code == 422
    assert desk.post(there, sent).status_code == 302
    made = Request.objects.get()
    assert [(one["form"], one["issuer"]) for one in made.facts()["warrants"]] == [
        ("I-200", "immigration_officer"),
        ("I-205", "immigration_officer"),
    ]
    assert set(Draft.objects.values_list("state", "request_id")) == {("recorded", made.id)}
    assert made.modality_hold == "must_not"


@pytest.mark.parametrize(
    ("change", "recorded"),
    [
        ({}, True),
        ({"w0.signed": ["false"]}, False),
        ({"w0.signed": [""]}, False),
        ({"w0.court": [""]}, False),
        ({"w0.judge": [""]}, False),
        ({"w0.orders": [""]}, False),
        ({"ok.w0.judge": []}, False),
    ],
    ids=["all confirmed", "unsigned", "no word on the signature", "no court", "no judge", "no order", "not compared"],
)
def test_a_courts_paper_is_a_judges_warrant_only_where_a_person_says_every_part_of_it(
    desk: Client, change: dict[str, list[str]], recorded: bool
) -> None:
    there = upload(desk, forms.draw_all(SAID, "judicial"), "all.pdf")["Location"]
    page = desk.get(there).content.decode()
    assert "Perhaps a federal judge’s warrant" in page
    assert not re.search(r'value="us_magistrate_judge" selected', page)
    sent = ticked(page) | {f"warrants.0.{name}": [value] for name, value in WARRANT.items()}
    answer = desk.post(there, sent | {"w0.signed": ["true"]} | change)
    assert (answer.status_code == 302) is recorded
    if recorded:
        (kept,) = Request.objects.get().facts()["warrants"]
        assert (kept["issuer"], kept["orders_federal_custody"]) == ("us_magistrate_judge", True)
        told = Event.objects.filter(kind="attached").last()
        assert told
        assert (
            ((told.body() or {})["detail"]["fields"])["judge"]["value"] == "Vera Quill, United States Magistrate Judge"
        )


def test_a_warrant_that_came_by_itself_is_added_to_its_request(desk: Client) -> None:
    there = upload(desk)["Location"]
    desk.post(there, ticked(desk.get(there).content.decode()))
    made = Request.objects.get()
    there = upload(desk, forms.draw_warrant("I-205", SAID), "warrant.pdf")["Location"]
    page = desk.get(there).content.decode()
    assert made.number in page
    sent = ticked(page) | {"do": ["attach"]}
    assert "no request of that number" in desk.post(there, sent | {"request": ["1999-0001"]}).content.decode()
    assert desk.post(there, sent | {"request": [made.number]}).status_code == 302
    assert [one["form"] for one in made.facts()["warrants"]] == ["I-205"]
    assert [kind for kind in made.events().values_list("kind", flat=True) if kind == "decided"] == ["decided"] * 2


def test_a_page_among_forms_that_is_none_has_its_own_place(desk: Client) -> None:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    pen = Canvas(out)
    forms.draw(SAID, forms.Look(), canvas=pen)
    pen.drawString(80, 700, "A letter of some length that is no form and no notice, about nothing that is known here.")
    pen.showPage()
    pen.save()
    page = upload(desk, out.getvalue(), "two.pdf")
    assert page.status_code == 302
    listed = desk.get("/incoming/").content.decode()
    assert "Waiting for a person · 2" in listed
    assert "page 2 is no form that is known" in listed


def test_a_notice_to_the_person_says_which_copy_goes_with_it(as_: Callable[[User], Client]) -> None:
    sheriff = as_(person("vega", Role.OFFICER, agency="us-ca-sheriff"))
    there = upload(sheriff)["Location"]
    sheriff.post(there, ticked(sheriff.get(there).content.decode()))
    made = Request.objects.get()
    sheriff.post(f"/requests/{made.id}/act/", {"kind": "declined", "of": ["hold", "notify"]})
    answer = sheriff.post(f"/requests/{made.id}/reply/", {"paper": "notice", "lang": "en", "reason": ""})
    assert answer["Content-Type"] == "application/pdf", answer.content.decode()[:2000]
    told = Event.objects.get(kind="paper").body() or {}
    assert told["detail"]["copies"] == [sha256(PAPER).hexdigest()]
    page = sheriff.get(f"/requests/{made.id}/").content.decode()
    assert f'With it goes <a href="{there}copy/">a copy of the request</a>' in page
    assert sheriff.get(f"{there}copy/").content == PAPER


def test_the_copy_for_a_person_has_no_page_of_anybody_elses_form(desk: Client, as_: Callable[[User], Client]) -> None:
    alone = [forms.draw(forms.person(seed), forms.Look()) for seed in (7, 8)]
    joined, out = PdfWriter(), io.BytesIO()
    for one in alone:
        joined.append(io.BytesIO(one))
    joined.write(out)
    upload(desk, out.getvalue())
    drafts = list(Draft.objects.order_by("place"))
    assert len(drafts) == 2
    elsewhere = as_(person("vega", Role.OFFICER, agency="us-ca-sheriff"))
    for draft, own, other in zip(drafts, alone, reversed(alone), strict=True):
        address = f"/incoming/{draft.id}/copy/"
        copy = desk.get(address).content
        assert len(PdfReader(io.BytesIO(copy)).pages) == len(PdfReader(io.BytesIO(own)).pages)
        assert 2 * _apart(copy, own) < _apart(copy, other), (_apart(copy, own), _apart(copy, other))
        assert elsewhere.get(address).status_code == 404


def _apart(one: bytes, other: bytes) -> int:
    """How far two papers' first pages look different: their greatest difference of grey, seen from afar."""
    first, second = (
        Image.open(io.BytesIO(b64decode(picture.draw(data, number=1)["png"]))).resize((85, 110), Image.Resampling.BOX)
        for data in (one, other)
    )
    return ImageChops.difference(first, second).getextrema()[1]
