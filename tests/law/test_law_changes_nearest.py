"""What would change an answer: a change may bring others with it, and is then said once."""

from __future__ import annotations

import pytest

from detainer.law import Case, LawBook

DETAINER = {
    "id": "made-up",
    "at": "2026-11-24T10:00:00-06:00",
    "request": {"form": "I-247A", "asks": ["hold", "notify"], "from": "ice", "purpose": "civil", "withdrawn": False},
    "warrants": [],
    "custody": {"held": True, "releasable_at": "2026-11-24T10:00:00-06:00", "transferred_in": False},
    "person": {"matches_request": True},
    "local_policy_forbids": [],
    "grounds": [],
}
FEDERAL = "A federal criminal warrant for this person was presented."


@pytest.mark.parametrize("decision", ["hold", "notify", "transfer"])
@pytest.mark.parametrize("agency", ["us-il-sheriff", "us-il-cook-sheriff", "us-il-chicago-police"])
def test_one_warrant_that_meets_the_terms_of_two_laws_is_one_change(agency: str, decision: str) -> None:
    answer = LawBook.load().decide(Case.read({**DETAINER, "agency": agency}))
    assert ((FEDERAL,), "may") in [(change.if_, change.modality) for change in answer.decisions[decision].changes]
