"""How the effects of rules and laws add up: what beats what, what lifts what, what sets aside what."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from little_law import ask, laws, rule
from slugs import slug

from detainer.errors import UserError
from detainer.law import Answer, Case

CONDITIONS = {"must_not": "person.under_18", "must": "public_information", "may": "custody.held"}


def hold(answer: Answer) -> str:
    return answer.decisions["hold"].modality


@pytest.mark.parametrize(("forbids", "commands", "permits"), list(product((True, False), repeat=3)), ids=slug)
def test_a_ban_beats_a_command_and_a_command_a_permission(forbids: bool, commands: bool, permits: bool) -> None:
    text = "provisions:\n" + "".join(rule(name, name, "hold", when) for name, when in CONDITIONS.items())
    facts = {"person": {"under_18": forbids}, "public_information": commands, "custody": {"held": permits}}
    expected = "must_not" if forbids else "must" if commands else "may" if permits else "silent"
    assert hold(ask(laws(text), **facts)) == expected
    spread = ["provisions:\n" + rule(name, name, "hold", when) for name, when in CONDITIONS.items()]
    assert hold(ask(laws(*spread), **facts)) == expected
    assert hold(ask(laws(*reversed(spread)), **facts)) == expected


def test_a_limit_of_any_law_leaves_nothing_to_answer_for_its_decisions_only() -> None:
    limit = "limits:\n  - {id: gone, says: Gone., on: [hold], when: request.withdrawn}\n"
    law = laws("provisions:\n" + rule("a", "must", "hold, notify"), limit)
    answer = ask(law, request={"withdrawn": True})
    assert (hold(answer), answer.decisions["notify"].modality) == ("not_applicable", "must")
    assert hold(ask(law, request={"withdrawn": False})) == "must"
    assert answer.decisions["hold"].reasons[0].provision == "gone"


def test_each_law_answers_for_itself_beside_the_whole() -> None:
    law = laws("provisions:\n" + rule("a", "may", "hold"), "provisions:\n" + rule("b", "must_not", "hold"))
    answer = ask(law)
    assert hold(answer) == "must_not"
    assert {layer.law: layer.decisions["hold"].modality for layer in answer.laws} == {"one": "may", "two": "must_not"}


def test_a_rule_is_lifted_by_those_it_names_where_their_own_condition_holds() -> None:
    text = (
        "provisions:\n"
        + rule("a", "must_not", "hold", more=", unless: [b, c]")
        + rule("b", "may", "hold", "watch_list is match")
        + rule("c", "may", "notify", "public_information")
    )
    assert hold(ask(laws(text), watch_list="match", public_information=False)) == "may"
    assert hold(ask(laws(text), watch_list="no_match", public_information=True)) == "must_not"


def test_a_command_that_prevails_sets_aside_what_narrower_laws_forbid() -> None:
    state = "provisions:\n" + rule("a", "must", "hold", "request.complete", ", prevails: true")
    city = "provisions:\n" + rule("b", "must_not", "hold", "custody.held")
    held = {"custody": {"held": True}}
    answer = ask(laws(state, city), request={"complete": True}, **held)
    assert hold(answer) == "must"
    assert [reason.provision for reason in answer.decisions["hold"].set_aside] == ["b"]
    assert hold(ask(laws(state, city), request={"complete": False}, **held)) == "must_not"


def test_it_does_not_set_aside_what_its_own_or_a_wider_law_forbids() -> None:
    prevails = rule("a", "must", "hold", more=", prevails: true")
    ban = "provisions:\n" + rule("b", "must_not", "hold")
    assert hold(ask(laws(ban, "provisions:\n" + prevails))) == "must_not"
    assert hold(ask(laws("provisions:\n" + prevails + rule("b", "must_not", "hold")))) == "must_not"


def test_permitted_by_another_law_means_that_it_permits_or_commands_and_does_not_forbid() -> None:
    one = "provisions:\n" + rule("a", "must_not", "hold", more=", unless: [b]")
    one += rule("b", "may", "hold", "permitted by two")
    for effect, expected in (("may", "may"), ("must", "must"), ("must_not", "must_not")):
        assert hold(ask(laws(one, "provisions:\n" + rule("c", effect, "hold")))) == expected
    both = "provisions:\n" + rule("c", "may", "hold") + rule("d", "must_not", "hold")
    assert hold(ask(laws(one, both))) == "must_not"
    other = laws(one, "provisions:\n" + rule("c", "may", "notify"))
    assert hold(ask(other)) == "must_not"


def test_what_is_not_known_is_not_shown_and_not_disproved_either() -> None:
    shown = "provisions:\n" + rule("a", "may", "hold", "shown(watch_list is match)")
    not_shown = "provisions:\n" + rule("a", "may", "hold", "not shown(watch_list is match)")
    plain = "provisions:\n" + rule("a", "may", "hold", "watch_list is match")
    assert [hold(ask(laws(text))) for text in (shown, not_shown, plain)] == ["silent", "may", "undetermined"]
    assert [hold(ask(laws(text), watch_list="match")) for text in (shown, not_shown, plain)] == ["may", "silent", "may"]


def test_what_is_known_between_two_grounds_is_not_shown_of_either_and_is_of_both_together() -> None:
    apart = "provisions:\n" + rule(
        "a", "may", "hold", "shown(request.purpose is civil) or shown(request.purpose is criminal)"
    )
    together = "provisions:\n" + rule(
        "a", "may", "hold", "shown(request.purpose is civil or request.purpose is criminal)"
    )
    assert hold(ask(laws(apart))) == "silent"
    assert hold(ask(laws(together))) == "may"


@pytest.mark.parametrize("forms", ["[I-247A, I-247D, I-247N]", "[I-247X, I-247, other, none]"], ids=slug)
def test_one_fact_has_one_of_its_values(forms: str) -> None:
    """Each half is unknown; together they are every form that there is."""
    rest = {"[I-247A, I-247D, I-247N]": "[I-247X, I-247, other, none]"}.get(forms, "[I-247A, I-247D, I-247N]")
    either = "provisions:\n" + rule("a", "may", "hold", f"request.form in {forms}")
    either += rule("b", "may", "hold", f"request.form in {rest}")
    assert hold(ask(laws(either))) == "may"
    both = "provisions:\n" + rule("a", "may", "hold", f"request.form in {forms} and request.form in {rest}")
    assert hold(ask(laws(both))) == "silent"


def test_a_paper_that_meets_more_meets_less() -> None:
    implied = "provisions:\n" + rule(
        "a",
        "may",
        "hold",
        "not any warrant where (names_person and form is judicial) or any warrant where (names_person)",
    )
    assert hold(ask(laws(implied))) == "may"
    other = "provisions:\n" + rule(
        "a",
        "may",
        "hold",
        "not any warrant where (names_person and form is judicial) or any charge where (grade is felony)",
    )
    assert hold(ask(laws(other))) == "undetermined"
    more = "provisions:\n" + rule(
        "a", "may", "hold", "not at least 2 warrants where (names_person) or any warrant where (names_person)"
    )
    assert hold(ask(laws(more))) == "may"
    fewer = "provisions:\n" + rule(
        "a", "may", "hold", "not any warrant where (names_person) or at least 2 warrants where (names_person)"
    )
    assert hold(ask(laws(fewer))) == "undetermined"


def test_parts_of_one_condition_follow_from_the_whole() -> None:
    whole = "not any warrant where (names_person and form is judicial and issuer is state_judge)"
    part = "any warrant where (names_person and form is judicial)"
    assert hold(ask(laws("provisions:\n" + rule("a", "may", "hold", f"{whole} or {part}")))) == "may"


def test_a_condition_that_every_value_meets_holds_of_an_unknown_one() -> None:
    every = "request.form in [I-247A, I-247D, I-247N, I-247X, I-247, other, none]"
    assert hold(ask(laws("provisions:\n" + rule("a", "may", "hold", every)))) == "may"
    most = every.replace(", none", "")
    assert hold(ask(laws("provisions:\n" + rule("a", "may", "hold", most)))) == "undetermined"


def test_what_a_law_says_always_goes_together_goes_together() -> None:
    text = "implies:\n  - {if: custody.held, then: person.matches_request, says: Made up.}\n"
    text += "provisions:\n" + rule("a", "may", "hold", "not custody.held or person.matches_request")
    assert hold(ask(laws(text))) == "may"


def test_a_law_is_silent_before_it_is_in_force_and_has_no_version_then() -> None:
    law = laws("provisions:\n" + rule("a", "must", "hold"))
    before = ask(law, at="2019-12-31T23:59:59-05:00")
    assert hold(before) == "silent"
    assert [(layer.version, dict(layer.decisions)) for layer in before.laws] == [("", {})]
    first = ask(law, at="2020-01-01T05:00:00+00:00")
    assert (hold(first), first.laws[0].version) == ("must", "2020-01-01")


def test_a_rule_has_its_own_days_within_the_law() -> None:
    law = laws("provisions:\n" + rule("a", "must", "hold", more=", first: 2024-02-29, last: 2025-03-01"))
    days = ["2024-02-28", "2024-02-29", "2025-03-01", "2025-03-02"]
    assert [hold(ask(law, at=f"{day}T12:00:00-05:00")) for day in days] == ["silent", "must", "must", "silent"]


def test_a_duty_holds_where_its_condition_is_known_to_hold() -> None:
    law = laws("duties:\n  - {id: d, cite: § d, says: Do it., when: custody.held, due: soon}\n")
    assert [duty.id for duty in ask(law, custody={"held": True}).duties] == ["d"]
    assert ask(law, custody={"held": False}).duties == ()
    assert ask(law).duties == ()


DOUBT = "questions:\n  - {id: q, cite: § q, asks: Is it?, cautious: It is not.}\n"


def test_a_question_is_carried_where_its_answer_changes_a_decision() -> None:
    doubted = ", doubts: [{question: q, also_if: watch_list is match}]"
    law = laws(DOUBT + "provisions:\n" + rule("a", "may", "hold", "custody.held", doubted))
    asked = ask(law, custody={"held": False}, watch_list="match")
    assert (hold(asked), [question.id for question in asked.counsel]) == ("silent", ["q"])
    assert (asked.counsel[0].asks, asked.counsel[0].cautious, asked.counsel[0].law) == ("Is it?", "It is not.", "one")
    assert ask(law, custody={"held": True}, watch_list="match").counsel == ()
    assert ask(law, custody={"held": False}, watch_list="no_match").counsel == ()


def test_a_doubt_may_demand_as_well_as_add() -> None:
    law = laws(
        DOUBT
        + "provisions:\n"
        + rule("a", "may", "hold", "custody.held", ", doubts: [{question: q, only_if: public_information}]")
    )
    asked = ask(law, custody={"held": True}, public_information=False)
    assert (hold(asked), [question.id for question in asked.counsel]) == ("may", ["q"])
    assert ask(law, custody={"held": True}, public_information=True).counsel == ()


def test_a_doubt_in_a_term_reads_the_term_both_ways() -> None:
    text = DOUBT + "definitions:\n  - {id: kept, cite: § d, says: It is., when: custody.held, "
    text += "doubts: [{question: q, also_if: watch_list is match}]}\n"
    law = laws(text + "provisions:\n" + rule("a", "may", "hold", "kept") + rule("b", "must_not", "notify", "not kept"))
    asked = ask(law, custody={"held": False}, watch_list="match")
    assert (hold(asked), [question.id for question in asked.counsel]) == ("silent", ["q"])


def test_a_question_that_matters_only_together_with_another_is_carried_too() -> None:
    two = (
        "questions:\n  - {id: q, cite: § q, asks: Q?, cautious: No.}\n  - {id: r, cite: § r, asks: R?, cautious: No.}\n"
    )
    text = two + "definitions:\n"
    for name, fact, question in (("young", "person.under_18", "q"), ("open", "public_information", "r")):
        text += f"  - {{id: {name}, cite: § d, says: It is {name}., when: {fact}, "
        text += f"doubts: [{{question: {question}, also_if: custody.held}}]}}\n"
    text += "provisions:\n" + rule("a", "may", "hold", "young and open")
    asked = ask(laws(text), custody={"held": True}, person={"under_18": False}, public_information=False)
    assert [(question.id, question.decisions) for question in asked.counsel] == [("q", ("hold",)), ("r", ("hold",))]


def test_a_question_says_which_decisions_its_answer_changes() -> None:
    doubt = ", doubts: [{question: q, also_if: watch_list is match}]"
    law = laws(DOUBT + "provisions:\n" + rule("a", "may", "hold", "custody.held", doubt) + rule("b", "may", "notify"))
    (asked,) = ask(law, custody={"held": False}, watch_list="match").counsel
    assert asked.decisions == ("hold",)
    text = DOUBT + "definitions:\n  - {id: kept, cite: § d, says: It is., when: custody.held" + doubt + "}\n"
    law = laws(text + "provisions:\n" + rule("a", "may", "hold", "kept") + rule("b", "must_not", "notify", "not kept"))
    (asked,) = ask(law, custody={"held": False}, watch_list="match").counsel
    assert asked.decisions == ("hold", "notify")
    text = "questions:\n  - {id: q, cite: § q, asks: Q?, cautious: No., when: person.claims_citizenship}\n"
    (asked,) = ask(laws(text + "provisions:\n" + rule("a", "may", "hold")), person={"claims_citizenship": True}).counsel
    assert asked.decisions == ("hold", "notify", "transfer", "interview"), "asked in every case: it touches all"


def test_a_question_with_a_condition_of_its_own_is_carried_where_that_holds() -> None:
    text = "questions:\n  - {id: q, cite: § q, asks: Q?, cautious: No., when: person.claims_citizenship}\n"
    law = laws(text + "provisions:\n" + rule("a", "may", "hold"))
    assert [question.id for question in ask(law, person={"claims_citizenship": True}).counsel] == ["q"]
    assert ask(law, person={"claims_citizenship": False}).counsel == ()
    assert ask(law).counsel == ()


def test_where_there_is_nothing_to_answer_nothing_is_asked_of_counsel() -> None:
    text = "questions:\n  - {id: q, cite: § q, asks: Q?, cautious: No., when: person.claims_citizenship}\n"
    text += "limits:\n  - {id: gone, says: Gone., on: [all], when: request.withdrawn}\n"
    law = laws(text)
    facts = {"person": {"claims_citizenship": True}}
    assert ask(law, request={"withdrawn": True}, **facts).counsel == ()
    assert len(ask(law, request={"withdrawn": False}, **facts).counsel) == 1


CLOCKS = """\
clocks:
  - {id: day, cite: § c, says: A day., starts: [custody.releasable_at], hours: 24}
  - {id: two, cite: § c, says: Two., starts: [custody.releasable_at], hours: 48}
  - {id: today, cite: § c, says: Today., starts: [custody.releasable_at], end_of_day: true}
"""
FREE = {"custody": {"releasable_at": "2026-11-24T10:00:00-05:00"}}


def until(answer: Answer) -> str | None:
    end = answer.decisions["hold"].until
    return end.isoformat() if end else None


def test_a_hold_ends_by_the_clock_of_the_narrowest_law_that_permits_it() -> None:
    wide = CLOCKS + "provisions:\n" + rule("a", "may", "hold", more=", until: two")
    narrow = CLOCKS + "provisions:\n" + rule("b", "may", "hold", more=", until: day")
    assert until(ask(laws(wide, narrow), **FREE)) == "2026-11-25T10:00:00-05:00"
    assert until(ask(laws(narrow, wide), **FREE)) == "2026-11-26T10:00:00-05:00"
    silent = "provisions:\n" + rule("c", "must_not", "notify")
    assert until(ask(laws(wide, silent), **FREE)) == "2026-11-26T10:00:00-05:00"


def test_a_rule_without_a_clock_sets_no_end_and_one_that_does_not_apply_sets_none_either() -> None:
    free = CLOCKS + "provisions:\n" + rule("a", "may", "hold", more=", until: two") + rule("b", "may", "hold")
    assert until(ask(laws(free), **FREE)) is None
    off = CLOCKS + "provisions:\n" + rule("a", "may", "hold", more=", until: two") + rule("b", "may", "hold", "never")
    assert until(ask(laws(off), **FREE)) == "2026-11-26T10:00:00-05:00"


def test_a_clock_to_the_end_of_the_day_ends_then() -> None:
    text = CLOCKS + "provisions:\n" + rule("a", "may", "hold", more=", until: today")
    assert until(ask(laws(text), **FREE)) == "2026-11-24T23:59:00-05:00"


def test_the_three_readings_of_a_clock_stand_side_by_side() -> None:
    """From Tuesday noon before Thanksgiving; a clock to the end of the day has one reading only."""
    left_out = CLOCKS.replace("hours: 48", "hours: 48, leaves_out: [weekends, holidays], holidays: [us-federal]")
    said = ask(laws(left_out + "provisions:\n" + rule("a", "may", "hold", more=", until: two")), **FREE).decisions[
        "hold"
    ]
    days = ["2026-11-27T10:00:00-05:00", "2026-11-27T10:00:00-05:00", "2026-11-26T10:00:00-05:00"]
    assert [end.isoformat() for end in (said.until, said.outer_limit, said.flat_48) if end] == days
    said = ask(laws(CLOCKS + "provisions:\n" + rule("a", "may", "hold", more=", until: today")), **FREE).decisions[
        "hold"
    ]
    assert said.until == said.outer_limit == said.flat_48
    assert said.until is not None


def test_weekends_are_left_out_only_where_the_law_leaves_them_out() -> None:
    friday = {"custody": {"releasable_at": "2026-11-13T10:00:00-05:00"}, "at": "2026-11-13T10:00:00-05:00"}
    hold_for = "provisions:\n" + rule("a", "may", "hold", more=", until: two")
    assert until(ask(laws(CLOCKS + hold_for), **friday)) == "2026-11-15T10:00:00-05:00"
    weekends = CLOCKS.replace("hours: 48", "hours: 48, leaves_out: [weekends]")
    assert until(ask(laws(weekends + hold_for), **friday)) == "2026-11-17T10:00:00-05:00"


def test_a_clock_is_over_at_its_very_end_and_unknown_without_a_start() -> None:
    text = CLOCKS + "provisions:\n" + rule("a", "may", "hold", "not day is over")
    law = laws(text)
    moments = ["2026-11-25T09:59:59-05:00", "2026-11-25T10:00:00-05:00", "2026-11-25T10:00:01-05:00"]
    assert [hold(ask(law, at=at, **FREE)) for at in moments] == ["may", "silent", "silent"]
    answer = ask(law)
    assert hold(answer) == "undetermined"
    assert [need.fact for need in answer.facts_needed] == ["custody.releasable_at"]


def test_a_duty_with_a_clock_is_due_when_that_ends() -> None:
    law = laws(CLOCKS + "duties:\n  - {id: d, cite: § d, says: Do it., clock: day}\n")
    due = ask(law, **FREE).duties[0].due_at
    assert due is not None
    assert due.isoformat() == "2026-11-25T10:00:00-05:00"
    assert ask(law).duties[0].due_at is None


@pytest.mark.parametrize(("key", "reminds"), [("hours", False), ("reminder_hours", True)])
def test_hours_after_a_step_are_elapsed_hours_and_say_whose_they_are(key: str, reminds: bool) -> None:
    law = laws(f"duties:\n  - {{id: d, cite: § d, says: Do it., paper: notice, after: received, {key}: 24}}\n")
    duty = ask(law, request={"received": "2026-10-31T20:00:00-04:00"}).duties[0]  # the clocks go back that night
    assert duty.due_at is not None
    assert duty.due_at.isoformat() == "2026-11-01T19:00:00-05:00"
    assert (duty.paper, duty.after, duty.hours, duty.reminder) == ("notice", "received", 24, reminds)
    assert ask(law).duties[0].due_at is None


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ("paper: poster", "paper is 'poster'"),
        ("after: lunch, hours: 1", "after is 'lunch'"),
        ("after: held", "counts hours from one step"),
        ("hours: 3", "counts hours from one step"),
        ("after: held, hours: 1, reminder_hours: 2", "counts hours from one step"),
        ("after: held, hours: 1.5", "hours must be a whole number"),
        ("after: held, hours: -1", "hours must be a whole number"),
    ],
)
def test_a_duty_that_cannot_be_counted_is_refused(more: str, problem: str) -> None:
    with pytest.raises(UserError, match=problem):
        laws(f"duties:\n  - {{id: d, cite: § d, says: Do it., {more}}}\n")


def test_what_has_a_part_in_an_answer_is_told_without_the_reasons() -> None:
    """A command that another law forbids, one that sets a ban aside, a limit, and an answer that is open."""
    state = "provisions:\n" + rule("a", "must", "hold", "request.complete", ", prevails: true")
    state += rule("c", "must", "notify") + rule("d", "must", "transfer", "watch_list is match")
    state += "limits:\n  - {id: gone, says: Gone., on: [interview], when: custody.held}\n"
    city = "provisions:\n" + rule("b", "must_not", "hold, notify")
    book = laws(state, city)
    case = Case.read({"id": "one", "agency": "zz", "at": "2026-11-24T12:00:00-05:00", **FACTS})
    engine = book.engine(book.agency("zz"), case.at.date())
    assert engine.deciding(case) == {("one", "a"), ("two", "b"), ("one", "c"), ("one", "gone")}
    answer = engine.decide(case)
    assert {(reason.law, reason.provision) for reason in answer.decisions["hold"].reasons} == {("one", "a")}
    assert [reason.provision for reason in answer.decisions["notify"].against] == ["c"]
    assert answer.decisions["transfer"].modality == "undetermined"


FACTS = {"request": {"complete": True}, "custody": {"held": True}}


def test_what_one_law_says_is_told_without_the_others() -> None:
    book = laws("provisions:\n" + rule("a", "may", "hold"), "provisions:\n" + rule("b", "must_not", "hold"))
    asks = {"request": {"asks": ["access"]}}
    case = Case.read({"id": "one", "agency": "zz", "at": "2026-11-24T12:00:00-05:00", **asks})
    engine = book.engine(book.agency("zz"), case.at.date())
    silent = dict.fromkeys(("notify", "transfer", "interview", "access"), "silent")
    assert engine.said(case, "one") == {"hold": "may", **silent}
    assert engine.said(case, "two") == {"hold": "must_not", **silent}
    assert engine.said(case, "three") == {}
    early = book.engine(book.agency("zz"), date(2019, 12, 31))
    assert early.said(case, "one") == {}


def test_an_exception_that_is_not_met_is_told_with_its_own_citation_and_in_its_own_words() -> None:
    text = "provisions:\n" + rule("a", "must_not", "hold", "custody.held", ", unless: [b]")
    book = laws(text + rule("b", "may", "hold", "request.purpose is criminal"))
    (reason,) = ask(book, custody={"held": True}, request={"purpose": "civil"}).decisions["hold"].reasons
    (own, exception) = reason.because
    assert (own.cite, own.value, own.facts) == ("Made-up Code § 1", True, ("custody.held",))
    assert (exception.cite, exception.value, exception.facts) == ("§ b", False, ("request.purpose",))
    (reason,) = ask(book, custody={"held": True}, request={"purpose": "criminal"}).decisions["hold"].reasons
    (met,) = reason.because
    assert met.value is True
    assert met.text != exception.text
    assert exception.text.endswith(" Not criminal.")
    assert met.text.lower().endswith(" criminal.")
    assert "Not" not in met.text


def test_a_law_alone_tells_the_ends_of_its_own_clock_under_every_reading() -> None:
    """Over Lincoln's Birthday, a holiday of the state alone, and then a weekend with Washington's Birthday."""
    clock = "clocks:\n  - {id: two, cite: § t, says: Two., starts: [custody.releasable_at], hours: 48, "
    clock += "leaves_out: [weekends, holidays], holidays: [us-federal, us-ny]}\n"
    book = laws(clock + "provisions:\n" + rule("a", "may", "hold", more=", until: two") + rule("b", "may", "notify"))
    at = "2026-02-11T09:00:00-05:00"
    answer = ask(book, at=at, custody={"releasable_at": at})
    hold, alone = answer.decisions["hold"], answer.laws[0].decisions["hold"]
    ends = [moment.isoformat() for moment in (alone.until, alone.outer_limit, alone.flat_48) if moment]
    assert ends == ["2026-02-13T09:00:00-05:00", "2026-02-17T09:00:00-05:00", "2026-02-13T09:00:00-05:00"]
    assert (hold.until, hold.outer_limit, hold.flat_48) == (alone.until, alone.outer_limit, alone.flat_48)
    assert answer.laws[0].decisions["notify"].until is None
