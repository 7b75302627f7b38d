"""`detainer law test`: what comes out otherwise than a worked case expects is shown, key by key, and fails the run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from detainer import cli
from detainer.errors import UserError
from detainer.law import LawBook, read_cases, worked
from detainer.law.worked import Difference

CASE = """
id: made-up
about: A detainer alone
agency: us-ny-nyc-police
at: 2026-11-24T10:00:00-05:00
request: {form: I-247A, asks: [hold, notify], from: ice, purpose: civil, withdrawn: false}
warrants: []
custody: {held: true, releasable_at: 2026-11-24T10:00:00-05:00, hold_started: null, transferred_in: false}
search: {run: at_release}
person: {matches_request: true, claims_citizenship: false}
record: {convictions: []}
watch_list: match
grounds: []
"""
# From the statute: § 14-154(b)(2) permits the hold on a watch-list match for 48 hours without Thanksgiving; state law
# (Wells) gives no power for it, and telling is never permitted on that ground.
RIGHT = """
  hold: must_not
  notify: must_not
  flat_48: 2026-11-26T10:00:00-05:00
  outer_limit: 2026-11-27T10:00:00-05:00
  counsel: true
  laws:
    us-ny-nyc-police: {hold: may, hold_until: 2026-11-27T10:00:00-05:00, notify: must_not}
  decided_by: anything, as nobody compares it
"""
POLICE = "laws.us-ny-nyc-police"


@pytest.fixture
def cases(tmp_path: Path) -> Callable[[str], Path]:
    """A file with one worked case that expects this."""

    def write(expect: str) -> Path:
        file = tmp_path / "cases.yaml"
        file.write_text(f"{CASE}expect: {expect}\n")
        return file

    return write


def _differences(book: LawBook, file: Path) -> list[Difference]:
    return [difference for done in worked.run(book, [file]) for difference in done.differences]


def test_a_case_that_comes_out_as_expected_differs_in_nothing(book: LawBook, cases: Callable[[str], Path]) -> None:
    assert _differences(book, cases(RIGHT)) == []


@pytest.mark.parametrize(
    ("right", "wrong", "key", "expected", "got"),
    [
        ("  hold: must_not", "  hold: may", "hold", "may", "must_not"),
        ("  notify: must_not", "  notify: silent", "notify", "silent", "must_not"),
        ("flat_48: 2026-11-26T10", "flat_48: 2026-11-26T11", "flat_48", "2026-11-26T11", "2026-11-26T10"),
        ("outer_limit: 2026-11-27T10", "outer_limit: 2026-11-28T10", "outer_limit", "2026-11-28T10", "2026-11-27T10"),
        ("{hold: may,", "{hold: must,", f"{POLICE}.hold", "must", "may"),
        ("until: 2026-11-27T10", "until: 2026-11-27T09", f"{POLICE}.hold_until", "2026-11-27T09", "2026-11-27T10"),
    ],
)
def test_a_wrong_expectation_is_the_one_difference(
    book: LawBook, cases: Callable[[str], Path], right: str, wrong: str, key: str, expected: str, got: str
) -> None:
    assert RIGHT.count(right) == 1
    (found,) = _differences(book, cases(RIGHT.replace(right, wrong)))
    assert (found.key, found.expected[:13], found.got[:13]) == (key, expected, got)


def test_the_same_moment_in_another_offset_is_no_difference(book: LawBook, cases: Callable[[str], Path]) -> None:
    assert _differences(book, cases("{flat_48: 2026-11-26T15:00:00+00:00}")) == []


def test_a_hold_that_is_not_permitted_has_no_end(book: LawBook, cases: Callable[[str], Path]) -> None:
    (found,) = _differences(book, cases("{hold_until: 2026-11-27T10:00:00-05:00}"))
    assert (found.key, found.got) == ("hold_until", "no end")


def test_a_question_that_is_missing_and_one_too_many_are_told_apart(
    book: LawBook, cases: Callable[[str], Path]
) -> None:
    (too_many,) = _differences(book, cases("{counsel: false}"))
    assert too_many.expected == "no question"
    assert "wells_override" in too_many.got
    (case,) = read_cases(cases("{counsel: true}"))
    silent = replace(book.decide(case), counsel=())
    assert worked.differences(case, silent) == [Difference("counsel", "a question", "no question")]


def test_a_law_that_does_not_bind_or_was_not_in_force_says_nothing(book: LawBook, cases: Callable[[str], Path]) -> None:
    (found,) = _differences(book, cases("{laws: {us-tx: {hold: must}}}"))
    assert found == Difference("laws.us-tx.hold", "must", "does not bind the agency")
    early = cases("{laws: {us-ny: {hold: must_not}}}")
    early.write_text(early.read_text().replace("at: 2026-11-24", "at: 2015-11-24"))
    (found,) = _differences(book, early)
    assert found == Difference("laws.us-ny.hold", "must_not", "not in force")


def test_a_decision_that_nobody_asked_for_is_not_judged(book: LawBook, cases: Callable[[str], Path]) -> None:
    (found,) = _differences(book, cases("{status: may}"))
    assert found.got.startswith("not judged")


@pytest.mark.parametrize("nothing", ["{}", "{decided_by: The statute}"])
def test_a_case_that_expects_nothing_fails_because_it_shows_nothing(
    book: LawBook, cases: Callable[[str], Path], nothing: str
) -> None:
    assert [found.key for found in _differences(book, cases(nothing))] == ["expect"]


def test_the_command_counts_and_its_exit_code_tells(
    cases: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli._run(["law", "test", str(cases(RIGHT))]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 0 failed"
    assert cli._run(["law", "test", str(cases("{hold: may, notify: must_not}"))]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "0 passed, 1 failed"
    assert [line.split() for line in lines[-3:-1]] == [["expected", "got"], ["hold", "may", "must_not"]]


def test_as_json_every_case_is_there_with_its_differences(
    cases: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli._run(["law", "test", str(cases("{hold: may}")), "--format", "json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["passed"], said["failed"]) == (0, 1)
    assert said["cases"][0]["differences"] == [{"key": "hold", "expected": "may", "got": "must_not"}]


def test_a_folder_is_searched_for_folders_of_cases(tmp_path: Path, book: LawBook) -> None:
    inner = tmp_path / "place" / "cases"
    inner.mkdir(parents=True)
    (tmp_path / "place" / "law.yaml").write_text("law: x\n")
    (inner / "one.yaml").write_text(f"{CASE}expect: {RIGHT}")
    assert worked.case_files(tmp_path) == [inner / "one.yaml"]
    assert worked.case_files(inner) == [inner / "one.yaml"]


def test_where_there_is_nothing_to_run_one_line_says_so(tmp_path: Path, cases: Callable[[str], Path]) -> None:
    with pytest.raises(UserError, match="no such file or folder"):
        cli._run(["law", "test", str(tmp_path / "nowhere")])
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="no worked case here"):
        cli._run(["law", "test", str(tmp_path / "empty")])
    file = cases(RIGHT)
    file.write_text(file.read_text().replace("us-ny-nyc-police\n", "us-nowhere\n"))
    with pytest.raises(UserError, match=r"cases\.yaml: case made-up: there is no agency us-nowhere\. Agencies: us-"):
        cli._run(["law", "test", str(file)])
