"""`detainer law test`: worked cases, decided and compared with what they expect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from detainer.commands.laws import Laws
from detainer.commands.near import near
from detainer.law import LawBook, worked
from detainer.law.worked import Difference, Worked


class Format(StrEnum):
    """How the outcome is printed."""

    text = "text"
    json = "json"


def run(
    place: Annotated[
        Path | None, typer.Argument(help="A case file, or a folder of them; left out: the worked cases of every law.")
    ] = None,
    as_: Annotated[Format, typer.Option("--format", help="Text for people, or one JSON object.")] = Format.text,
    laws: Laws = None,
) -> None:
    """Decide worked cases and show what comes out otherwise than expected.

    The last line counts: `12 passed, 1 failed`. The exit code is 1 if any failed.
    """
    book = LawBook.load(laws)
    done = list(worked.run(book, worked.case_files(place or book.root)))
    if as_ is Format.json:
        print(json.dumps(_json(done), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(done)))
    if not all(case.passed for case in done):
        raise typer.Exit(1)


def _counts(done: list[Worked]) -> tuple[int, int]:
    passed = sum(case.passed for case in done)
    return passed, len(done) - passed


def _lines(done: list[Worked]) -> Iterator[str]:
    for file in dict.fromkeys(case.file for case in done):
        cases = [case for case in done if case.file == file]
        passed, failed = _counts(cases)
        yield f"{near(file)}: {passed} passed" + (f", {failed} failed" if failed else "")
        for case in cases:
            if not case.passed:
                yield f"  {case.case.id}: {case.case.about}"
                yield from _beside(case.differences)
    passed, failed = _counts(done)
    yield f"{passed} passed, {failed} failed"


def _beside(differences: tuple[Difference, ...]) -> Iterator[str]:
    """The differences as a table: key, expected, got."""
    rows = [("", "expected", "got"), *((found.key, found.expected, found.got) for found in differences)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for key, expected, got in rows:
        yield f"    {key:{widths[0]}}  {expected:{widths[1]}}  {got}"


def _json(done: list[Worked]) -> dict[str, Any]:
    passed, failed = _counts(done)
    return {
        "passed": passed,
        "failed": failed,
        "cases": [
            {
                "file": near(case.file),
                "id": case.case.id,
                "about": case.case.about,
                "passed": case.passed,
                "differences": [
                    {"key": found.key, "expected": found.expected, "got": found.got} for found in case.differences
                ],
            }
            for case in done
        ],
    }
