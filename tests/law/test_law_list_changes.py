"""Two days of a law between which rows of its offense list came and went: what can turn, and nothing else."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import little_law
import pytest

from detainer.law import LawBook
from detainer.law.compare import Comparison, compare

COLUMNS = "jurisdiction,law,section,subdivisions,title,class,marks,from,to,grade,source,note\n"
DAYS = date(2024, 1, 1), date(2024, 6, 1)
STAYS = "us-ny,PL,1,,One,B,,,,A,s,\n"
COMES = "us-ny,PL,2,,Two,B,,2024-03-01,,A,s,\n"
GOES = "us-ny,PL,3,,Three,B,,,2024-02-29,A,s,\n"
COMES_MARKED = "us-ny,PL,4,,Four,B,rule,2024-03-01,,A,s,\n"
KEEPS_ITS_MARK = "us-ny,PL,9,,Nine,B,rule,,,A,s,\n"
SHORTER = "us-ny,PL,5,1,Five,B,,,2024-02-29,A,s,\nus-ny,PL,5,1;2,Five,B,,2024-03-01,,A,s,\n"


def _compared(rows: str, when: str) -> Comparison:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "us").mkdir()
        (folder / "us" / "holidays.csv").write_text("day,list,name\n2026-11-26,us-federal,Thanksgiving Day\n")
        body = "lists: {listed: listed.csv}\nprovisions:\n" + little_law.rule("a", "may", "hold", when)
        (folder / "one.yaml").write_text(little_law.HEAD.format(law="one") + body)
        (folder / "listed.csv").write_text(COLUMNS + rows)
        (folder / "agencies.yaml").write_text(little_law.AGENCY.format(laws="one"))
        return compare(LawBook.load(folder), "one", DAYS, 20)


ON = "any conviction where (on list listed)"
GREW, SHRANK = ("silent", "may"), ("may", "silent")


@pytest.mark.parametrize(
    ("rows", "when", "turns"),
    [
        # What was listed on the first day is still listed: only the row that came can turn the answer.
        (STAYS + COMES, ON, {GREW}),
        (STAYS + GOES, ON, {SHRANK}),
        (STAYS + COMES + GOES, ON, {GREW, SHRANK}),
        (STAYS, ON, set()),
        # Only the rows that the condition asks for count.
        (STAYS + COMES_MARKED, ON, {GREW}),
        (STAYS + COMES_MARKED, "any conviction where (on list listed only rule)", {GREW}),
        (STAYS + COMES_MARKED, "any conviction where (on list listed except rule)", set()),
        (STAYS + COMES + KEEPS_ITS_MARK, "any conviction where (on list listed only rule)", set()),
        # A row with other subdivisions is another row.
        (STAYS + SHORTER, ON, {GREW, SHRANK}),
        # On the day of the judgment the list was what it was, whenever that is asked.
        (STAYS + COMES, "any conviction where (on list listed as of judgment_date)", set()),
        # Denied, a longer list permits less.
        (STAYS + COMES, "any conviction where (not on list listed)", {GREW, SHRANK}),
    ],
)
def test_only_what_came_or_went_turns_an_answer(rows: str, when: str, turns: set[tuple[str, str]]) -> None:
    found = _compared(rows, when)
    assert {turned.decisions["hold"] for turned in found.turned} >= (turns if "not on" not in when else {SHRANK})
    assert {turned.decisions["hold"] for turned in found.turned} <= turns
    assert found.complete


def test_each_turn_of_a_list_is_one_pattern_with_a_section_that_came_or_went() -> None:
    grown = _compared(STAYS + COMES, ON)
    (turned,) = grown.turned
    assert turned.example is not None
    assert [case.lists["record.convictions"][0]["section"] for case in turned.example] == ["2", "2"]  # type: ignore[index]
    shrunk = _compared(STAYS + GOES, ON)
    (turned,) = shrunk.turned
    assert turned.example is not None
    assert [case.lists["record.convictions"][0]["section"] for case in turned.example] == ["3", "3"]  # type: ignore[index]


def test_a_condition_on_a_changed_list_names_its_day_and_another_does_not() -> None:
    both = "any conviction where (on list listed) and any conviction where (on list listed only rule)"
    (turned,) = _compared(STAYS + COMES + KEEPS_ITS_MARK, both).turned
    dated = [says for says in turned.says if "By the list of" in says]
    assert len(dated) == 2
    assert {says.rpartition("(By the list of ")[2] for says in dated} == {"2024-01-01.)", "2024-06-01.)"}
