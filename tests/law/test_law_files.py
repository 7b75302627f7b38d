"""A bad law file is refused with one line that names file, line and mend, before anything is decided by it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from slugs import slug

from detainer.errors import UserError
from detainer.law import LawBook
from detainer.law.book import shipped

LAW = """\
law: us-zz
name: A made-up law
cite: Made-up Code § 1
sources: {CODE: made up}
versions:
  - {first: 2020-01-01, last: 2021-12-31, by: Act One, says: One., grade: A}
  - {first: 2022-01-01, by: Act Two, says: Two., grade: A}
lists: {serious: offenses.csv}
clocks:
  - {id: two_days, cite: § 2, says: Two days., starts: [custody.releasable_at], hours: 48}
lookbacks:
  - {id: five, cite: § 3, says: Five years., years: 5, starts: judgment_date, measured: arrest.date}
definitions:
  - {id: civil, cite: § 4, says: It is civil., when: request.purpose is civil}
  - {id: judges, of: warrant, cite: § 5, says: A judge's., when: form is judicial and names_person}
  - {id: serious_crime, of: conviction, cite: § 6, says: A serious one., when: on list serious and within five}
limits:
  - {id: gone, says: Nothing left., on: [all], when: request.withdrawn}
provisions:
  - {id: "1", cite: § 7, says: No hold., effect: must_not, on: [hold], when: civil, unless: ["2"]}
  - {id: "2", cite: § 8, says: May hold., effect: may, on: [hold], when: any warrant where (judges), until: two_days}
questions:
  - {id: doubt, cite: § 9, asks: Is it so?, cautious: It is not.}
duties:
  - {id: count, cite: § 10, says: Count it., when: civil}
implies:
  - {if: civil, then: not request.withdrawn, says: Made up.}
guarantees:
  - {says: Never., decision: hold, never: [must], when: civil}
"""
OFFENSES = """\
jurisdiction,law,section,subdivisions,title,class,marks,from,to,grade,source,note
us-zz,PC,1.10,2;3(b),Robbery,B,grave,2020-01-01,,A,CODE,
us-zz,PC,1.20,,Assault,C,,2020-01-01,2021-12-31,A,CODE,
"""
AGENCIES = "zz: {name: Sheriff of Zz, short: Sheriff, kind: sheriff, timezone: America/New_York, laws: [us-zz]}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "us").mkdir()
    (tmp_path / "us" / "holidays.csv").write_bytes((shipped() / "us" / "holidays.csv").read_bytes())
    (tmp_path / "us" / "law.yaml").write_text(LAW)
    (tmp_path / "us" / "offenses.csv").write_text(OFFENSES)
    (tmp_path / "agencies.yaml").write_text(AGENCIES)
    return tmp_path


def compiled(folder: Path) -> None:
    """Read the laws of a folder and make every edition ready to answer."""
    book = LawBook.load(folder)
    for day in book.edges["us-zz"]:
        book.stack(book.agencies["zz"], day)


def told(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        compiled(folder)
    return caught.value.line().removeprefix(f"{folder}/")


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def test_the_law_that_the_others_are_made_from_is_good(folder: Path) -> None:
    compiled(folder)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        # keys and values
        ("effect: may,", "efect: may,", r"us/law.yaml:21: unknown key efect\. Known here: id, cite, says, effect"),
        ("guarantees:", "garantees:", r"us/law.yaml:28: unknown key garantees\. Known here: law, name, cite"),
        ("cite: § 8, ", "", r"us/law.yaml:21: the key cite is missing"),
        ("cite: § 4, ", "", r"us/law.yaml:14: the key cite is missing"),
        ("cite: § 9, ", "", r"us/law.yaml:23: the key cite is missing"),
        ("cite: § 10, ", "", r"us/law.yaml:25: the key cite is missing"),
        ("cite: § 8, ", "cite: '', ", r"us/law.yaml:21: cite must be text"),
        ("cite: Made-up Code § 1\n", "", r"us/law.yaml:1: the key cite is missing"),
        ("effect: may,", "effect: allow,", r"us/law.yaml:21: effect is 'allow'\. Allowed: must, may, must_not\."),
        (
            "on: [hold], when: civil,",
            "on: [holt], when: civil,",
            r"us/law.yaml:20: 'holt' is no decision\. Allowed: all",
        ),
        ("decision: hold,", "decision: holt,", r"us/law.yaml:29: decision is 'holt'\. Allowed: hold, notify"),
        ("never: [must]", "never: [mus]", r"us/law.yaml:29: 'mus' is no answer\. Allowed: must, may, must_not"),
        ("never: [must]", "never: []", r"us/law.yaml:29: never names no answer"),
        ("of: warrant,", "of: warant,", r"us/law.yaml:15: of is 'warant'\. Allowed: warrant, conviction, charge\."),
        (
            "Act Two, says: Two., grade: A",
            "Act Two, says: Two., grade: D",
            r"us/law.yaml:7: grade is 'D'\. Allowed: A, B",
        ),
        ("hours: 48", "hours: soon", r"us/law.yaml:10: hours must be a number"),
        ("hours: 48", "hours: true", r"us/law.yaml:10: hours must be a number"),
        ("hours: 48", "hours: -1", r"us/law.yaml:10: hours must be a number"),
        (", hours: 48", "", r"us/law.yaml:10: a clock runs for hours or to the end of the day"),
        ("hours: 48", "hours: 48, leaves_out: [sundays]", r"us/law.yaml:10: leaves_out allows weekends and holidays"),
        ("hours: 48", "hours: 48, leaves_out: [holidays]", r"us/law.yaml:10: .*holidays.*list"),
        ("years: 5", "years: five", r"us/law.yaml:12: years must be a whole number"),
        ("years: 5", "years: true", r"us/law.yaml:12: years must be a whole number"),
        ("years: 5", "years: 0", r"us/law.yaml:12: years must be a whole number"),
        ("lists: {serious: offenses.csv}", "lists: [offenses.csv]", r"us/law.yaml:8: lists must"),
        ("lists: {serious: offenses.csv}", "lists: {serious: 7}", r"us/law.yaml:8: lists must"),
        ("sources: {CODE: made up}", "sources: [made up]", r"us/law.yaml:4: sources must"),
        ("  - {id: gone,", "  - gone\n  - {id: gone,", r"us/law.yaml:17: limits must be a list of items"),
        # conditions
        (
            "when: request.withdrawn",
            "when: request.withdrawm",
            r"us/law.yaml:18: request\.withdrawm is no .*Did you mean",
        ),
        (
            "purpose is civil}",
            "purpose is civill}",
            r"us/law.yaml:14: request\.purpose is never civill\. Values: civil",
        ),
        ("purpose is civil}", "porpose is civil}", r"us/law.yaml:14: there is no fact request\.porpose\. Did you mean"),
        (
            "purpose is civil}",
            "asks is hold}",
            r"us/law.yaml:14: request\.asks cannot be tested so\. It is a choices\.",
        ),
        ("purpose is civil}", "purpose includes civil}", r"us/law.yaml:14: request\.purpose cannot be tested so"),
        (
            "purpose is civil}",
            "purpose}",
            r"us/law.yaml:14: request\.purpose is no definition and no fact that is true",
        ),
        ("where (judges)", "where (judge)", r"us/law.yaml:21: judge is no definition.*Did you mean judges\?"),
        ("where (judges)", "where (civil)", r"us/law.yaml:21: civil speaks of the whole case, not of one warrant"),
        ("when: any warrant where (judges)", "when: judges", r"us/law.yaml:21: judges speaks of one warrant\. Say any"),
        ("where (judges)", "where (serious_crime)", r"us/law.yaml:21: serious_crime speaks of one conviction"),
        ("form is judicial and", "form is judicial or civil and", r"us/law.yaml:15: and and or stand side by side"),
        ("when: civil}\nimplies", "when: ''}\nimplies", r"us/law.yaml:25: the condition is empty"),
        ("when: civil}\nimplies", "when: 7}\nimplies", r"us/law.yaml:25: when must be a condition in words"),
        (
            "on list serious and",
            "on list seriuos and",
            r"us/law.yaml:16: there is no offense list seriuos\. Did you mean",
        ),
        (
            "on list serious and",
            "on list serious only grav and",
            r"us/law.yaml:16: there is no mark .*grav\. Did you mean",
        ),
        ("and within five}", "and within fife}", r"us/law.yaml:16: there is no look-back fife\. Did you mean five\?"),
        ("until: two_days", "until: too_days", r"us/law.yaml:21: there is no clock too_days\. Did you mean two_days\?"),
        ("where (judges)", "where (judges) and too_days is over", r"us/law.yaml:21: there is no clock too_days"),
        ('unless: ["2"]', 'unless: ["3"]', r"us/law.yaml:20: there is no provision 3"),
        ("where (judges)", "where (judges) and permitted by us-yy", r"us/law.yaml:21: there is no law us-yy"),
        (
            "until: two_days}",
            "until: two_days, doubts: [{question: dout, only_if: never}]}",
            r"us/law.yaml:21: there is no question dout",
        ),
        (
            "until: two_days}",
            "until: two_days, doubts: [{question: doubt}]}",
            r"us/law.yaml:21: a doubt says either also_if or only_if",
        ),
        ("until: two_days}", "until: two_days, doubts: [doubt]}", r"us/law.yaml:21: doubts must be a list of items"),
        (
            "purpose is civil}",
            "purpose is civil and civil}",
            r"us/law.yaml:14: the definition civil goes round in a circle",
        ),
        (
            "when: civil}\nimplies",
            "when: civil, clock: too_days}\nimplies",
            r"us/law.yaml:25: there is no clock too_days\. Did you mean two_days\?$",
        ),
        (
            "until: two_days}",
            "until: two_days, doubts: [{question: doubt, only_if: judgess}]}",
            r"us/law.yaml:21: judgess is no definition",
        ),
        (
            "when: form is judicial and",
            "when: form is judical and",
            r"us/law.yaml:15: form is never judical\. Values: judicial, I-200, I-205",
        ),
        (
            "when: form is judicial and",
            "when: form includes judicial and",
            r"us/law.yaml:15: form cannot be tested so\. It is a choice\.$",
        ),
        (
            "when: form is judicial and",
            "when: presented before custody.releasabel_at and",
            r"us/law.yaml:15: there is no fact custody\.releasabel_at\. Did you mean custody\.releasable_at\?$",
        ),
        (
            "when: form is judicial and",
            "when: presentd before at and",
            r"us/law.yaml:15: there is no fact presentd\. Did you mean presented\?$",
        ),
        (
            "on list serious and",
            "on list serious as of judgment_day and",
            r"us/law.yaml:16: there is no fact judgment_day\. Did you mean judgment_date\?$",
        ),
        (
            "on list serious and",
            "on list serious except grav and",
            r"us/law.yaml:16: there is no mark on the list serious: grav\. Did you mean grave\?$",
        ),
        (
            "on list serious and",
            "equivalent on list serious and section includes 1 and",
            r"us/law.yaml:16: section cannot be tested so\. It is a text\.$",
        ),
        (
            "purpose is civil}",
            "asks includes holt}",
            r"us/law.yaml:14: request\.asks is never holt\. Values: hold, notify, transfer",
        ),
        (
            "purpose is civil}",
            "zzz}",
            r"us/law.yaml:14: request\.zzz is no definition and no fact that is true or false$",
        ),
        (
            "years: 5,",
            "years: 5, extended_by: status is adlt,",
            r"us/law.yaml: status is never adlt\. Values: adult, youthful_offender, juvenile\.$",
        ),
        # facts that clocks and look-backs count from
        (
            "[custody.releasable_at]",
            "[custody.releasable]",
            r"us/law.yaml:10: there is no fact custody\.releasable\. Did you",
        ),
        ("[custody.releasable_at]", "[custody.held]", r"us/law.yaml:10: custody\.held is no moment\. It is a flag\.$"),
        (
            "[custody.releasable_at]",
            "[]",
            r"us/law.yaml:10: a clock needs a fact to start from\. Write starts: \[custody\.releasable_at\]\.$",
        ),
        (
            "starts: judgment_date",
            "starts: judgement_date",
            r"us/law.yaml:12: there is no fact judgement_date\. Did you",
        ),
        (
            "measured: arrest.date",
            "measured: custody.held",
            r"us/law.yaml:12: custody\.held is no day or moment\. It is a flag\.$",
        ),
        ("measured: arrest.date", "measured: arrest.day", r"us/law.yaml:12: there is no fact arrest\.day\. Did you"),
        (
            "hours: 48",
            "hours: 48, leaves_out: [holidays], holidays: [us-ziet]",
            r"us/law.yaml:10: there is no holiday list us-ziet",
        ),
        # days
        (
            "last: 2021-12-31, by",
            "last: 2022-01-01, by",
            r"us/law.yaml:7: the versions of 2020-01-01 and 2022-01-01 are both in force on 2022-01-01\. End",
        ),
        ("last: 2021-12-31, by", "by", r"us/law.yaml:7: the versions of .* are both in force"),
        ("last: 2021-12-31, by", "last: 2019-12-31, by", r"us/law.yaml:6: the last day lies before the first"),
        ("last: 2021-12-31, by", "last: 2021-02-30, by", r"us/law.yaml:6: 2021-02-30 is no date"),
        ("last: 2021-12-31, by", "last: soon, by", r"us/law.yaml:6: last is no date\. Write it as 2014-12-14\."),
        # names given twice
        (
            "questions:",
            '  - {id: "2", cite: § 8, says: Twice., effect: may, on: [hold]}\nquestions:',
            r"us/law.yaml:22: the provision 2 stands twice \(also line 21\)",
        ),
        (
            "limits:",
            "  - {id: civil, cite: § 4, says: Twice., when: never}\nlimits:",
            r"us/law.yaml:17: the definition civil stands twice \(also line 14\)",
        ),
        (
            "lookbacks:",
            "  - {id: two_days, cite: § 2, says: x, starts: [custody.releasable_at], hours: 24}\nlookbacks:",
            r"us/law.yaml:11: the clock two_days stands twice",
        ),
        (
            "duties:",
            "  - {id: doubt, cite: § 9, asks: Again?, cautious: No.}\nduties:",
            r"us/law.yaml:24: the question doubt stands twice",
        ),
        ("law: us-zz\n", "law: us-zz\nlaw: us-zz\n", r"us/law.yaml:2: the key law stands twice"),
    ],
    ids=slug,
)
def test_a_mistake_in_a_law_is_told_with_its_line(folder: Path, old: str, new: str, line: str) -> None:
    (folder / "us" / "law.yaml").write_text(replaced(LAW, old, new))
    assert re.match(line, told(folder))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("note\n", "notes\n", r"us/offenses.csv:1: the columns must be jurisdiction, law, section"),
        ("2020-01-01,2021-12-31", "2020-01-01,2021-02-30", r"us/offenses.csv:3: '2021-02-30' is no date\. Write it as"),
        ("2020-01-01,2021-12-31", "2020-01-01,2019-12-31", r"us/offenses.csv:3: the last day lies before the first"),
        ("PC,1.20", "PC,", r"us/offenses.csv:3: section is empty"),
        (",C,,2020-01-01,2021-12-31,A,CODE,", "", r"us/offenses.csv:3: there is not one cell for each of 12 columns"),
        ("A,CODE,\nus", "A,CODE,,,\nus", r"us/offenses.csv:2: there is not one cell for each of 12 columns"),
        ("PC,1.20", "PC,1.10", None),
        (
            "1.20,,Assault,C,",
            "1.10,4,Robbery,B,grave",
            r"us/offenses.csv:3: PC 1\.10 is listed twice for one day with different limits \(also line 2\)\. Keep",
        ),
        (
            "1.20,,Assault,C,",
            "1.10,2;3(b),Robbery,B,grave",
            r"us/offenses.csv:3: PC 1\.10 is listed twice for one day with the same limits",
        ),
        ("us-zz,PC,1.20", "\nus-zz,PC,", r"us/offenses.csv:4: section is empty"),
    ],
    ids=slug,
)
def test_a_mistake_in_an_offense_list_is_told_with_its_line(folder: Path, old: str, new: str, line: str | None) -> None:
    (folder / "us" / "offenses.csv").write_text(replaced(OFFENSES, old, new))
    if line is None:
        LawBook.load(folder)
    else:
        assert re.match(line, told(folder))


def test_an_offense_listed_again_when_its_days_are_over_is_no_mistake(folder: Path) -> None:
    again = "us-zz,PC,1.20,1,Assault,C,,2022-01-01,,A,CODE,\n"
    (folder / "us" / "offenses.csv").write_text(OFFENSES + again)
    assert len(LawBook.load(folder).laws["us-zz"].lists["serious"].rows_for("pc", "1.20")) == 2


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("short: Sheriff, ", "", r"agencies.yaml:1: the agency zz needs the keys name, short, kind, timezone, laws"),
        ("America/New_York", "America/New_Yrk", r"agencies.yaml:1: America/New_Yrk is no time zone\. Write it as"),
        ("America/New_York", "../../etc/passwd", r"agencies.yaml:1: .* is no time zone"),
        ("[us-zz]", "[us-yy]", r"agencies.yaml:1: the agency zz names the law us-yy, which is not there"),
        ("[us-zz]", "us-zz", r"agencies.yaml:1: laws must be a list"),
        ("[us-zz]", "null", r"agencies.yaml:1: laws must be a list"),
        ("[us-zz]", "[]", r"agencies.yaml:1: laws must be a list"),
        ("[us-zz]}", "[us-zz], standing: {custdy: {held: true}}}", r"agencies.yaml:1: .*unknown key custdy"),
    ],
    ids=slug,
)
def test_a_mistake_in_the_agencies_is_told_with_its_line(folder: Path, old: str, new: str, line: str) -> None:
    (folder / "agencies.yaml").write_text(replaced(AGENCIES, old, new))
    assert re.match(line, told(folder))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("measured: arrest.date", "measured: search.at"),
        ("measured: arrest.date", "measured: at"),
        ("years: 5,", "years: 5, extended_by: status is adult,"),
        ("on list serious and", "jurisdiction is us-zz and section is 1.10 and"),
        ("on list serious and", "on list serious only grave as of judgment_date and judgment_date before at and"),
        ("purpose is civil}", "asks includes hold}"),
        ("when: civil}\nimplies", "when: civil, clock: two_days}\nimplies"),
    ],
    ids=slug,
)
def test_what_means_something_is_no_mistake(folder: Path, old: str, new: str) -> None:
    (folder / "us" / "law.yaml").write_text(replaced(LAW, old, new))
    compiled(folder)


def test_a_law_in_two_files_is_told(folder: Path) -> None:
    (folder / "us" / "more.yaml").write_text(LAW)
    assert re.match(r"us/more\.yaml: the law us-zz is also in .*us/law\.yaml", told(folder))


def test_two_laws_in_one_file_are_told(folder: Path) -> None:
    (folder / "us" / "law.yaml").write_text(LAW + "---\n" + LAW)
    assert told(folder) == "us/law.yaml: a law file holds one law, this one 2"


def test_a_law_that_is_permitted_by_what_it_permits_is_told(folder: Path) -> None:
    circle = replaced(LAW, "any warrant where (judges)", "permitted by us-zz")
    (folder / "us" / "law.yaml").write_text(circle)
    assert "permitted by us-zz goes round in a circle" in told(folder)


def test_a_term_that_is_used_on_a_day_on_which_it_is_not_in_force_is_told(folder: Path) -> None:
    later = replaced(LAW, "id: civil, cite", "first: 2022-01-01, id: civil, cite")
    (folder / "us" / "law.yaml").write_text(later)
    assert told(folder) == "us/law.yaml: civil is neither a fact nor a definition in force on 2020-01-01"
    inside = replaced(later, "limits:", "  - {id: sure, cite: § 4, says: So., when: civil}\nlimits:")
    (folder / "us" / "law.yaml").write_text(inside.replace("when: civil, unless", "when: sure, unless"))
    assert told(folder).startswith("us/law.yaml:17: civil is neither a fact nor a definition in force on 2020-01-01")


def test_an_offense_list_that_is_not_there_is_told(folder: Path) -> None:
    (folder / "us" / "offenses.csv").unlink()
    assert re.match(r"us/offenses\.csv: cannot be read", told(folder))


def test_a_folder_without_laws_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere: there is no folder of laws"):
        LawBook.load(tmp_path / "nowhere")
