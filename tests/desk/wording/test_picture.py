"""The law's answer as a page shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from desk_people import POLICE

from detainer.desk.form.drafts import case_of
from detainer.desk.wording.picture import Picture, kept, picture
from detainer.law import Answer, FactNeeded
from detainer.law.vocabulary import FACTS
from detainer.record.agencies import book

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def asked(path: str, **facts: object) -> Picture:
    """The picture of an answer to which this fact matters most."""
    case = case_of(POLICE, facts, NOW)
    need = FactNeeded(path, FACTS[path].asks, "Because.", ("hold",), "nobody has asked")
    return picture(replace(book().decide(case), facts_needed=(need,)), book(), case, NEW_YORK, now=NOW)


def test_a_question_of_yes_or_no_says_what_each_answer_leads_to() -> None:
    shown = asked("person.matches_request")
    assert shown.next is not None
    assert shown.next.why == "Because."
    outcomes = dict(shown.next.outcomes)
    assert outcomes["no"] == "Nothing to answer. Log the request."
    assert outcomes["yes"].startswith("this decides next: ")


def test_a_question_about_a_list_says_what_none_leads_to() -> None:
    detainer = {"request": {"form": "I-247A", "asks": ["hold", "notify"], "from": "ice"}}
    shown = asked("warrants", **detainer)
    assert shown.next is not None
    assert shown.next.outcomes == (("no paper came", "Release on time. Do not tell ICE."),)


def test_a_question_with_many_answers_lists_none_of_them() -> None:
    shown = asked("request.form")
    assert shown.next is not None
    assert shown.next.outcomes == ()


def test_an_answer_says_not_settled_only_while_a_missing_fact_decides() -> None:
    assert asked("custody.held").headline == "Not settled yet."
    settled = asked("custody.held", request={"form": "I-247A", "asks": ["hold", "notify"], "from": "ice"})
    assert settled.headline == "Release on time. Do not tell ICE."


def test_holding_and_telling_come_first_and_what_nobody_asked_stands_beside() -> None:
    answer = book().decide(case_of(POLICE, {"request": {"asks": ["interview"]}}, NOW))
    shown = kept(answer.as_json(), ["interview"], NEW_YORK, now=NOW)
    assert [line.name for line in shown.main] == ["hold", "notify", "interview"]
    assert [line.name for line in shown.beside] == ["transfer"]


def test_a_conflict_of_laws_is_shown_and_not_resolved_in_silence() -> None:
    answer: Answer = book().decide(case_of(POLICE, {}, NOW))
    data = answer.as_json()
    reason = {"cite": "State Code § 1", "text": "Honor it.", "because": [], "law": "x", "version": "", "provision": ""}
    data["decisions"]["hold"] |= {"against": [reason], "set_aside": [reason], "until": "2026-11-27T15:00:00+00:00"}
    line = kept(data, [], NEW_YORK, now=NOW).main[0]
    assert line.against == line.set_aside == (reason,)
    assert line.until == "Fri 27 Nov, 10:00 (in 3 days)"
