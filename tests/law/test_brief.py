"""A brief answer says the same as the whole one, and leaves out what would change it and whom to ask."""

from __future__ import annotations

from typing import Any

import pytest

from detainer.law import Case, LawBook

DETAINER = {"request": {"form": "I-247A", "asks": ["hold", "notify"], "from": "ice"}, "custody": {"held": True}}


@pytest.mark.parametrize("agency", ["us-ny-nyc-correction", "us-ca-sheriff", "us-tx-sheriff"])
@pytest.mark.parametrize("facts", [{}, DETAINER, {**DETAINER, "warrants": [], "record": {"convictions": []}}])
def test_a_brief_answer_is_the_same_answer(book: LawBook, agency: str, facts: dict[str, Any]) -> None:
    case = Case.read({"id": "one", "agency": agency, "at": "2025-06-02T12:00:00-04:00", **facts})
    whole, brief = book.decide(case), book.decide(case, brief=True)
    assert brief.digest == whole.digest
    assert brief.facts_needed == whole.facts_needed
    assert brief.duties == whole.duties
    for name, decision in whole.decisions.items():
        short = brief.decisions[name]
        assert (short.modality, short.settled, short.could_be) == (
            decision.modality,
            decision.settled,
            decision.could_be,
        )
        assert (short.reasons, short.against, short.until) == (decision.reasons, decision.against, decision.until)
        assert not short.changes
    assert any(decision.changes for decision in whole.decisions.values())
