"""Where an offense stands in a law of a few lines: every use of its list, every form and grade, what it depends on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import little_law
import pytest

from detainer.law import LawBook
from detainer.law.offense import Outcome, Use, look_up

TEXT = """\
lists: {listed: listed.csv, others: others.csv}
definitions:
  - id: stands
    of: conviction
    cite: § 1
    says: It stands.
    when: status is adult and not vacated and not on_appeal and not hate_crime and judgment_date before at
  - id: grave_one
    of: conviction
    cite: § 2
    says: A felony that stands.
    when: stands and grade is felony
    doubts:
      - {question: lesser, also_if: stands and grade is misdemeanor}
  - {id: grave, cite: § 2, says: A grave felony., when: any conviction where (grave_one and on list listed)}
  - id: classed
    cite: § 3
    says: Of class B.
    when: any conviction where (class is B and on list listed and form is completed)
  - id: charged
    cite: § 4
    says: Held to answer.
    when: any charge where (stage is held_to_answer and on list listed)
  - id: grave_at_times
    cite: § 9
    says: Grave for some purposes.
    when: any conviction where (stands and grade is felony and on list listed) and custody.held
    doubts:
      - {question: minor, also_if: request.withdrawn or any conviction where (stands and on list listed)}
      - {question: finished, only_if: any conviction where (form is completed) and not any warrant where (form is writ)}
      - {question: kept, only_if: custody.held}
  - id: tried
    cite: § 10
    says: Pending, or convicted by another reading.
    when: any charge where (on list listed)
    doubts:
      - {question: convicted, also_if: any conviction where (stands and on list listed)}
      - {question: twice, only_if: not any charge where (grade is misdemeanor)}
  - {id: elsewhere, cite: § 5, says: Another list., when: any conviction where (on list others)}
provisions:
  - {id: a, cite: § 6, says: May hold., effect: may, on: [hold],
     when: grave or classed or charged or elsewhere or grave_at_times or tried}
  - id: b
    cite: § 7
    says: May tell.
    effect: may
    on: [notify]
    when: any conviction where (on list listed except old)
questions:
  - {id: lesser, cite: § 8, asks: Do misdemeanors count?, cautious: No.}
  - {id: minor, cite: § 9, asks: Do misdemeanors count here?, cautious: No.}
  - {id: finished, cite: § 9, asks: Must it be completed?, cautious: No.}
  - {id: kept, cite: § 9, asks: Only in custody?, cautious: No.}
  - {id: convicted, cite: § 10, asks: Is a conviction enough?, cautious: No.}
  - {id: twice, cite: § 10, asks: Not for a misdemeanor?, cautious: It may be.}
"""
COLUMNS = "jurisdiction,law,section,subdivisions,title,class,marks,from,to,grade,source,note\n"
LISTED = (
    "us-ny,PL,10.05,,One,B,,,,A,s,\nus-ny,PL,10.10,2(b),Two,B,old,,,A,s,\nus-ny,VTL,600,,Three,B,,2021-01-01,,A,s,\n"
)
OTHERS = "us-ny,PL,9,,Nine,B,,,,A,s,\nus-ny,PL,10.20,,Four,B,,,,A,s,\nus-ny,PL,200,,Five,B,,,,A,s,\n"
FORMS = ("completed", "attempt", "conspiracy", "solicitation", "facilitation")
DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> LawBook:
    folder: Path = tmp_path_factory.mktemp("laws")
    (folder / "us").mkdir()
    (folder / "us" / "holidays.csv").write_text("day,list,name\n2026-11-26,us-federal,Thanksgiving Day\n")
    (folder / "one.yaml").write_text(little_law.HEAD.format(law="one") + TEXT)
    (folder / "listed.csv").write_text(COLUMNS + LISTED)
    (folder / "others.csv").write_text(COLUMNS + OTHERS)
    (folder / "agencies.yaml").write_text(little_law.AGENCY.format(laws="one"))
    return LawBook.load(folder)


def _uses(book: LawBook, text: str, day: date = DAY) -> dict[str, Use]:
    (standing,) = look_up(book, text, day).standings
    return {use.id: use for use in standing.uses}


def test_a_section_stands_on_its_list_and_every_term_that_asks_for_the_list_is_told(book: LawBook) -> None:
    (standing,) = look_up(book, "PL 10.05", DAY).standings
    assert (standing.law, standing.cite, standing.list, standing.covered) == (
        "one",
        "Made-up Code § 1",
        "listed",
        (True,),
    )
    assert [(use.id, use.cite, use.says, use.of) for use in standing.uses] == [
        ("grave", "§ 2", "A grave felony.", "conviction"),
        ("classed", "§ 3", "Of class B.", "conviction"),
        ("charged", "§ 4", "Held to answer.", "charge"),
        ("grave_at_times", "§ 9", "Grave for some purposes.", "conviction"),
        ("tried", "§ 10", "Pending, or convicted by another reading.", "charge"),
        ("tried", "§ 10", "Pending, or convicted by another reading.", "conviction"),
        ("b", "§ 7", "May tell.", "conviction"),
    ]


def test_each_form_is_told_with_the_grades_that_count_and_the_question_that_would_add_one(book: LawBook) -> None:
    grave = _uses(book, "PL 10.05")["grave"]
    assert tuple(outcome.form for outcome in grave.outcomes) == FORMS
    for outcome in grave.outcomes:
        assert outcome.counts == ("felony",)
        assert outcome.depends == ()
        assert [question.id for question in outcome.open] == ["lesser"]
    told = _uses(book, "PL 10.05")["b"]
    assert {outcome.counts for outcome in told.outcomes} == {("felony", "misdemeanor")}
    assert {outcome.open for outcome in told.outcomes} == {()}


def test_what_it_depends_on_is_told_by_the_fact_and_only_where_it_matters(book: LawBook) -> None:
    classed = {outcome.form: outcome for outcome in _uses(book, "PL 10.05")["classed"].outcomes}
    assert classed["completed"] == Outcome("completed", (), ("class",), ())
    assert classed["attempt"] == Outcome("attempt", (), (), ())


def test_a_charge_is_tried_as_one_that_is_held_to_answer(book: LawBook) -> None:
    (outcome,) = _uses(book, "PL 10.05")["charged"].outcomes
    assert outcome == Outcome("", ("felony", "misdemeanor"), (), ())


@pytest.mark.parametrize(
    ("text", "covered", "counts"),
    [
        ("PL 10.10", (None,), ("felony",)),  # tried with the subdivision that is listed
        ("PL 10.10(2)(b)", (True,), ("felony",)),
        ("PL 10.10(2)(a)", (False,), ()),
        ("pl § 10.10", (None,), ("felony",)),
    ],
)
def test_a_section_that_is_listed_in_part(
    book: LawBook, text: str, covered: tuple[bool | None, ...], counts: tuple[str, ...]
) -> None:
    (standing,) = look_up(book, text, DAY).standings
    assert standing.covered == covered
    uses = {use.id: use for use in standing.uses}
    assert {outcome.counts for outcome in uses["grave"].outcomes} == {counts}
    assert {outcome.counts for outcome in uses["b"].outcomes} == {()}  # the row is marked as old


def test_a_row_of_a_later_day_is_not_in_force_before(book: LawBook) -> None:
    before, after = (_uses(book, "VTL 600", day)["grave"] for day in (date(2020, 12, 31), date(2021, 1, 1)))
    assert {outcome.counts for outcome in before.outcomes} == {()}
    assert {outcome.counts for outcome in after.outcomes} == {("felony",)}


def test_without_the_statute_every_statute_is_searched(book: LawBook) -> None:
    assert [row.title for row in look_up(book, "600", DAY).standings[0].rows] == ["Three"]
    assert look_up(book, "PL 600", DAY).standings == ()


def test_the_neighbours_of_what_is_not_listed_are_told_in_the_order_of_the_statute(book: LawBook) -> None:
    """Sections are numbers and letters, not text: 9 comes before 10.05, and 200 after 10.20."""
    assert look_up(book, "PL 10.15", DAY).nearest == ("PL 10.05", "PL 10.10", "PL 10.20", "PL 200")
    assert look_up(book, "PL 9-a", DAY).nearest == ("PL 9", "PL 10.05", "PL 10.10")
    assert look_up(book, "PL 300", DAY).nearest == ("PL 10.20", "PL 200")
    assert look_up(book, "PL 10.05", DAY).nearest == ()


def test_the_other_reading_of_the_term_itself_is_tried_too(book: LawBook) -> None:
    """What it adds makes a misdemeanor count; what it demands leaves an attempt out; what is no conviction is aside."""
    uses = _uses(book, "PL 10.05")["grave_at_times"]
    told = {one.form: (one.counts, [question.id for question in one.open]) for one in uses.outcomes}
    assert told == {form: (("felony",), ["minor"] if form == "completed" else ["minor", "finished"]) for form in FORMS}


def test_what_another_reading_alone_asks_of_a_conviction_is_told_of_convictions(book: LawBook) -> None:
    (standing,) = look_up(book, "PL 10.05", DAY).standings
    charge, conviction = (use for use in standing.uses if use.id == "tried")
    (outcome,) = charge.outcomes
    assert (outcome.counts, [question.id for question in outcome.open]) == (("felony", "misdemeanor"), ["twice"])
    for outcome in conviction.outcomes:
        assert (outcome.counts, [question.id for question in outcome.open]) == ((), ["convicted"])
