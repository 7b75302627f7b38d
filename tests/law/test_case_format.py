"""docs/case-format.md says all that the program reads and writes, and nothing else; its examples run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from case_format_page import PAGE, TEXT, rows, section
from shipped import book

from detainer.law import DECISIONS, FACTS, MODALITIES, Case, Fact, read_cases, worked
from detainer.law.files import parse_documents
from detainer.law.vocabulary import ALWAYS_JUDGED, CHARGE, CONVICTION, WARRANT, Unknown

KINDS = {
    "flag": "true or false",
    "moment": "time",
    "day": "day",
    "text": "text",
    "spells": "list of `{from: day, to: day}`",
}


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
    body = section(title).split("\n### ")[0]
    said = {row[0].strip("`"): row[1] for row in rows(body)}
    assert said == {path: _value(fact) for path, fact in facts.items()}


def test_every_decision_and_modality_is_there() -> None:
    told = {row[0].strip("`"): row[1] for row in rows(section("## What is decided"))}
    assert {name: told.get(name) for name in DECISIONS} == {
        name: "always" if name in ALWAYS_JUDGED else "if asked" for name in DECISIONS
    }
    assert set(told) == {*DECISIONS, *MODALITIES}


def _examples() -> list[Any]:
    return [
        block
        for number, text in enumerate(re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL), 1)
        for block in parse_documents(text, f"{PAGE.name}, example {number}")
    ]


def test_every_example_is_read_and_comes_out_as_it_says() -> None:
    cases = [Case.read(block, PAGE.name) for block in _examples()]
    assert len(cases) == 2
    for case in cases:
        answer = book().decide(case)
        assert not case.expect or worked.differences(case, answer) == []


def test_the_word_unknown_says_that_somebody_asked() -> None:
    (first, _) = (Case.read(block, PAGE.name) for block in _examples())
    assert first.get("person.claims_citizenship") is Unknown.NO_ANSWER
    assert first.get("search.run") is Unknown.NOT_ASKED


def test_every_key_of_expect_is_there() -> None:
    told = {key for row in rows(section("## A worked case")) for key in re.findall(r"`(\w+)`", row[0])}
    head = "id: x\nagency: us-ny-nyc-police\nat: 2026-11-24T10:00:00-05:00\nexpect: "
    for key in told:
        value = {"counsel": "true", "laws": "{us: {hold: may}}", "decided_by": "x"}.get(
            key, "2026-11-24T10:00:00-05:00"
        )
        Case.read(next(parse_documents(f"{head}{{{key}: {value}}}", "one")))
    assert told == {"hold_until", "outer_limit", "flat_48", "counsel", "laws", "decided_by"}


def test_a_case_in_json_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(
        '{"id": "one", "agency": "us-ny-nyc-police", "at": "2026-11-24T10:00:00-05:00", "watch_list": "match"}'
    )
    (case,) = read_cases(file)
    assert case.get("watch_list") == "match"
