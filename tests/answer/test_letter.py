"""The words of a reply: what was decided and no more."""

from __future__ import annotations

from typing import Any

import pytest

from detainer.answer.letter import answers, basis, on_day, sender
from detainer.errors import UserError

NO_HOLD = "We will not keep the person named in the request past release."
NO_WORD = "We will not tell you when the person named in the request will be released."


def law(hold: str = "must_not", notify: str = "must_not") -> dict[str, Any]:
    return {"hold": {"modality": hold, "reasons": []}, "notify": {"modality": notify, "reasons": []}}


def test_what_the_law_forbids_is_answered_with_no() -> None:
    assert answers(["hold", "notify"], law(), [], declined=False) == (NO_HOLD, NO_WORD)


def test_only_what_was_asked_is_answered() -> None:
    assert answers(["notify"], law(), [], declined=False) == (NO_WORD,)


@pytest.mark.parametrize("modality", ["may", "must", "silent", "undetermined"])
def test_a_reply_never_runs_ahead_of_the_people_who_decide(modality: str) -> None:
    with pytest.raises(UserError, match="nothing is decided yet"):
        answers(["hold"], law(hold=modality), [], declined=False)
    assert answers(["hold"], law(hold=modality), [], declined=True) == (NO_HOLD,)


def test_what_was_done_is_said_without_any_time() -> None:
    said = answers(["hold", "notify"], law("may", "may"), ["held", "told"], declined=False)
    assert said == (
        "We hold the person named in the request, for no longer than the law cited below allows.",
        "We have told you of the release separately, as the law cited below allows.",
    )


def test_where_there_is_nothing_to_answer_nothing_is_told_of_custody() -> None:
    assert answers(["hold"], law(hold="not_applicable"), [], declined=False) == ("There is nothing for us to answer.",)


def test_the_law_cited_is_the_one_nearest_to_the_agency_and_nothing_but_its_citation() -> None:
    reasons = [
        {"law": "us-place", "cite": "Place Code § 1", "text": "The search shows a conviction."},
        {"law": "us", "cite": "8 C.F.R. § 287.7", "text": ""},
        {"law": "us-place", "cite": "Place Code § 2", "text": ""},
    ]
    decisions = [{"reasons": reasons}, {"reasons": reasons[:1]}, {"reasons": []}]
    assert basis(decisions, ["us", "us-place"]) == ("Place Code § 1", "Place Code § 2")


def test_a_requester_nobody_foresaw_is_still_addressed() -> None:
    assert sender("ice") == "U.S. Immigration and Customs Enforcement"
    assert sender("") == "The authority that sent the request"


def test_a_day_is_written_with_weekday_and_year() -> None:
    from datetime import UTC, datetime

    assert on_day(datetime(2026, 11, 24, 2, 10, tzinfo=UTC)) == "Tue 24 Nov 2026, 02:10"
