"""Every worked case that is shipped with the laws comes out as a lawyer said it must."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from case_format_page import rows, section
from shipped import worked_cases

from detainer import cli
from detainer.law import Answer, Case, LawBook

ENDS = {"hold_until": "until", "outer_limit": "outer_limit", "flat_48": "flat_48"}
CASES = worked_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_worked_case_comes_out_as_expected(book: LawBook, case: Case) -> None:
    answer = book.decide(case)
    assert list(differences(answer, case.expect)) == []


def test_a_worked_case_states_something_to_check() -> None:
    assert [case.id for case in CASES if not set(case.expect) - {"decided_by"}] == []


def test_the_worked_cases_have_one_id_each() -> None:
    ids = [case.id for case in CASES]
    assert sorted(set(ids)) == sorted(ids)


def test_the_command_finds_the_same_of_every_case(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, book: LawBook
) -> None:
    monkeypatch.setattr(LawBook, "load", lambda _path=None: book)
    assert cli._run(["law", "test"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{len(CASES)} passed, 0 failed"


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


def test_every_key_of_every_answer_is_in_the_page_of_the_format_and_no_other(book: LawBook) -> None:
    found: set[str] = set()
    for case in CASES:
        found |= set(_keys(book.decide(case).as_json(), ""))
    lists = r"decisions\.\*\.(reasons|set_aside|against)\[\]\.(.+)"
    reasons = {match[2] for key in found if (match := re.fullmatch(lists, key))}
    found = {key for key in found if not re.fullmatch(lists, key)}
    answer, reason = section("## The answer").split("A reason, wherever one stands", 1)
    assert {row[0].strip("`") for row in rows(answer)} == found
    assert {row[0].strip("`") for row in rows(reason)} == reasons


def differences(answer: Answer, expect: dict[str, Any]) -> Iterator[str]:
    """Where the answer is not what the case expects, in words."""
    for key, wanted in expect.items():
        if key in answer.decisions:
            yield from unlike(key, answer.decisions[key].modality, wanted)
        elif key in ENDS:
            yield from unlike(key, getattr(answer.decisions["hold"], ENDS[key]), wanted)
        elif key == "counsel":
            yield from unlike("counsel", bool(answer.counsel), wanted)
        elif key == "laws":
            for law, said in wanted.items():
                yield from layer_differences(answer, law, said)
        else:
            assert key == "decided_by", f"{key} is expected but not judged"


def layer_differences(answer: Answer, law: str, expect: dict[str, Any]) -> Iterator[str]:
    """Where one law alone does not say what the case expects of it."""
    decisions = next(layer.decisions for layer in answer.laws if layer.law == law)
    for key, wanted in expect.items():
        found = getattr(decisions["hold"], ENDS[key]) if key in ENDS else decisions[key].modality
        yield from unlike(f"{law}: {key}", found, wanted)


def unlike(what: str, found: object, wanted: object) -> Iterator[str]:
    """A line when the two differ; moments are compared as moments."""
    if isinstance(found, datetime) and isinstance(wanted, datetime) and found == wanted:
        return
    if found != wanted:
        yield f"{what}: {found}, expected {wanted}"
