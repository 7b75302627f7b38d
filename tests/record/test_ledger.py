"""Appending, checkpoints and proofs out of the database."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from fake_law import NOON, RUIZ
from reference_tree import naive

from detainer.errors import UserError
from detainer.record import export, journal, ledger, merkle, verify
from detainer.record.models import Checkpoint, Event, Request, Subtree

pytestmark = pytest.mark.django_db

Take = Callable[..., Request]


def leaves() -> list[bytes]:
    return [export.leaf(event).encode() for event in Event.objects.order_by("seq")]


def hashed(leaf: bytes) -> bytes:
    return sha256(b"\0" + leaf).digest()


@pytest.fixture(params=[1, 2, 3])
def many(request: pytest.FixtureRequest, request_in: Take, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """150 events, with subtrees kept at every, every second and every third height, so that all levels are met."""
    monkeypatch.setattr(merkle, "BAND", request.param)
    with journal.batch():
        for _ in range(149):
            request_in()
    assert Subtree.objects.count() == sum(150 >> height for height in range(request.param, 8, request.param))
    return leaves()


def test_proofs_read_from_kept_subtrees_are_those_of_the_definition(many: list[bytes]) -> None:
    def of(low: int, high: int) -> bytes:
        return naive(many[low:high])

    for size in (1, 2, 3, 7, 8, 9, 63, 64, 65, 127, 128, 149, 150):
        prover = ledger.Prover(size)
        assert prover.root() == naive(many[:size])
        for seq in range(0, size, 5):
            path = prover.inclusion(seq)
            assert path == merkle.inclusion(seq, size, of)
            assert verify.included(hashed(many[seq]), seq, size, path, prover.root())
        for old in range(1, size, 7):
            path = prover.consistency(old)
            assert path == merkle.consistency(old, size, of)
            assert verify.consistent(old, size, naive(many[:old]), prover.root(), path)
    assert ledger.Prover(0).root() == naive([])


def test_one_transaction_is_one_checkpoint_over_all_events_so_far(request_in: Take) -> None:
    for _ in range(3):
        request_in()
    with journal.batch():
        request_in()
        request_in()
    notes = [verify.Note.read(note) for note in Checkpoint.objects.order_by("place").values_list("note", flat=True)]
    said = [(note.size, note.root) for note in notes if note]
    assert said == [(size, naive(leaves()[:size])) for size in (2, 3, 4, 6)]


def test_a_transaction_without_events_signs_nothing(request_in: Take) -> None:
    request_in()
    with journal.batch():
        pass
    assert Checkpoint.objects.count() == 1


def test_an_empty_record_has_no_checkpoint() -> None:
    with pytest.raises(UserError, match="empty"):
        ledger.latest()


def test_an_append_touches_as_many_rows_at_the_end_of_a_long_record_as_of_a_short_one(request_in: Take) -> None:
    request = request_in()

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            journal.act(request, "viewed", happened=NOON, author=RUIZ)
        return len(caught)

    short = cost()
    with journal.batch():
        for _ in range(3000):
            request_in()
    assert cost() == short


def test_a_proof_reads_a_handful_of_ranges(request_in: Take) -> None:
    with journal.batch():
        for _ in range(2000):
            request_in()
    with CaptureQueriesContext(connection) as caught:
        ledger.Prover(2001).inclusion(777)
    assert len(caught) <= 3  # its own block of leaves, the last block, the level above


def test_bodies_of_a_megabyte_and_of_any_character_are_kept_and_verified(request_in: Take) -> None:
    text = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x11000), 0x10FFFF])) + "\u00e9e\u0301" * 300_000
    request = request_in(person={"name": "Ana Example", "story": text})
    person = request.person()
    assert person is not None
    assert person["story"] == text
    assert ledger.verify() == []


@pytest.mark.soak
def test_proofs_at_two_hundred_thousand_events_take_milliseconds(request_in: Take) -> None:
    with journal.batch():
        for _ in range(200_000):
            request_in()
    size = Event.objects.count()
    chance = random.Random(6962)  # noqa: S311  # no secret
    root = ledger.Prover(size).root()
    for _ in range(50):
        seq = chance.randrange(size)
        start = time.process_time()
        path = ledger.Prover(size).inclusion(seq)
        assert time.process_time() - start < 0.25
        assert verify.included(bytes.fromhex(Event.objects.get(seq=seq).leaf_hash), seq, size, path, root)
    assert ledger.verify() == []
