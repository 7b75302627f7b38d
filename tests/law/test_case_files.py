"""A bad case file is refused with one line: the file and line, the case, the key, and what is allowed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from slugs import slug

from detainer.errors import UserError
from detainer.law import Case, read_cases
from detainer.law.vocabulary import FACTS, LISTS

GOOD = """\
id: one
agency: us-ny-nyc-police
at: 2026-11-24T10:00:00-05:00
"""


def refused(folder: Path, text: str | bytes) -> str:
    """What is said of a file of this content."""
    path = folder / "cases.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UserError) as caught:
        list(read_cases(path))
    line = caught.value.line()
    assert "\n" not in line
    assert line.startswith(str(path))
    return line.removeprefix(f"{path}:").strip()


def accepted(folder: Path, text: str) -> list[Case]:
    path = folder / "cases.yaml"
    path.write_text(text)
    return list(read_cases(path))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("custdy: {held: true}", r"4: case one: unknown key custdy\. Known here: .*\bcustody\b.*\bwarrants\b"),
        ("custody:\n  heldd: true", r"5: case one: unknown key custody\.heldd\. Known here: basis, held, "),
        ("person:\n  consents_to_interview: {givn: true}", r"5: .*unknown key person\.consents_to_interview\.givn"),
        ("warrants:\n  - isuer: x", r"5: case one: unknown key warrants\[1\]\.isuer\. Known here: issuer, form"),
        (
            "record:\n  convictions:\n    - {section: '1'}\n    - equivalent: {revued: true}",
            r"7: case one: unknown key record\.convictions\[2\]\.equivalent\.revued",
        ),
        ("expect:\n  hol: may", r"5: case one: unknown key expect\.hol"),
        ("expect:\n  laws:\n    us: {hol: may}", r"6: case one: unknown key expect\.laws\.us\.hol"),
        ("1: x", r"4: case one: unknown key 1\."),
    ],
    ids=slug,
)
def test_an_unknown_key_is_told_with_the_keys_that_are_known(tmp_path: Path, more: str, told: str) -> None:
    assert re.match(told, refused(tmp_path, GOOD + more))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("watch_list: maybe", r"4: case one: watch_list is 'maybe'\. Allowed: match, no_match\."),
        ("watch_list: [match]", r"4: case one: watch_list is .*Allowed: match, no_match\."),
        ("watch_list: true", r"4: case one: watch_list is True\. Allowed: match, no_match\."),
        ("custody: {held: maybe}", r"4: case one: custody\.held is 'maybe'.*true.*false"),
        ("custody: {held: 1}", r"4: case one: custody\.held is 1"),
        ("custody: {held: 'true'}", r"4: case one: custody\.held is 'true'"),
        ("custody: arrest", r"4: case one: custody must hold keys of its own"),
        ("custody: [held]", r"4: case one: custody must hold keys of its own"),
        ("request: {asks: hold}", r"4: case one: request\.asks must be a list\. Allowed in it: hold, notify"),
        ("request: {asks: [hold, holt]}", r"4: case one: request\.asks is 'holt'\. Allowed: hold, notify"),
        ("request: {withdrawn: perhaps}", r"4: case one: request\.withdrawn is 'perhaps'.*time with its offset"),
        ("warrants: none", r"4: case one: warrants must be a list \(\[\] says: looked, none\)"),
        ("warrants: {issuer: state_judge}", r"4: case one: warrants must be a list"),
        ("warrants: [I-200]", r"4: case one: warrants\[1\] must be a mapping"),
        (
            "warrants: [{presented: later}]",
            r"4: .*warrants\[1\]\.presented is 'later'\. Allowed: with_request, or a time",
        ),
        ("record: {registries: [sex]}", r"4: .*record\.registries is 'sex'\. Allowed: sex_offender, arson\."),
        ("expect: {hold: perhaps}", r"4: .*expect\.hold is 'perhaps'\. Allowed: must, may, must_not"),
        ("expect: {laws: {us: {hold: no}}}", r"4: .*expect\.laws\.us\.hold is 'no'\. Allowed: must, may"),
        ("expect: hold", r"4: .*expect must be a mapping"),
        ("expect: {laws: [us]}", r"4: .*expect\.laws maps each law to what it says"),
        ("watch_list: null", r"4: .*watch_list has no value\. Leave the key out if it is not known\."),
    ],
    ids=slug,
)
def test_a_wrong_value_is_told_with_the_values_that_are_allowed(tmp_path: Path, more: str, told: str) -> None:
    assert re.match(told, refused(tmp_path, GOOD + more))


def test_a_section_given_as_a_number_is_told_how_to_write_it(tmp_path: Path) -> None:
    line = refused(tmp_path, GOOD + "record:\n  convictions:\n    - section: 130.65\n")
    told = 'case one: record.convictions[1].section must be text, not a number. Put it in quotation marks: "130.65".'
    assert line == f"6: {told}"


@pytest.mark.parametrize("value", ["130", "1.3e2", "true", "2024-05-01", "[a]"], ids=slug)
def test_what_is_no_text_is_no_section(tmp_path: Path, value: str) -> None:
    assert "section must be text" in refused(tmp_path, GOOD + f"record: {{convictions: [{{section: {value}}}]}}")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("arrest: {date: 2026-02-30}", r"4: 2026-02-30 is no date: "),
        ("arrest: {date: 2023-02-29}", r"4: 2023-02-29 is no date: "),
        ("arrest: {date: 2026-13-01}", r"4: 2026-13-01 is no date: "),
        ("arrest: {date: yesterday}", r"4: case one: arrest\.date is 'yesterday', no date\. Write it as 2026-11-24\."),
        ("arrest: {date: 2026-11-24T10:00:00-05:00}", r"4: case one: arrest\.date is .*, no date"),
        ("arrest: {date: 20261124}", r"4: case one: arrest\.date is 20261124, no date"),
        ("search: {at: 2026-11-24}", r"4: case one: search\.at is .*, no time\. Write it as 2026-11-24T10:00:00-05:00"),
        ("search: {at: 2026-11-24T25:00:00-05:00}", r"4: 2026-11-24T25:00:00-05:00 is no moment"),
        ("search: {at: 2026-11-24T10:00:00}", r"4: case one: search\.at has no offset from UTC\. Write it as"),
        ("request: {withdrawn: 2026-11-24T10:00:00}", r"4: case one: request\.withdrawn has no offset from UTC"),
        (
            "record: {convictions: [{incarceration: [{from: 2024-02-01, to: 2024-01-31}]}]}",
            r"4: .*incarceration\[1\] ends before it begins",
        ),
        ("record: {convictions: [{incarceration: [2024-02-01]}]}", r"4: .*incarceration\[1\] needs from and to"),
        ("record: {convictions: [{incarceration: [{to: 2024-02-01}]}]}", r"4: .*incarceration\[1\] needs from and to"),
        ("record: {convictions: [{incarceration: 2024-02-01}]}", r"4: .*incarceration must be a list of spells"),
        ("arrest: {date: 0001-01-01}", r"4: case one: arrest\.date is 0001-01-01, which lies outside 1900 to 2199"),
        ("arrest: {date: 9999-12-31}", r"4: case one: arrest\.date is 9999-12-31, which lies outside 1900 to 2199"),
        ("search: {at: 9999-12-31T23:59:59-14:00}", r"4: case one: search\.at is .*which lies outside 1900 to 2199"),
    ],
    ids=slug,
)
def test_a_day_or_time_that_cannot_be_is_told(tmp_path: Path, more: str, told: str) -> None:
    assert re.match(told, refused(tmp_path, GOOD + more))


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00", "1899-12-31T10:00:00-05:00"], ids=slug
)
def test_a_moment_of_the_act_outside_all_law_is_told(tmp_path: Path, at: str) -> None:
    line = refused(tmp_path, GOOD.replace("2026-11-24T10:00:00-05:00", at))
    assert "case one: at is" in line
    assert "outside 1900 to 2199" in line


@pytest.mark.parametrize("key", ["id", "agency", "at"], ids=slug)
def test_a_case_without_a_head_is_told_what_is_missing(tmp_path: Path, key: str) -> None:
    text = "".join(line + "\n" for line in GOOD.splitlines() if not line.startswith(f"{key}:"))
    assert f"the key {key} is missing" in refused(tmp_path, text)


@pytest.mark.parametrize("line", ["id: 7", "id: ''", "agency: [a]"], ids=slug)
def test_a_head_that_is_no_text_is_told(tmp_path: Path, line: str) -> None:
    key = line.partition(":")[0]
    text = re.sub(rf"^{key}: .*$", line, GOOD, flags=re.MULTILINE)
    assert f"{key} must be text" in refused(tmp_path, text)


def test_a_key_given_twice_is_told(tmp_path: Path) -> None:
    assert refused(tmp_path, GOOD + "id: two\n") == "4: the key id stands twice. Keep one of the two."
    inside = GOOD + "custody:\n  held: true\n  held: false\n"
    assert refused(tmp_path, inside) == "6: the key held stands twice. Keep one of the two."


def test_an_id_given_twice_is_told_with_the_line_of_the_second(tmp_path: Path) -> None:
    assert refused(tmp_path, GOOD + "---\n" + GOOD) == "5: the case one stands twice. Give each case its own id."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: &x [1]\nb: *x\n", "aliases are not read here"),
        ("a: &x {k: *x}\n", "aliases are not read here"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n", "aliases are not read here"),
        ("<<: {id: one}\n", "unknown key <<"),
        ("{[a, b]: c}\n", "a key must be a word"),
        ("id: !!python/object/apply:os.system [ls]\n", "tag"),
        ("id: !!binary aGVsbG8=\n", "tag"),
        ("id: !secret x\n", "tag"),
        ("custody: !!set {held}\n", "tag"),
        ("warrants: !mine []\n", "tag"),
        ("id: !!str 7\n", "tag"),
        ("- id: one\n", "a mapping of keys is expected here"),
        ("just words\n", "a mapping of keys is expected here"),
        ("id: [one\n", "not readable as YAML"),
        ("id: one\n\tat: x\n", "not readable as YAML"),
        ("id: 'one\n", "not readable as YAML"),
        ("a: " + "[" * 5_000 + "]" * 5_000, "deep"),
        ("a: " + "{b: " * 5_000 + "}" * 5_000, "deep"),
        ("a:\n" + "".join(" " * depth + "b:\n" for depth in range(1, 3_000)), "deep"),
        ("at: " + "9" * 5_000, "number"),
        ("at: 1" + "0" * 400 + ".5", "number"),
    ],
    ids=slug,
)
def test_yaml_that_does_more_than_state_facts_is_refused(tmp_path: Path, text: str, told: str) -> None:
    head = GOOD if "\n<<" in f"\n{text}" or text.startswith(("custody", "warrants")) else ""
    assert told in refused(tmp_path, head + text)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"id: \xff\xfe", "not UTF-8 text (byte 4). Save it as UTF-8."),
        (b"id: one\0", "not a text file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not UTF-8 text (byte 0). Save it as UTF-8."),
    ],
    ids=["not UTF-8", "NUL", "a picture"],
)
def test_a_file_that_is_no_text_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    assert refused(tmp_path, content) == told


def test_a_folder_and_a_file_that_is_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"this is a folder\. Name a file\."):
        list(read_cases(tmp_path))
    with pytest.raises(UserError, match=r"nowhere\.yaml: there is no such file"):
        list(read_cases(tmp_path / "nowhere.yaml"))


def test_a_file_of_more_than_64_mb_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    with pytest.raises(UserError, match="larger than 64 MB"):
        list(read_cases(path))


@pytest.mark.parametrize("text", ["", "\n", "---\n", "# nothing\n", "---\n---\n"], ids=slug)
def test_an_empty_file_holds_no_case(tmp_path: Path, text: str) -> None:
    assert accepted(tmp_path, text) == []


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert [case.id for case in accepted(tmp_path, "\ufeff" + GOOD)] == ["one"]


def test_quoted_days_and_times_are_read_as_json_writes_them(tmp_path: Path) -> None:
    text = GOOD.replace("2026-11-24T10:00:00-05:00", '"2026-11-24T10:00:00-05:00"') + 'arrest: {date: "2026-11-23"}\n'
    case = accepted(tmp_path, text)[0]
    assert (case.at.isoformat(), case.get("arrest.date").isoformat()) == ("2026-11-24T10:00:00-05:00", "2026-11-23")


def test_what_looks_like_a_date_in_text_stays_text(tmp_path: Path) -> None:
    assert accepted(tmp_path, GOOD + 'about: "2026-11-24 was a Tuesday"\n')[0].about == "2026-11-24 was a Tuesday"


@pytest.mark.parametrize("opens", ["[", "{a: ", "- ", "? ", "- ? "], ids=slug)
def test_a_deep_file_does_not_bring_the_process_down(tmp_path: Path, opens: str) -> None:
    """The YAML reader in C has no limit of its own and takes the whole process with it."""
    path = tmp_path / "deep.yaml"
    path.write_text(opens * 200_000)
    program = (
        "import sys; from pathlib import Path; from detainer.law import read_cases; list(read_cases(Path(sys.argv[1])))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "UserError" in done.stderr


# Every fact, at its own line.

WRONG = {"flag": "7", "choice": "7", "choices": "7", "moment": "7", "day": "7", "text": "[]", "spells": "7"}
HEAD_LINES = GOOD.count("\n")


def _laid_out(path: str, value: str, indent: str = "") -> str:
    """A path with dots as nested YAML, one key a line."""
    *outer, last = path.split(".")
    lines = [f"{indent}{'  ' * depth}{key}:" for depth, key in enumerate(outer)]
    return "\n".join([*lines, f"{indent}{'  ' * len(outer)}{last}: {value}"])


@pytest.mark.parametrize("path", [path for path in FACTS if path not in LISTS and path != "agency"])
def test_a_wrong_value_of_any_fact_is_told_at_its_own_line_by_its_own_name(tmp_path: Path, path: str) -> None:
    text = GOOD + "# a line between\n" + _laid_out(path, WRONG[FACTS[path].kind]) + "\nwatch_list_more: 1\n"
    line = HEAD_LINES + 2 + path.count(".")
    assert refused(tmp_path, text).startswith(f"{line}: case one: {path} ")


@pytest.mark.parametrize(("place", "name"), [(place, name) for place, facts in LISTS.items() for name in facts])
def test_a_wrong_value_in_a_list_is_told_with_its_number_and_line(tmp_path: Path, place: str, name: str) -> None:
    depth = "  " * place.count(".")
    key = _laid_out(name, WRONG[LISTS[place][name].kind], f"{depth}    ").lstrip()
    text = GOOD + _laid_out(place, "").rstrip() + f"\n{depth}  - {{}}\n{depth}  - {key}\n"
    line = HEAD_LINES + place.count(".") + 3 + name.count(".")
    assert refused(tmp_path, text).startswith(f"{line}: case one: {place}[2].{name} ")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("expect:\n  hold_until: soon", "5: case one: expect.hold_until is 'soon', no time. "),
        ("expect:\n  laws:\n    us:\n      flat_48: soon", "7: case one: expect.laws.us.flat_48 is 'soon', no time. "),
        ("expect:\n  laws:\n    us:\n      hold: soon", "7: case one: expect.laws.us.hold is 'soon'. Allowed: must, "),
        ("expect:\n  hold: may\n  notify: soon", "6: case one: expect.notify is 'soon'. Allowed: must, "),
        ("search:\n  run: none\n  at: 2026-11-24T10:00:00", "6: case one: search.at has no offset from UTC. "),
        (
            "search:\n  run: none\n  at: 1800-11-24T10:00:00-05:00",
            "6: case one: search.at is 1800-11-24T10:00:00-05:00, ",
        ),
        (
            "record:\n  convictions:\n    - class: A\n      equivalent:\n        reviewed: true\n        section: 1",
            "9: case one: record.convictions[1].equivalent.section must be text",
        ),
        (
            "record:\n  convictions:\n    - section: '1'\n      incarceration: [{from: 2020-01-01}, {from: soon}]",
            "7: case one: record.convictions[1].incarceration[2].from is 'soon', no date. ",
        ),
        (
            "record:\n  convictions:\n    - section: '1'\n      incarceration: [{from: 2020-01-01, to: soon}]",
            "7: case one: record.convictions[1].incarceration[1].to is 'soon', no date. ",
        ),
        (
            "record:\n  convictions:\n    - section: '1'\n      incarceration: [{from: 2020-01-02, to: 2020-01-01}]",
            "7: case one: record.convictions[1].incarceration[1] ends before it begins",
        ),
    ],
    ids=slug,
)
def test_a_wrong_expectation_is_told_at_its_own_line(tmp_path: Path, more: str, told: str) -> None:
    assert refused(tmp_path, GOOD + more).startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "id: one\nagency: us\nat: soon\n",
            "3: case one: at is 'soon', no time. Write it as 2026-11-24T10:00:00-05:00.",
        ),
        ("id: one\nat: 2026-11-24T10:00:00-05:00\nagency: 7\n", "3: case one: agency must be text"),
        ("agency: us\nat: 2026-11-24T10:00:00-05:00\n\nid: [one]\n", "4: case ['one']: id must be text"),
    ],
    ids=slug,
)
def test_a_wrong_head_is_told_at_its_own_line(tmp_path: Path, text: str, told: str) -> None:
    assert refused(tmp_path, text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: &x [1]\nb: *x\n", "1: aliases are not read here. Write the value out."),
        ("a: 1\nb: !x 1\n", "2: the tag !x is not read here. Leave it out."),
        ("a: 1\na: 2\n", "2: the key a stands twice. Keep one of the two."),
        ("a: 1\nb: 1e999\n", "2: the number is too large. Put it in quotation marks if it is text."),
    ],
    ids=slug,
)
def test_what_is_not_read_is_told_whole_with_its_mend(tmp_path: Path, text: str, told: str) -> None:
    assert refused(tmp_path, text) == told
