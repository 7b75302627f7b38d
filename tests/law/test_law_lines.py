"""In a law file that gives each key a line of its own, a mistake is told with the line of the key, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest
from slugs import slug

from detainer.errors import UserError
from detainer.law import Case, LawBook
from detainer.law.lawfile import LawFile
from detainer.law.lawreader import read_law

DECISIONS = "hold, notify, transfer, interview, status, personal_information, access, assistance"
MODALITIES = "must, may, must_not, silent, not_applicable, undetermined"
NO_DATE = "is no date. Write it as 2014-12-14."
LAW = """\
law: us-zz
name: A made-up law
cite: Made-up Code § 1
about: About it.
sources:
  CODE: made up
versions:
  - first: 2020-01-01
    by: Act One
    says: One.
    grade: A
clocks:
  - id: two_days
    cite: § 2
    says: Two days.
    starts: [custody.releasable_at]
    hours: 48
  - id: that_day
    cite: § 2
    says: That day.
    starts:
      - custody.releasable_at
    end_of_day: true
lookbacks:
  - id: five
    cite: § 3
    says: Five years.
    years: 5
    starts: judgment_date
    measured: arrest.date
definitions:
  - id: civil
    cite: § 4
    says: It is civil.
    when: request.purpose is civil
    first: 2020-02-02
  - id: judges
    of: warrant
    cite: § 5
    says: A judge's.
    when: form is judicial
    doubts:
      - question: writs
        also_if: form is writ
limits:
  - id: gone
    says: Nothing is left.
    on: [all]
    when: request.withdrawn
provisions:
  - id: "1"
    cite: § 7
    says: No hold.
    effect: must_not
    on: [hold]
    unless: ["2"]
  - id: "2"
    cite: § 8
    says: May hold.
    effect: may
    on: [hold, notify]
    when: any warrant where (judges)
    until: two_days
questions:
  - id: writs
    cite: § 9
    asks: Is a writ one?
    cautious: It is not.
duties:
  - id: tell
    cite: § 10
    says: Tell the person.
    after: received
    hours: 24
  - id: count
    cite: § 11
    says: Count it.
    clock: two_days
implies:
  - if: request.withdrawn
    then: not custody.held
    says: Made up.
guarantees:
  - says: Never.
    decision: hold
    never: [must]
"""

MISTAKES = [
    # what stands under a key of the whole
    ("  CODE: made up", "  - CODE", 5, "sources must map names to text"),
    ("versions:\n  - first: 2020-01-01\n    by: Act One\n    says: One.\n    grade: A", "versions: []", 7,
     "a law needs at least one version"),
    ("implies:\n  - if: request.withdrawn\n    then: not custody.held\n    says: Made up.", "implies: some", None,
     "implies must be a list of items"),
    # texts and days
    ("    says: Two days.", "    says: 7", None, 'says must be text. Write says: "…".'),
    ("    first: 2020-02-02", "    first: later", None, f"first {NO_DATE}"),
    ("    first: 2020-02-02", "    last: 2020-02-02T10:00:00-05:00", None, f"last {NO_DATE}"),
    ("    first: 2020-02-02", "    first: 2020-02-02\n    last: 2020-02-01", 2, "the last day lies before the first"),
    ("    grade: A", "    grade: a", None, "grade is 'a'. Allowed: A, B, C."),
    # definitions
    ("    of: warrant", "    of: paper", None, "of is 'paper'. Allowed: warrant, conviction, charge."),
    ("    when: form is judicial", "    when: [form]", None, "when must be a condition in words"),
    ("        also_if: form is writ", "        also_if: 7", None, "also_if must be a condition in words"),
    ("        also_if: form is writ", "        only_if: 7", None, "only_if must be a condition in words"),
    ("        also_if: form is writ", "        also_if: always\n        only_if: never", -1,
     "a doubt says either also_if or only_if"),
    ("    doubts:\n      - question: writs\n        also_if: form is writ", "    doubts: writs", None,
     "doubts must be a list of items"),
    # provisions
    ("    effect: must_not", "    effect: forbid", None, "effect is 'forbid'. Allowed: must, may, must_not."),
    ("    effect: must_not", "    effect: must_not\n    prevails: true", 2,
     "only a command (must) can prevail over narrower laws"),
    ("    effect: must_not", "    effect: must\n    prevails: perhaps", 2,
     "prevails is 'perhaps'. Allowed: true or false."),
    ("    on: [hold]", "    on: [hold, keep]", None, f"'keep' is no decision. Allowed: all, {DECISIONS}."),
    ("    on: [hold]", "    on: []", None, f"on names no decision. Allowed: all, {DECISIONS}."),
    ("    on: [hold]", "    on: {hold: true}", None, "on must be a list of words"),
    ('    unless: ["2"]', "    unless: [[2]]", None, "unless must be a list of words"),
    # clocks and look-backs
    ("    hours: 48", "    hours: long", None, "hours must be a number. Between 0 and 8784."),
    ("    hours: 48", "    hours: 8784.5", None, "hours must be a number. Between 0 and 8784."),
    ("    hours: 48", "    hours: 0", -4, "a clock runs for hours or to the end of the day. Say one of the two."),
    ("    end_of_day: true", "    end_of_day: true\n    hours: 3", -5,
     "a clock runs for hours or to the end of the day. Say one of the two."),
    ("    hours: 48", "    hours: 48\n    leaves_out: [sundays]", 2, "leaves_out allows weekends and holidays"),
    ("    hours: 48", "    hours: 48\n    leaves_out: [holidays]", 2,
     "a clock that leaves out holidays names their lists, and no other does"),
    ("    hours: 48", "    hours: 48\n    leaves_out: [weekends]\n    holidays: [us-federal]", 2,
     "a clock that leaves out holidays names their lists, and no other does"),
    ("    years: 5", "    years: 101", None, "years must be a whole number. From 1 to 100."),
    ("    years: 5", "    years: 0", None, "years must be a whole number. From 1 to 100."),
    ("    years: 5", "    years: 5\n    extended_by: 5", 2, "extended_by must be a condition in words"),
    # duties
    ("    hours: 24", "    hours: 8785", None, "hours must be a whole number. Between 0 and 8784."),
    ("    hours: 24", "    hours: 1.5", None, "hours must be a whole number. Between 0 and 8784."),
    ("    hours: 24", "    hours: 24\n    paper: leaflet", 2, "paper is 'leaflet'. Allowed: "),
    ("    after: received", "    after: supper", None, "after is 'supper'. Allowed: "),
    ("    after: received", "    after: received\n    clock: two_days", 1,
     "a duty counts hours from one step, or names a clock. Say after, and hours or reminder_hours; or a clock."),
    ("    hours: 24", "    hours: 24\n    reminder_hours: 3", -1,
     "a duty counts hours from one step, or names a clock. Say after, and hours or reminder_hours; or a clock."),
    # what brings what with it, and what is guaranteed
    ("    then: not custody.held", "    then: 7", None, "then must be a condition in words"),
    ("  - if: request.withdrawn", "  - if: 7", None, "if must be a condition in words"),
    ("    decision: hold", "    decision: keep", None, f"decision is 'keep'. Allowed: {DECISIONS}."),
    ("    never: [must]", "    never: [must, shall]", None, f"'shall' is no answer. Allowed: {MODALITIES}."),
    ("    never: [must]", "    never: []", None, f"never names no answer. Allowed: {MODALITIES}."),
    # one name twice
    ("  - id: that_day", "  - id: two_days", None,
     "the clock two_days stands twice (also line 13). Keep one, or give them days that do not overlap."),
    ("  - id: judges", "  - id: civil", None,
     "the definition civil stands twice (also line 32). Keep one, or give them days that do not overlap."),
    ("  - id: count", "  - id: tell", None,
     "the duty tell stands twice (also line 70). Keep one, or give them days that do not overlap."),
]  # fmt: skip


def written(folder: Path, old: str, new: str) -> tuple[Path, int]:
    """The law with some lines replaced, and the line at which they begin."""
    assert LAW.count(f"{old}\n") == 1, old
    file = folder / "law.yaml"
    file.write_text(LAW.replace(f"{old}\n", f"{new}\n"))
    return file, LAW[: LAW.index(f"{old}\n")].count("\n") + 1


@pytest.mark.parametrize(("old", "new", "place", "told"), MISTAKES, ids=slug)
def test_a_mistake_is_told_at_the_line_of_its_key(
    tmp_path: Path, old: str, new: str, place: int | None, told: str
) -> None:
    """`place`: the line itself where it is over 2; else how far it lies from the first of the replaced lines."""
    file, first = written(tmp_path, old, new)
    with pytest.raises(UserError) as caught:
        read_law(file)
    line = first if place is None else place if place > 2 else first + place - (place > 0)
    found = caught.value.line().removeprefix(f"{file}:")
    assert found.startswith(f"{line}: {told}") if told.endswith(": ") else found == f"{line}: {told}"


@pytest.fixture
def law(tmp_path: Path) -> LawFile:
    return read_law(written(tmp_path, "law: us-zz", "law: us-zz")[0])


def test_every_item_remembers_the_line_at_which_it_begins(law: LawFile) -> None:
    lines = LAW.splitlines()
    items = [*law.definitions, *law.limits, *law.provisions, *law.questions, *law.duties]
    items += [*law.clocks.values(), *law.lookbacks.values()]  # type: ignore[list-item]
    assert {item.id: lines[item.line - 1] for item in items} == {
        item.id: f'  - id: "{item.id}"' if item.id.isdigit() else f"  - id: {item.id}" for item in items
    }
    assert [lines[item.line - 1] for item in (*law.implications, *law.guarantees, *law.versions)] == [
        "  - if: request.withdrawn",
        "  - says: Never.",
        "  - first: 2020-01-01",
    ]


def test_what_is_left_out_has_its_plain_meaning(law: LawFile) -> None:
    one, two = law.provisions
    assert (str(one.when), one.until, one.prevails, two.unless) == ("always", "", False, ())
    assert [(item.lacking, item.of) for item in law.definitions] == [
        ("Not so: It is civil.", ""),
        ("Not so: A judge's.", "warrant"),
    ]
    (limit,) = law.limits
    (guarantee,) = law.guarantees
    assert (limit.cite, guarantee.cite, str(guarantee.when)) == ("Made-up Code § 1", "Made-up Code § 1", "always")
    assert ",".join(limit.on) == DECISIONS.replace(" ", "")
    tell, count = law.duties
    assert (tell.hours, tell.after, tell.reminder, tell.clock, str(tell.when)) == (24, "received", False, "", "always")
    assert (count.hours, count.after, count.clock, count.paper, count.due) == (None, "", "two_days", "", "")
    clock, day = law.clocks.values()
    assert (clock.hours, clock.weekends, clock.holidays, clock.end_of_day) == (48.0, False, (), False)
    assert (day.hours, day.end_of_day) == (0.0, True)
    (five,) = law.lookbacks.values()
    assert (five.counted_from, five.extended_by, five.includes_last_day) == ("judgment_date", None, False)
    assert (law.about, law.borrows, dict(law.sources)) == ("About it.", "", {"CODE": "made up"})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    years: 5", "    years: 1"),
        ("    years: 5", "    years: 100"),
        ("    hours: 48", "    hours: 8784"),
        ("    hours: 48", "    hours: 0.5"),
        ("    hours: 24", "    hours: 0"),
        ("    hours: 24", "    hours: 8784"),
        ("    hours: 24", "    reminder_hours: 24"),
        ("    first: 2020-02-02", "    first: 2020-02-02\n    last: 2020-02-02"),
    ],
    ids=slug,
)
def test_the_least_and_the_most_are_no_mistake(tmp_path: Path, old: str, new: str) -> None:
    read_law(written(tmp_path, old, new)[0])


# A case file, each key on a line of its own

HEAD = "id: one\nagency: us-ny-nyc-police\nat: 2026-11-24T10:00:00-05:00\n"
SERVED = "record:\n  convictions:\n    - law: PL\n      incarceration:"
SPELLS = "record.convictions[1].incarceration"
UNTIL = "2026-11-24T10:00:00-05:00"
SPELL = "needs from and to. Write it as {from: 2024-11-24, to: 2026-01-10}."


@pytest.mark.parametrize(
    ("body", "line", "told"),
    [
        ("custody:\n  held: 7\n", 5, "custody.held is 7. Allowed: true or false."),
        ("request:\n  withdrawn: 7\n", 5, "request.withdrawn is 7. Allowed: true, false or a time with its offset."),
        ("custody:\n  basis: whim\n", 5, "custody.basis is 'whim'. Allowed: arrest, sentence, federal_charge, other."),
        (
            "warrants:\n  - issuer: state_judge\n    presented: late\n",
            6,
            "warrants[1].presented is 'late'. Allowed: with_request, or a time with its offset.",
        ),
        (f"{SERVED} [7]\n", 7, f"{SPELLS}[1] {SPELL}"),
        (
            SERVED + "\n        - {from: 2024-01-01, until: 2024-01-02}\n",
            7,
            f"{SPELLS}[1] {SPELL}",
        ),
        (
            SERVED + "\n        - {from: 2024-01-02, to: 2024-01-01}\n",
            7,
            "record.convictions[1].incarceration[1] ends before it begins",
        ),
        (
            f"{SERVED} long\n",
            7,
            f"{SPELLS} must be a list of spells. Write each as {{from: 2024-11-24, to: 2026-01-10}}.",
        ),
        ("request:\n  asks: hold\n", 5, f"request.asks must be a list. Allowed in it: {DECISIONS}."),
        ("arrest:\n  date: soon\n", 5, "arrest.date is 'soon', no date. Write it as 2026-11-24."),
        ("search:\n  at: soon\n", 5, f"search.at is 'soon', no time. Write it as {UNTIL}."),
        ("expect:\n  counsel: false\n  hold: yes\n", 6, f"expect.hold is 'yes'. Allowed: {MODALITIES}."),
        ("expect:\n  hold_until: soon\n", 5, f"expect.hold_until is 'soon', no time. Write it as {UNTIL}."),
        (
            "expect:\n  laws:\n    us:\n      hold: yes\n",
            7,
            f"expect.laws.us.hold is 'yes'. Allowed: {MODALITIES}.",
        ),
        (
            "expect:\n  laws:\n    us:\n      hold_until: 2026-11-24T10:00:00\n",
            7,
            "expect.laws.us.hold_until has no offset from UTC. Write it as 2026-11-24T10:00:00-05:00.",
        ),
    ],
    ids=slug,
)  # fmt: skip
def test_a_mistake_in_a_case_is_told_at_the_line_of_its_key(tmp_path: Path, body: str, line: int, told: str) -> None:
    from detainer.law import read_cases

    file = tmp_path / "one.yaml"
    file.write_text(HEAD + body)
    with pytest.raises(UserError) as caught:
        list(read_cases(file))
    assert caught.value.line() == f"{file}:{line}: case one: {told}"


def test_a_spell_of_one_day_and_one_that_lasts_are_no_mistakes() -> None:
    spells = [{"from": "2024-01-01", "to": "2024-01-01"}, {"from": "2025-01-01"}]
    record = {"convictions": [{"incarceration": spells}]}
    case = Case.read({"id": "one", "agency": "zz", "at": "2026-11-24T10:00:00-05:00", "record": record})
    (found,) = case.elements("record.convictions")  # type: ignore[misc]
    assert [(one.first.isoformat(), one.last and one.last.isoformat()) for one in found["incarceration"]] == [
        ("2024-01-01", "2024-01-01"),
        ("2025-01-01", None),
    ]


def test_an_agency_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    (tmp_path / "us").mkdir()
    (tmp_path / "us" / "holidays.csv").write_text("day,list,name\n2026-11-26,us-federal,Thanksgiving Day\n")
    (tmp_path / "law.yaml").write_text(LAW.replace("    first: 2020-02-02\n", ""))
    agency = "{name: N, short: S, kind: sheriff, timezone: America/New_York, laws: [us-zz]}"
    (tmp_path / "agencies.yaml").write_text(f"zz-b: {agency}\nzz-a: {agency}\n")
    book = LawBook.load(tmp_path)
    with pytest.raises(UserError) as caught:
        book.decide(Case.read({"id": "one", "agency": "zz", "at": "2026-11-24T10:00:00-05:00"}))
    assert caught.value.line() == "case one: there is no agency zz. Agencies: zz-a, zz-b."
