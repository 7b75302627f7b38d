"""Signed notes and checkpoints after C2SP (signed-note, tlog-checkpoint), signed with Ed25519. Pure."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from detainer.errors import UserError

ED25519 = b"\x01"
KEY_BYTES = 32
DASH = "\u2014"
_NAME = re.compile(r"[^\s+]+")


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under a name; its `str` is the verifier key that goes out to whoever checks."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.key).digest()[:4]

    def __str__(self) -> str:
        """`name+id+key`, as C2SP writes a verifier key."""
        return f"{self.name}+{self.id.hex()}+{b64encode(ED25519 + self.key).decode()}"

    @classmethod
    def read(cls, text: str) -> Verifier:
        """The verifier key written in `text`; UserError where it is not one."""
        name, number, key = _parts(text, "verifier key")
        found = cls(name, key)
        if found.id.hex() != number:
            raise UserError(
                "the verifier key of {name} does not match its own id {number}", name=repr(name), number=number
            )
        return found

    def signed(self, text: str, signature: bytes) -> bool:
        """Whether this key made `signature` over `text`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under a name."""

    name: str
    key: Ed25519PrivateKey

    @classmethod
    def make(cls, name: str) -> Signer:
        """A new key; the name is the address people know the record by, without spaces or plus signs."""
        if not _NAME.fullmatch(name):
            raise UserError(
                "{name} cannot name a key", fix="Use an address such as police.example.gov/detainers.", name=repr(name)
            )
        return cls(name, Ed25519PrivateKey.generate())

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.key.public_key().public_bytes_raw())

    def secret(self) -> str:
        """The private key as one line of text, for a file that only its owner can read."""
        key = b64encode(ED25519 + self.key.private_bytes_raw()).decode()
        return f"PRIVATE+KEY+{self.name}+{self.verifier.id.hex()}+{key}"

    @classmethod
    def read(cls, text: str) -> Signer:
        """The key that `secret` wrote; UserError where it is not one."""
        name, number, key = _parts(text.removeprefix("PRIVATE+KEY+"), "signing key")
        found = cls(name, Ed25519PrivateKey.from_private_bytes(key))
        if found.verifier.id.hex() != number:
            raise UserError(
                "the signing key of {name} does not match its own id {number}", name=repr(name), number=number
            )
        return found

    def line(self, text: str) -> str:
        """The signature line of this key under `text`."""
        signature = b64encode(self.verifier.id + self.key.sign(text.encode())).decode()
        return f"{DASH} {self.name} {signature}\n"


def sign(text: str, *signers: Signer) -> str:
    """A signed note: the text, a blank line, a signature line for each signer. The text ends in a newline."""
    if not text.endswith("\n") or "\n\n" in text:
        raise ValueError("a note's text ends in a newline and holds no blank line")
    return f"{text}\n{''.join(signer.line(text) for signer in signers)}"


def checkpoint(origin: str, size: int, root: bytes) -> str:
    """The text of a checkpoint: which record, how many events, under which root."""
    return f"{origin}\n{size}\n{b64encode(root).decode()}\n"


def _parts(text: str, what: str) -> tuple[str, str, bytes]:
    """Name, id and raw key of a key line."""
    parts = text.strip().split("+", 2)
    try:
        name, number, coded = parts
        key = b64decode(coded, validate=True)
    except ValueError:
        raise UserError("is no {what}", what=what) from None
    if not _NAME.fullmatch(name) or key[:1] != ED25519 or len(key) != 1 + KEY_BYTES:
        raise UserError("is no Ed25519 {what}", what=what)
    return name, number, key[1:]
