"""The record with the real law: what was entered is what is decided, and the law guards what is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_law import CHEN, RUIZ

from detainer.law import Case, LawBook
from detainer.law.files import read_documents
from detainer.record import agencies, journal, ledger
from detainer.record.agencies import book as shipped
from detainer.record.facts import NOT_FACTS
from detainer.record.models import Request

pytestmark = pytest.mark.django_db

LAWS = Path(__file__).resolve().parents[2] / "laws"
WORKED = [pytest.param(file, id=str(file.relative_to(LAWS).with_suffix(""))) for file in LAWS.rglob("cases/*.yaml")]


@pytest.fixture(autouse=True)
def real_law(law: object, monkeypatch: pytest.MonkeyPatch) -> LawBook:
    """The shipped laws in place of the ones that answer what a test wants."""
    monkeypatch.setattr(agencies, "book", shipped)
    return shipped()


def enter(case: dict[str, Any]) -> Request:
    """A worked case entered as a request."""
    facts = {name: value for name, value in case.items() if name not in NOT_FACTS}
    received = facts.get("request", {}).get("received") or case["at"]
    return journal.receive(case["agency"], facts, happened=received, author=RUIZ, person={"name": "Ana Example"})


@pytest.mark.parametrize("file", WORKED)
def test_a_case_entered_as_a_request_gets_the_answer_of_its_case_file(file: Path, real_law: LawBook) -> None:
    cases = [dict(case) for case in read_documents(file)]
    with journal.batch():
        for case in cases:
            request = enter(case)
            asked = {**case, "request": {**case.get("request", {}), "received": request.received_at}}
            standing = real_law.agencies[case["agency"]].standing
            direct = real_law.decide(Case.read({**standing, **asked}))
            made = journal.decide(request, real_law, at=case["at"], author=RUIZ)
            assert made.modalities == {name: decision.modality for name, decision in direct.decisions.items()}
            assert made.answer is not None
            assert made.answer | {"id": case["id"], "at": case["at"].isoformat()} == direct.as_json(), case["id"]
            assert request.hold_ends == (direct.decisions["hold"].until if made.permits("hold") else None)
            assert made.digest == direct.digest
    assert cases
    assert ledger.verify() == []


HOLDABLE = {
    "request": {
        "form": "I-247A",
        "asks": ["hold"],
        "from": "ice",
        "purpose": "civil",
        "withdrawn": False,
        "complete": True,
    },
    "warrants": [
        {
            "issuer": "us_magistrate_judge",
            "form": "judicial",
            "grounds": "civil_removal",
            "names_person": True,
            "orders_federal_custody": True,
            "presented": "with_request",
        }
    ],
    "custody": {"held": True, "basis": "arrest", "transferred_in": False},
    "search": {"run": "at_release"},
    "person": {"matches_request": True, "proof": []},
    "watch_list": "match",
}
MOMENT = datetime.fromisoformat("2026-11-24T10:00:00-05:00")


def approved(request: Request, real_law: LawBook, at: datetime) -> None:
    journal.decide(request, real_law, at=at, author=RUIZ)
    journal.act(request, "approved", happened=at, author=CHEN, detail={"for": "held"})


def test_a_hold_that_the_statute_permits_is_recorded_once_approved(real_law: LawBook) -> None:
    request = journal.receive("us-ny-nyc-police", HOLDABLE, happened=MOMENT, author=RUIZ)
    approved(request, real_law, MOMENT)
    assert request.modality_hold == "may"
    journal.act(request, "held", happened=MOMENT + timedelta(minutes=5), author=RUIZ, approved_by=CHEN)
    assert ledger.verify() == []


def test_no_hold_on_a_detainer_without_a_judges_warrant(real_law: LawBook) -> None:
    request = journal.receive("us-ny-nyc-police", HOLDABLE | {"warrants": []}, happened=MOMENT, author=RUIZ)
    with pytest.raises(journal.Refused, match="it must not be done"):
        approved(request, real_law, MOMENT)


def test_a_determination_out_of_another_law_book_opens_no_way_around_the_shipped_one(real_law: LawBook) -> None:
    from fake_law import book

    request = journal.receive("us-ny-nyc-police", HOLDABLE | {"warrants": []}, happened=MOMENT, author=RUIZ)
    journal.decide(request, book(hold="must"), at=MOMENT, author=RUIZ)  # type: ignore[arg-type]
    journal.act(request, "approved", happened=MOMENT, author=CHEN, detail={"for": "held"})
    with pytest.raises(journal.Refused, match="at that moment the law does not permit"):
        journal.act(request, "held", happened=MOMENT, author=RUIZ, approved_by=CHEN)


def test_yesterdays_request_is_decided_by_yesterdays_law(real_law: LawBook) -> None:
    early, late = (datetime.fromisoformat(f"{day}T10:00:00-05:00") for day in ("2016-03-01", "2026-11-24"))
    requests = [journal.receive("us-ny-nyc-police", HOLDABLE, happened=at, author=RUIZ) for at in (early, late)]
    versions = []
    for request, at in zip(requests, (early, late), strict=True):
        law = journal.decide(request, real_law, at=at, author=RUIZ)
        versions.append({layer["law"]: layer["version"] for layer in law.laws}["us-ny-nyc-police"])
    assert requests[0].number == "2016-0001"
    assert versions[0] < "2016-03-01" < versions[1] == "2026-01-29"
