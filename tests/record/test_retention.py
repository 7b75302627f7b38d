"""A record goes when its rule says so, by two people, and never while a hold, a duty or a question is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fake_law import CHEN, NOON, RUIZ, SHERIFF, Answer, book, later

from detainer.errors import UserError
from detainer.record import cases, duties, journal, ledger, projection, retention
from detainer.record.models import Request

Take = Callable[..., Request]
pytestmark = pytest.mark.django_db
LATE = NOON + timedelta(days=400)


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, str]]]:
    """What the law's answer carries beside its decisions."""
    carried: dict[str, list[dict[str, str]]] = {"counsel": [], "duties": []}
    shaped = Answer.as_json
    monkeypatch.setattr(Answer, "as_json", lambda self: shaped(self) | carried)
    return carried


RULES = ("*=1y",)


def due(rules: tuple[str, ...] = RULES, now: datetime = LATE, agency: str = "") -> list[tuple[str, str, str]]:
    return [(one.request.id, one.rule, one.kept) for one in retention.due(rules, now, agency)]


@pytest.mark.parametrize(
    ("period", "now", "then"),
    [
        ("30d", datetime(2026, 3, 31, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        ("1y", datetime(2024, 2, 29, 5, tzinfo=UTC), datetime(2023, 2, 28, 5, tzinfo=UTC)),
        ("5y", datetime(2026, 11, 24, tzinfo=UTC), datetime(2021, 11, 24, tzinfo=UTC)),
    ],
)
def test_a_year_is_the_calendars(period: str, now: datetime, then: datetime) -> None:
    assert retention.before(period, now) == then


def test_time_runs_from_the_last_step_that_settled_it(request_in: Take) -> None:
    request = request_in()
    assert due() == []
    journal.act(request, "declined", happened=later(1), author=RUIZ)
    journal.act(request, "released", happened=later(24 * 60), author=RUIZ)
    assert due(now=later(24 * 366)) == []
    assert due(now=later(24 * (365 + 60))) == [(request.id, "*=1y", "")]


def test_a_rule_of_the_agencys_own_stands_before_the_rule_for_all(request_in: Take) -> None:
    mine, theirs = request_in(), request_in(SHERIFF)
    for one in (mine, theirs):
        journal.act(one, "declined", happened=later(1), author=RUIZ)
    assert due((f"{SHERIFF}=9y", "*=1y")) == [(mine.id, "*=1y", "")]
    assert due((f"{SHERIFF}=1y",)) == [(theirs.id, f"{SHERIFF}=1y", "")]
    assert due(agency=SHERIFF) == [(theirs.id, "*=1y", "")]


def test_a_hold_whose_end_is_not_on_record_keeps_it(request_in: Take) -> None:
    request = request_in()
    journal.decide(request, book(hold="may"), at=later(1), author=RUIZ)
    journal.act(request, "approved", happened=later(1), author=CHEN, detail={"for": "held"})
    journal.act(request, "held", happened=later(1), author=RUIZ, approved_by=CHEN)
    journal.act(request, "withdrawn", happened=later(2), author=RUIZ)
    [one] = retention.due(RULES, LATE)
    assert one.kept == "the end of its hold is not on record"
    with pytest.raises(UserError, match="is kept"):
        retention.expunge(one, RUIZ, CHEN, later(3))
    journal.act(request, "released", happened=later(3), author=RUIZ)
    assert due() == [(request.id, "*=1y", "")]


def test_a_question_or_a_duty_that_is_open_keeps_it(request_in: Take, said: dict[str, list[dict[str, str]]]) -> None:
    request = request_in()
    duty = {"id": "d", "law": "us-test", "cite": "§ 1", "says": "Tell.", "due": "at once", "paper": "notice"}
    asked = {"id": "q", "law": "us-test", "asks": "May it?", "cite": "§ 2"}
    said["counsel"], said["duties"] = [asked], [duty]
    journal.decide(request, book(hold="must_not"), at=later(1), author=RUIZ)
    journal.act(request, "withdrawn", happened=later(2), author=RUIZ)
    assert due() == [(request.id, "*=1y", "a question waits for counsel")]
    said["counsel"] = []
    journal.decide(request, book(hold="must_not"), at=later(3), author=RUIZ)
    assert due() == [(request.id, "*=1y", "a paper that the law prescribes is not on record")]
    detail = {"document": "notice:sha256:00", "twin": "sha256:00", "words": "sha256:00", "language": "en"}
    journal.act(request, "paper", happened=later(4), author=RUIZ, detail=detail)
    assert duties.of(request)[0].done
    assert due() == [(request.id, "*=1y", "")]
    assert cases.case_of(request.story(), later(5))


def test_it_goes_by_two_people_with_an_event_that_names_the_rule(request_in: Take) -> None:
    request = request_in(person={"name": "Retention Example"})
    journal.act(request, "released", happened=later(1), author=RUIZ)
    [one] = retention.due(RULES, LATE)
    with pytest.raises(journal.Refused, match="cannot approve their own"):
        retention.expunge(one, RUIZ, RUIZ, later(2))
    assert request.person() == {"name": "Retention Example"}
    retention.expunge(one, RUIZ, CHEN, later(2))
    last = request.events().last()
    assert last is not None
    assert (last.kind, last.author, last.published()["ground"]) == ("expunged", CHEN, "retention")
    assert last.body() == {"detail": {"by": "retention", "order": "*=1y", "dated": "2026-11-24"}}
    assert request.person() is None
    assert due() == []
    assert ledger.verify() == []
    assert list(projection.differences()) == []


def test_what_waits_at_the_desk_is_left_to_the_desk(request_in: Take) -> None:
    request = request_in()
    journal.act(request, "released", happened=later(1), author=RUIZ)
    order = {"ground": "court-order", "by": "A made-up court", "order": "Docket 12", "dated": "2026-01-05"}
    journal.act(request, "asked", happened=later(2), author=RUIZ, detail={"for": "expunged", **order})
    assert due() == [(request.id, "*=1y", "expunging was asked for at the desk and waits there")]


def test_nobody_calls_something_else_a_retention_rule(request_in: Take) -> None:
    said = {"for": "expunged", "ground": "retention", "by": "Me", "order": "1", "dated": "2026-01-05"}
    with pytest.raises(UserError, match="named by itself"):
        journal.act(request_in(), "asked", happened=later(1), author=RUIZ, detail=said)
