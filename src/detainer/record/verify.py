#!/usr/bin/env python3
"""Check a record of Detainer Desk. One file, for anyone: it needs Python 3.11 and nothing of the application.

    python verify.py detainer.sqlite3    --key KEYS [--checkpoint PUBLISHED]   an embedded database
    python verify.py postgresql://…      --key KEYS [--checkpoint PUBLISHED]   a PostgreSQL (needs psycopg)
    python verify.py FOLDER              --key KEYS [--checkpoint PUBLISHED]   what `detainer checkpoint --export` wrote
    python verify.py proof.json          --key KEYS                            what `detainer proof` wrote
    python verify.py FOLDER             [--key KEYS] [--checkpoint PUBLISHED]   what `detainer publish` wrote: every
                                                                               published number is counted again

KEYS is a file of verifier keys, one a line, or one such key; get it from elsewhere than the record itself. For a folder
the keys in it are taken where none are given; whoever changed the folder could have changed them too. PUBLISHED
is a file of signed checkpoints that left the house earlier: on letters, reports, the public site. Without one, a record
that was cut at its end, or rewritten by whoever holds the signing key, can look sound.

Prints every finding on a line of its own and ends with 1, or prints one line and ends with 0; 2 if it could not check.
This file shares no code with the program that writes the record, so that a mistake in one shows in the other.
"""

# ruff: noqa: S608, T201  # sizes of keys and digests are what they are; the queries are this file's own; it prints

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import sqlite3
import sys
from base64 import b64decode, b64encode
from collections import Counter, deque
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256, sha512
from itertools import chain, islice
from json.encoder import encode_basestring as quoted
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

EVENT = "seq, kind, request_id, agency, happened, entered, author, public, personal, leaf_hash"
COLUMNS = EVENT.split(", ")
EXPUNGED = "record_event WHERE kind = 'expunged'"
DIGEST = re.compile(r"[0-9a-f]{64}")
DASH = "\u2014"
NOTE = re.compile(rf"[^\n]+\n[0-9]+\n[^\n]+\n\n(?:{DASH} [^\n]+\n)+")
NAMES_KEYS = ("opened", "key_rotated", "key_lost")
BAND = 8
CLOSE = 64  # how many places a moved event is looked for on either side
MANY = 20000  # changed events held before they are named
ALONE = 4096  # checkpoints up to which their signatures are checked one after the other
BLOCK = 256  # checkpoints whose signatures go to another core together
KEPT = 400  # how many changed events are compared with each other, to tell a move from a change


class CannotCheck(Exception):
    """What was given cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where."""

    what: str
    where: str

    def __str__(self) -> str:
        """As one line."""
        return f"{self.where}: {self.what}"


@dataclass
class Report:
    """What a check found; sound if and only if there is no finding."""

    findings: list[Finding] = field(default_factory=list)
    events: int = 0
    root: bytes = sha256(b"").digest()
    checkpoints: int = 0
    compared: int = 0
    numbers: int = 0
    places: int = 0
    lost: list[int] = field(default_factory=list)  # events by which a key was replaced that could not sign any more

    def add(self, where: str, what: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(what, where))

    def summary(self) -> str:
        """The one line for a sound record."""
        against = f"agrees with {self.compared} published" if self.compared else "not compared with any published one"
        said = f"sound: {self.events} events, checkpoint {b64encode(self.root).decode()} ({against})"
        again = f"; {self.numbers} numbers counted again, found as they are in {self.places} places"
        lost = "".join(
            f"; at event {seq} a lost signing key was replaced: hold it against what its owner published"
            for seq in self.lost
        )
        return said + lost + (again if self.numbers else "")


# --- Signatures ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Key:
    """A verifier key as C2SP signed-note writes it: name, the id that signatures carry, the Ed25519 public key."""

    name: str
    id: bytes
    public: bytes

    @classmethod
    def read(cls, text: str) -> Key:
        """`name+id+base64`; CannotCheck where it is not one."""
        try:
            name, number, coded = text.strip().split("+", 2)
            raw = b64decode(coded, validate=True)
        except ValueError:
            raise CannotCheck(f"{text.strip()[:80]!r} is no verifier key") from None
        made = sha256(name.encode() + b"\n" + raw).digest()[:4]
        if raw[:1] != b"\x01" or len(raw) != 33 or made.hex() != number:
            raise CannotCheck(f"the verifier key of {name!r} is no Ed25519 key or does not match its id")
        return cls(name, made, raw[1:])

    def signed(self, text: str, signature: bytes) -> bool:
        """Whether this key made the signature over the text."""
        return ed25519(self.public, signature, text.encode("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class Note:
    """A signed checkpoint taken apart; `lines` are (name, key id, signature), `right` those found right already."""

    text: str
    origin: str
    size: int
    root: bytes
    lines: tuple[tuple[str, bytes, bytes], ...]
    right: frozenset[tuple[str, bytes, bytes]] = frozenset()

    @classmethod
    def read(cls, note: str) -> Note | None:
        """The checkpoint in `note`, None where it is not exactly what a checkpoint must be, to the byte."""
        text, blank, signatures = note.partition("\n\n")
        parts = text.split("\n")
        if not blank or len(parts) != 3 or not parts[0] or not signatures.endswith("\n"):
            return None
        origin, size, root = parts
        decoded = _base64(root)
        if not re.fullmatch(r"0|[1-9][0-9]{0,17}", size, re.ASCII) or decoded is None or len(decoded) != 32:
            return None
        lines = []
        for line in signatures[:-1].split("\n"):
            found = re.fullmatch(rf"{DASH} ([^\s+]+) ([A-Za-z0-9+/=]+)", line, re.ASCII)
            signature = _base64(found[2]) if found else None
            if found is None or signature is None or len(signature) < 5:
                return None
            lines.append((found[1], signature[:4], signature[4:]))
        return cls(text + "\n", origin, int(size), decoded, tuple(lines))

    def faults(self, keys: Sequence[Key]) -> Iterator[str]:
        """Each signature by one of `keys` that is wrong; others say nothing here."""
        for line in self.lines:
            name, number, signature = line
            key = next((key for key in keys if (key.name, key.id) == (name, number)), None)
            if key and line not in self.right and not key.signed(self.text, signature):
                yield f"the signature by {name} ({number.hex()}) is wrong"


def _base64(text: str) -> bytes | None:
    """The bytes, None where the text is not their one canonical spelling."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if b64encode(raw).decode() == text else None


def ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is valid (RFC 8032); by the package cryptography where there is one."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return _plain_ed25519(public, signature, message)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


Signed = tuple[str, tuple[tuple[str, bytes, bytes], ...]]  # the text and the lines of a note


def ahead(rows: Iterator[Row], keys: Sequence[Key]) -> Iterator[Row]:
    """The same rows, each of which ends with a note; where there are many, with the signatures found right beforehand.

    Each costs a tenth of a millisecond, so other cores go ahead. What they do not find right is looked at again.
    """
    first = list(islice(rows, ALONE))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    rows = chain(first, rows)
    if len(first) < ALONE or cores == 1:
        yield from rows
        return
    asked: deque[tuple[list[Row], Future[list[frozenset[tuple[str, bytes, bytes]]]]]] = deque()
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as others:
        while True:
            while len(asked) < 4 * cores and (block := list(islice(rows, BLOCK))):
                notes: list[Signed] = [(row[-1].text, row[-1].lines) if row[-1] else ("", ()) for row in block]
                asked.append((block, others.submit(found_right, notes, list(keys))))
            if not asked:
                return
            block, answer = asked.popleft()
            for row, right in zip(block, _answer(answer, len(block)), strict=True):
                yield (*row[:-1], replace(row[-1], right=right)) if right else row


def found_right(notes: Sequence[Signed], keys: Sequence[Key]) -> list[frozenset[tuple[str, bytes, bytes]]]:
    """Of each note the lines that one of the keys signed."""
    known = {(key.name, key.id): key for key in keys}
    return [
        frozenset(line for line in lines if (key := known.get(line[:2])) is not None and key.signed(text, line[2]))
        for text, lines in notes
    ]


def _answer(
    answer: Future[list[frozenset[tuple[str, bytes, bytes]]]], count: int
) -> list[frozenset[tuple[str, bytes, bytes]]]:
    """What another core found; nothing where it could not be had, so that all of it is looked at here."""
    try:
        return answer.result()
    except (BrokenProcessPool, OSError):
        return [frozenset()] * count


P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int, int, int]
BASE_X, BASE_Y = 0x216936D3CD6E53FEC0A4E231FDD6DC5C692CC7609525A7B2C9562D608F25D51A, 4 * pow(5, -1, P) % P
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def _plain_ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """The same, slowly (some milliseconds), with nothing but Python."""
    point, commitment = _point(public), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or point is None or commitment is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = _times(scalar, BASE), _sum(commitment, _times(challenge, point))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def _point(raw: bytes) -> Point | None:
    """The curve point that 32 bytes encode, in extended coordinates."""
    if len(raw) != 32:
        return None
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _sum(one: Point, two: Point) -> Point:
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar: int, point: Point) -> Point:
    made: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            made = _sum(made, point)
        point, scalar = _sum(point, point), scalar >> 1
    return made


# --- The tree of RFC 6962 -----------------------------------------------------------------------------------------


class Tree:
    """A growing Merkle tree; it keeps its complete subtrees only."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size, self.peaks = size, list(peaks)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; the (height, index, hash) of the subtrees at heights 8, 16 … that it completes."""
        made = []
        index, height, peaks = self.size, 0, self.peaks
        while index & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            index, height = index >> 1, height + 1
            if not height % BAND:
                made.append((height, index, leaf))
        peaks.append(leaf)
        self.size += 1
        return made

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.peaks:
            return sha256(b"").digest()
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = sha256(b"\x01" + peak + root).digest()
        return root

    def copy(self) -> Tree:
        """Another tree with the same leaves."""
        return Tree(self.size, self.peaks)


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` shows the leaf hash at `index` in the tree of `size` leaves with `root` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last = index, size - 1
    for step in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            leaf = sha256(b"\x01" + step + leaf).digest()
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            leaf = sha256(b"\x01" + leaf + step).digest()
        node, last = node >> 1, last >> 1
    return last == 0 and leaf == root


def consistent(old: int, new: int, before: bytes, after: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the tree `new`, `after` grew from `old`, `before` (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not path and before == after
    if not 0 < old < new:
        return False
    steps = [before, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    was = now = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            was, now = sha256(b"\x01" + step + was).digest(), sha256(b"\x01" + step + now).digest()
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            now = sha256(b"\x01" + now + step).digest()
        node, last = node >> 1, last >> 1
    return was == before and now == after and last == 0


# --- Where a record is read from ----------------------------------------------------------------------------------

Row = tuple[Any, ...]


class Source(Protocol):
    """Rows of a record, each table in its own order, all as of one moment."""

    def rows(self, columns: str, table: str, order: str) -> Iterator[Row]:
        """The rows of a table."""

    def damage(self) -> list[str]:
        """What the database itself finds wrong with its own pages and indexes."""


class Sqlite:
    """A SQLite connection, read until `done`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection, self._before = connection, connection.text_factory
        self._file = connection.execute("PRAGMA database_list").fetchone()[2]

    def done(self) -> None:
        """Leave the connection as it was."""
        self.connection.text_factory = self._before

    def damage(self) -> list[str]:
        """An index that leaves out a row would hide it from the desk, though not from this check."""
        if not self._file:
            return []
        connection = sqlite3.connect(f"{Path(self._file).as_uri()}?mode=ro", uri=True)
        try:
            lines = [_printable(line) for (line,) in connection.execute("PRAGMA integrity_check(20)")]
        finally:
            connection.close()
        return [] if lines == ["ok"] else lines

    def rows(self, columns: str, table: str, order: str) -> Iterator[Row]:
        """The rows, one at a time; text that is not UTF-8 comes with surrogates in place of the wrong bytes."""
        statement, count = f"SELECT {columns} FROM {table} ORDER BY {order}", 0
        try:
            for row in self.connection.cursor().execute(statement):
                yield row
                count += 1
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
        else:
            return
        # From here on slowly, and again from where the wrong bytes stand: a snapshot gives the same rows again.
        self.connection.text_factory = _tolerant
        for row in islice(self.connection.cursor().execute(statement), count, None):
            yield row  # yield from would close the cursor of a connection that is closed already


class Postgres:
    """A PostgreSQL connection of psycopg, inside a transaction."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def damage(self) -> list[str]:
        """Nothing: PostgreSQL checks its pages where it was set up with checksums, and says so when it reads."""
        return []

    def rows(self, columns: str, table: str, order: str) -> Iterator[Row]:
        """The rows, fetched some thousand at a time."""
        with self.connection.cursor(f"verify_{table.split(maxsplit=1)[0]}") as cursor:
            cursor.itersize = 5000
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {order}")
            yield from cursor


def _tolerant(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _printable(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()


# --- The check of a database --------------------------------------------------------------------------------------


def leaf(row: Row, seq: int | None = None) -> bytes:
    """The leaf hash that an event's columns give, at its own place or at another; TypeError where one is not text."""
    place, kind, request, agency, happened, entered, author, public, personal = row[:9]
    text = (
        f'{{"agency":{quoted(agency)},"author":{quoted(author)},"entered":{quoted(entered)},'
        f'"happened":{quoted(happened)},"kind":{quoted(kind)},'
        f'"personal":{"null" if personal == "" else quoted(personal)},'
        f'"public":{public + ""},"request":{quoted(request)},"seq":{place if seq is None else seq},"v":1}}'
    )
    return sha256(b"\x00" + text.encode("utf-8", "surrogateescape")).digest()


class Ahead:
    """An iterator that shows what comes next."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self.next: Row | None = next(rows, None)

    def take(self) -> Row:
        """The next row, which there must be."""
        if self.next is None:
            raise IndexError("no row left")
        row, self.next = self.next, next(self._rows, None)
        return row

    def rest(self) -> Iterator[Any]:
        """What each row that is left ends with."""
        while self.next is not None:
            yield self.take()[-1]


class Audit:
    """One pass over a record.

    Two trees grow: over what the events say, and over the leaf hashes stored beside them. They are one tree until an
    event no longer gives its hash; the next checkpoint then tells which of the two was changed.
    """

    def __init__(self, source: Source, keys: Sequence[Key], published: Sequence[Note], report: Report) -> None:
        self.source, self.keys, self.report = source, keys, report
        self.said = self.stored = Tree()
        self.size = 0  # places passed, those of missing events included
        self.broken = False  # an event is missing: no root can be computed any more
        self.adrift = False  # a good checkpoint has another root than either tree
        self.changed: list[Row] = []  # since the last checkpoint that agreed
        self.judged: list[tuple[Row, str]] = []
        self.sound = 0  # the size of the last checkpoint that agreed
        expunged = map(_text, source.rows(EVENT, EXPUNGED, "seq"))
        self.expunged = {row[2]: row[0] for row in expunged if leaf(row).hex() == row[9]}
        stored = source.rows('height, "index", hash', "record_subtree", 'height, "index"')
        self.subtrees = {(height, index): digest for height, index, digest in stored}
        self.checkpoints = Checkpoints(self, source)
        self.envelopes = Envelopes(self, source)
        self.published = Published(self, published)

    def run(self) -> Report:
        """Read all of it."""
        stop = self._reached()
        event = self._event
        for row in self.source.rows(EVENT, "record_event", "seq"):
            event(row)
            if self.size >= stop:
                stop = self._reached()
        self.envelopes.end()
        self.checkpoints.end()
        self._judge("what it says no longer gives its leaf hash")
        self._name_changes()
        self._end()
        self.published.end()
        self.report.events, self.report.root = self.size, self.stored.root()
        self.report.lost = self.checkpoints.force.lost
        return self.report

    def add(self, where: str, what: str) -> None:
        """Note a finding."""
        self.report.add(where, what)

    def roots(self) -> set[bytes]:
        """The roots of both trees; none where an event is missing."""
        return set() if self.broken else {self.said.root(), self.stored.root()}

    def _reached(self) -> float:
        """Check all that speaks of the tree as large as it now is; the size at which something next does."""
        return min(self.checkpoints.reached(), self.published.reached())

    def _types(self, row: Row) -> Row:
        """The row with text in every column but the first; what is stored otherwise is a finding."""
        for name, value in zip(COLUMNS[1:], row[1:], strict=True):
            if not isinstance(value, str):
                self.add(f"event {row[0]}", f"{name} is stored as {type(value).__name__}, not as text")
        return _text(row)

    def _event(self, row: Row) -> None:
        seq = row[0]
        if seq < self.size:
            self.add(f"event {seq}", "stands twice")
            return
        if seq != self.size:
            self.add(_span("event", self.size, seq - 1), "missing: dropped from the record")
            self.broken = True
        self.size = seq + 1
        try:
            made = leaf(row)
        except TypeError:
            row = self._types(row)
            made = leaf(row)
        if made.hex() != row[9]:
            if not isinstance(row[9], str):
                row = self._types(row)
            self._differs(row, made)
        elif not self.broken:
            self._grow(made, made)
        self.envelopes.of(row)
        if row[1] in NAMES_KEYS:
            for fault in self.checkpoints.force.named(seq, row[1], row[7] if made.hex() == row[9] else ""):
                self.add(f"event {seq}", fault)

    def _differs(self, row: Row, made: bytes) -> None:
        if self.said is self.stored:
            self.said = self.stored.copy()
        self.changed.append(row)
        if not self.broken:
            self._grow(made, bytes.fromhex(row[9]) if DIGEST.fullmatch(row[9]) else made)
        if len(self.changed) + len(self.judged) > MANY:
            self._judge("what it says no longer gives its leaf hash")
            self._name_changes()

    def _grow(self, said: bytes, stored: bytes) -> None:
        """Add a leaf to both trees and compare the subtrees that it completes."""
        done = self.stored.append(stored)
        also = done if self.said is self.stored else self.said.append(said)
        if not done:
            return
        for (height, index, one), (_, _, two) in zip(done, also, strict=True):
            kept = self.subtrees.pop((height, index), None)
            if kept not in (one.hex(), two.hex()):
                first = index << height
                what = "is missing" if kept is None else "is not the hash of its events"
                self.add(f"subtree {index} at height {height} (events {first}-{self.size - 1})", what)

    def agrees(self, root: bytes) -> bool:
        """Whether a good checkpoint over the events so far has this root; tells what was changed since the last."""
        if self.broken:
            return True  # cannot be told; the missing events are named
        if root == self.stored.root():
            self._judge("changed: what it says is not what was signed")
            self.said = self.stored
        elif root == self.said.root():
            self._judge("its leaf hash was changed; what it says is what was signed")
            self.stored = self.said
        else:
            return False
        self.sound = self.size
        return True

    def _judge(self, what: str) -> None:
        self.judged += ((row, what) for row in self.changed)
        self.changed = []

    def _name_changes(self) -> None:
        """A finding for each event that does not give its leaf hash: moved from another place, or as judged."""
        what = {row[0]: said for row, said in self.judged}
        moves = _moves([row for row, _ in self.judged])
        for first, last, by in _runs([(seq, moves.get(seq, 0)) for seq in what]):
            moved = f"moved: recorded as {_span('event', first + by, last + by)}"
            self.add(_span("event", first, last), moved if by else what[first])
        self.judged = []

    def _end(self) -> None:
        if not self.broken:
            for height, index in self.subtrees:
                self.add(f"subtree {index} at height {height}", "is over events that are not there")
        heads = list(self.source.rows("id, size, peaks, checkpoints, origin", "record_head", "id"))
        peaks = {b"".join(tree.peaks).hex() for tree in (self.said, self.stored)}
        if self.size == 0 and heads in ([], [(1, 0, "", 0, "")]):
            return
        if len(heads) != 1 or heads[0][0] != 1:
            self.add("head", f"there are {len(heads)} rows where there must be one")
        elif heads[0][1] != self.size:
            self.add("head", f"says {heads[0][1]} events; there are {self.size}")
        elif heads[0][3] != self.report.checkpoints:
            self.add("head", f"says {heads[0][3]} checkpoints; there are {self.report.checkpoints}")
        elif self.checkpoints.force.origin not in ("", heads[0][4]):
            self.add("head", f"says that the record is {heads[0][4]!r}; it is {self.checkpoints.force.origin!r}")
        elif not self.broken and heads[0][2] not in peaks:
            self.add("head", "its right edge is not that of the events")


class Envelopes:
    """Personal data against the commitments in the leaves."""

    def __init__(self, audit: Audit, source: Source) -> None:
        self.audit, self.rows = audit, Ahead(source.rows("event, salt, body", "record_personal", "event"))

    def of(self, row: Row) -> None:
        """Check what belongs to this event."""
        seq, commitment, mine = row[0], row[8], self.rows.next
        if mine is None or mine[0] != seq:
            if commitment or (mine and mine[0] < seq):
                self._wrong(seq, row[2], commitment, row)
            return
        request = row[2]
        if request not in self.audit.expunged and _commitment(mine[1], mine[2]) == commitment:
            self.rows.take()
        elif commitment or (mine and mine[0] <= seq):
            self._wrong(seq, request, commitment, row)

    def _wrong(self, seq: int, request: str, commitment: str, row: Row) -> None:
        """All but the plain case: expunged, gone, changed, out of place."""
        where = f"event {seq}"
        gone = self.audit.expunged.get(request, -1) > seq and request != ""
        self._before(seq)
        if self.rows.next is None or self.rows.next[0] != seq:
            if commitment and not gone:
                self.audit.add(where, "its personal data is gone, although its request was not expunged")
            return
        _, salt, body = self.rows.take()
        if gone:
            self.audit.add(where, "its personal data is still there, although its request was expunged")
        made = _commitment(salt, body)
        if made is None:
            self.audit.add(where, "its personal data is changed: salt or body are not stored as they must be")
            return
        if made == commitment:
            return
        if leaf((*row[:8], made, row[9])).hex() == row[9]:
            self.audit.add(where, "the commitment to its personal data is changed")
        elif not commitment:
            self.audit.add(where, "has personal data that it never committed to")
        else:
            self.audit.add(where, "its personal data is changed: salt and body do not give the commitment")

    def _before(self, seq: float) -> None:
        while self.rows.next is not None and self.rows.next[0] < seq:
            self.audit.add(f"personal data of event {self.rows.take()[0]}", "belongs to no event that is there")

    def end(self) -> None:
        """What is left belongs to nothing."""
        self._before(float("inf"))


class Force:
    """Which keys sign the record at a point of it, as its own events say: the first one names a key, a change the next.

    A key that was replaced is still given, for what it signed; it must not sign what came after.
    """

    def __init__(self, given: Sequence[Key]) -> None:
        self.given = given
        self.keys: list[Key] = []  # two from a change on until the checkpoint that both sign; none while unknown
        self.origin = ""
        self.lost: list[int] = []

    def named(self, seq: int, kind: str, public: str) -> Iterator[str]:
        """Take up what an event says of the keys, "" where the event was changed; yields what is wrong with it."""
        if not public:
            self.keys = []
            return
        try:
            said = json.loads(public)
            named = [Key.read(said[name]) for name in (("key",) if kind == "opened" else ("from", "to"))]
        except (ValueError, KeyError, TypeError, CannotCheck):
            yield "does not name the signing key as it must"
            return
        if (kind == "opened") != (seq == 0) or (kind != "opened" and self.keys not in ([], named[:1])):
            yield "names a key out of turn"
            return
        for key in named:
            if key not in self.given:
                yield f"names the key {key.name} ({key.id.hex()}), which is not among the given keys"
        self.origin = self.origin or named[0].name
        # A key that is lost cannot sign its own end.
        self.keys = named[-1:] if kind == "key_lost" else named
        if kind == "key_lost":
            self.lost.append(seq)

    def faults(self, note: Note) -> Iterator[str]:
        """Why a checkpoint of the record itself cannot be relied on."""
        if self.origin and note.origin != self.origin:
            yield f"is of the record {note.origin!r}, not of {self.origin!r}"
        signed = [line[:2] for line in note.lines]
        if self.keys and signed != [(key.name, key.id) for key in self.keys]:
            yield "changed: it does not carry exactly the signatures of the keys in force"
        elif not any(one == (key.name, key.id) for one in signed for key in self.given):
            yield "is signed by none of the given keys"
        for fault in note.faults(self.given):
            yield f"changed: {fault}"

    def signed(self) -> None:
        """A checkpoint was passed: from here on the new key signs alone."""
        self.keys = self.keys[-1:]


class Checkpoints:
    """The checkpoints kept in the record, each signed by exactly the keys that were in force."""

    def __init__(self, audit: Audit, source: Source) -> None:
        kept = ((*row[:2], _note(row[2])) for row in source.rows("place, size, note", "record_checkpoint", "place"))
        self.audit, self.rows = audit, Ahead(ahead(kept, audit.keys))
        self.force = Force(audit.keys)
        self.place = self.size = 0

    def reached(self) -> float:
        """Check every checkpoint over no more events than there have been; over how many the next one stands."""
        while self.rows.next is not None:
            note = self.rows.next[2]
            size = self._size(note)
            if size > self.audit.size:
                return size
            self._check(note, size)
        return float("inf")

    def _size(self, note: Note | None) -> int:
        """Over how many events the next checkpoint stands: as signed, or else as its column says."""
        column = self.rows.next[1] if self.rows.next else 0
        number = column if isinstance(column, int) else 0
        if note and (note.size == column or any(True for _ in note.faults(self.audit.keys))):
            return number
        return note.size if note else number

    def _check(self, note: Note | None, size: int) -> None:
        audit = self.audit
        place, column, _ = self.rows.take()
        where = f"checkpoint {place} (at {size} events)"
        audit.report.checkpoints += 1
        if place != self.place:
            audit.add(_span("checkpoint", self.place, place - 1), "missing")
        faults = list(self._faults(note, column, size))
        for fault in faults:
            audit.add(where, fault)
        if note and not faults and not audit.adrift and not audit.agrees(note.root):
            audit.adrift = True
            since = _span("event", audit.sound, size - 1)
            one = "" if audit.sound == size - 1 else "one of "
            audit.add(where, f"its root is not that of the events: {one}{since} was changed, and its hash with it")
        self.place, self.size = place + 1, size
        self.force.signed()

    def _faults(self, note: Note | None, column: int, size: int) -> Iterator[str]:
        if note is None:
            yield "changed: it is not a signed checkpoint any more"
            return
        if note.size != column:
            yield f"changed: the note is over {note.size} events, its column says {column}"
        if (size != self.audit.size and not self.audit.broken) or size <= self.size:
            yield "stands out of order"
        yield from self.force.faults(note)

    def end(self) -> None:
        """What is left stands over events that are not there; the last one must cover them all."""
        while self.rows.next is not None:
            note = self.rows.next[2]
            size = self._size(note)
            place = self.rows.take()[0]
            self.audit.report.checkpoints += 1
            gone = _span("event", self.audit.size, size - 1) if size > self.audit.size else "events"
            self.audit.add(f"checkpoint {place} (at {size} events)", f"is over more than there is: {gone} missing")
            self.size = size
        if self.size < self.audit.size:
            loose = _span("event", self.size, self.audit.size - 1)
            self.audit.add(loose, "no checkpoint covers this: added without a signature, or its checkpoint was dropped")


class Published:
    """Checkpoints that left the house, against the record as it is."""

    def __init__(self, audit: Audit, notes: Sequence[Note]) -> None:
        self.audit, self.rows = audit, Ahead(iter(sorted(((note,) for note in notes), key=lambda row: row[0].size)))

    def reached(self) -> float:
        """Compare those over as many events as there have been; over how many the next one stands."""
        while self.rows.next is not None and self.rows.next[0].size <= self.audit.size:
            note = self.rows.take()[0]
            if not _signed(self.audit.report, note, self.audit.keys, "published checkpoint"):
                continue
            where = f"published checkpoint at {note.size} events"
            if note.size < self.audit.size or self.audit.broken:
                self.audit.add(where, "cannot be compared: events before it are missing")
            elif note.root not in self.audit.roots():
                self.audit.add(where, "has another root: the record was rewritten (forked) since, or is another one")
            else:
                self.audit.report.compared += 1
        return self.rows.next[0].size if self.rows.next else float("inf")

    def end(self) -> None:
        """Those over more events than there are: the record is behind."""
        while self.rows.next is not None:
            note = self.rows.take()[0]
            if _signed(self.audit.report, note, self.audit.keys, "published checkpoint"):
                self.audit.add(
                    f"published checkpoint at {note.size} events",
                    f"the record is behind: it holds {self.audit.size}; its end was cut off or an old copy restored",
                )


def _text(row: Row) -> Row:
    return (row[0], *(_tolerant(value) if isinstance(value, bytes) else str(value) for value in row[1:]))


def _commitment(salt: Any, body: Any) -> str | None:
    """What an envelope gives; None where the salt is not 64 small hex digits, for then its bytes could shift."""
    if not isinstance(salt, str) or not isinstance(body, str) or not DIGEST.fullmatch(salt):
        return None
    return sha256(bytes.fromhex(salt) + body.encode("utf-8", "surrogateescape")).hexdigest()


def _note(value: Any) -> Note | None:
    return Note.read(value) if isinstance(value, str) else None


def _span(what: str, first: int, last: int) -> str:
    return f"{what} {first}" if first == last else f"{what}s {first}-{last}"


def _moves(changed: Sequence[Row]) -> dict[int, int]:
    """For each changed event that was recorded at another place: how far away that is."""
    hashes = {row[0]: row[9] for row in changed}
    known = list(hashes) if len(hashes) <= KEPT else []
    moves = {}
    for row in changed:
        near = [row[0] + by for by in range(-CLOSE, CLOSE + 1) if by and row[0] + by >= 0]
        for place in (*known, *near) if len(hashes) <= MANY else ():
            if place != row[0] and leaf(row, place).hex() in (row[9], hashes.get(place)):
                moves[row[0]] = place - row[0]
                break
    return moves


def _runs(changes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Neighbours with the same fate as one: (first, last, moved by); what was changed in place stands alone."""
    start = 0
    for at in range(1, len(changes) + 1):
        if at < len(changes) and changes[at][1] and changes[at] == (changes[at - 1][0] + 1, changes[at - 1][1]):
            continue
        yield changes[start][0], changes[at - 1][0], changes[start][1]
        start = at


# --- What an auditor or a court is handed: exported leaves, proofs ------------------------------------------------


def check_database(source: Source, keys: Sequence[Key], published: Sequence[Note] = ()) -> Report:
    """Check everything in a database but the projections, which only the application can derive."""
    report = Report()
    with ThreadPoolExecutor(1) as side:  # SQLite looks through its file on a core of its own
        damage = side.submit(source.damage)
        try:
            report = Audit(source, keys, published, report).run()
            report.findings[:0] = [Finding(line, "database") for line in damage.result()]
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter where SQLite's message is damaged
            report.add("database", f"cannot be read to its end: {error}")
    return report


def check_export(folder: Path, keys: Sequence[Key], published: Sequence[Note] = ()) -> Report:
    """Check leaves against the checkpoints beside them and against `published`."""
    report, tree, force, covered = Report(), Tree(), Force(keys), 0
    off: int | None = 0  # by how much the events' own numbers were off last; said once, however many follow
    notes = sorted(read_notes(folder / "checkpoints.txt"), key=lambda note: note.size)
    kept = Ahead(ahead(((note,) for note in notes), keys))
    others = sorted((note for note in published if _signed(report, note, keys)), key=lambda note: note.size)
    with (folder / "leaves.jsonl").open("rb") as lines:
        for line in lines:
            said = json.loads(line)
            seq = said.get("seq")
            before, off = off, seq - tree.size if isinstance(seq, int) else None
            if off is None or off not in (0, before):
                report.add(f"event {tree.size}", f"says that it is {seq}: dropped, added or moved")
            if said.get("kind") in NAMES_KEYS:
                for fault in force.named(tree.size, said["kind"], json.dumps(said.get("public"))):
                    report.add(f"event {tree.size}", fault)
            tree.append(sha256(b"\x00" + line.rstrip(b"\n")).digest())
            while kept.next is not None and kept.next[0].size <= tree.size:
                note = kept.take()[0]
                for fault in force.faults(note):
                    report.add(f"checkpoint at {note.size} events", fault)
                force.signed()
                _same(report, note, tree)
                report.checkpoints, covered = report.checkpoints + 1, note.size
            while others and others[0].size <= tree.size:
                report.compared += _same(report, others.pop(0), tree)
    for note in [*kept.rest(), *others]:
        report.add(f"checkpoint at {note.size} events", f"there are only {tree.size} events: the end was cut off")
    if covered < tree.size:
        report.add(_span("event", covered, tree.size - 1), "no checkpoint covers this")
    report.events, report.root, report.lost = tree.size, tree.root(), force.lost
    return report


def _same(report: Report, note: Note, tree: Tree) -> bool:
    if note.root == tree.root() and note.size == tree.size:
        return True
    report.add(f"checkpoint at {note.size} events", "has another root: an event before it was changed")
    return False


def _signed(report: Report, note: Note, keys: Sequence[Key], what: str = "checkpoint") -> bool:
    """Whether a given key signed the note and none signed it wrongly; what is wrong goes into the report."""
    known = {(key.name, key.id) for key in keys}
    faults = list(note.faults(keys))
    if not faults and not any(line[:2] in known for line in note.lines):
        faults = ["is signed by none of the given keys"]
    for fault in faults:
        report.add(f"{what} at {note.size} events", fault)
    return not faults


def check_proof(proof: dict[str, Any], keys: Sequence[Key]) -> Report:
    """Check the steps of one request against the checkpoint in the proof; that there are no others it cannot show."""
    report = Report()
    note = Note.read(proof["checkpoint"])
    if note is None:
        raise CannotCheck("the proof holds no checkpoint")
    _signed(report, note, keys)
    last = -1
    for step in proof["events"]:
        said = json.loads(step["leaf"])
        where = f"event {said['seq']}"
        if said["seq"] <= last:
            report.add(where, "stands twice or out of order")
        last = said["seq"]
        path = [b64decode(part, validate=True) for part in step["path"]]
        digest = sha256(b"\x00" + step["leaf"].encode()).digest()
        if said["request"] != proof["request"]:
            report.add(where, "is of another request")
        if not included(digest, said["seq"], note.size, path, note.root):
            report.add(where, "is not in the tree of the checkpoint: changed, or never recorded")
        kept = step.get("personal")
        if kept and _commitment(kept["salt"], kept["body"]) != said["personal"]:
            report.add(where, "its personal data is not what was recorded")
        report.events += 1
    report.root, report.checkpoints = note.root, 1
    return report


# --- The numbers of a public site ---------------------------------------------------------------------------------

STEPS = ("received", "decided", "declined", "held", "told", "transferred", "released", "withdrawn")
UNDONE = ("declined", "released", "transferred", "withdrawn")
SHOWN = re.compile(r'<data value="([^"]*)" data-figure="([^"]*)">([^<]*)</data>')
DRAWN = re.compile(r'<text [^>]*data-figure="([^"]*)"[^>]*>([^<]*)</text>')
GAP = re.compile(r'<span data-figure="([^"]*)" class="gap">')
Days = tuple[tuple[str, date], ...]
Talks = tuple[tuple[date, bool, bool], ...]


def check_site(folder: Path, keys: Sequence[Key], published: Sequence[Note] = ()) -> Report:
    """Check the record in a published folder, count every number again, and look for it wherever it stands."""
    report = check_export(folder / "record", keys, published)
    said = json.loads((folder / "record" / "figures.json").read_bytes())
    if (said["size"], said["root"]) != (report.events, b64encode(report.root).decode()):
        report.add("record/figures.json", "stands on another checkpoint than the events")
    zones = {agency: one["timezone"] for one in said["figures"] for agency in one["agencies"]}
    lives = read_lives(folder / "record" / "leaves.jsonl", zones)
    values: dict[str, int | None] = {}
    for one in said["figures"]:
        counted = recount(one, lives)
        values[one["figure"]] = counted[0]
        if counted != (one["value"], one["not_recorded"]):
            told, given = _told(one["value"], one["not_recorded"]), _told(*counted)
            report.add(f"figure {one['figure']}", f"is published as {told}; the events give {given}")
    report.numbers = len(values)
    _everywhere(folder, values, report)
    for path, digest in said["files"].items():
        file = folder / path
        if not file.is_file():
            report.add(path, "is missing")
        elif sha256(file.read_bytes()).hexdigest() != digest:
            report.add(path, "is not the file that was published")
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_file() and path not in said["files"] and not path.startswith("record/"):
            report.add(path, "was not published with the others")
    return report


def read_lives(file: Path, zones: dict[str, str]) -> Counter[tuple[str, Days, Talks]]:
    """The requests of the agencies as their events tell them: agency, first day of each step, exchanges; how many."""
    clocks = {agency: ZoneInfo(zone) for agency, zone in zones.items()}
    days: dict[str, dict[str, date]] = {}
    talks: dict[str, list[tuple[date, bool, bool]]] = {}
    agencies: dict[str, str] = {}
    with file.open("rb") as lines:
        for line in lines:
            event = json.loads(line)
            request, clock = event["request"], clocks.get(event["agency"])
            if not request or clock is None:
                continue
            agencies[request] = event["agency"]
            happened = _local(event["happened"], clock)
            _step(days.setdefault(request, {}), event["kind"], happened, event["public"], clock)
            asked, gave = (bool(event["public"].get(word)) for word in ("about", "given"))
            if event["kind"] == "contact" and (asked or gave):
                talks.setdefault(request, []).append((happened, asked, gave))
    return Counter(
        (agency, tuple(sorted(days[request].items())), tuple(talks.get(request, ())))
        for request, agency in agencies.items()
    )


def _step(days: dict[str, date], kind: str, happened: date, public: dict[str, Any], clock: ZoneInfo) -> None:
    if kind in STEPS:
        days[kind] = min(happened, days.get(kind, happened))
    if kind == "corrected" and "received" in public:
        days["received"] = _local(public["received"], clock)
    elif kind == "decided":
        days.pop("permitted", None)
        if public["modalities"].get("hold") in ("may", "must"):
            days["permitted"] = happened
    elif kind == "reopened":
        for step in UNDONE:
            days.pop(step, None)


def _local(moment: str, clock: ZoneInfo) -> date:
    return datetime.fromisoformat(moment).astimezone(clock).date()


def recount(figure: dict[str, Any], lives: Counter[tuple[str, Days, Talks]]) -> tuple[int | None, int]:
    """The number by its rule, None where the events cannot say; and of how many requests they do not say it."""
    start, end = date.fromisoformat(figure["from"]), date.fromisoformat(figure["to"])
    own = [(dict(days), talks, count) for (agency, days, talks), count in lives.items() if agency in figure["agencies"]]
    if figure["talks"]:
        which = 1 if figure["talks"] == "asked" else 2
        spoken = [(talk, count) for _, talks, count in own for talk in talks]
        value = sum(count for talk, count in spoken if talk[which] and start <= talk[0] <= end)
        return value if spoken else None, 0
    value = unknown = received = 0
    for days, _, count in own:
        first = min((days[step] for step in figure["dated_by"] if step in days), default=None)
        if first and start <= first <= end and not any(step in days for step in figure["without"]):
            value += count
        if "received" in days and start <= days["received"] <= end:
            received += count
            unknown += count if not any(step in days for step in figure["known_by"]) else 0
    if not figure["known_by"]:
        return value, 0
    return (None if unknown and unknown == received and not value else value), unknown


def _everywhere(folder: Path, values: dict[str, int | None], report: Report) -> None:
    """Every place in the folder where a number stands under its name."""
    for page in sorted(folder.rglob("*.html")):
        text, where = page.read_text(encoding="utf-8"), str(page.relative_to(folder))
        for value, name, words in SHOWN.findall(text):
            stands = words.split(" ")[0].replace(",", "")
            _stands(name, value if stands == value else f"{value} and {stands}", values, where, report)
        for name, words in DRAWN.findall(text):
            _stands(name, words.replace(",", ""), values, where, report)
        for name in GAP.findall(text):
            _stands(name, "", {name: None, **values}, where, report)
    for table in sorted(folder.rglob("*.csv")):
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                name = row.get("figure") or "/".join(row.get(key) or "" for key in ("agency", "id", "from", "to"))
                if name in values and not row.get("part"):
                    _stands(name, row["value"], values, str(table.relative_to(folder)), report)


def _stands(name: str, shown: str, values: dict[str, int | None], where: str, report: Report) -> None:
    report.places += 1
    if name not in values:
        report.add(where, f"shows a number {name} for which there is no rule")
    elif shown != ("" if values[name] is None else str(values[name])):
        report.add(where, f"shows {name} as {shown or 'not recorded'}; the events give {_told(values[name], 0)}")


def _told(value: int | None, not_recorded: int) -> str:
    number = "no number" if value is None else str(value)
    return f"{number}, not recorded for {not_recorded}" if not_recorded else number


# --- The command line ---------------------------------------------------------------------------------------------


def read_keys(given: Iterable[str]) -> list[Key]:
    """Verifier keys, each given as itself or in a file of one a line."""
    lines: list[str] = []
    for one in given:
        lines += Path(one).read_text(encoding="utf-8").splitlines() if Path(one).is_file() else [one]
    return [Key.read(line) for line in lines if line.strip()]


def read_notes(file: str | Path) -> list[Note]:
    """The signed checkpoints in a file, one after the other; CannotCheck where it holds none or something else."""
    text = Path(file).read_text(encoding="utf-8") + "\n"
    found = NOTE.findall(text)
    notes = [note for note in map(Note.read, found) if note]
    if not notes or len(notes) < len(found) or NOTE.sub("", text).strip():
        raise CannotCheck(f"{file}: is no file of signed checkpoints")
    return notes


def check(what: str, keys: Sequence[Key], published: Sequence[Note]) -> Report:
    """Check whatever stands at a path or a PostgreSQL address."""
    if what.startswith(("postgresql://", "postgres://")):
        return _postgres(what, keys, published)
    path = Path(what)
    if (path / "record" / "figures.json").is_file():
        return check_site(path, keys, published)
    if path.is_dir():
        return check_export(path, keys, published)
    with path.open("rb") as file:
        if file.read(15) != b"SQLite format 3":
            return check_proof(json.loads(path.read_bytes()), keys)
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.execute("BEGIN")  # all tables as of one moment
        return check_database(Sqlite(connection), keys, published)
    finally:
        connection.close()


def _own_keys(folder: Path) -> list[str]:
    """The keys that lie in a folder; CannotCheck where there are none."""
    for file in (folder / "record" / "verifiers.txt", folder / "verifiers.txt"):
        if file.is_file():
            return [str(file)]
    raise CannotCheck("give the keys that it was signed with, --key")


def _postgres(address: str, keys: Sequence[Key], published: Sequence[Note]) -> Report:
    import psycopg

    with psycopg.connect(address) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        return check_database(Postgres(connection), keys, published)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what the command line names; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", help="a database, an exported folder, or a proof")
    parser.add_argument("--key", action="append", help="a verifier key, or a file of them")
    parser.add_argument("--checkpoint", help="a file of checkpoints published earlier")
    given = parser.parse_args(arguments)
    try:
        published = read_notes(given.checkpoint) if given.checkpoint else []
        report = check(given.what, read_keys(given.key or _own_keys(Path(given.what))), published)
    except (CannotCheck, OSError, ValueError, KeyError, TypeError, sqlite3.Error, ImportError) as error:
        print(f"error: {given.what}: cannot be checked: {error}", file=sys.stderr)
        return 2
    for finding in report.findings:
        print(finding)
    if not report.findings:
        print(report.summary())
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
