"""What a case says of one condition: true, false or unknown, and exactly which facts are missing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import shipped
from little_law import laws, rule

from detainer.law import Case
from detainer.law.expand import CAUTIOUS, Layer, expanded
from detainer.law.findings import Examiner, Law, make_test
from detainer.law.language import condition
from detainer.law.offenses import read_offenses

ZONE = ZoneInfo("America/New_York")
NOON = "2026-11-24T12:00:00-05:00"
TEN, NINE = "2026-11-24T10:00:00-05:00", "2026-11-24T09:00:00-05:00"
COLUMNS = "jurisdiction,law,section,subdivisions,title,class,marks,from,to,grade,source,note\n"
ROWS = (
    "us-ny,PL,160.15,,Robbery,B,main,,,A,s,\n"
    "us-ny,PL,120.04-a,4,Aggravated vehicular assault,C,main,,,A,s,\n"
    "us-ny,PL,135.37,,Aggravated labor trafficking,C,added,2020-01-01,,A,s,\n"
)
CLOCKS = (
    "clocks:\n"
    "  - {id: two_days, cite: § t, says: Two days., starts: [custody.releasable_at, custody.hold_started], hours: 48}\n"
    "lookbacks:\n"
    "  - {id: five_years, cite: § f, says: Five., years: 5, starts: judgment_date, measured: arrest.date}\n"
)
MADE = laws(CLOCKS + "provisions:\n" + rule("a", "may", "hold")).laws["one"]
LAYER = Layer(MADE, MADE.versions[0], date(2026, 11, 24))


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Law:
    file = tmp_path_factory.mktemp("lists") / "listed.csv"
    file.write_text(COLUMNS + ROWS)
    made = LAYER.law
    return Law(made.clocks, made.lookbacks, {"listed": read_offenses(file, "listed")})


def said(law: Law, written: str, **facts: Any) -> tuple[bool | None, tuple[str, ...]]:
    """What a case of these facts says of a condition."""
    case = Case.read({"id": "one", "agency": "zz", "at": NOON, **facts})
    found = Examiner(case, ZONE, shipped.book().calendar).find(
        make_test(expanded(condition(written), LAYER, CAUTIOUS), law)
    )
    return found.value, found.missing


UNKNOWN, BEFORE = "unknown", "search.at before custody.releasable_at"
HELD, PUBLIC = "custody.held", "public_information"


@pytest.mark.parametrize(
    ("written", "facts", "expected"),
    [
        # a fact: known, not asked, asked and nobody knows
        (HELD, {"custody": {"held": True}}, (True, ())),
        (HELD, {"custody": {"held": False}}, (False, ())),
        (HELD, {}, (None, (HELD,))),
        (HELD, {"custody": {"held": UNKNOWN}}, (None, (HELD,))),
        (f"not {HELD}", {}, (None, (HELD,))),
        (f"not {HELD}", {"custody": {"held": False}}, (True, ())),
        # all and any: what is missing counts only while nothing else decides
        (f"{HELD} and {PUBLIC}", {}, (None, (HELD, PUBLIC))),
        (f"{HELD} and {PUBLIC}", {PUBLIC: True}, (None, (HELD,))),
        (f"{HELD} and {PUBLIC}", {PUBLIC: False}, (False, ())),
        (f"{HELD} or {PUBLIC}", {PUBLIC: True}, (True, ())),
        (f"{HELD} or {PUBLIC}", {PUBLIC: False}, (None, (HELD,))),
        (f"{HELD} or {PUBLIC}", {PUBLIC: False, "custody": {"held": False}}, (False, ())),
        (f"{HELD} and {PUBLIC}", {PUBLIC: True, "custody": {"held": True}}, (True, ())),
        (f"{HELD} and ({PUBLIC} or watch_list is match)", {"custody": {"held": True}}, (None, (PUBLIC, "watch_list"))),
        # sets, names, null
        ("request.asks includes hold", {"request": {"asks": ["notify"]}}, (False, ())),
        ("request.asks includes hold", {"request": {"asks": ["hold", "notify"]}}, (True, ())),
        ("request.asks includes hold", {}, (None, ("request.asks",))),
        ("custody.hold_started is known", {"custody": {"hold_started": TEN}}, (True, ())),
        ("custody.hold_started is known", {"custody": {"hold_started": None}}, (False, ())),
        ("custody.hold_started is known", {"custody": {"hold_started": UNKNOWN}}, (None, ("custody.hold_started",))),
        # which comes first
        (BEFORE, {"search": {"at": NINE}, "custody": {"releasable_at": TEN}}, (True, ())),
        (BEFORE, {"search": {"at": TEN}, "custody": {"releasable_at": TEN}}, (False, ())),
        (BEFORE, {"search": {"at": TEN}, "custody": {"releasable_at": NINE}}, (False, ())),
        (BEFORE, {"search": {"at": NINE}}, (None, ("custody.releasable_at",))),
        (BEFORE, {"custody": {"releasable_at": TEN}}, (None, ("search.at",))),
        (BEFORE, {"custody": {"releasable_at": None}}, (False, ("search.at",))),
        ("custody.releasable_at before search.at", {"custody": {"releasable_at": None}}, (False, ("search.at",))),
        ("search.at before at", {"search": {"at": TEN}}, (True, ())),
        ("arrest.date before search.at", {"arrest": {"date": "2026-11-23"}, "search": {"at": NINE}}, (True, ())),
        ("arrest.date before search.at", {"arrest": {"date": "2026-11-24"}, "search": {"at": NINE}}, (False, ())),
        # the day of a moment is the day on the agency's calendar, not on Greenwich's
        (
            "arrest.date before search.at",
            {"arrest": {"date": "2026-11-23"}, "search": {"at": "2026-11-24T04:30:00+00:00"}},
            (False, ()),
        ),
        # withdrawn at a time
        ("request.withdrawn", {"request": {"withdrawn": TEN}}, (True, ())),
        ("request.withdrawn", {"request": {"withdrawn": NOON}}, (True, ())),
        ("request.withdrawn", {"request": {"withdrawn": "2026-11-24T12:00:01-05:00"}}, (False, ())),
        ("request.withdrawn", {"request": {"withdrawn": True}}, (True, ())),
        ("request.withdrawn", {"request": {"withdrawn": False}}, (False, ())),
        ("request.withdrawn", {}, (None, ("request.withdrawn",))),
    ],
)  # fmt: skip
def test_a_condition_on_the_case(
    law: Law, written: str, facts: dict[str, Any], expected: tuple[bool | None, tuple[str, ...]]
) -> None:
    value, missing = said(law, written, **facts)
    assert value is expected[0]
    if value is None:
        assert missing == expected[1]
    else:
        assert missing == ()


ANY = "any warrant where (names_person and form is judicial)"
TWO = "at least 2 warrants where (names_person)"


@pytest.mark.parametrize(
    ("written", "papers", "expected"),
    [
        (ANY, None, (None, ("warrants",))),
        (ANY, UNKNOWN, (None, ("warrants",))),
        (ANY, [], (False, ())),
        (ANY, [{}], (None, ("warrants[1].names_person", "warrants[1].form"))),
        (ANY, [{"form": "I-200"}, {"form": "judicial"}], (None, ("warrants[2].names_person",))),
        (ANY, [{"form": "I-200"}, {"form": "judicial", "names_person": True}, {}], (True, ())),
        (ANY, [{"form": "I-200"}, {"names_person": False}], (False, ())),
        (TWO, [{"names_person": True}], (False, ())),
        (TWO, [{"names_person": True}, {}], (None, ("warrants[2].names_person",))),
        (TWO, [{"names_person": True}, {"names_person": True}, {}], (True, ())),
        (TWO, [{"names_person": True}, {"names_person": False}, {}], (None, ("warrants[3].names_person",))),
        (TWO, [{"names_person": False}, {"names_person": False}, {}], (False, ())),
        # one unknown fact in two places: every value it can have is tried
        ("any warrant where (form is judicial or form is not judicial)", [{}], (True, ())),
        ("any warrant where (form is judicial and form is not judicial)", [{}], (False, ())),
        ("any warrant where (names_person or not names_person)", [{"names_person": UNKNOWN}], (True, ())),
        (
            "any warrant where ((form is judicial or form is writ) and names_person)",
            [{"names_person": True}],
            (None, ("warrants[1].form",)),
        ),
        (
            "any warrant where (names_person and (form is judicial or form is not judicial))",
            [{}],
            (None, ("warrants[1].names_person", "warrants[1].form")),
        ),
        # a fact of the case inside a condition on a paper
        ("any warrant where (names_person and custody.held)", [{"names_person": True}], (None, ("custody.held",))),
    ],
)  # fmt: skip
def test_a_condition_on_papers(
    law: Law, written: str, papers: Any, expected: tuple[bool | None, tuple[str, ...]]
) -> None:
    assert said(law, written, **({} if papers is None else {"warrants": papers})) == expected


@pytest.mark.parametrize(
    ("presented", "received", "expected"),
    [
        ("with_request", None, (True, ())),
        (TEN, TEN, (True, ())),
        (NINE, TEN, (True, ())),
        (TEN, NINE, (False, ())),
        (TEN, None, (None, ("request.received",))),
        (None, TEN, (None, ("warrants[1].presented",))),
    ],
)
def test_a_paper_that_came_no_later_than_the_request_came_with_it(
    law: Law, presented: str | None, received: str | None, expected: tuple[bool | None, tuple[str, ...]]
) -> None:
    facts: dict[str, Any] = {"warrants": [{} if presented is None else {"presented": presented}]}
    if received:
        facts["request"] = {"received": received}
    assert said(law, "any warrant where (presented is with_request)", **facts) == expected


ROBBERY = {"jurisdiction": "us-ny", "law": "PL", "section": "160.15"}
VEHICULAR = {"jurisdiction": "us-ny", "law": "PL", "section": "120.04-a"}
ADDED = {"jurisdiction": "us-ny", "law": "PL", "section": "135.37"}
FOUND = "record.convictions[1]."


@pytest.mark.parametrize(
    ("test", "conviction", "expected"),
    [
        ("on list listed", ROBBERY, (True, ())),
        ("on list listed", {**ROBBERY, "jurisdiction": "us-nj"}, (False, ())),
        ("on list listed", {**ROBBERY, "law": "VTL"}, (False, ())),
        ("on list listed", {**ROBBERY, "section": "160.16"}, (False, ())),
        ("on list listed", {"section": "160.15"}, (None, (f"{FOUND}jurisdiction", f"{FOUND}law"))),
        ("on list listed", VEHICULAR, (None, (f"{FOUND}subdivision",))),
        ("on list listed", {**VEHICULAR, "subdivision": "4"}, (True, ())),
        ("on list listed", {**VEHICULAR, "subdivision": "3"}, (False, ())),
        ("on list listed only main", ADDED, (False, ())),
        ("on list listed only added", ADDED, (True, ())),
        ("on list listed except added", ADDED, (False, ())),
        ("on list listed except main", ADDED, (True, ())),
        ("on list listed as of judgment_date", {**ADDED, "judgment_date": "2019-12-31"}, (False, ())),
        ("on list listed as of judgment_date", {**ADDED, "judgment_date": "2020-01-01"}, (True, ())),
        ("on list listed as of judgment_date", {**ADDED, "judgment_date": None}, (False, ())),
        ("on list listed as of judgment_date", ADDED, (None, (f"{FOUND}judgment_date",))),
        ("equivalent on list listed", {"equivalent": {"section": "PL 160.15"}}, (True, ())),
        ("equivalent on list listed", {"equivalent": {"section": "160.15"}}, (True, ())),
        ("equivalent on list listed", {"equivalent": {"section": "VTL 160.15"}}, (False, ())),
        ("equivalent on list listed", {"equivalent": {"section": None}}, (False, ())),
        ("equivalent on list listed", {}, (None, (f"{FOUND}equivalent.section",))),
        ("equivalent on list listed", {"equivalent": {"section": "PL 120.04-a(4)"}}, (True, ())),
        ("equivalent on list listed", {"equivalent": {"section": "PL 120.04-a(3)"}}, (False, ())),
        ("jurisdiction within us", {"jurisdiction": "us-ny"}, (True, ())),
        ("jurisdiction within us", {"jurisdiction": "us"}, (True, ())),
        ("jurisdiction within us", {"jurisdiction": "usa"}, (False, ())),
        ("jurisdiction within us", {}, (None, (f"{FOUND}jurisdiction",))),
        ("judgment_date is known", {"judgment_date": None}, (False, ())),
    ],
)  # fmt: skip
def test_a_condition_on_a_conviction(
    law: Law, test: str, conviction: dict[str, Any], expected: tuple[bool | None, tuple[str, ...]]
) -> None:
    found = said(law, f"any conviction where ({test})", record={"convictions": [conviction]})
    assert found == expected


@pytest.mark.parametrize(
    ("conviction", "arrest", "expected"),
    [
        ({"judgment_date": "2021-11-25"}, "2026-11-24", (True, ())),
        ({"judgment_date": "2021-11-24"}, "2026-11-24", (False, ())),
        ({"judgment_date": None}, "2026-11-24", (False, ())),
        ({"judgment_date": None}, None, (False, ())),
        ({}, "2026-11-24", (None, (f"{FOUND}judgment_date",))),
        ({"judgment_date": "2021-11-25"}, None, (None, ("arrest.date",))),
    ],
)
def test_a_conviction_within_a_look_back(
    law: Law, conviction: dict[str, Any], arrest: str | None, expected: tuple[bool | None, tuple[str, ...]]
) -> None:
    facts: dict[str, Any] = {"record": {"convictions": [conviction]}}
    if arrest:
        facts["arrest"] = {"date": arrest}
    assert said(law, "any conviction where (within five_years)", **facts) == expected


@pytest.mark.parametrize(
    ("custody", "expected"),
    [
        ({"releasable_at": "2026-11-22T12:00:00-05:00"}, (True, ())),
        ({"releasable_at": "2026-11-22T12:00:01-05:00"}, (False, ())),
        ({"hold_started": "2026-11-22T12:00:00-05:00"}, (True, ())),
        ({"hold_started": TEN, "releasable_at": "2026-11-21T12:00:00-05:00"}, (True, ())),
        ({}, (None, ("custody.releasable_at",))),
        ({"releasable_at": None, "hold_started": None}, (None, ("custody.releasable_at",))),
        ({"transferred_in": True, "releasable_at": "2026-11-20T12:00:00-05:00"}, (None, ("custody.releasable_at",))),
    ],
)
def test_a_clock_is_over_at_its_end_and_not_before(
    law: Law, custody: dict[str, Any], expected: tuple[bool | None, tuple[str, ...]]
) -> None:
    assert said(law, "two_days is over", custody=custody) == expected


STARTED = {"custody": {"hold_started": TEN, "releasable_at": TEN}}


@pytest.mark.parametrize(
    ("presented", "facts", "expected"),
    [
        (TEN, STARTED, (True, ())),
        (NINE, STARTED, (False, ())),
        ("2026-11-26T10:00:00-05:00", STARTED, (True, ())),
        ("2026-11-26T10:00:01-05:00", STARTED, (False, ())),
        ("with_request", STARTED, (False, ())),
        (NOON, {"custody": {"hold_started": None, "releasable_at": TEN}}, (False, ())),
        (NOON, {"custody": {"releasable_at": TEN}}, (None, ("custody.hold_started",))),
        (None, STARTED, (None, ("warrants[1].presented",))),
        (None, {"custody": {"hold_started": None}}, (False, ())),
    ],
)
def test_a_paper_that_came_during_a_hold(
    law: Law, presented: str | None, facts: dict[str, Any], expected: tuple[bool | None, tuple[str, ...]]
) -> None:
    papers = [{} if presented is None else {"presented": presented}]
    assert said(law, "any warrant where (presented during two_days)", warrants=papers, **facts) == expected


def test_the_day_of_a_moment_is_that_of_the_agencys_zone() -> None:
    case = Case.read({"id": "one", "agency": "zz", "at": NOON})
    examiner = Examiner(case, ZONE, shipped.book().calendar)
    assert examiner.day(datetime(2026, 11, 24, 4, 59, tzinfo=UTC)).isoformat() == "2026-11-23"
    assert examiner.day(datetime(2026, 11, 24, 5, 0, tzinfo=UTC)).isoformat() == "2026-11-24"
    assert examiner.today.isoformat() == "2026-11-24"
