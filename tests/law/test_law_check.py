"""`detainer law check`: each kind of finding, on laws of a few lines, and what it proves and measures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import little_law
import pytest
from little_law import laws, rule

from detainer import cli
from detainer.errors import UserError
from detainer.law import Case, LawBook
from detainer.law.check import Report, check

BODY = little_law.HEAD.count("\n") + 1  # the line of a law file on which what a test adds begins


def inspected(book: LawBook, *cases: dict[str, Any]) -> Report:
    head = {"agency": "zz", "at": "2026-11-24T12:00:00-05:00"}
    return check(book, [Case.read({"id": f"c{n}", **head, **case}) for n, case in enumerate(cases, 1)])


def faults(report: Report, *kinds: str) -> list[tuple[str, str, str]]:
    """The findings of these kinds: the file and line, without the folder, or the case; the kind; what is said."""
    return [(Path(one.where).name, one.kind, one.says) for one in report.faults if one.kind in kinds]


def provisions(*rules: str) -> str:
    return "provisions:\n" + "".join(rules)


# What never decides.


def test_a_provision_that_another_of_its_kind_always_covers_never_decides() -> None:
    text = provisions(rule("a", "must_not", "hold"), rule("b", "must_not", "hold", "watch_list is match"))
    said = "the provision b never decides anything"
    assert faults(inspected(laws(text)), "never decides") == [(f"one.yaml:{BODY + 2}", "never decides", said)]


def test_a_provision_that_a_stronger_one_always_beats_never_decides() -> None:
    text = provisions(rule("a", "must_not", "hold"), rule("b", "may", "hold", "watch_list is match"))
    assert [one[2] for one in faults(inspected(laws(text)), "never decides")] == [
        "the provision b never decides anything"
    ]


def test_a_provision_decides_where_it_alone_lifts_another() -> None:
    """The permission says nothing of its own beside the command; it takes the ban away."""
    text = provisions(
        rule("a", "must_not", "hold", more=", unless: [b]"),
        rule("b", "may", "hold", "watch_list is match"),
        rule("c", "must", "hold"),
    )
    assert faults(inspected(laws(text)), "never decides") == []


def test_of_two_that_always_lift_together_neither_decides() -> None:
    text = provisions(
        rule("a", "must_not", "hold", more=", unless: [b, d]"),
        rule("b", "may", "hold", "watch_list is match"),
        rule("d", "may", "hold", "watch_list is match"),
        rule("c", "must", "hold"),
    )
    assert [one[2].split()[2] for one in faults(inspected(laws(text)), "never decides")] == ["b", "d"]


def test_a_provision_that_decides_under_the_other_reading_of_a_question_decides() -> None:
    text = (
        "questions:\n  - {id: q, cite: § q, asks: Is it?, cautious: No.}\n"
        "definitions:\n  - {id: t, cite: § t, says: It is., when: never, "
        "doubts: [{question: q, also_if: custody.held}]}\n" + provisions(rule("a", "may", "hold", "t"))
    )
    assert faults(inspected(laws(text)), "never decides", "never asked", "never used") == []


# What contradicts, and what does not hold.


def test_a_contradiction_is_told_with_a_state_in_the_words_of_the_law() -> None:
    text = provisions(rule("a", "may", "hold", "custody.held"), rule("b", "must_not", "hold", "watch_list is match"))
    (found,) = faults(inspected(laws(text)), "contradiction")
    assert found[0] == f"one.yaml:{BODY + 2}"
    assert found[2].startswith("a permits what b forbids: ")
    assert "custody" in found[2]
    assert "watch" in found[2].lower() or "screening" in found[2]


def test_a_ban_that_the_permission_lifts_contradicts_nothing() -> None:
    text = provisions(rule("a", "may", "hold", "custody.held"), rule("b", "must_not", "hold", more=", unless: [a]"))
    assert faults(inspected(laws(text)), "contradiction") == []


def test_what_is_permitted_of_one_decision_and_forbidden_of_another_contradicts_nothing() -> None:
    text = provisions(rule("a", "must", "hold, notify"), rule("b", "must_not", "transfer"))
    assert faults(inspected(laws(text)), "contradiction") == []


GUARANTEE = "guarantees:\n  - {says: Nobody is held., cite: § g, decision: hold, never: [may, must], when: always}\n"


def test_a_guarantee_that_holds_is_proved_for_each_day_on_which_the_law_changed() -> None:
    text = GUARANTEE + provisions(rule("a", "must_not", "hold"), rule("b", "may", "notify", more=", first: 2021-01-01"))
    report = inspected(laws(text))
    assert faults(report, "guarantee broken") == []
    assert [(one.law, one.cite, one.says, one.editions) for one in report.proofs] == [
        ("one", "§ g", "Nobody is held.", 2)
    ]


def test_a_guarantee_that_a_wider_law_breaks_is_told_with_the_day_and_the_facts() -> None:
    narrow = GUARANTEE + provisions(rule("a", "must_not", "hold", "watch_list is match"))
    wide = provisions(rule("b", "may", "hold", "custody.held"))
    report = inspected(laws(wide, narrow))
    (found,) = faults(report, "guarantee broken")
    assert found[0] == f"two.yaml:{BODY + 1}"
    assert found[2].startswith("'Nobody is held.' does not hold for zz on 2020-01-01: ")
    assert report.proofs == ()


# What can be seen from one file.


def test_days_on_which_no_version_is_in_force_are_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    two = "  - {{first: 2020-01-01, last: 2020-12-30, by: An act, says: It says., grade: A}}\n"
    two += "  - {{first: 2021-01-01, by: Another, says: It says., grade: A}}\n"
    head, _, _ = little_law.HEAD.partition("  - ")
    monkeypatch.setattr(little_law, "HEAD", head + two)
    report = inspected(laws(provisions(rule("a", "must_not", "hold"))))
    said = "no version is in force between 2020-12-30 and 2021-01-01"
    assert faults(report, "gap") == [(f"one.yaml:{BODY}", "gap", said)]
    monkeypatch.setattr(little_law, "HEAD", head + two.replace("12-30", "12-31"))
    assert faults(inspected(laws(provisions(rule("a", "must_not", "hold")))), "gap") == []


def test_a_definition_and_a_question_that_nothing_speaks_of_are_found_at_their_lines() -> None:
    text = (
        "questions:\n  - {id: q, cite: § q, asks: Is it?, cautious: No.}\n"
        "definitions:\n  - {id: used, cite: § u, says: It is., when: inner}\n"
        "  - {id: inner, cite: § i, says: It is inside., when: custody.held}\n"
        "  - {id: idle, cite: § d, says: It is idle., when: custody.held}\n"
        + provisions(rule("a", "may", "hold", "used"))
    )
    assert set(faults(inspected(laws(text)), "never used", "never asked")) == {
        (f"one.yaml:{BODY + 1}", "never asked", "nothing in the law raises the question q"),
        (f"one.yaml:{BODY + 5}", "never used", "nothing uses the definition idle"),
    }


@pytest.mark.parametrize(
    "use",
    [
        "limits:\n  - {id: l, says: Gone., on: [hold], when: t}\n",
        "duties:\n  - {id: d, cite: § d, says: Do it., when: t}\n",
        "guarantees:\n  - {says: Never., cite: § g, decision: hold, never: [must], when: t}\n",
        "implies:\n  - {if: t, then: custody.held, says: It brings it.}\n",
        "implies:\n  - {if: custody.held, then: t, says: It brings it.}\n",
        "questions:\n  - {id: q, cite: § q, asks: Is it?, cautious: No., when: t}\n",
    ],
    ids=["limit", "duty", "guarantee", "if", "then", "question"],
)
def test_a_definition_is_used_wherever_a_condition_names_it(use: str) -> None:
    term = "definitions:\n  - {id: t, cite: § t, says: It is., when: custody.held}\n"
    assert faults(inspected(laws(term + use + provisions(rule("a", "may", "hold")))), "never used") == []
    alone = laws(term + provisions(rule("a", "may", "hold")))
    assert len(faults(inspected(alone), "never used")) == 1


# The worked cases.


def test_a_worked_case_that_comes_out_otherwise_is_a_finding() -> None:
    report = inspected(laws(provisions(rule("a", "may", "hold"))), {"expect": {"hold": "must_not"}})
    assert faults(report, "worked case fails") == [("case c1", "worked case fails", "hold is may, expected must_not")]


AND, OR = "custody.held and public_information", "custody.held or public_information"


@pytest.mark.parametrize(
    ("when", "cases", "missing"),
    [
        # In `a and b` a part turns the whole only where the other is met; in `a or b` only where it is not.
        (AND, [], {"held +", "held -", "public +", "public -"}),
        (AND, [(True, True)], {"held -", "public -"}),
        (AND, [(False, False)], {"held +", "held -", "public +", "public -"}),
        (AND, [(True, True), (False, True), (True, False)], set()),
        (AND, [(True, True), (False, None)], {"held -", "public -"}),
        (OR, [(True, True)], {"held +", "held -", "public +", "public -"}),
        (OR, [(False, False)], {"held +", "public +"}),
        (OR, [(True, False), (False, True), (False, False)], set()),
        (f"not ({AND})", [(True, True)], {"held -", "public -"}),
    ],
    ids=range(9),
)
def test_a_condition_is_shown_where_it_alone_turns_the_whole(
    when: str, cases: list[tuple[bool | None, bool | None]], missing: set[str]
) -> None:
    made = []
    for held, public in cases:
        known = {"custody": {"held": held}, "public_information": public}
        made.append({key: value for key, value in known.items() if value is not None})
    report = inspected(laws(provisions(rule("a", "may", "hold", when))), *made)
    names = {"custody.held": "held", "public_information": "public"}
    found = {f"{names[asked[3]]} {'+' if asked[4] else '-'}" for asked in report.coverage.missing}
    assert found == missing
    assert report.coverage.share == 1 - len(missing) / 4
    assert len(report.coverage.asked) == 4


def test_what_is_not_shown_is_told_by_provision_condition_and_side() -> None:
    report = inspected(laws(provisions(rule("a", "may", "hold", "custody.held"))), {"custody": {"held": True}})
    said = "no worked case shows a turning on: custody.held (not met)"
    assert faults(report, "not shown") == [(f"one.yaml:{BODY + 1}", "not shown", said)]


def test_a_definition_of_a_paper_is_shown_by_the_papers_of_the_cases() -> None:
    text = "definitions:\n  - {id: court, of: warrant, cite: § w, says: A court's paper., when: TEST}\n"
    text = text.replace("TEST", "names_person and form is judicial")
    book = laws(text + provisions(rule("a", "may", "hold", "any warrant where (court)")))
    papers = [{"names_person": True, "form": "judicial"}, {"names_person": False, "form": "judicial"}]
    missing = {asked[3:] for asked in inspected(book, {"warrants": papers}).coverage.missing if asked[1] == "court"}
    assert missing == {("form is judicial", False)}


def test_a_condition_that_the_facts_never_leave_free_is_not_asked_for() -> None:
    """A form that is I-247A is no I-247N: that it is one cannot be what decides, only that it is none."""
    when = "request.form is I-247A and request.form is not I-247N"
    asked = inspected(laws(provisions(rule("a", "may", "hold", when)))).coverage.asked
    assert {key[3:] for key in asked} == {
        ("request.form is I-247A", True),
        ("request.form is I-247A", False),
        ("request.form is I-247N", False),
    }


# The command.


def test_the_command_tells_findings_proofs_and_the_share_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "us").mkdir()
    (tmp_path / "us" / "holidays.csv").write_text("day,list,name\n2026-11-26,us-federal,Thanksgiving Day\n")
    text = GUARANTEE + provisions(rule("a", "must_not", "hold", "custody.held"))
    (tmp_path / "one.yaml").write_text(little_law.HEAD.format(law="one") + text)
    (tmp_path / "agencies.yaml").write_text(little_law.AGENCY.format(laws="one"))
    (tmp_path / "cases").mkdir()
    case = "id: c1\nagency: zz\nat: 2026-11-24T12:00:00-05:00\ncustody: {held: true}\nexpect: {hold: must_not}\n"
    (tmp_path / "cases" / "one.yaml").write_text(case)
    assert cli._run(["law", "check", str(tmp_path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"one.yaml:{BODY + 3}: not shown: no worked case shows a turning on: custody.held (not met)",
        "proved for 1 editions: Nobody is held. [one, § g]",
        "1 findings; 1 guarantees proved; 1 worked cases show 1 of 2 conditions deciding (50.0%)",
    ]
    (tmp_path / "cases" / "two.yaml").write_text(case.replace("true", "false").replace("must_not", "silent"))
    assert cli._run(["law", "check", "--laws", str(tmp_path), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "findings": [],
        "proved": [{"law": "one", "cite": "§ g", "says": "Nobody is held.", "editions": 1}],
        "coverage": {"share": 1.0, "asked": 2, "cases": 2},
    }


def test_two_folders_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="two folders of laws"):
        cli._run(["law", "check", str(tmp_path), "--laws", str(tmp_path)])


def test_what_is_found_stands_in_the_order_of_the_lines() -> None:
    """Line 9 before line 10, which as text comes first."""
    idle = [rule(f"r{number}", "may", "hold", "never") for number in range(9)]
    lines = [int(one.where.rpartition(":")[2]) for one in inspected(laws(provisions(*idle))).faults if ":" in one.where]
    assert lines == sorted(lines)
    assert min(lines) < 10 <= max(lines)
