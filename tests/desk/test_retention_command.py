"""`detainer retention`: what would go, and its going by two people of the desk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from desk_people import person, take

from detainer import clock, setup
from detainer.commands.retention import retention
from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.errors import UserError
from detainer.house import house
from detainer.record import journal, ledger
from detainer.record.models import Request

pytestmark = pytest.mark.django_db
NAME = "Zebulon Quackenbush"


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch, home: Path) -> Request:
    """A request that was released long ago, on a desk that keeps records for thirty days."""
    made = take(author(person("ruiz", Role.OFFICER)), name=NAME, ago=timedelta(days=60), decide=False)
    journal.act(made, "released", happened=clock.now() - timedelta(days=50), author="staff:1")
    monkeypatch.setenv("DETAINER_RETENTION", "us-ny-nyc-police=30d")
    monkeypatch.setattr(setup, "django", lambda: None)  # the test's own database stands already
    house.cache_clear()
    return made


def run(**said: object) -> None:
    retention(**{"dry_run": False, "agency": "", "author": "", "second": "", "yes": True, **said})  # type: ignore[arg-type]


def test_a_dry_run_lists_and_changes_nothing(old: Request, capsys: pytest.CaptureFixture[str]) -> None:
    before = ledger.head().size
    run(dry_run=True)
    said = capsys.readouterr().out
    assert f"{old.number}  us-ny-nyc-police  settled " in said
    assert "us-ny-nyc-police=30d  to be expunged" in said
    assert "1 would be expunged, 0 kept. Nothing was changed." in said
    assert NAME not in said
    assert ledger.head().size == before


def test_it_wants_two_people_with_the_duty(old: Request) -> None:
    person("one", Role.RECORDS)
    person("two", Role.SUPERVISOR)
    for said, told in (
        ({}, "takes two people"),
        ({"author": "one"}, "takes two people"),
        ({"author": "one", "second": "nobody"}, "no such account"),
        ({"author": "one", "second": "two"}, "may not expunge"),
        ({"author": "one", "second": "one"}, "cannot approve their own step"),
    ):
        with pytest.raises(UserError, match=told):
            run(**said)
    assert old.person() is not None


def test_two_people_expunge_what_is_due(old: Request, capsys: pytest.CaptureFixture[str]) -> None:
    person("one", Role.RECORDS)
    person("two", Role.REVIEWER)
    fresh = take("staff:1", name="Somebody Else")
    run(author="one", second="two")
    assert "1 expunged, 0 kept." in capsys.readouterr().out
    assert (old.person(), fresh.person() is None) == (None, False)
    assert ledger.verify() == []


def test_without_a_rule_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="no rule says"):
        run()


@pytest.mark.parametrize("rule", ["police=1d", "police", "=5y", "police=5y,police=6y", "*=0y", "po lice=5y", "*=29d"])
def test_a_rule_that_cannot_be_stops_the_program(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from detainer.errors import UserErrors

    monkeypatch.setenv("DETAINER_RETENTION", rule)
    house.cache_clear()
    with pytest.raises(UserErrors, match="DETAINER_RETENTION"):
        house()
    monkeypatch.delenv("DETAINER_RETENTION")
    house.cache_clear()
