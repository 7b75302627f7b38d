"""An embedded database's file, edited with no database in between."""

# ruff: noqa: S311, S608  # chance here is a test's; so is the SQL

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from erasing import expunge
from fake_law import RUIZ, book, later

from detainer.record import export, journal, keys, verify
from detainer.record.models import Request

Take = Callable[..., Request]
TABLES = ("record_event", "record_personal", "record_checkpoint", "record_subtree", "record_head")


def content(file: Path) -> object:
    """All that the ledger's tables say; what cannot be read is another content."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as reader:
        reader.text_factory = bytes
        try:
            return [reader.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES]
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter where its own message is damaged
            return str(error)


@pytest.fixture
def original(request_in: Take, tmp_path: Path) -> Path:
    """The file of a record with all kinds of rows in it."""
    request = request_in()
    with journal.batch():
        for number in range(260):
            journal.act(request, "viewed", happened=later(number), author=RUIZ, note="At the counter.")
    journal.decide(request, book(hold="must_not"), at=later(1), author=RUIZ)
    expunge(request_in(), later(2))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = Path(shutil.copy(str(connection.settings_dict["NAME"]), tmp_path / "original.sqlite3"))
    with closing(sqlite3.connect(copy)) as writer:
        writer.execute("VACUUM")  # pages that earlier tests left free have nothing to change
    return copy


def found(file: Path, notes: list[verify.Note]) -> list[str]:
    """What the check finds; one that cannot even begin has found that too."""
    try:
        return [str(finding) for finding in verify.check(str(file), verify_keys(), notes).findings]
    except (sqlite3.DatabaseError, ValueError) as error:
        return [str(error)]


def verify_keys() -> list[verify.Key]:
    return [verify.Key.read(str(key)) for key in keys.verifiers()]


def flip(original: Path, rounds: int) -> None:
    seed = int(os.environ.get("TEST_SEED", random.SystemRandom().randrange(10**9)))
    chance = random.Random(seed)
    right, raw = content(original), original.read_bytes()
    assert found(original, []) == []
    changed = original.with_name("changed.sqlite3")
    told = 0
    for number in range(rounds):
        at = chance.randrange(100, len(raw))
        wrong = bytearray(raw)
        wrong[at] ^= 1 << chance.randrange(8)
        changed.write_bytes(wrong)
        if content(changed) != right:
            told += 1
            assert found(changed, []), f"TEST_SEED={seed}, change {number}: byte {at} of the file"
    assert told > rounds / 20, "hardly any change met the ledger"


@pytest.mark.django_db(transaction=True)
def test_a_bit_flipped_in_the_file_is_found_or_changes_nothing_that_the_record_says(original: Path) -> None:
    flip(original, 150)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_of_five_thousand_bits_flipped_none_changes_what_the_record_says_unfound(original: Path) -> None:
    flip(original, 5000)


@pytest.mark.django_db(transaction=True)
def test_an_index_that_hides_an_event_from_the_desk_is_found(original: Path) -> None:
    """The check reads the table, the desk the index: the two are held against each other."""
    with closing(sqlite3.connect(original, isolation_level=None)) as editor:
        editor.execute("PRAGMA writable_schema = ON")
        [(page,)] = editor.execute("SELECT rootpage FROM sqlite_master WHERE name = 'record_event_request'")
        editor.execute("CREATE TABLE elsewhere (request_id text, seq integer)")
        editor.execute("CREATE INDEX emptied ON elsewhere (request_id, seq)")
        editor.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'emptied')"
            " WHERE name = 'record_event_request'"
        )
    assert page
    assert any("record_event_request" in line for line in found(original, []))


@pytest.mark.django_db(transaction=True)
def test_a_file_cut_short_is_found(original: Path) -> None:
    raw = original.read_bytes()
    original.write_bytes(raw[: len(raw) // 2])
    assert found(original, [])


@pytest.mark.django_db(transaction=True)
def test_an_old_copy_of_the_file_is_behind_what_was_published_since(original: Path, request_in: Take) -> None:
    for _ in range(3):
        request_in()
    notes = [note for note in map(verify.Note.read, export.notes()) if note]
    lines = found(original, notes)
    assert len(lines) == 3
    assert all("the record is behind" in line for line in lines)
    assert found(original, notes[:-3]) == []
