"""The papers of a request at the desk: made, listed, handed out again, refused with one line."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from desk_people import facts, person, take

from detainer import clock
from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.errors import UserError
from detainer.record import journal
from detainer.record.models import Event

if TYPE_CHECKING:
    from django.test import Client

CALIFORNIA = "us-ca-sheriff"


@pytest.mark.django_db
def test_a_notice_is_made_listed_ticked_off_and_handed_out_again(client: Client) -> None:
    officer = person("vega", Role.OFFICER, agency=CALIFORNIA)
    client.force_login(officer)
    request = take(author(officer), agency=CALIFORNIA, said=facts(), ago=timedelta(hours=30), name="<b>Ana</b>")
    journal.act(request, "declined", happened=clock.now(), author=author(officer), detail={"of": ["hold", "notify"]})
    at = f"/requests/{request.id}/"
    before = client.get(at).content.decode()
    assert 'Late: <span lang="en">Give the person a copy of the request' in before
    assert "the desk reminds" in before
    assert '; the law says: <span lang="en">on receipt</span>' in before
    assert "once federal authorities are told" in before
    paper = client.post(f"{at}reply/", {"paper": "notice", "lang": "es", "reason": ""})
    assert paper.status_code == 200, paper.content.decode()
    assert paper["Content-Disposition"] == f'attachment; filename="notice-{request.number}.pdf"'
    page = client.get(at).content.decode()
    assert "Late: Give the person a copy" not in page
    event = Event.objects.get(kind="paper")
    assert sha256(paper.content).hexdigest() in page
    again = client.get(f"{at}papers/{event.seq}.pdf")
    assert again.content == paper.content
    twin = client.get(f"{at}papers/{event.seq}.html")
    assert twin["Content-Disposition"].startswith("attachment")
    assert "<b>Ana" not in twin.content.decode()
    assert event.published()["twin"] == f"sha256:{sha256(twin.content).hexdigest()}"
    assert Event.objects.filter(kind="viewed", author=author(officer)).exists()


@pytest.mark.django_db
def test_what_cannot_be_made_is_one_line_beside_the_form_and_nothing_is_recorded(client: Client) -> None:
    officer = person("ruiz", Role.OFFICER)
    client.force_login(officer)
    request = take(author(officer))
    said = client.post(f"/requests/{request.id}/reply/", {"paper": "hold", "lang": "en", "reason": "kept"})
    assert said.status_code == 422
    assert "No hold is on record" in said.content.decode()
    for wrong in ({"paper": "poster"}, {"paper": "reply", "lang": "../en"}):
        assert client.post(f"/requests/{request.id}/reply/", wrong).status_code == 422
    assert not Event.objects.filter(kind__in=["paper", "replied"]).exists()


@pytest.mark.django_db
def test_nobody_gets_a_paper_of_another_agency_or_request_nor_one_that_is_none(client: Client) -> None:
    officer = person("ruiz", Role.OFFICER)
    client.force_login(officer)
    one, other = take(author(officer)), take(author(officer))
    client.post(f"/requests/{one.id}/reply/")
    seq = Event.objects.get(kind="replied").seq
    assert client.get(f"/requests/{one.id}/papers/{seq}.pdf").status_code == 200
    assert client.get(f"/requests/{other.id}/papers/{seq}.pdf").status_code == 404
    assert client.get(f"/requests/{one.id}/papers/{seq - 1}.pdf").status_code == 404
    assert client.get(f"/requests/{one.id}/papers/{seq}.exe").status_code == 404
    client.force_login(person("vega", Role.OFFICER, agency=CALIFORNIA))
    assert client.get(f"/requests/{one.id}/papers/{seq}.pdf").status_code == 404
    client.force_login(person("auditor", Role.AUDITOR))
    assert client.post(f"/requests/{one.id}/reply/", {"paper": "file", "lang": "en"}).status_code == 403


@pytest.mark.django_db
def test_how_a_notice_reached_the_person_is_on_record_beside_its_duty(client: Client) -> None:
    officer = person("vega", Role.OFFICER, agency=CALIFORNIA)
    client.force_login(officer)
    request = take(author(officer), agency=CALIFORNIA, said=facts(), ago=timedelta(hours=30))
    journal.act(request, "declined", happened=clock.now(), author=author(officer), detail={"of": ["hold", "notify"]})
    at = f"/requests/{request.id}/"
    assert "was handed over or sent" not in client.get(at).content.decode()
    client.post(f"{at}reply/", {"paper": "notice", "lang": "es", "reason": ""})
    assert "that it was handed over is not on record" in client.get(at).content.decode()
    seq = Event.objects.get(kind="paper").seq
    form = {"kind": "delivered", "paper": str(seq), "way": "in_person", "when": "", "note": "read aloud in Spanish"}
    for wrong, why in (
        ({"paper": str(seq - 1)}, "there is no such paper"),
        ({"paper": "notice"}, "there is no such paper"),
        ({"way": "by pigeon"}, "in_person"),
        ({"when": "01/02/2020 10:00"}, "before the request was received"),
    ):
        said = client.post(f"{at}act/", form | wrong)
        assert said.status_code == 422
        assert why in said.content.decode()
        assert "read aloud in Spanish" in said.content.decode()
    assert not Event.objects.filter(kind="delivered").exists()
    assert client.post(f"{at}act/", form).status_code == 302
    page = client.get(at).content.decode()
    assert f"the paper of entry {seq} was handed over" in page
    assert "is not on record" not in page
    event = Event.objects.get(kind="delivered")
    assert event.published() == {"of": str(seq), "way": "in_person"}
    assert "Spanish" in event.body()["note"]


@pytest.mark.django_db
def test_a_paper_is_not_delivered_before_it_is_made_nor_by_whom_its_duties_do_not_let(client: Client) -> None:
    officer = person("ruiz", Role.OFFICER)
    client.force_login(officer)
    request = take(author(officer), ago=timedelta(hours=3))
    client.post(f"/requests/{request.id}/reply/")
    seq = Event.objects.get(kind="replied").seq
    said = {"of": str(seq), "way": "fax"}
    with pytest.raises(UserError, match="before the paper was made"):
        journal.act(
            request, "delivered", happened=clock.now() - timedelta(hours=1), author=author(officer), detail=said
        )
    other = take(author(officer))
    with pytest.raises(UserError, match="no such paper of this request"):
        journal.act(other, "delivered", happened=clock.now(), author=author(officer), detail=said)
    client.force_login(person("auditor", Role.AUDITOR))
    form = {"kind": "delivered", "paper": str(seq), "way": "fax"}
    assert client.post(f"/requests/{request.id}/act/", form).status_code == 403
