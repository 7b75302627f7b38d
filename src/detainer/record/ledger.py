"""Appending to the ledger and reading it: one transaction, one tree update, one signed checkpoint."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction
from django.dispatch import Signal

from detainer.errors import UserError
from detainer.record import keys, merkle, notes, sending
from detainer.record.models import Checkpoint, Event, Head, Subtree
from detainer.record.turn import turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detainer.record.leaf import Leaf, Sealed
    from detainer.record.verify import Finding

HASH = 64  # characters of a hash in hex
EVENT = (
    "INSERT INTO record_event"
    " (seq, kind, request_id, agency, happened, entered, author, public, personal, leaf_hash)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
PERSONAL = "INSERT INTO record_personal (event, salt, body) VALUES (%s, %s, %s)"
SUBTREE = 'INSERT INTO record_subtree (height, "index", hash) VALUES (%s, %s, %s)'
HEAD = "UPDATE record_head SET size = %s, peaks = %s, checkpoints = %s, origin = %s WHERE id = %s"
READ = "SELECT id, size, peaks, checkpoints, origin FROM record_head WHERE id = 1"
LOCKED = f"{READ} FOR UPDATE"
CHECKPOINT = "INSERT INTO record_checkpoint (place, size, note) VALUES (%s, %s, %s)"


# Sent at the end of every transaction that appended, inside it: `before` and `after` are the ledger's sizes. What goes
# wrong with whoever listens keeps nothing out of the record, unless it cost the transaction itself.
grown = Signal()


class Appending:
    """The ledger while this transaction holds its head; nobody else can append until it ends."""

    def __init__(self, head: Head) -> None:
        self._head, self._began = head, head.size
        self._edge = merkle.Edge(head.size, tuple(_hashes(head.peaks)))
        self._events: list[tuple[Any, ...]] = []
        self._envelopes: list[tuple[Any, ...]] = []
        self._subtrees: list[tuple[Any, ...]] = []
        self._beside: list[tuple[str, sending.Rows]] = []
        self.moved: float | None = None  # when all of it was written, before it is committed
        self.signers: list[notes.Signer] = []

    @property
    def size(self) -> int:
        """How many events the ledger holds, those of this transaction included."""
        return self._edge.size

    def append(self, leaf: Leaf, envelope: Sealed | None) -> Event:
        """Give the event the next place. It is in the database at the next `write`."""
        seq = self._edge.size
        row: tuple[Any, ...] = (
            seq,
            leaf.kind,
            leaf.request,
            leaf.agency,
            leaf.happened,
            leaf.entered,
            leaf.author,
            leaf.public,
            leaf.personal,
            leaf.hash_at(seq).hex(),
        )
        self.place(row, envelope)
        return Event(*row)  # type: ignore[misc]  # by place, which is much the quicker way

    def place(self, row: tuple[Any, ...], envelope: Sealed | None) -> None:
        """Take in an event whose row, with its hash for exactly the next place, is made already."""
        seq = row[0]
        if seq != self._edge.size:
            raise ValueError(f"event {seq} was made for another place than {self._edge.size}")
        for height, index, node in self._edge.append(bytes.fromhex(row[-1])):
            self._subtrees.append((height, index, node.hex()))
        self._events.append(row)
        if envelope:
            self._envelopes.append((seq, envelope.salt, envelope.body))

    def beside(self, statement: str, rows: sending.Rows) -> None:
        """Rows that are to be written together with the events, by `statement` run once for each."""
        self._beside.append((statement, rows))

    def write(self, *more: tuple[str, sending.Rows]) -> None:
        """Write what has been appended so far; still without a checkpoint."""
        events = ((EVENT, self._events), (PERSONAL, self._envelopes), (SUBTREE, self._subtrees))
        sending.send([*events, *self._beside, *more])
        for rows in (self._events, self._envelopes, self._subtrees, self._beside):
            rows.clear()

    def close(self) -> None:
        """Write the rest, move the head, and sign the tree as it now stands."""
        if self.size == self._head.size:
            return
        first = self._head.size == 0
        self._head.size, self._head.peaks = self.size, b"".join(self._edge.peaks).hex()
        signers = self.signers or [keys.first() if first else keys.signer()]
        self._head.origin = self._head.origin or signers[0].name
        if self._head.origin != signers[0].name:
            raise UserError(
                "the key is that of another record, {other}; this one is {this}",
                fix="Restore the keys of this record.",
                other=signers[0].name,
                this=self._head.origin,
            )
        text = notes.checkpoint(self._head.origin, self.size, self._edge.root())
        head = self._head
        self.write(
            (CHECKPOINT, [(head.checkpoints, self.size, notes.sign(text, *signers))]),
            (HEAD, [(head.size, head.peaks, head.checkpoints + 1, head.origin, head.id)]),
        )
        grown.send_robust(Appending, before=self._began, after=self.size)
        # An error that a listener met is swallowed: Django would roll back, or commit nothing, without a word.
        if not _stands():
            raise OperationalError("the transaction was lost before its end; nothing of it is recorded")
        self.moved = time.monotonic()


@contextmanager
def appending() -> Iterator[Appending]:
    """Hold the ledger's head for one transaction; everything is written at its end, or nothing.

    On PostgreSQL the head is given up as soon as the transaction is committed, before it is on the disk, so that the
    next writer need not wait for the disk; this one does, and returns only when its own events are there.
    """
    with ExitStack() as held:
        outermost = not connection.in_atomic_block
        early = outermost and connection.vendor == "postgresql"
        # Inside a transaction SQLite's write lock is ours already: to queue for a turn then could wait for ever.
        if outermost and connection.vendor == "sqlite":
            held.enter_context(turn(_file()))
        held.enter_context(transaction.atomic())
        made = Appending(_locked_head())
        if early:
            sending.seen()
            transaction.on_commit(lambda: sending.settle(made.moved) if made.moved else None)
        yield made
        if early and made.size:
            made.beside(*sending.promise_later())
        made.close()


def head() -> Head:
    """The head as it stands: size and right edge."""
    return Head.objects.filter(id=1).first() or Head(id=1)


def latest() -> Checkpoint:
    """The last checkpoint, safe on the disk before it can leave the house; UserError where there is none yet."""
    since = time.monotonic()
    found = Checkpoint.objects.order_by("-place").first()
    if found is None:
        raise UserError("the record is empty: there is no checkpoint yet")
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        sending.settle(since, needless=True)
    return found


class Prover:
    """Proofs about the tree over the first `size` events. It reads 256 hashes of a height at once and keeps them."""

    def __init__(self, size: int) -> None:
        self.size, self._ranges = size, _Ranges()

    def root(self) -> bytes:
        """The root of the tree."""
        return self._ranges(0, self.size) if self.size else merkle.EMPTY

    def inclusion(self, seq: int) -> list[bytes]:
        """The audit path that shows event `seq` in the tree."""
        return merkle.inclusion(seq, self.size, self._ranges)

    def consistency(self, old: int) -> list[bytes]:
        """The proof that the tree grew from that over the first `old` events."""
        return merkle.consistency(old, self.size, self._ranges)


def verify() -> list[Finding]:
    """Re-read everything: [] when sound, else every change by name."""
    from detainer.record import audit

    return audit.run().findings


class _Ranges:
    """Tree hashes over ranges of leaves, from the kept subtrees."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], list[bytes]] = {}

    def __call__(self, low: int, high: int) -> bytes:
        """The tree hash over leaves low … high-1, where `low` is a multiple of the next power of two."""
        width = high - low
        if width & (width - 1):
            middle = low + merkle.split(width)
            return merkle.node_hash(self(low, middle), self(middle, high))
        height = width.bit_length() - 1
        band = height - height % merkle.BAND
        edge = merkle.Edge()
        for node in self._nodes(band, low >> band, width >> band):
            for _ in edge.append(node):
                pass
        return edge.root()

    def _nodes(self, band: int, first: int, count: int) -> list[bytes]:
        """`count` hashes at height `band` from index `first` on; they never cross a block of 256."""
        block, place = divmod(first, 1 << merkle.BAND)
        key = (band, block)
        if key not in self._read:
            self._read[key] = _block(band, block << merkle.BAND)
        return self._read[key][place : place + count]


def _block(band: int, first: int) -> list[bytes]:
    last = first + (1 << merkle.BAND)
    if band == 0:
        rows = Event.objects.filter(seq__gte=first, seq__lt=last).order_by("seq").values_list("leaf_hash", flat=True)
        return [bytes.fromhex(text) for text in rows]
    kept = Subtree.objects.filter(height=band, index__gte=first, index__lt=last).order_by("index")
    return [bytes.fromhex(text) for text in kept.values_list("hash", flat=True)]


def _stands() -> bool:
    """Whether a commit will keep what this transaction wrote; asks the connection, not the server."""
    if connection.needs_rollback or connection.closed_in_transaction:
        return False
    bare: Any = connection.connection
    if connection.vendor == "sqlite":  # which rolls back by itself where the disk is full
        return bool(bare.in_transaction)
    return bool(bare.info.transaction_status.name == "INTRANS")


def _locked_head() -> Head:
    with connection.cursor() as cursor:
        cursor.execute(LOCKED if connection.vendor == "postgresql" else READ)
        found = cursor.fetchone()
    if found is None:
        Head.objects.bulk_create([Head(id=1)], ignore_conflicts=True)
        return _locked_head()
    return Head(*found)


def _hashes(joined: str) -> Iterator[bytes]:
    for start in range(0, len(joined), HASH):
        yield bytes.fromhex(joined[start : start + HASH])


def _file() -> Path | None:
    """The SQLite file; None for a database in memory."""
    name = str(connection.settings_dict["NAME"])
    return None if ":memory:" in name or "mode=memory" in name else Path(name)
