"""One request's page: the answer first, every fact with its source, every look an event."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from desk_people import take
from erasing import expunge

from detainer import clock
from detainer.desk.duties import looks as looking
from detainer.desk.duties.accounts import author
from detainer.record import journal, ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.test import Client

    from detainer.record.models import Request

pytestmark = pytest.mark.django_db


def page(client: Client, made: Request) -> str:
    return unescape(client.get(f"/requests/{made.id}/").content.decode())


def test_the_answer_stands_first_with_its_citation_and_reason(officer: User, as_: Callable[[User], Client]) -> None:
    shown = page(as_(officer), take(author(officer)))
    assert '<p class="headline">Release on time. Do not tell ICE.</p>' in shown
    assert "N.Y.C. Admin. Code § 14-154(b):</span> No federal judge's warrant for this person came" in shown
    assert shown.index('class="headline"') < shown.index('id="todo"') < shown.index('id="timeline"')


def test_each_citation_leads_to_its_text_on_the_day_of_the_answer(officer: User, as_: Callable[[User], Client]) -> None:
    client = as_(officer)
    links = re.findall(r'<a class="cite" href="([^"]+)">', page(client, take(author(officer))))
    assert links
    for address, _, place in (link.partition("#") for link in links):
        assert f'id="{place}"' in client.get(address).content.decode()


def test_what_the_law_permits_says_what_would_change_it(officer: User, as_: Callable[[User], Client]) -> None:
    shown = page(as_(officer), take(author(officer), permitted=True))
    assert '<p class="headline">You may hold. You may tell ICE.</p>' in shown
    assert "Then the law forbids it." in shown
    assert "Ask for approval" in shown
    assert "Record that the hold began" not in shown


def test_a_request_that_was_not_decided_says_so_and_can_be(officer: User, as_: Callable[[User], Client]) -> None:
    made = take(author(officer), decide=False)
    client = as_(officer)
    assert "Not decided yet." in page(client, made)
    assert client.post(f"/requests/{made.id}/act/", {"kind": "decide"}).status_code == 302
    assert "Release on time. Do not tell ICE." in page(client, made)


def test_a_fact_after_the_answer_shows_that_the_answer_no_longer_fits(
    officer: User, as_: Callable[[User], Client]
) -> None:
    made = take(author(officer))
    assert "no longer fits" not in page(as_(officer), made)
    journal.record_facts(made, {"watch_list": "unknown"}, happened=clock.now(), author=author(officer))
    assert "This answer no longer fits." in page(as_(officer), made)


def test_facts_have_their_source_and_unknowns_say_why(officer: User, as_: Callable[[User], Client]) -> None:
    said = {
        "request": {"form": "I-247A", "asks": ["hold", "notify"], "from": "ice"},
        "watch_list": "unknown",
        "warrants": [{"issuer": "us_magistrate_judge", "form": "judicial", "names_person": True}],
    }
    shown = page(as_(officer), take(author(officer), said=said))
    assert re.search(
        r"terrorist screening database\?</dt><dd>not known: asked, no answer<small[^>]*>Made-up Ruiz, ", shown
    )
    assert "Is the person in this agency's custody?</dt><dd>not known: nobody has asked</dd>" in shown
    assert "signed by: a U.S. magistrate judge; kind: warrant on a court's paper; names this person: yes" in shown


def test_the_timeline_says_who_did_what_when_and_when_it_was_entered(
    officer: User, as_: Callable[[User], Client]
) -> None:
    shown = page(as_(officer), take(author(officer), ago=timedelta(hours=5)))
    entered = r"</time> Made-up Ruiz recorded the request<small[^>]*>entered \w{3} \d+ \w{3}(?: \d{4})?, "
    assert re.search(entered, shown)
    assert "asked the law: Release on time. Do not tell ICE." in shown


def test_the_law_as_it_stood_is_shown_layer_by_layer(officer: User, as_: Callable[[User], Client]) -> None:
    shown = page(as_(officer), take(author(officer)))
    assert "§ 14-154</small></th></tr><tr><td>2026-01-29</td><td>must not</td><td>must not</td>" in shown


def test_the_proof_names_the_last_leaf_and_the_checkpoint(officer: User, as_: Callable[[User], Client]) -> None:
    made = take(author(officer))
    shown = page(as_(officer), made)
    last = made.events().last()
    assert last is not None
    assert last.leaf_hash in shown
    origin, size, root = ledger.latest().note.split("\n")[:3]
    assert f"{origin}, {size} entries" in shown
    assert root in shown


def test_every_look_is_an_event_once_for_each_person_and_ten_minutes(
    officer: User, reviewer: User, as_: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = take(author(officer))
    for _ in range(3):
        page(as_(officer), made)
    as_(officer).get(f"/requests/{made.id}/facts/")
    page(as_(reviewer), made)
    looks = made.events().filter(kind="viewed").values_list("author", flat=True)
    assert sorted(looks) == sorted([author(officer), author(reviewer)])
    monkeypatch.setattr(looking, "_LOOK_AGAIN", timedelta())
    looking.looked(made, author(officer), "request", now=clock.now())
    assert made.events().filter(kind="viewed").count() == 3


def test_who_has_looked_is_shown_to_those_who_audit_and_to_nobody_else(
    officer: User, supervisor: User, as_: Callable[[User], Client]
) -> None:
    made = take(author(officer))
    assert "Who has looked" not in page(as_(officer), made)
    assert re.search(r"Who has looked.*Made-up Ruiz, <time", page(as_(supervisor), made), re.DOTALL)


def test_the_reply_is_offered_in_one_place(officer: User, as_: Callable[[User], Client]) -> None:
    made = take(author(officer))
    client = as_(officer)
    assert page(client, made).count(f'action="/requests/{made.id}/reply/"') == 1
    assert '<span aria-hidden="true">☐</span><span><a href="#papers">Reply to the requester' in page(client, made)
    client.post(f"/requests/{made.id}/reply/", {"paper": "reply", "lang": "en"})
    assert 'Done: </span><a href="#papers">Reply to the requester</a> made ' in page(client, made)


def test_an_expunged_record_shows_no_name_and_no_fact(
    officer: User, reviewer: User, as_: Callable[[User], Client]
) -> None:
    made = take(author(officer), name="B. Sample", permitted=True)
    expunge(made, clock.now())
    shown = page(as_(reviewer), made)
    for word in ("Sample", "160.15", "A 000"):
        assert word not in shown
    assert "Expunged" in shown


def test_pages_are_kept_by_no_browser_and_run_nothing_inline(officer: User, as_: Callable[[User], Client]) -> None:
    made = take(author(officer))
    for path in ("/requests/", "/requests/new/", f"/requests/{made.id}/"):
        answer = as_(officer).get(path)
        shown = answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
        assert not re.search(r"<script(?![^>]*\bsrc=)", shown)
        assert " style=" not in shown
        assert not re.search(r"\son[a-z]+=", shown)
