"""Reports at the desk: owed, seen before they go out, opened to the requests behind them, settled by two people."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from desk_people import person

from detainer.desk.duties.roles import Role
from detainer.record import journal, ledger
from detainer.record.models import Event

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.test import Client

    As = Callable[[User], Client]

ADDRESS = "/reports/us-ny-nyc-police/annual/2016-10-01/2017-09-30/"
NOON = datetime(2017, 3, 1, 12, tzinfo=ZoneInfo("America/New_York"))


@pytest.fixture
def requests(db: None) -> list[str]:
    """Three requests of 2017, one of them declined, and one of the year before."""
    facts = {"request": {"form": "I-247A", "asks": ["hold"], "from": "ice", "purpose": "civil"}}
    found = [
        journal.receive("us-ny-nyc-police", facts, happened=NOON.replace(month=month), author="officer:x")
        for month in (2, 3, 4)
    ]
    journal.receive("us-ny-nyc-police", facts, happened=NOON.replace(year=2016), author="officer:x")
    journal.act(found[0], "declined", happened=NOON, author="officer:x")
    return [one.number for one in found]


def said(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_list_says_what_is_owed_and_when(as_: As, officer: User, requests: list[str]) -> None:
    page = said(as_(officer), "/reports/")
    assert "Civil immigration detainers, police department" in page
    assert "1 September" in page
    assert "not published yet" in page
    assert "department of correction" not in page


def test_a_report_tells_its_figures_and_what_differs_from_the_year_before(
    as_: As, officer: User, requests: list[str]
) -> None:
    page = said(as_(officer), ADDRESS)
    assert "Detainers received: 3 against 1, 3.0 times, 2 more." in page
    assert f"checkpoint of {ledger.head().size:,} events" in page
    assert "Approve these figures" not in page


def test_a_figure_opens_to_the_requests_behind_it(as_: As, officer: User, requests: list[str]) -> None:
    page = said(as_(officer), f"{ADDRESS}?behind=not_honored")
    assert requests[0] in page
    assert requests[1] not in page
    assert as_(officer).get(f"{ADDRESS}?behind=nothing").status_code == 404


@pytest.mark.parametrize(("kind", "starts"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"report,agency")])
def test_its_files_are_handed_out(as_: As, officer: User, requests: list[str], kind: str, starts: bytes) -> None:
    assert as_(officer).get(f"{ADDRESS}?as={kind}").content.startswith(starts)


def test_two_people_settle_it_as_events_of_the_record(
    as_: As, reviewer: User, supervisor: User, requests: list[str]
) -> None:
    as_(reviewer).post(f"{ADDRESS}settle/", {"step": "approve"})
    alone = as_(reviewer).post(f"{ADDRESS}settle/", {"step": "publish"}, follow=True)
    assert "Another person must approve these figures first" in alone.content.decode()
    as_(supervisor).post(f"{ADDRESS}settle/", {"step": "publish"})
    events = Event.objects.filter(kind__startswith="report_").order_by("seq")
    assert [event.kind for event in events] == ["report_approved", "report_published"]
    assert events[0].author != events[1].author
    assert events[1].published()["from"] == "2016-10-01"
    assert ledger.verify() == []
    assert "Published by" in said(as_(supervisor), ADDRESS)


def test_figures_that_changed_since_must_be_approved_again(
    as_: As, reviewer: User, supervisor: User, requests: list[str]
) -> None:
    as_(reviewer).post(f"{ADDRESS}settle/", {"step": "approve"})
    facts = {"request": {"form": "I-247A", "asks": ["hold"], "from": "ice", "purpose": "civil"}}
    journal.receive("us-ny-nyc-police", facts, happened=NOON, author="officer:x")
    answer = as_(supervisor).post(f"{ADDRESS}settle/", {"step": "publish"}, follow=True).content.decode()
    assert "Another person must approve these figures first" in answer
    assert "the figures are other ones since" in answer


def test_nobody_settles_without_the_duty_and_nobody_sees_another_agencys_report(
    as_: As, officer: User, requests: list[str]
) -> None:
    assert as_(officer).post(f"{ADDRESS}settle/", {"step": "approve"}).status_code == 403
    assert as_(officer).get(ADDRESS.replace("police", "correction")).status_code == 404
    jailer = person("voss", Role.SUPERVISOR, agency="us-ny-nyc-correction")
    assert as_(jailer).get(ADDRESS).status_code == 404
    assert as_(jailer).post(f"{ADDRESS}settle/", {"step": "approve"}).status_code == 404


@pytest.mark.parametrize("address", [ADDRESS.replace("2016-10-01", "yesterday"), ADDRESS.replace("annual", "weekly")])
def test_an_address_of_no_report_is_not_found(as_: As, officer: User, requests: list[str], address: str) -> None:
    assert as_(officer).get(address).status_code == 404


def test_a_period_of_which_the_record_holds_nothing_says_so(as_: As, officer: User, requests: list[str]) -> None:
    page = said(as_(officer), "/reports/us-ny-nyc-police/annual/2018-07-01/2019-06-30/")
    assert "gives no zero" in page


def test_a_period_that_ends_before_it_starts_is_told_as_a_mistake(as_: As, officer: User) -> None:
    answer = as_(officer).get("/reports/us-ny-nyc-police/annual/2017-09-30/2016-10-01/")
    assert answer.status_code == 400
    assert "The period ends on 1 Oct 2016, before it starts on 30 Sep 2017" in answer.content.decode()
