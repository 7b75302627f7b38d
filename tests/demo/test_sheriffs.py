"""The same ten requests before a Texas and a California sheriff: a law that commands beside one that forbids."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from detainer.demo import SHERIFFS, load_sheriffs, ten
from detainer.law import Case, LawBook
from detainer.law import land as the_land
from detainer.record import journal, ledger
from detainer.record.models import Request

AT = datetime(2026, 11, 23, 18, tzinfo=UTC)
# Derived by hand: what each law says of hold, notice and transfer. Texas first.
COMMANDED, OFF, NOTHING = ("must", "must", "must"), ("may", "may", "may"), ("silent", "may", "may")
BARRED, OPEN, TOLD, HANDED = (
    ("must_not", "must_not", "must_not"),
    ("must_not", "may", "may"),
    ("must_not", "may", "must_not"),
    ("must_not", "must_not", "may"),
)
EXPECTED = [
    (COMMANDED, BARRED),  # no record
    (COMMANDED, OPEN),  # robbery, 20 years ago: a serious felony has no time limit
    (COMMANDED, BARRED),  # misdemeanor DUI: listed only as a felony
    (COMMANDED, TOLD),  # held to answer for murder opens the notice alone
    (COMMANDED, BARRED),  # a charge without a finding opens nothing
    (OFF, BARRED),  # a passport takes the Texas duty off
    (COMMANDED, BARRED),  # a consular card does not
    (COMMANDED, BARRED),  # a county policy is void in Texas
    (COMMANDED, HANDED),  # a judge's warrant for a crime opens the transfer in California
    (NOTHING, BARRED),  # no form: no duty in Texas
]


@pytest.mark.parametrize("number", range(10))
def test_the_two_laws_answer_as_they_read(number: int) -> None:
    about, tale = list(ten(AT))[number]
    case = Case.read({"id": "one", "about": about, "agency": SHERIFFS[0], "at": tale.steps[0].at} | dict(tale.facts))
    places = the_land.land(LawBook.load(), case, SHERIFFS)
    said = tuple(
        tuple(place.answer.decisions[name].modality for name in ("hold", "notify", "transfer")) for place in places
    )
    assert said == EXPECTED[number], about


def test_the_void_policy_is_shown_as_set_aside() -> None:
    _, tale = list(ten(AT))[7]
    case = Case.read({"id": "one", "agency": SHERIFFS[0], "at": tale.steps[0].at} | dict(tale.facts))
    hold = LawBook.load().decide(case).decisions["hold"]
    assert [reason.law for reason in hold.set_aside] == ["us-local-policy"]


@pytest.mark.django_db
def test_ten_requests_go_to_each_sheriff_once_and_the_record_is_sound() -> None:
    assert load_sheriffs(at=AT).added == 20
    assert load_sheriffs(at=AT).already == 20
    assert [Request.objects.filter(agency=agency).count() for agency in SHERIFFS] == [10, 10]
    assert journal.is_demo()
    assert ledger.verify() == []
