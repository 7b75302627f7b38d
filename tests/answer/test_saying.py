"""What a reply says: yes or no to what was asked, and a no that tells nothing."""

from __future__ import annotations

from typing import Any

import pytest

from detainer.answer.saying import answers, cites, sender
from detainer.errors import UserError

OF = {"us": "8 C.F.R.", "us-place": "Place Code § 1", "us-local-policy": "Local policy"}
LAWS = ("us", "us-place", "us-local-policy")


def law(hold: str = "must_not", notify: str = "must_not") -> dict[str, Any]:
    return {"hold": {"modality": hold, "reasons": []}, "notify": {"modality": notify, "reasons": []}}


@pytest.mark.parametrize("modality", ["must_not", "not_applicable"])
def test_what_the_law_forbids_and_what_leaves_nothing_to_answer_are_the_same_no(modality: str) -> None:
    assert answers(["hold", "notify"], law(modality, modality), [], []) == [("hold", False), ("notify", False)]


@pytest.mark.parametrize("modality", ["may", "must", "silent", "undetermined"])
def test_a_reply_never_runs_ahead_of_the_people_who_decide(modality: str) -> None:
    with pytest.raises(UserError, match="nothing is decided yet"):
        answers(["hold"], law(hold=modality), [], [])
    assert answers(["hold"], law(hold=modality), [], ["hold"]) == [("hold", False)]


def test_declining_one_thing_says_nothing_of_another() -> None:
    with pytest.raises(UserError, match="notify"):
        answers(["hold", "notify"], law("may", "may"), [], ["hold"])


def test_what_was_done_is_a_yes_and_a_command_is_an_intent_only_to_the_person() -> None:
    assert answers(["hold"], law(hold="may"), ["held"], []) == [("hold", True)]
    assert answers(["hold"], law(hold="must"), [], [], intends=True) == [("hold", True)]


def test_a_no_cites_the_same_law_whether_it_was_forbidden_or_declined() -> None:
    opened = {"hold": {"reasons": [{"law": "us-place", "cite": "Place Code § 1(b)(1): a conviction is shown"}]}}
    closed = {"hold": {"reasons": [{"law": "us", "cite": "Place Code § 1(a)"}]}}
    for decisions in (opened, closed, {}):
        assert cites([("hold", False)], decisions, LAWS, OF) == ["Place Code § 1"]
    assert cites([("hold", True)], opened, LAWS, OF) == ["Place Code § 1(b)(1): a conviction is shown"]


def test_a_requester_nobody_foresaw_is_still_addressed() -> None:
    assert [sender("ice"), sender("")] == ["ice", "other"]
