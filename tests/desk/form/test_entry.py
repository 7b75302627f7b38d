"""The form read as facts: what reads becomes a typed fact, what does not becomes one line beside its field."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from detainer.desk.form.drafts import changed, overwrites, rows_changed
from detainer.desk.form.entry import Entry, Typed, typed_from
from detainer.law import Case

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
HEAD = {"id": "x", "agency": "us-ny-nyc-police", "at": NOW}

WHOLE = {
    "request": {
        "form": "I-247A",
        "asks": ["hold", "notify"],
        "from": "ice",
        "received": datetime(2026, 11, 24, 13, tzinfo=UTC),
        "withdrawn": datetime(2026, 11, 24, 14, tzinfo=UTC),
        "probable_cause": [],
    },
    "warrants": [
        {"issuer": "immigration_officer", "form": "I-200", "names_person": "unknown", "presented": "with_request"},
        {"issuer": "us_magistrate_judge", "presented": datetime(2026, 11, 24, 14, 30, tzinfo=UTC)},
    ],
    "custody": {"held": True, "hold_started": None, "releasable_at": datetime(2026, 11, 24, 23, tzinfo=UTC)},
    "arrest": {"date": date(2026, 11, 23)},
    "search": {"run": "unknown"},
    "record": {
        "convictions": [
            {
                "law": "PL",
                "section": "130.65-a",
                "judgment_date": None,
                "incarceration": [
                    {"from": date(2020, 1, 2), "to": date(2021, 3, 4)},
                    {"from": date(2022, 5, 6), "to": None},
                ],
                "equivalent": {"reviewed": True, "section": None},
            }
        ],
        "charges": [],
    },
    "reentry": {"after_removal": "unknown"},
    "watch_list": "no_match",
}


def entry(**typed: str | list[str]) -> Entry:
    said = {name: [value] if isinstance(value, str) else value for name, value in typed.items()}
    return Entry(Typed(said), NEW_YORK, now=NOW)


@pytest.mark.parametrize(("language", "words"), [("en", ("to", "now")), ("es", ("a", "hoy"))])
def test_a_case_shown_on_the_form_reads_back_as_the_same_case(language: str, words: tuple[str, str]) -> None:
    case = Case.read(HEAD | WHOLE)
    with translation.override(language):
        shown = typed_from(case, NEW_YORK)
    between, now = words
    spells = f"01/02/2020 {between} 03/04/2021\n05/06/2022 {between} {now}"
    assert shown.one("record.convictions.0.incarceration") == spells
    read = Entry(shown, NEW_YORK, now=NOW)
    assert read.errors == {}
    assert read.mapping() == WHOLE
    again = Case.read(HEAD | read.mapping())
    assert (again.facts, again.lists) == (case.facts, case.lists)


def test_what_nobody_typed_is_no_fact() -> None:
    assert entry().mapping() == {}
    assert entry(**{"search.run": "", "request.received": "  "}).mapping() == {}


def test_not_known_because_nobody_knows_is_not_the_same_as_not_asked() -> None:
    assert entry(watch_list="unknown").mapping() == {"watch_list": "unknown"}
    assert entry(watch_list="").mapping() == {}
    assert not entry(watch_list="").answered("watch_list")
    assert entry(watch_list="unknown").answered("watch_list")


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("request.received", "02/30/2026 10:00", "is not a date"),
        ("request.received", "11/24/2026", "no time of day"),
        ("arrest.date", "soon", "is not a date"),
        ("request.form", "I-999", "not one of the answers"),
        ("custody.held", "maybe", "not one of the answers"),
        ("request.asks", "everything", "not one of the answers"),
        ("watch_list", "<script>", "not one of the answers"),
        ("warrants", "many", "not one of the answers"),
        ("warrants", "some", "Add at least one"),
        ("request.withdrawn", "at", "Write the time"),
    ],
)
def test_what_does_not_read_is_one_line_at_its_field_and_no_fact(name: str, typed: str, words: str) -> None:
    read = entry(**{name: typed})
    assert words in read.errors[name]
    assert "\n" not in read.errors[name]
    assert read.mapping() == {}


def test_none_and_another_answer_contradict_each_other() -> None:
    assert "cannot stand beside" in entry(grounds=["-", "exigent"]).errors["grounds"]
    both = entry(**{"custody.hold_started": "10:00", "custody.hold_started.mark": "none"})
    assert "not both" in both.errors["custody.hold_started"]
    papers = entry(**{"warrants": "none", "warrants.row": "0", "warrants.0.form": "I-200"})
    assert "Something stands below" in papers.errors["warrants"]


def test_a_mark_that_the_question_does_not_offer_is_refused() -> None:
    assert "not one of the answers" in entry(**{"arrest.date.mark": "none"}).errors["arrest.date"]
    assert "not one of the answers" in entry(**{"arrest.date.mark": "<b>"}).errors["arrest.date"]


def test_rows_keep_their_keys_when_one_is_taken_away() -> None:
    typed = Typed(
        {"warrants": ["some"], "warrants.row": ["0", "1"], "warrants.0.form": ["I-200"], "warrants.1.form": ["I-205"]}
    )
    left = rows_changed(typed, "remove warrants 0")
    assert left.rows("warrants") == ("1",)
    assert Entry(left, NEW_YORK, now=NOW).mapping() == {"warrants": [{"form": "I-205"}]}
    more = rows_changed(left, "add warrants")
    assert more.rows("warrants") == ("1", "2")
    assert rows_changed(rows_changed(left, "remove warrants 1"), "show").one("warrants") == ""


def test_saying_that_there_are_some_opens_the_first_row() -> None:
    assert rows_changed(Typed({"warrants": ["some"]}), "show").rows("warrants") == ("0",)


@pytest.mark.parametrize(
    "what", ["add secrets", "remove warrants", "add warrants x", "remove record.convictions <b>", ""]
)
def test_a_made_up_button_changes_nothing(what: str) -> None:
    typed = Typed({"warrants.row": ["0"], "warrants.0.form": ["I-200"]})
    assert rows_changed(typed, what) == typed or rows_changed(typed, what).rows("warrants") == ("0",)


def test_row_keys_that_are_no_numbers_are_left_out() -> None:
    assert Typed({"warrants.row": ["0", "../x", "9" * 9, "0"]}).rows("warrants") == ("0",)


def test_what_was_changed_is_told_from_what_was_taken_back() -> None:
    before = {"search": {"run": "none"}, "reentry": {"after_removal": True}, "warrants": [{"form": "I-200"}]}
    after = {"search": {"run": "at_release"}, "warrants": [], "watch_list": "no_match"}
    fresh, gone = changed(before, after)
    assert fresh == {"search": {"run": "at_release"}, "warrants": [], "watch_list": "no_match"}
    assert gone == ["reentry.after_removal"]
    assert changed(before, before) == ({}, [])


def test_adding_a_fact_overwrites_nothing() -> None:
    known = {"search": {"run": "none"}}
    assert not overwrites(known, {"watch_list": "no_match", "search": {"at": NOW}})
    assert overwrites(known, {"search": {"run": "at_release"}})
