"""The law of the land: one set of facts before several agencies."""

from __future__ import annotations

import pytest
import shipped
from little_law import laws, rule

from detainer.errors import UserError
from detainer.law import Case, LawBook, land

FACTS = {"id": "one", "agency": "zz", "at": "2026-11-24T12:00:00-05:00"}


def test_every_agency_answers_the_same_facts_as_its_own(book: LawBook) -> None:
    """A bare detainer: Texas commands, Illinois forbids; each answer is that of a case of the agency itself."""
    case = shipped.worked("nyc-t01-police")
    places = land.land(book, case, ["us-tx-sheriff", "us-il-sheriff"])
    assert [(one.agency.id, one.answer.decisions["hold"].modality) for one in places] == [
        ("us-tx-sheriff", "must"),
        ("us-il-sheriff", "must_not"),
    ]
    assert {one.answer.agency for one in places} == {"us-tx-sheriff", "us-il-sheriff"}


def test_a_law_that_names_the_agency_sees_the_agency_that_is_asked(book: LawBook) -> None:
    """Conn. Gen. Stat. § 54-192h bound state's attorneys only from 1 October 2025."""
    case = shipped.worked("nyc-t01-police")
    early = Case(case.id, case.agency, case.at.replace(year=2025, month=9, day=30), facts=case.facts, lists=case.lists)
    agencies = ["us-ct-states-attorney", "us-ct-correction"]
    said = [one.answer.decisions["notify"].modality for one in land.land(book, early, agencies)]
    assert said[0] != "must_not"
    assert said[1] == "must_not"


def test_without_names_every_agency_is_asked_and_an_unknown_one_is_refused(book: LawBook) -> None:
    case = shipped.worked("nyc-t01-police")
    assert [one.agency.id for one in land.land(book, case)] == list(book.agencies)
    with pytest.raises(UserError, match="there is no agency us-xx"):
        land.land(book, case, ["us-xx"])


CLOCK = (
    "clocks:\n  - {id: two_days, cite: § t, says: Two days., starts: [custody.releasable_at], hours: 48}\n"
    "provisions:\n" + rule("a", "may", "hold", more=", until: two_days") + rule("b", "must_not", "notify")
)


def test_a_cell_tells_the_answer_its_end_and_each_citation_once() -> None:
    facts = {
        **FACTS,
        "custody": {"releasable_at": "2026-12-07T09:15:00-05:00"},
        "request": {"asks": ["notify", "hold"]},
    }
    case = Case.read(facts)
    (place,) = land.land(laws(CLOCK + rule("c", "must_not", "notify")), case)
    assert land.cell(place, "hold") == land.Cell("may until Wed 9 Dec 2026, 09:15", ("§ a",))
    assert land.cell(place, "notify") == land.Cell("must not", ("§ b", "§ c"))
    assert land.cell(place, "status") == land.Cell("", ())


def test_the_text_has_a_line_for_each_agency_under_each_decision_asked_for() -> None:
    facts = {**FACTS, "about": "A case.", "request": {"asks": ["notify"]}}
    places = land.land(laws(CLOCK), Case.read(facts))
    assert land.text(Case.read(facts), places) == (
        "one · A case.\n  Tell ICE of the release\n    Sheriff: must not [§ b]"
    )
    assert land.decisions(places) == ("notify",)


def test_a_request_that_asks_for_nothing_is_told_of_hold_and_notice() -> None:
    case = Case.read(FACTS)
    places = land.land(laws("provisions:\n" + rule("b", "must_not", "notify")), case)
    assert land.text(case, places).splitlines() == [
        "one",
        "  Hold past release",
        "    Sheriff: no law speaks of it",
        "  Tell ICE of the release",
        "    Sheriff: must not [§ b]",
    ]


def test_as_data_it_is_one_object_with_each_agency() -> None:
    case = Case.read({**FACTS, "about": "A case."})
    assert land.as_json(case, land.land(laws("provisions:\n" + rule("b", "must_not", "notify")), case)) == {
        "id": "one",
        "about": "A case.",
        "agencies": {
            "zz": {
                "hold": {"modality": "silent", "cites": []},
                "notify": {"modality": "must_not", "cites": ["§ b"]},
            }
        },
    }
