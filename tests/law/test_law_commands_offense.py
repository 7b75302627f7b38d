"""`detainer law offense`: where a section stands, and what the law's own condition makes of each form of it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from detainer import cli
from detainer.errors import UserError
from detainer.law import LawBook
from detainer.law.offense import Outcome, look_up, parse

POLICE = "us-ny-nyc-police"
WITHIN = "convicted_of_a_violent_or_serious_crime"
EVER = "ever_convicted_of_a_violent_or_serious_crime"
TODAY = date(2026, 6, 1)


def _forms(book: LawBook, section: str, day: date = TODAY, term: str = WITHIN, law: str = POLICE) -> dict[str, Outcome]:
    found = look_up(book, section, day)
    (use,) = (use for standing in found.standings if standing.law == law for use in standing.uses if use.id == term)
    return {outcome.form: outcome for outcome in use.outcomes}


def test_a_listed_felony_counts_in_every_form_that_is_itself_a_felony(book: LawBook) -> None:
    forms = _forms(book, "PL 120.05")
    assert set(forms) == {"completed", "attempt", "conspiracy", "solicitation", "facilitation"}
    assert {outcome.counts for outcome in forms.values()} == {("felony",)}


def test_leaving_the_scene_counts_only_when_completed(book: LawBook) -> None:
    # § 14-154(a)(6)(iv) names it apart from the clause on attempts, (iii).
    forms = _forms(book, "VTL 600")
    assert forms.pop("completed").counts == ("felony",)
    assert {outcome.counts for outcome in forms.values()} == {()}


def test_the_attempt_of_a_crime_added_by_rule_is_told_as_an_open_question(book: LawBook) -> None:
    attempt = _forms(book, "PL 230.08")["attempt"]
    assert attempt.counts == ()
    assert [question.id for question in attempt.open] == ["attempt_of_a_crime_added_by_rule"]
    assert _forms(book, "PL 230.08")["completed"].counts == ("felony",)


def test_before_the_rule_it_counts_not_and_whether_it_was_in_force_is_open(book: LawBook) -> None:
    completed = _forms(book, "PL 230.08", date(2019, 10, 1))["completed"]
    assert completed.counts == ()
    assert "rule_of_2019" in [question.id for question in completed.open]


def test_an_offense_that_the_state_added_later_is_not_listed_before(book: LawBook) -> None:
    # L. 2018 ch. 189 put Penal Law § 230.34-a on the list.
    assert _forms(book, "PL 230.34-a", date(2018, 11, 12))["completed"].counts == ()
    assert _forms(book, "PL 230.34-a", date(2018, 11, 13))["completed"].counts == ("felony",)


def test_a_repealed_section_is_marked_and_its_question_carried(book: LawBook) -> None:
    (row,) = next(s for s in look_up(book, "PL 125.40", TODAY).standings if s.law == POLICE).rows
    assert "repealed" in row.marks
    assert [question.id for question in _forms(book, "PL 125.40")["completed"].open] == ["repealed_sections"]


def test_only_the_listed_subdivision_counts(book: LawBook) -> None:
    assert _forms(book, "PL 135.65(2)(b)")["completed"].counts == ("felony",)
    assert _forms(book, "PL 135.65(1)")["completed"].counts == ()
    assert _forms(book, "PL 135.65")["completed"].counts == ("felony",)
    covered = {
        text: look_up(book, text, TODAY).standings[0].covered
        for text in ("PL 135.65(2)(b)", "PL 135.65(1)", "PL 135.65(2)", "PL 135.65", "PL 120.05")
    }
    assert list(covered.values()) == [(True,), (False,), (None,), (None,), (True,)]


def test_the_clause_on_any_time_is_told_beside_the_five_years(book: LawBook) -> None:
    assert _forms(book, "PL 120.05", term=EVER)["completed"].counts == ("felony",)


def test_a_list_of_2013_speaks_of_pending_charges_and_plays_no_part_today(book: LawBook) -> None:
    # Local Law 21 of 2013: assault in the third degree, a misdemeanor, when the case is pending.
    forms = _forms(book, "PL 120.00", date(2014, 6, 1), "covered_case_pending")
    assert forms[""].counts == ("felony", "misdemeanor")
    (standing,) = (standing for standing in look_up(book, "PL 120.00", TODAY).standings if standing.law == POLICE)
    assert standing.uses == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("PL 120.05", ("PL", "120.05", "")),
        ("pl 130.65-A", ("PL", "130.65-a", "")),
        ("PL § 135.65(2)(b)", ("PL", "135.65", "(2)(b)")),
        ("120.05", ("", "120.05", "")),
        ("VTL 600(2)", ("VTL", "600", "(2)")),
    ],
)
def test_a_section_is_read_as_people_cite_it(text: str, parts: tuple[str, str, str]) -> None:
    sought = parse(text)
    assert (sought.law, sought.section, sought.subdivision) == parts


def test_without_the_statute_every_statute_is_searched(book: LawBook) -> None:
    assert look_up(book, "120.05", TODAY).standings == look_up(book, "PL 120.05", TODAY).standings


def test_what_is_not_listed_is_told_with_its_neighbours_and_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._run(["law", "offense", "PL 120.06-a", "--on", "2026-06-01"]) == 1
    said = capsys.readouterr().out
    assert said == "PL 120.06-a is not listed anywhere; nearest: PL 120.05, PL 120.06, PL 120.07, PL 120.08.\n"
    assert cli._run(["law", "offense", "PL 120.06-a", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["listed"] is False


def test_sections_are_ordered_as_the_statute_orders_them(book: LawBook) -> None:
    assert look_up(book, "PL 1.00", TODAY).nearest[0] == "PL 120.00"
    assert look_up(book, "PL 130.65-b", TODAY).nearest[1] == "PL 130.65-a"
    assert len(look_up(book, "PL 999.99", TODAY).nearest) == 2


def test_the_text_names_title_days_marks_grade_and_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._run(["law", "offense", "PL 230.34-a", "--on", "2026-06-01"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("PL 230.34-a: Sex trafficking of a child")
    assert "Listed from 2018-11-13, every subdivision, class B, marked added and statute, grade A." in said
    assert "Source: COD; A6338; RCNY." in said
    assert "completed, attempt, conspiracy, solicitation and facilitation: counts if it is itself a felony" in said


def test_as_json_every_row_and_every_form_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._run(["law", "offense", "PL 120.05", "--on", "2026-06-01", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    police = next(entry for entry in said["lists"] if entry["law"] == POLICE)
    assert police["rows"][0]["title"] == "Assault in the second degree"
    assert police["rows"][0]["from"] == "2014-12-14"
    within = next(use for use in police["counts_as"] if use["id"] == WITHIN)
    assert within["forms"][1] == {"form": "attempt", "counts_as": ["felony"], "depends_on": [], "open": []}


@pytest.mark.parametrize("text", ["hello", "", "Penal Law", "PL (2)"])
def test_what_is_no_section_is_one_line(text: str) -> None:
    with pytest.raises(UserError, match=r"is no section\. Write it as PL 120\.05"):
        cli._run(["law", "offense", text])


def test_a_statute_that_no_list_names_is_one_line() -> None:
    with pytest.raises(UserError, match=r"no list names a section of ORS\. Lists name sections of .*PL.*VTL"):
        cli._run(["law", "offense", "ORS 163.160"])
