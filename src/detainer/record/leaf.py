"""An event as the bytes that the ledger commits to, and the salted commitment to its personal data."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from json.encoder import encode_basestring as quoted

from detainer.errors import UserError
from detainer.record import merkle

VERSION = 1
SALT_BYTES = 32
_WORD = re.compile(r"[a-z][a-z_]{0,31}")
_AGENCY = re.compile(r"([a-z0-9]+(-[a-z0-9]+)*)?")
_REQUEST = re.compile(r"([0-9a-f]{24})?")
_AUTHOR = re.compile(r"[a-z]{1,16}:[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One event before it has a place in the ledger; `public` is canonical JSON, `personal` a hex digest or empty."""

    kind: str
    request: str
    agency: str
    happened: str
    entered: str
    author: str
    public: str
    personal: str = ""

    def __post_init__(self) -> None:
        """UserError where a field could hold free text: these columns are public and stand for ever."""
        _must(_WORD, self.kind, "kind of event")
        _must(_REQUEST, self.request, "request id")
        _must(_AGENCY, self.agency, "agency id")
        _must(_AUTHOR, self.author, "author (an account id like officer:17)")

    def at(self, seq: int) -> bytes:
        """The leaf's bytes when the event stands at place `seq`: RFC 8785 JSON, its keys in their order."""
        personal = quoted(self.personal) if self.personal else "null"
        return (
            f'{{"agency":{quoted(self.agency)},"author":{quoted(self.author)},"entered":{quoted(self.entered)},'
            f'"happened":{quoted(self.happened)},"kind":{quoted(self.kind)},"personal":{personal},'
            f'"public":{self.public},"request":{quoted(self.request)},"seq":{seq},"v":{VERSION}}}'
        ).encode()

    def hash_at(self, seq: int) -> bytes:
        """The leaf hash of RFC 6962 at place `seq`."""
        return merkle.leaf_hash(self.at(seq))


@dataclass(frozen=True, slots=True)
class Sealed:
    """Personal data in its envelope: what is kept apart, and the commitment that the leaf carries."""

    salt: str
    body: str

    @property
    def commitment(self) -> str:
        """SHA-256 over the 32 bytes of salt and the body, in hex."""
        return sha256(bytes.fromhex(self.salt) + self.body.encode()).hexdigest()


def envelope(body: str) -> Sealed:
    """Personal data, as canonical text, behind a fresh salt."""
    return Sealed(secrets.token_hex(SALT_BYTES), body)


def _must(shape: re.Pattern[str], value: str, what: str) -> None:
    if not shape.fullmatch(value):
        raise UserError(f"{value[:80]!r} is no {what}")
