"""A new request on the form, without a script: the answer grows, nothing typed is lost, only what matters is asked."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest
from desk_people import POLICE, person, take
from page_form import form_of

from detainer import clock
from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.desk.form.drafts import case_of
from detainer.record.agencies import book
from detainer.record.models import Event, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db
NEW = "/requests/new/"
PLAIN = {
    "who.name": "B. Sample",
    "request.form": "I-247A",
    "request.received": "01/01/2026 10:00",
    "request.from": "ice",
    "request.asks": ["hold", "notify"],
}


@pytest.fixture
def desk(officer: User, as_: Callable[[User], Client]) -> Client:
    return as_(officer)


def post(client: Client, do: str, **typed: str | list[str]) -> str:
    return unescape(client.post(NEW, PLAIN | typed | {"do": do}).content.decode())


def test_a_plain_request_is_recorded_and_decided_in_one_go(desk: Client, officer: User) -> None:
    answer = desk.post(NEW, PLAIN | {"do": "record"})
    made = Request.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/requests/{made.id}/")
    assert (made.form, made.from_, made.asks) == ("I-247A", "ice", ["hold", "notify"])
    assert (made.modality_hold, made.modality_notify) == ("must_not", "must_not")
    assert list(made.events().values_list("kind", "author")) == [
        ("received", author(officer)),
        ("decided", author(officer)),
    ]
    assert made.person() == {"name": "B. Sample"}


def test_a_form_that_is_sent_twice_is_recorded_once(desk: Client) -> None:
    token = re.search(r'name="token" value="([^"]+)"', desk.get(NEW).content.decode())
    assert token
    once = desk.post(NEW, PLAIN | {"do": "record", "token": token[1]})
    twice = desk.post(NEW, PLAIN | {"do": "record", "token": token[1]})
    assert once["Location"] == twice["Location"]
    assert Request.objects.count() == 1


def test_the_answer_so_far_is_shown_and_nothing_is_recorded(desk: Client) -> None:
    page = post(desk, "show")
    assert "The answer so far" in page
    assert "Release on time. Do not tell ICE." in page
    assert "N.Y.C. Admin. Code § 14-154" in page
    assert Event.objects.count() == 0


def test_the_form_asks_on_with_the_question_that_decides_next(desk: Client) -> None:
    page = unescape(desk.get(NEW).content.decode())
    assert "Not settled yet." in page
    needed = book().decide(case_of(POLICE, {}, clock.now())).facts_needed
    assert f"Decisive next:</strong> {needed[0].asks}" in page


def test_it_says_why_it_asks(desk: Client) -> None:
    page = unescape(desk.get(NEW).content.decode())
    assert "It is not a judge's warrant." in page


def test_questions_that_cannot_matter_any_more_go_and_a_line_says_why(desk: Client) -> None:
    before = unescape(desk.get(NEW).content.decode())
    assert 'name="watch_list"' in before
    assert "No longer asked" not in before
    page = post(desk, "show", **{"person.matches_request": "false"})
    assert 'name="watch_list"' not in page
    assert "No longer asked:" in page
    assert "no answer to these could change what the law says" in page
    assert "Does the search show a possible match in the terrorist screening database?" in page


def test_an_answered_question_stays_even_when_it_no_longer_matters(desk: Client) -> None:
    page = post(desk, "show", **{"person.matches_request": "false", "watch_list": "match"})
    assert re.search(r'name="watch_list" value="match" checked', page)


def test_nothing_typed_is_lost_whatever_is_wrong_with_it(desk: Client) -> None:
    typed: dict[str, str | list[str]] = {
        "who.name": "  B. “Bo” Sample & <b>Co</b>",
        "who.born": "31/31/1990",
        "request.received": "half past two",
        "custody.releasable_at": "11/31/2026 10:00",
        "request.withdrawn": "at",
        "request.withdrawn.at": "25:99",
        "warrants": "some",
        "warrants.row": ["0", "3"],
        "warrants.0.form": "I-200",
        "warrants.3.presented": "at",
        "warrants.3.presented.at": "teatime",
        "record.convictions": "some",
        "record.convictions.row": "0",
        "record.convictions.0.section": "130.65-a",
        "record.convictions.0.incarceration": "for ever",
        "request.asks": ["hold", "interview"],
    }
    for do in ("show", "record", "add warrants"):
        page = post(desk, do, **typed)
        for value in (
            "B. “Bo” Sample & <b>Co</b>",
            "31/31/1990",
            "half past two",
            "11/31/2026 10:00",
            "25:99",
            "teatime",
        ):
            assert value in page
        assert "130.65-a" in page
        assert "for ever" in page
        assert re.search(r'name="request.asks" value="interview" checked', page)
        assert re.search(r'value="I-200" selected', page)
    assert Request.objects.count() == 0


def test_what_is_wrong_is_told_in_one_line_beside_its_field_and_once_at_the_top(desk: Client) -> None:
    answer = desk.post(NEW, PLAIN | {"do": "record", "request.received": "02/30/2026 10:00", "who.name": ""})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert re.search(r'id="f-request-received-wrong" data-says>“02/30/2026” is not a date\. Write it like', page)
    assert re.search(r'id="f-who-name-wrong" data-says>Write the name that stands on the form\.<', page)
    assert 'href="#f-request-received"' in page


@pytest.mark.parametrize("missing", ["request.form", "request.received", "request.from", "request.asks"])
def test_what_the_record_cannot_do_without_is_asked_for(desk: Client, missing: str) -> None:
    answer = desk.post(NEW, {name: value for name, value in PLAIN.items() if name != missing} | {"do": "record"})
    assert answer.status_code == 422
    assert Request.objects.count() == 0


def test_a_request_cannot_have_come_tomorrow(desk: Client) -> None:
    assert "in the future" in post(desk, "record", **{"request.received": "01/01/2099 10:00"})


def test_papers_are_added_and_taken_away_without_a_script(desk: Client) -> None:
    page = post(desk, "add warrants")
    assert "Paper 1" in page
    page = post(desk, "add warrants", **{"warrants.row": "0", "warrants.0.form": "I-200"})
    assert "Paper 2" in page
    assert re.search(r'value="I-200" selected', page)
    page = post(desk, "remove warrants 0", **{"warrants.row": ["0", "1"], "warrants.1.form": "writ"})
    assert "Paper 2" not in page
    assert re.search(r'value="writ" selected', page)


def test_a_script_gets_the_part_of_the_page_that_changes(desk: Client) -> None:
    part = desk.post(NEW, PLAIN | {"do": ""}, headers={"hx-request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="entry"')
    assert "<html" not in part


def test_nationality_birthplace_and_status_are_never_asked(desk: Client) -> None:
    page = desk.get(NEW).content.decode().lower()
    for word in ("nationality", "birthplace", "country of birth", "place of birth", "citizenship status", "alien"):
        assert word not in page
    names = re.findall(r'name="([^"]+)"', page)
    assert not [name for name in names if "status" in name and not name.startswith("record.convictions")]


def test_no_more_than_twenty_five_fields_are_shown_for_a_plain_request(desk: Client) -> None:
    page = post(desk, "show")
    assert len(re.findall(r'class="entry"', page)) <= 25


def test_what_is_read_as_hostile_is_shown_as_text(desk: Client) -> None:
    page = desk.post(NEW, PLAIN | {"do": "show", "who.name": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


def test_an_agency_that_is_not_theirs_cannot_be_chosen(desk: Client) -> None:
    desk.post(NEW, PLAIN | {"do": "record", "agency": "us-ny-nyc-correction"})
    assert Request.objects.get().agency == "us-ny-nyc-police"


def test_facts_are_added_and_the_law_is_asked_again(desk: Client, officer: User) -> None:
    desk.post(NEW, PLAIN | {"do": "record"})
    made = Request.objects.get()
    typed = form_of(desk.get(f"/requests/{made.id}/facts/").content.decode())
    typed |= {"watch_list": ["no_match"], "do": ["record"]}
    assert desk.post(f"/requests/{made.id}/facts/", typed).status_code == 302
    kinds = [kind for kind in made.events().values_list("kind", flat=True) if kind != "viewed"]
    assert kinds == ["received", "decided", "facts", "decided"]
    assert made.facts()["watch_list"] == "no_match"


def test_changing_what_was_known_is_a_correction_and_taking_it_back_makes_it_unknown(
    desk: Client, officer: User
) -> None:
    made = take(author(officer))
    page = desk.get(f"/requests/{made.id}/facts/").content.decode()
    typed = form_of(page)
    typed["watch_list"], typed["arrest.date"] = ["match"], [""]
    assert desk.post(f"/requests/{made.id}/facts/", typed | {"do": ["record"]}).status_code == 302
    assert "corrected" in made.events().values_list("kind", flat=True)
    assert made.facts()["watch_list"] == "match"
    assert "date" not in made.facts().get("arrest", {})


def test_a_page_that_grew_old_overwrites_nothing(desk: Client, officer: User) -> None:
    made = take(author(officer))
    typed = form_of(desk.get(f"/requests/{made.id}/facts/").content.decode()) | {"do": ["record"]}
    desk.post(f"/requests/{made.id}/facts/", typed | {"watch_list": ["match"]})
    answer = desk.post(f"/requests/{made.id}/facts/", typed | {"watch_list": ["unknown"]})
    assert answer.status_code == 422
    told = unescape(answer.content.decode())
    assert "Somebody else recorded something meanwhile." in told
    assert "Yours differs from the record in: Does the search show a possible match" in told
    assert made.facts()["watch_list"] == "match"


def test_recording_nothing_new_writes_nothing(desk: Client, officer: User) -> None:
    made = take(author(officer))
    typed = form_of(desk.get(f"/requests/{made.id}/facts/").content.decode()) | {"do": ["record"]}
    before = Event.objects.count()
    desk.post(f"/requests/{made.id}/facts/", typed)
    assert Event.objects.count() == before


def test_an_officer_of_two_agencies_chooses_between_them(
    officer: User, as_: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    police = book().agencies[POLICE]
    monkeypatch.setitem(book().agencies, "us-ny-test", replace(police, id="us-ny-test", short="Transit"))
    officer.memberships.create(role=Role.OFFICER, agency="us-ny-test")
    client = as_(officer)
    assert "Transit</option>" in client.get(NEW).content.decode()
    client.post(NEW, PLAIN | {"do": "record", "agency": "us-ny-test"})
    assert Request.objects.get().agency == "us-ny-test"


def test_an_agency_without_a_law_file_is_told_so(as_: Callable[[User], Client]) -> None:
    answer = as_(person("stranger", Role.OFFICER, agency="us-zz-nowhere")).get(NEW)
    assert answer.status_code == 403
    assert "No law file names your agency yet" in answer.content.decode()
