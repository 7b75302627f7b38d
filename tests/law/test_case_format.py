"""docs/case-format.md says all that the program reads and writes, and nothing else; its examples run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from command import ROOT

from detainer.law import DECISIONS, FACTS, MODALITIES, Case, Fact, LawBook, read_cases, worked
from detainer.law.book import shipped
from detainer.law.files import parse_documents
from detainer.law.vocabulary import ALWAYS_JUDGED, CHARGE, CONVICTION, WARRANT, Unknown

PAGE = ROOT / "docs" / "case-format.md"
TEXT = PAGE.read_text("utf-8")
KINDS = {
    "flag": "true or false",
    "moment": "time",
    "day": "day",
    "text": "text",
    "spells": "list of `{from: day, to: day}`",
}


def _section(title: str) -> str:
    """The part of the page under a heading, up to the next one of the same depth or less."""
    depth = len(title) - len(title.lstrip("#"))
    rest = TEXT.split(f"\n{title}\n", 1)[1]
    return re.split(rf"\n#{{1,{depth}}} ", rest)[0]


def _rows(section: str) -> list[list[str]]:
    """The cells of every table row of a section, heads left out."""
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if row[0].startswith("`") or row[0].startswith("a ")]


def _value(fact: Fact) -> str:
    """What the page must say of a fact's value."""
    values = " ".join(f"`{value}`" for value in fact.values)
    said = KINDS.get(fact.kind, "")
    if fact.kind == "choice":
        said = f"one of {values}" if len(fact.values) > 1 else values
    elif fact.kind == "choices":
        said = f"list of {values}"
    elif fact.kind == "list":
        said = f"list of {fact.path.rpartition('.')[2]}"
    if fact.or_moment:
        said = "true, false or time" if fact.kind == "flag" else f"{said} or time"
    return f"{said} or null" if fact.nullable else said


@pytest.mark.parametrize(
    ("title", "facts"),
    [
        ("## Facts of the case", FACTS),
        ("### A warrant", WARRANT),
        ("### A conviction", CONVICTION),
        ("### A charge", CHARGE),
    ],
)
def test_every_fact_is_there_with_every_value_and_no_other(title: str, facts: Mapping[str, Fact]) -> None:
    body = _section(title).split("\n### ")[0]
    said = {row[0].strip("`"): row[1] for row in _rows(body)}
    assert said == {path: _value(fact) for path, fact in facts.items()}


def test_every_decision_and_modality_is_there() -> None:
    rows = {row[0].strip("`"): row[1] for row in _rows(_section("## What is decided"))}
    assert {name: rows.get(name) for name in DECISIONS} == {
        name: "always" if name in ALWAYS_JUDGED else "if asked" for name in DECISIONS
    }
    assert set(rows) == {*DECISIONS, *MODALITIES}


def _examples() -> list[Any]:
    return [
        block
        for number, text in enumerate(re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL), 1)
        for block in parse_documents(text, f"{PAGE.name}, example {number}")
    ]


def test_every_example_is_read_and_comes_out_as_it_says() -> None:
    book = LawBook.load()
    cases = [Case.read(block, PAGE.name) for block in _examples()]
    assert len(cases) == 2
    for case in cases:
        answer = book.decide(case)
        assert not case.expect or worked.differences(case, answer) == []


def test_the_word_unknown_says_that_somebody_asked() -> None:
    (first, _) = (Case.read(block, PAGE.name) for block in _examples())
    assert first.get("person.claims_citizenship") is Unknown.NO_ANSWER
    assert first.get("search.run") is Unknown.NOT_ASKED


def test_every_key_of_expect_is_there() -> None:
    rows = {key for row in _rows(_section("## A worked case")) for key in re.findall(r"`(\w+)`", row[0])}
    head = "id: x\nagency: us-ny-nyc-police\nat: 2026-11-24T10:00:00-05:00\nexpect: "
    for key in rows:
        value = {"counsel": "true", "laws": "{us: {hold: may}}", "decided_by": "x"}.get(
            key, "2026-11-24T10:00:00-05:00"
        )
        Case.read(next(parse_documents(f"{head}{{{key}: {value}}}", "one")))
    assert rows == {"hold_until", "outer_limit", "flat_48", "counsel", "laws", "decided_by"}


def _keys(item: Any, path: str) -> Iterator[str]:
    """The keys of an answer: `*` for the name of a decision, `[]` for any element of a list."""
    if isinstance(item, list):
        for inner in item:
            yield from _keys(inner, f"{path}[]")
    elif isinstance(item, dict):
        for key, inner in item.items():
            name = "*" if path.endswith("decisions") else key
            here = f"{path}.{name}" if path else name
            if name != "*":
                yield here
            yield from _keys(inner, here)


def test_every_key_of_every_answer_is_there_and_no_other() -> None:
    book = LawBook.load()
    found: set[str] = set()
    for file in sorted(shipped().rglob("cases/*.yaml")):
        for case in read_cases(file):
            found |= set(_keys(book.decide(case).as_json(), ""))
    lists = r"decisions\.\*\.(reasons|set_aside|against)\[\]\.(.+)"
    reasons = {match[2] for key in found if (match := re.fullmatch(lists, key))}
    found = {key for key in found if not re.fullmatch(lists, key)}
    answer, reason = _section("## The answer").split("A reason, wherever one stands", 1)
    assert {row[0].strip("`") for row in _rows(answer)} == found
    assert {row[0].strip("`") for row in _rows(reason)} == reasons


def test_a_case_in_json_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(
        '{"id": "one", "agency": "us-ny-nyc-police", "at": "2026-11-24T10:00:00-05:00", "watch_list": "match"}'
    )
    (case,) = read_cases(file)
    assert case.get("watch_list") == "match"
