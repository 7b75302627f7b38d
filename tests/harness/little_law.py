"""A made-up law of a few lines, to show one thing at a time."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from detainer.law import Answer, Case, LawBook
from detainer.law.book import shipped

HEAD = """\
law: {law}
name: A made-up law
cite: Made-up Code § 1
versions:
  - {{first: 2020-01-01, by: An act, says: It says., grade: A}}
"""
AGENCY = "zz: {{name: Sheriff of Zz, short: Sheriff, kind: sheriff, timezone: America/New_York, laws: [{laws}]}}\n"


def rule(name: str, effect: str, on: str, when: str = "always", more: str = "") -> str:
    """One line of provisions."""
    return (
        f"  - {{id: {name}, cite: § {name}, says: Says {name}., effect: {effect}, on: [{on}], when: '{when}'{more}}}\n"
    )


def laws(*bodies: str) -> LawBook:
    """A book with these laws, `one`, `two` and so on, widest first, all of which bind the agency `zz`."""
    names = ["one", "two", "three"][: len(bodies)]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "us").mkdir()
        (folder / "us" / "holidays.csv").write_bytes((shipped() / "us" / "holidays.csv").read_bytes())
        for name, body in zip(names, bodies, strict=True):
            (folder / f"{name}.yaml").write_text(HEAD.format(law=name) + body, encoding="utf-8")
        (folder / "agencies.yaml").write_text(AGENCY.format(laws=", ".join(names)), encoding="utf-8")
        return LawBook.load(folder)


def ask(law: LawBook, **facts: Any) -> Answer:
    """The answer of such a book on these facts alone, at noon in New York on 24 November 2026."""
    at = facts.pop("at", "2026-11-24T12:00:00-05:00")
    return law.decide(Case.read({"id": "one", "agency": "zz", "at": at, **facts}, "made-up"))
