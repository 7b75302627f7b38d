"""A paper that the law prescribes has a moment; the paper ticks the duty off, and a missed one is alerted once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from watch_clock import OFFICER, REVIEWER

from detainer.law import LawBook
from detainer.law.book import shipped
from detainer.record import duties, journal
from detainer.watch import delivery, loop
from detainer.watch.models import Deadline

CAME = datetime(2026, 3, 10, 18, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
COPY = "duty:us-ca:copy"


@pytest.fixture
def californian() -> Any:
    """A request to a California sheriff, decided at its receipt."""
    facts = {
        "request": {
            "form": "I-247A", "asks": ["notify"], "from": "ice", "purpose": "civil", "withdrawn": False,
            "received": CAME.isoformat(),
        },
        "custody": {"held": True},
        "person": {"matches_request": True},
        "public_information": True,
        "local_policy_forbids": [],
    }  # fmt: skip
    request = journal.receive("us-ca-sheriff", facts, happened=CAME, author=OFFICER, person={"name": "Ana Example"})
    journal.decide(request, LawBook.load(), at=CAME, author=OFFICER)
    return request


def paper(request: Any, kind: str, at: datetime) -> None:
    detail = {"document": f"{kind}:sha256:{'0' * 64}", "language": "es"}
    journal.act(request, "paper", happened=at, author=OFFICER, detail=detail)


def alerts(at: datetime) -> list[str]:
    loop.catch_up("one")
    return [deadline.kind for deadline in loop.raise_due(at)]


def owed(request: Any) -> dict[str, duties.Owed]:
    return {one.name: one for one in duties.of(request)}


@pytest.mark.django_db(transaction=True)
def test_a_missed_notice_is_alerted_once_at_its_moment(californian: Any) -> None:
    assert alerts(CAME + 24 * HOUR - SECOND) == []
    assert alerts(CAME + 24 * HOUR) == [COPY]
    assert alerts(CAME + 48 * HOUR) == []
    said = delivery.message(Deadline.objects.get(kind=COPY))
    assert said["says"] == "A paper that the law prescribes has not been made in time."
    assert "Ana" not in str(said)


@pytest.mark.django_db(transaction=True)
def test_the_paper_ticks_the_duty_off_and_no_other_paper_does(californian: Any) -> None:
    paper(californian, "told", CAME + HOUR)
    assert owed(californian)[COPY].done is None
    paper(californian, "notice", CAME + 2 * HOUR)
    done = owed(californian)[COPY].done
    assert done is not None
    assert (done.kind, done.language, done.at) == ("notice", "es", CAME + 2 * HOUR)
    assert alerts(CAME + 48 * HOUR) == []


@pytest.mark.django_db(transaction=True)
def test_a_notice_of_telling_is_owed_only_once_they_were_told_and_after_it(californian: Any) -> None:
    name = "duty:us-ca:notice"
    waiting = owed(californian)[name]
    assert waiting.waits
    assert waiting.due_at is None
    paper(californian, "told", CAME + HOUR)
    journal.act(californian, "approved", happened=CAME + HOUR, author=REVIEWER, detail={"for": "told"})
    told = CAME + 2 * HOUR
    journal.act(californian, "told", happened=told, author=OFFICER, approved_by=REVIEWER)
    found = owed(californian)[name]
    assert (found.waits, found.due_at, found.done) == (False, told + 24 * HOUR, None)
    assert name in alerts(told + 24 * HOUR)
    paper(californian, "told", told + 25 * HOUR)
    assert owed(californian)[name].done is not None


@pytest.mark.django_db(transaction=True)
def test_old_requests_that_are_entered_late_raise_no_flood(californian: Any) -> None:
    journal.decide(californian, LawBook.load(), at=CAME + timedelta(days=40), author=OFFICER)
    assert alerts(CAME + timedelta(days=40)) == []
    due = owed(californian)[COPY].due_at
    assert due == CAME + 24 * HOUR


# Read in the laws' own words: every duty that is a notice or a reply, and the paper that it names.
NOTICES = {
    ("us", "serve"): ("notice", "held"),
    ("us-ca", "copy"): ("notice", "received"),
    ("us-ca", "notice"): ("told", "told"),
    ("us-ca", "consent_form"): ("interview", ""),
    ("us-co", "advise"): ("interview", ""),
    ("us-ct", "copy"): ("notice", "received"),
    ("us-ct", "reason"): ("told", "told"),
    ("us-fl", "judge"): ("judge", "received"),
    ("us-nj", "VI.A.notice"): ("notice", "received"),
    ("us-nj", "VI.A.copy"): ("notice", "received"),
    ("us-nj", "II.B.4.form"): ("interview", ""),
    ("us-ny-nyc", "10-178.d"): ("reply", ""),
    ("us-tx", "tell"): ("hold", "held"),
    ("us-wa", "9"): ("rights", "received"),
    ("us-wa", "6.b.form"): ("interview", ""),
    ("us-wa", "14.advice"): ("interview", ""),
}
NO_PAPERS = ("count", "record", "report", "keep", "release within", "the request may not", "the detainer may not")
OTHERS = {("us-ct", "head"), ("us-il-cook-sheriff", "d"), ("us-tx", "policy"), ("us-tx", "agreement"),
          ("us-fl", "agreement")}  # fmt: skip


def test_every_notice_and_reply_of_a_shipped_law_names_its_paper() -> None:
    assert shipped().is_dir()
    rules = {(law.id, duty.id): duty for law in LawBook.load().laws.values() for duty in law.duties}
    assert {key: (duty.paper, duty.after) for key, duty in rules.items() if duty.paper} == NOTICES
    rest = [key for key, duty in rules.items() if not duty.paper and not duty.says.lower().startswith(NO_PAPERS)]
    assert set(rest) == OTHERS
