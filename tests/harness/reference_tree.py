"""The tree of RFC 6962 as its definition reads, to hold the quick ones against."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def naive(entries: Sequence[bytes]) -> bytes:
    """MTH, letter by letter as RFC 6962 section 2.1 defines it."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return sha256(b"\x01" + naive(entries[:k]) + naive(entries[k:])).digest()
