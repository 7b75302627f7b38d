"""Everything that a law's page can say of an entry, on one made-up law that has each kind: label by label."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import little_law
import pytest

from detainer.law import LawBook, reading
from detainer.law.entries import Entry
from detainer.law.wording import Clause, sentence

TEXT = """\
lists: {listed: listed.csv}
lookbacks:
  - id: ten_years
    cite: § 2
    says: Ten years.
    years: 10
    starts: judgment_date
    measured: arrest.date
    counted_from: offense_date
    extended_by: grade is felony
    includes_last_day: true
clocks:
  - {id: two_days, cite: § 3, says: Two days., starts: [custody.releasable_at, custody.hold_started], hours: 48,
     leaves_out: [weekends, holidays], holidays: [us-federal]}
  - {id: that_day, cite: § 4, says: That day., starts: [custody.releasable_at], end_of_day: true}
definitions:
  - {id: court_paper, of: warrant, cite: § 5, says: A court's paper., when: form is judicial, grade: A,
     doubts: [{question: writs, also_if: form is writ}]}
  - {id: kept, cite: § 6, says: The person is kept., lacking: The person is free., when: custody.held, grade: B,
     doubts: [{question: whose, only_if: custody.basis is arrest}]}
limits:
  - {id: gone, cite: § 7, says: It is gone., on: [hold, notify], when: request.withdrawn}
provisions:
  - {id: ban, cite: § 8, says: No hold., effect: must_not, on: [hold], when: kept, unless: [gate], grade: C}
  - {id: gate, cite: § 9, says: A hold., effect: must, on: [hold, notify], when: 'any warrant where (court_paper)',
     prevails: true, until: two_days, first: 2021-02-03, last: 2031-02-03}
questions:
  - {id: writs, cite: § 10, asks: Is a writ one?, cautious: It is not.}
  - {id: whose, cite: § 11, asks: Whose arrest?, cautious: Anybody's., when: custody.held}
duties:
  - {id: tell, cite: § 12, says: Tell the person., when: kept, due: at once, paper: notice, after: received, hours: 24}
  - {id: by_then, cite: § 15, says: Release., when: kept, clock: that_day}
  - {id: later, cite: § 13, says: Tell counsel., when: kept, after: held, reminder_hours: 3}
implies:
  - {if: kept, then: custody.held, says: Who is kept is held.}
guarantees:
  - {says: Nobody is held on nothing., cite: § 14, decision: hold, never: [may, must], when: not kept}
"""
ROWS = """\
jurisdiction,law,section,subdivisions,title,class,marks,from,to,grade,source,note
us-ny,PL,1,,One,B,,,,A,s,
us-ny,PL,2,,Two,B,,2030-01-01,,A,s,
us-ny,PL,3,,Three,B,,,,A,s,
"""
KEPT = "“kept”"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> LawBook:
    folder: Path = tmp_path_factory.mktemp("laws")
    (folder / "us").mkdir()
    (folder / "us" / "holidays.csv").write_text("day,list,name\n2026-11-26,us-federal,Thanksgiving Day\n")
    (folder / "one.yaml").write_text(little_law.HEAD.format(law="one") + TEXT)
    (folder / "listed.csv").write_text(ROWS)
    (folder / "agencies.yaml").write_text(little_law.AGENCY.format(laws="one"))
    return LawBook.load(folder)


def _told(entry: Entry) -> list[tuple[str, str]]:
    def words(value: object) -> str:
        if isinstance(value, Clause):
            return sentence(value)
        return ", ".join(f"{key}: {item}" for key, item in value.items()) if isinstance(value, dict) else str(value)

    return [(field.label, words(field.value)) for field in entry.fields]


@pytest.fixture(scope="module")
def entries(book: LawBook) -> dict[str, Entry]:
    """The entries of the page by the section and the id or, where there is none, the words."""
    page = reading.read(book, "one", date(2026, 11, 24))
    return {f"{section.name} {entry.id or entry.says}": entry for section in page.sections for entry in section.entries}


EXPECTED: dict[str, list[tuple[str, str]]] = {
    "rules court_paper": [("A warrant counts as “court paper” when", "its form is a judicial warrant")],
    "rules kept": [
        ("A case counts as “kept” when", "the person is in this agency's custody"),
        ("Otherwise", "The person is free."),
    ],
    "rules gone": [
        ("Nothing to answer on", "hold past release or tell ICE of the release"),
        ("When", "the request has been withdrawn"),
    ],
    "rules ban": [("Says", "must not hold past release"), ("When", KEPT), ("Unless one of these applies", "gate: § 9")],
    "rules gate": [
        ("Says", "must hold past release or tell ICE of the release"),
        ("When", "there is a warrant of which it is so: it counts as “court paper”"),
        ("Prevails", "what narrower laws and local policies forbid is void"),
        ("For at most", "two_days: Two days."),
        ("In force from", "2021-02-03"),
        ("In force to", "2031-02-03"),
    ],
    "questions writs": [("Until it is answered", "It is not."), ("It arises in", "court_paper: § 5")],
    "questions whose": [
        ("Until it is answered", "Anybody's."),
        ("Asked whenever", "the person is in this agency's custody"),
        ("It arises in", "kept: § 6"),
    ],
    "duties tell": [
        ("When", KEPT),
        ("Due", "at once"),
        ("Fulfilled by", "the notice to the person, with a copy of the request"),
        ("Counted", "24 hours after the request was received"),
    ],
    "duties by_then": [("When", KEPT), ("Not later than", "that_day: That day.")],
    "duties later": [
        ("When", KEPT),
        ("Counted", "3 hours after the hold began; the law gives no hours, the desk reminds then"),
    ],
    "lookbacks ten_years": [
        (
            "Counts",
            "10 years from the judgment to the arrest, the day that completes them still within",
        ),
        ("Longer by the time served for a conviction when", "it is a felony"),
        ("Time served counts from", "the offense"),
    ],
    "clocks two_days": [
        ("Counts", "48 hours, without Saturdays and Sundays and the holidays that stand on us-federal"),
        ("Starts at the first of", "the moment of release or the start of the hold"),
    ],
    "clocks that_day": [("Counts", "to the end of the day"), ("Starts at the first of", "the moment of release")],
    "lists listed": [],
    "implies Who is kept is held.": [("If", KEPT), ("then also", "the person is in this agency's custody")],
    "guarantees Nobody is held on nothing.": [("Hold past release", "never “may” or “must”"), ("When", f"not {KEPT}")],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_entry_says_all_there_is_to_say(entries: dict[str, Entry], name: str) -> None:
    assert _told(entries[name]) == EXPECTED[name]


def test_there_is_no_other_entry(entries: dict[str, Entry]) -> None:
    assert set(entries) == set(EXPECTED)


def test_each_keeps_its_citation_its_sentence_and_its_grade(entries: dict[str, Entry]) -> None:
    assert (entries["rules ban"].cite, entries["rules ban"].says, entries["rules ban"].grade) == (
        "§ 8",
        "No hold.",
        "C",
    )
    assert entries["rules kept"].grade == "B"
    assert [entries[name].kind for name in ("rules court_paper", "rules gone", "rules ban")] == [
        "definition",
        "limit",
        "provision",
    ]
    kinds = {name.split()[0]: entry.kind for name, entry in entries.items() if not name.startswith("rules")}
    assert kinds == {
        "questions": "question",
        "duties": "duty",
        "lookbacks": "lookback",
        "clocks": "clock",
        "lists": "list",
        "implies": "implication",
        "guarantees": "guarantee",
    }


def test_a_list_is_told_by_its_rows_in_force_on_the_day(entries: dict[str, Entry]) -> None:
    assert entries["lists listed"].says.startswith("2 rows in force on this day, of 3. ")


@pytest.mark.parametrize(
    ("name", "question", "label", "words"),
    [
        ("rules court_paper", "writs", "The other reading: also when", "its form is a writ"),
        ("rules kept", "whose", "The other reading: only when", "the person is held for an arrest"),
    ],
)
def test_an_open_question_stands_inside_the_term_that_it_is_about(
    entries: dict[str, Entry], name: str, question: str, label: str, words: str
) -> None:
    (inner,) = entries[name].inner
    asked = entries[f"questions {question}"]
    assert (inner.kind, inner.id, inner.cite, inner.says) == ("doubt", question, asked.cite, asked.says)
    assert [told[0] for told in _told(inner)] == ["Until it is answered", label]
    assert _told(inner)[0] == _told(asked)[0]
    assert _told(inner)[1][1] == words


def test_the_sections_stand_in_their_order_under_their_titles(book: LawBook) -> None:
    page = reading.read(book, "one", date(2026, 11, 24))
    assert [(section.name, section.title) for section in page.sections] == [
        ("rules", "The law, in its own order"),
        ("questions", "Open questions, with the cautious reading"),
        ("duties", "What must be done whatever the answer"),
        ("lookbacks", "Look-backs"),
        ("clocks", "Times"),
        ("lists", "Offense lists"),
        ("implies", "What brings what with it"),
        ("guarantees", "What holds whatever the facts"),
    ]


def test_what_is_not_in_force_on_the_day_is_left_out(book: LawBook) -> None:
    page = reading.read(book, "one", date(2021, 2, 2))
    ids = [entry.id for section in page.sections for entry in section.entries]
    assert "gate" not in ids
    assert "ban" in ids
    ban = next(entry for section in page.sections for entry in section.entries if entry.id == "ban")
    assert [label for label, _ in _told(ban)] == ["Says", "When"]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("rules court_paper", ["when"]),
        ("rules kept", ["when", "lacking"]),
        ("rules gone", ["on", "when"]),
        ("rules ban", ["effect", "when", "unless"]),
        ("rules gate", ["effect", "when", "prevails", "until", "first", "last"]),
        ("questions whose", ["cautious", "when", "at"]),
        ("duties tell", ["when", "due", "paper", "hours"]),
        ("duties by_then", ["when", "clock"]),
        ("lookbacks ten_years", ["counts", "when", "counted_from"]),
        ("clocks two_days", ["counts", "starts"]),
        ("implies Who is kept is held.", ["if", "then"]),
        ("guarantees Nobody is held on nothing.", ["never", "when"]),
    ],
)
def test_as_data_each_thing_said_has_its_own_key(entries: dict[str, Entry], name: str, fields: list[str]) -> None:
    assert [field.name for field in entries[name].fields] == fields


def test_a_condition_is_kept_as_it_is_written_beside_its_words(entries: dict[str, Entry]) -> None:
    (field,) = (field for field in entries["rules gate"].fields if field.name == "when")
    assert field.written == "any warrant where (court_paper)"
    (doubt,) = entries["rules kept"].inner
    assert [(field.name, field.written) for field in doubt.fields][1] == ("only_if", "custody.basis is arrest")
    (doubt,) = entries["rules court_paper"].inner
    assert [(field.name, field.written) for field in doubt.fields][1] == ("also_if", "form is writ")
