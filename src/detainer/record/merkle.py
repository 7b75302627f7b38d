"""The Merkle tree of RFC 6962: hashes, the right edge of a growing tree, inclusion and consistency proofs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256

EMPTY = sha256(b"").digest()
BAND = 8  # subtrees are kept at heights 8, 16, 24 …: one row for 256 leaves, 256 hashes to read a level

Range = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf (RFC 6962, section 2.1)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return sha256(b"\x01" + left + right).digest()


class Edge:
    """The right edge of a tree: its size and the roots of its complete subtrees, largest first.

    It is all that is needed to append and to know the root, so an append costs O(log n) and reads nothing else.
    """

    def __init__(self, size: int = 0, peaks: tuple[bytes, ...] = ()) -> None:
        if len(peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} complete subtrees, not {len(peaks)}")
        self.size = size
        self.peaks = list(peaks)

    def append(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Add a leaf hash; yields (height, index, hash) of each kept subtree that it completes.

        The leaf is in the tree once the iterator is exhausted.
        """
        height, index, node = 0, self.size, leaf
        while index & 1:
            node = node_hash(self.peaks.pop(), node)
            height, index = height + 1, index >> 1
            if height % BAND == 0:
                yield height, index, node
        self.peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The Merkle tree hash; of an empty tree the hash of nothing."""
        if not self.peaks:
            return EMPTY
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def split(size: int) -> int:
    """The largest power of two smaller than `size` (which is 2 or more): where a tree divides."""
    return 1 << (size - 1).bit_length() - 1


def inclusion(leaf: int, size: int, of: Range) -> list[bytes]:
    """The audit path of a leaf in a tree of `size` (section 2.1.1); `of(low, high)` gives a range's tree hash."""
    if not 0 <= leaf < size:
        raise ValueError(f"no leaf {leaf} in a tree of {size}")
    path, low, high = [], 0, size
    while high - low > 1:
        middle = low + split(high - low)
        if leaf < middle:
            path.append(of(middle, high))
            high = middle
        else:
            path.append(of(low, middle))
            low = middle
    return path[::-1]


def consistency(old: int, new: int, of: Range) -> list[bytes]:
    """The proof that the tree of `new` leaves grew from that of `old` (section 2.1.2), 0 < old <= new."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} cannot have grown from one of {old}")
    path, low, high, whole = [], 0, new, True
    while high != old:
        middle = low + split(high - low)
        if old <= middle:
            path.append(of(middle, high))
            high = middle
        else:
            path.append(of(low, middle))
            low, whole = middle, False
    if not whole:
        path.append(of(low, high))
    return path[::-1]
