"""What is said beside the answer, on laws of a few lines: because of what, what is missing, what would change it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import little_law
import pytest
from little_law import ask, laws, rule

from detainer.errors import UserError
from detainer.law import Case, LawBook, paper, reading, worked, writing
from detainer.law.check import check
from detainer.law.coverage import Coverage
from detainer.law.files import parse_documents
from detainer.law.language import condition
from detainer.law.phrases import facts_of

LIMIT = """\
limits:
  - {id: gone, cite: § 1, says: Nothing to answer., on: [hold], when: request.withdrawn or not custody.held}
"""
EITHER = "watch_list is match or request.purpose is civil or (custody.held and request.withdrawn)"


def _because(reason: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.cite, one.facts) for one in reason.because]


def test_of_several_grounds_only_those_that_are_met_are_given(tmp_path: Path) -> None:
    book = laws("provisions:\n" + rule("a", "may", "hold", EITHER))
    one = ask(book, watch_list="match", request={"purpose": "criminal"}, custody={"held": False})
    (reason,) = one.decisions["hold"].reasons
    assert _because(reason) == [("Made-up Code § 1", ("watch_list",))]
    two = ask(book, watch_list="no_match", request={"purpose": "criminal", "withdrawn": True}, custody={"held": True})
    (reason,) = two.decisions["hold"].reasons
    assert _because(reason) == [
        ("Made-up Code § 1", ("custody.held",)),
        ("Made-up Code § 1", ("request.withdrawn",)),
    ]


def test_what_leaves_nothing_to_answer_is_given_with_its_ground_and_no_other() -> None:
    book = laws(LIMIT + "provisions:\n" + rule("a", "may", "hold"))
    withdrawn = ask(book, request={"withdrawn": True}, custody={"held": True}).decisions["hold"]
    assert withdrawn.modality == "not_applicable"
    (reason,) = withdrawn.reasons
    assert (reason.provision, reason.cite, reason.text) == ("gone", "§ 1", "Nothing to answer.")
    assert _because(reason) == [("Made-up Code § 1", ("request.withdrawn",))]
    (reason,) = ask(book, request={"withdrawn": False}, custody={"held": False}).decisions["hold"].reasons
    assert _because(reason) == [("Made-up Code § 1", ("custody.held",))]


def test_no_change_is_proposed_that_changes_nothing() -> None:
    book = laws("provisions:\n" + rule("a", "may", "hold", "watch_list is match or person.under_18"))
    said = ask(book, watch_list="match", person={"under_18": False}).decisions["hold"]
    assert [(len(change.if_), change.modality) for change in said.changes] == [(1, "silent")]
    said = ask(book, watch_list="no_match", person={"under_18": False}).decisions["hold"]
    assert [(len(change.if_), change.modality) for change in said.changes] == [(1, "may"), (1, "may")]


LOOKBACK = """\
lookbacks:
  - {id: five, cite: § 2, says: Five., years: 5, starts: judgment_date, measured: arrest.date, extended_by: always}
"""


@pytest.mark.parametrize(
    ("conviction", "needed", "modality"),
    [
        # Six years ago, and nobody has asked for the time served, which could reach across.
        ({"judgment_date": "2020-11-01"}, ["record.convictions.incarceration"], "undetermined"),
        ({"judgment_date": "2020-11-01", "incarceration": []}, [], "silent"),
        # Nothing is missing of time served where the judgment itself is not known.
        ({"incarceration": []}, ["record.convictions.judgment_date"], "undetermined"),
        ({"judgment_date": "2022-11-01"}, [], "may"),
    ],
)
def test_time_served_is_asked_for_only_where_it_could_matter(
    conviction: dict[str, Any], needed: list[str], modality: str
) -> None:
    book = laws(LOOKBACK + "provisions:\n" + rule("a", "may", "hold", "any conviction where (within five)"))
    found = ask(book, arrest={"date": "2026-11-02"}, record={"convictions": [conviction]})
    assert found.decisions["hold"].modality == modality
    assert [need.fact.replace("[1]", "") for need in found.facts_needed] == needed


def test_an_answer_names_each_law_by_the_first_twelve_signs_of_its_digest() -> None:
    book = laws("provisions:\n" + rule("a", "may", "hold"), "provisions:\n" + rule("b", "must_not", "hold"))
    assert ask(book).digest == f"{book.laws['one'].digest[:12]}+{book.laws['two'].digest[:12]}"


def test_a_page_as_data_has_its_head_and_its_digest() -> None:
    book = laws("about: About it.\nprovisions:\n" + rule("a", "may", "hold"))
    page = reading.read(book, "one", date(2026, 11, 24))
    found = page.as_json()
    assert {key: found[key] for key in ("law", "name", "cite", "about", "on", "version", "digest")} == {
        "law": "one",
        "name": "A made-up law",
        "cite": "Made-up Code § 1",
        "about": "About it.",
        "on": "2026-11-24",
        "version": "2020-01-01",
        "digest": book.laws["one"].digest,
    }
    assert set(found) - {"law", "name", "cite", "about", "on", "version", "digest"} == {"versions", "rules"}


def test_a_page_as_text_begins_with_its_head_and_its_versions() -> None:
    later = "  - {first: 2021-01-01, by: Another act, says: It says more., grade: B}\n"
    text = little_law.HEAD.format(law="one").replace("first: 2020-01-01,", "first: 2020-01-01, last: 2020-12-31,")
    lines = paper.text(reading.read(_book(text + later), "one", date(2026, 11, 24))).splitlines()
    assert lines[:7] == [
        "Made-up Code § 1",
        "A made-up law (one)",
        "As in force on 2026-11-24: the version of 2021-01-01, by Another act.",
        "",
        "Versions",
        "  2020-01-01 to 2020-12-31: An act. It says. [A]",
        "→ from 2021-01-01: Another act. It says more. [B]",
    ]


def _book(text: str, **more: str) -> LawBook:
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "us").mkdir()
        (folder / "us" / "holidays.csv").write_text("day,list,name\n2026-11-26,us-federal,Thanksgiving Day\n")
        for name, content in {"one": text, **more}.items():
            (folder / f"{name}.yaml").write_text(content)
        (folder / "agencies.yaml").write_text(little_law.AGENCY.format(laws=", ".join(["one", *more])))
        return LawBook.load(folder)


def test_an_unused_term_of_its_own_is_found_and_one_taken_over_is_not() -> None:
    lender = little_law.HEAD.format(law="one") + (
        "definitions:\n  - {id: used, cite: § 1, says: S., when: custody.held}\n"
        "  - {id: idle, cite: § 1, says: S., when: custody.held}\nprovisions:\n" + rule("a", "may", "hold", "used")
    )
    borrower = little_law.HEAD.format(law="two") + (
        "borrows: one\ndefinitions:\n  - {id: mine, cite: § 2, says: S., when: request.withdrawn}\nprovisions:\n"
        + rule("b", "may", "notify", "idle")
    )
    report = check(_book(lender, two=borrower), [])
    found = {(Path(one.where).name.partition(":")[0], one.says) for one in report.faults if one.kind == "never used"}
    assert found == {
        ("one.yaml", "nothing uses the definition idle"),
        ("two.yaml", "nothing uses the definition mine"),
    }


def test_where_nothing_is_asked_everything_is_shown() -> None:
    assert Coverage().share == 1.0


def test_a_moment_that_came_out_otherwise_is_told_in_the_offset_of_the_case() -> None:
    clock = "clocks:\n  - {id: two, cite: § 3, says: Two days., starts: [custody.releasable_at], hours: 48}\n"
    book = laws(clock + "provisions:\n" + rule("a", "may", "hold", "always", ", until: two"))
    case = Case.read(
        {
            "id": "one",
            "agency": "zz",
            "at": "2026-11-24T12:00:00-05:00",
            "custody": {"releasable_at": "2026-11-24T12:00:00-05:00"},
            "expect": {"hold": "may", "hold_until": "2026-11-26T16:00:00+00:00"},
        }
    )
    (difference,) = worked.differences(case, book.decide(case))
    assert (difference.key, difference.expected, difference.got) == (
        "hold_until",
        "2026-11-26T16:00:00+00:00",
        "2026-11-26T17:00:00+00:00",
    )


def test_text_in_another_language_is_written_as_it_is() -> None:
    case = Case.read({"id": "one", "agency": "zz", "at": "2026-11-24T12:00:00-05:00", "about": "Señora, sí: «así»"})
    assert 'about: "Señora, sí: «así»"\n' in writing.written(case)


def test_a_file_that_is_no_yaml_is_told_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^one\.yaml:3: not readable as YAML"):
        list(parse_documents("id: one\nagency: zz\n\tat: x\n", "one.yaml"))


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("request.purpose is civil and watch_list is match", ["request.purpose", "watch_list"]),
        ("arrest.date before custody.releasable_at", ["arrest.date", "custody.releasable_at"]),
        ("any warrant where (form is judicial)", ["warrants"]),
        ("any charge where (grade is felony) or watch_list is match", ["record.charges", "watch_list"]),
        ("two_days is over", ["custody.releasable_at"]),
        ("always", []),
    ],
)
def test_the_facts_of_a_condition(text: str, facts: list[str]) -> None:
    assert list(facts_of(condition(text, "one"))) == facts
