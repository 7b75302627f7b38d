"""A single byte changed anywhere in the record is found, and the finding says where."""

# ruff: noqa: S311, S608  # chance here is a test's; so is the SQL

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from erasing import expunge
from fake_law import CHEN, RUIZ, book, later
from tamper import put, rows

from detainer.record import journal, ledger
from detainer.record.models import Request

Take = Callable[..., Request]

# table → its key, the columns that hold bytes of ours, and how a finding names a row of it
PLACES = {
    "record_event": (
        "seq",
        "seq kind request_id agency happened entered author public personal leaf_hash".split(),
        r"\bevents? {0}\b|personal data of event {0}\b|\bevents? \d+-{0}\b",
    ),
    "record_personal": ("event", "event salt body".split(), r"\bevent {0}\b"),
    "record_checkpoint": ("place", "place size note".split(), r"\bcheckpoints? {0}\b"),
    "record_subtree": ("index", "height index hash".split(), r"\bsubtree {0}\b"),
    "record_head": ("id", "id size peaks checkpoints origin".split(), r"\bhead\b"),
    "record_request": (
        "id",
        "id number agency source source_key received_at form asks sender purpose state last_seq settled_seq decided_at"
        " modality_hold modality_notify held_at released_at past_release".split(),
        r"\brequest {0}\b",
    ),
    "record_counter": ("agency", "agency year last".split(), r"\bnumbers of {0}\b"),
}


def fill(take: Take) -> None:
    """Enough for a kept subtree and every kind of row; with text that is not ASCII, a NUL and a long body."""
    with journal.batch():
        for number in range(5):
            request = take(source={"mapping": "made-up", "key": str(number)}, person={"name": f"Jos\u00e9 {number}\0"})
        for number in range(250):
            journal.act(request, "viewed", happened=later(number), author=RUIZ, note="x" * (number % 7))
    one, two = Request.objects.order_by("number")[:2]
    custody = {"custody": {"held": True, "releasable_at": later(1)}}
    journal.record_facts(one, custody, happened=later(0.1), author=RUIZ, note="x" * 20_000)
    journal.decide(one, book(hold="may", until=later(48)), at=later(0.2), author=RUIZ)
    journal.act(one, "approved", happened=later(0.3), author=CHEN, detail={"for": "held"})
    journal.act(one, "held", happened=later(1), author=RUIZ, approved_by=CHEN)
    journal.act(one, "released", happened=later(3), author=RUIZ)
    expunge(two, later(4))


def change(chance: random.Random) -> tuple[str, object, str] | None:
    """Change one byte of one value; the table, the row's key and the column. None where the database said no."""
    table = chance.choice(list(PLACES))
    key, columns, _ = PLACES[table]
    column = chance.choice(columns)
    text = connection.vendor == "postgresql"
    value = f'"{column}"::text' if text else f'CAST("{column}" AS BLOB)'
    found = rows(
        f'SELECT "{key}", {value} FROM {table} WHERE "{column}" IS NOT NULL AND {value} <> %s', "" if text else b""
    )
    if not found:
        return None
    at, old = chance.choice(found)
    raw = bytearray(old.encode() if text else old)
    place = chance.randrange(len(raw))
    # PostgreSQL keeps no NUL and nothing that is not UTF-8: there a change can only be to another text.
    bytes_allowed = [byte for byte in range(1, 128) if byte != raw[place]] if text else [*range(256)]
    if text and raw[place] >= 128:
        return None
    new = chance.choice([byte for byte in bytes_allowed if byte != raw[place]])
    raw[place] = new
    try:
        with transaction.atomic():
            put(table, column, key, at, raw.decode() if text else bytes(raw))
            if rows(f'SELECT count(*) FROM {table} WHERE "{key}" = %s AND {value} = %s', at, old) == [(1,)]:
                return None  # another spelling of the same value, which the column itself mends
    except DatabaseError:  # what a column or a constraint refuses
        return None
    return table, at, column


def tried(take: Take, rounds: int) -> None:
    seed = int(os.environ.get("TEST_SEED", random.SystemRandom().randrange(10**9)))
    chance = random.Random(seed)
    fill(take)
    assert ledger.verify() == []
    done = 0
    while done < rounds:
        with transaction.atomic():
            changed = change(chance)
            if changed:
                table, at, column = changed
                done += 1
                lines = [str(finding) for finding in ledger.verify() if finding.where != "present state"]
                named = re.compile(PLACES[table][2].format(re.escape(str(at))))
                told = f"TEST_SEED={seed}, change {done}: {column} of {table} at {at}"
                assert lines, f"not found: {told}"
                assert any(map(named.search, lines)), f"not named: {told}: {lines[:5]}"
                assert len(lines) < 12, f"drowned in findings: {told}: {lines[:20]}"
            transaction.set_rollback(True)
    assert ledger.verify() == []


@pytest.mark.django_db
def test_of_some_hundred_single_bytes_changed_each_is_found_and_named(request_in: Take) -> None:
    tried(request_in, 150)


@pytest.mark.soak
@pytest.mark.django_db
def test_of_ten_thousand_single_bytes_changed_each_is_found_and_named(request_in: Take) -> None:
    tried(request_in, 10_000)
