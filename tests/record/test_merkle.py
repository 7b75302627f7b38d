"""The tree is that of RFC 6962, on the writing and on the checking side, which share no code."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_tree import naive

from detainer.record import merkle, verify

# The leaves that the Certificate Transparency project tests its implementations with, and their roots by size.
KNOWN_LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
leaves = st.lists(st.binary(max_size=3), max_size=70, unique=True)


def written(entries: Sequence[bytes]) -> merkle.Edge:
    edge = merkle.Edge()
    for entry in entries:
        list(edge.append(merkle.leaf_hash(entry)))
    return edge


def checked(entries: Sequence[bytes]) -> verify.Tree:
    tree = verify.Tree()
    for entry in entries:
        tree.append(sha256(b"\x00" + entry).digest())
    return tree


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_known_of_old(size: int) -> None:
    assert written(KNOWN_LEAVES[:size]).root().hex() == KNOWN_ROOTS[size]
    assert checked(KNOWN_LEAVES[:size]).root().hex() == KNOWN_ROOTS[size]
    assert naive(KNOWN_LEAVES[:size]).hex() == KNOWN_ROOTS[size]


@given(leaves)
def test_the_root_is_that_of_the_definition(entries: list[bytes]) -> None:
    assert written(entries).root() == checked(entries).root() == naive(entries)


@given(leaves)
def test_the_right_edge_is_all_that_is_needed_to_go_on(entries: list[bytes]) -> None:
    before = written(entries)
    resumed = merkle.Edge(before.size, tuple(before.peaks))
    list(resumed.append(merkle.leaf_hash(b"next")))
    assert resumed.root() == naive([*entries, b"next"])


def test_an_edge_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="complete subtrees"):
        merkle.Edge(3, (b"one",))


@given(leaves.filter(bool), st.data())
def test_every_leaf_is_shown_in_its_place_and_in_no_other(entries: list[bytes], data: st.DataObject) -> None:
    size, root = len(entries), naive(entries)
    leaf = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion(leaf, size, lambda low, high: naive(entries[low:high]))
    digest = merkle.leaf_hash(entries[leaf])
    assert verify.included(digest, leaf, size, path, root)
    assert len(path) <= (size - 1).bit_length()
    for other in range(size):
        assert verify.included(digest, other, size, path, root) == (other == leaf)
    assert not verify.included(merkle.leaf_hash(b"four"), leaf, size, path, root)
    assert not verify.included(digest, leaf, size, [*path, path[-1] if path else digest], root)
    assert not verify.included(digest, leaf, size, path[:-1], root) or not path
    assert not verify.included(digest, size, size, path, root)


@given(leaves.filter(bool), st.data())
def test_growth_is_shown_and_a_rewritten_past_is_not(entries: list[bytes], data: st.DataObject) -> None:
    new = len(entries)
    old = data.draw(st.integers(1, new))
    before, after = naive(entries[:old]), naive(entries)
    path = merkle.consistency(old, new, lambda low, high: naive(entries[low:high]))
    assert verify.consistent(old, new, before, after, path)
    rewritten = [b"else", *entries[1:old]]
    assert not verify.consistent(old, new, naive(rewritten), after, path)
    assert not verify.consistent(old, new, before, naive([*rewritten, *entries[old:]]), path)
    assert not verify.consistent(old, new, before, after, [*path, after])
    if path:
        assert not verify.consistent(old, new, before, after, path[:-1])
        assert not verify.consistent(old, new, before, after, [*path[:-1], sha256(path[-1]).digest()])


@given(leaves.filter(bool), st.data())
@settings(max_examples=50)
def test_a_single_bit_in_a_proof_breaks_it(entries: list[bytes], data: st.DataObject) -> None:
    size, root = len(entries), naive(entries)
    leaf = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion(leaf, size, lambda low, high: naive(entries[low:high]))
    if path:
        step, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 255))
        path[step] = (int.from_bytes(path[step]) ^ (1 << bit)).to_bytes(32)
        assert not verify.included(merkle.leaf_hash(entries[leaf]), leaf, size, path, root)


def test_the_consistency_proofs_of_the_rfcs_own_example() -> None:
    """RFC 6962 section 2.1.3: seven leaves d0 to d6, nodes a to l, and the proofs it lists."""
    entries = [bytes([number]) for number in range(7)]
    leaf = [merkle.leaf_hash(entry) for entry in entries]
    a, b, c, d, e, f, j = *leaf[:6], leaf[6]
    g, h, i = merkle.node_hash(a, b), merkle.node_hash(c, d), merkle.node_hash(e, f)
    k, whole = merkle.node_hash(g, h), merkle.node_hash(i, j)

    def of(low: int, high: int) -> bytes:
        return naive(entries[low:high])

    assert merkle.inclusion(0, 7, of) == [b, h, whole]
    assert merkle.inclusion(3, 7, of) == [c, g, whole]
    assert merkle.inclusion(4, 7, of) == [f, j, k]
    assert merkle.inclusion(6, 7, of) == [i, k]
    assert merkle.consistency(3, 7, of) == [c, d, g, whole]
    assert merkle.consistency(4, 7, of) == [whole]
    assert merkle.consistency(6, 7, of) == [i, j, k]


@pytest.mark.parametrize(("leaf", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(leaf: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion(leaf, size, lambda _low, _high: b"")


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_there_is_no_proof_of_growth_from_nothing_or_backwards(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="cannot have grown"):
        merkle.consistency(old, new, lambda _low, _high: b"")
    assert not verify.consistent(old, new, b"", b"", [])


def test_a_leaf_cannot_pass_for_a_node() -> None:
    """The second preimage that RFC 6962's prefixes are there to stop."""
    two = [b"left", b"right"]
    inner = b"\x01" + merkle.leaf_hash(b"left") + merkle.leaf_hash(b"right")
    assert written([inner]).root() != naive(two)
    assert written([inner[1:]]).root() != naive(two)
