"""Checkpoints are C2SP signed notes; keys of others verify here and ours verify elsewhere."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from detainer.errors import UserError
from detainer.record import notes, verify
from detainer.record.notes import Signer, Verifier

# The key, text and signature of the tests of Go's sumdb/note, from which C2SP took the format.
GO_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# RFC 8032, section 7.1, tests 1 to 3: secret key, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


def test_the_note_known_from_elsewhere_comes_out_the_same() -> None:
    signer = Signer.read(GO_SECRET)
    assert str(signer.verifier) == GO_VERIFIER
    assert signer.secret() == GO_SECRET
    assert notes.sign(GO_TEXT, signer) == f"{GO_TEXT}\n{GO_LINE}"
    assert Verifier.read(GO_VERIFIER) == signer.verifier


def signed(size: int = 7, root: bytes = bytes(32)) -> tuple[Signer, str]:
    signer = Signer("police.example.gov/detainers", Ed25519PrivateKey.from_private_bytes(bytes.fromhex(RFC_8032[0][0])))
    return signer, notes.sign(notes.checkpoint(signer.name, size, root), signer)


def test_a_checkpoint_is_origin_size_and_root() -> None:
    signer, note = signed(size=12, root=bytes(range(32)))
    text, signature = note.split("\n\n")
    assert text == "police.example.gov/detainers\n12\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    assert signature.startswith("— police.example.gov/detainers ")
    read = verify.Note.read(note)
    assert read is not None
    assert (read.origin, read.size, read.root) == ("police.example.gov/detainers", 12, bytes(range(32)))
    assert list(read.faults([verify.Key.read(str(signer.verifier))])) == []


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_byte_of_a_checkpoint_changed_is_noticed(data: st.DataObject) -> None:
    signer, note = signed(size=1234567, root=bytes(range(32)))
    raw = bytearray(note.encode())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[at]))
    key = verify.Key.read(str(signer.verifier))
    read = verify.Note.read(raw.decode("utf-8", "surrogateescape"))
    assert read is None or list(read.faults([key])) or [line[:2] for line in read.lines] != [(key.name, key.id)]


def test_a_signature_has_one_spelling() -> None:
    """Base64 has spare bits at its end: another letter there gives the same bytes and must not pass."""
    _, note = signed()
    assert note.endswith("=\n")
    last = note[-3]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    twins = [one for one in alphabet if one != last and b64decode(f"AA{one}=") == b64decode(f"AA{last}=")]
    assert twins
    for twin in twins:
        assert verify.Note.read(note[:-3] + twin + "=\n") is None


@pytest.mark.parametrize(
    "wrong",
    [
        lambda note: note.rstrip("\n"),
        lambda note: note + "\n",
        lambda note: note.replace("\n7\n", "\n07\n"),
        lambda note: note.replace("\n7\n", "\n+7\n"),
        lambda note: note.replace("\n7\n", "\n\u0667\n"),
        lambda note: note.replace("\n7\n", "\n7 \n"),
        lambda note: note.replace("\n\n", "\nextension\n\n"),
        lambda note: note.replace("\u2014", "-"),
        lambda note: note.replace("\n", "\r\n"),
        lambda note: note.split("\n\n")[0] + "\n",
        lambda _: "",
    ],
)
def test_what_is_not_exactly_a_checkpoint_is_none(wrong: object) -> None:
    _, note = signed()
    assert callable(wrong)
    assert verify.Note.read(note) is not None
    assert verify.Note.read(wrong(note)) is None


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
@pytest.mark.parametrize("way", [verify.ed25519, verify._plain_ed25519])
def test_ed25519_with_and_without_a_package_is_that_of_rfc_8032(
    way: object, secret: str, public: str, message: str, signature: str
) -> None:
    key, said, made = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert callable(way)
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(said) == made
    assert way(key, made, said)
    assert not way(key, made, said + b"x")
    assert not way(key, made[:-1] + bytes([made[-1] ^ 1]), said)
    assert not way(key, bytes([made[0] ^ 1]) + made[1:], said)
    assert not way(key[:-1] + bytes([key[-1] ^ 0x10]), made, said)
    scalar = int.from_bytes(made[32:], "little") + verify.ORDER
    assert not way(key, made[:32] + scalar.to_bytes(32, "little"), said), "the same signature, shifted by the order"
    assert not way(key, made[:-1], said)
    assert not way(key[:-1], made, said)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40), st.integers(0, 511))
@settings(max_examples=40, deadline=None)
def test_both_ways_of_checking_a_signature_agree(seed: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify._plain_ed25519(public, signature, message)
    changed = (int.from_bytes(signature) ^ (1 << bit)).to_bytes(64)
    assert verify._plain_ed25519(public, changed, message) == verify.ed25519(public, changed, message) is False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+c74f20a3",
        GO_VERIFIER.replace("c74f20a3", "c74f20a4"),
        GO_VERIFIER.replace("c74f20a3", "C74F20A3"),
        GO_VERIFIER.replace("Peter", "Petra"),
        GO_VERIFIER[:-4],
        GO_VERIFIER.replace("+A", "+B"),
        "PeterNeumann+c74f20a3+" + b64encode(b"\x02" + bytes(32)).decode(),
    ],
)
def test_what_is_no_verifier_key_is_refused_by_both(text: str) -> None:
    with pytest.raises(UserError):
        Verifier.read(text)
    with pytest.raises(verify.CannotCheck):
        verify.Key.read(text)


@pytest.mark.parametrize("name", ["", "two words", "plus+sign", "new\nline", "no\u00a0break"])
def test_a_name_that_a_note_cannot_carry_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="cannot name a key"):
        Signer.make(name)


def test_a_text_with_a_blank_line_cannot_be_signed() -> None:
    signer, _ = signed()
    with pytest.raises(ValueError, match="blank line"):
        notes.sign("one\n\ntwo\n", signer)
    with pytest.raises(ValueError, match="newline"):
        notes.sign("one", signer)
