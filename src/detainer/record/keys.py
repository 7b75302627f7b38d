"""The keys that sign the record. They lie in files outside the database, readable by their owner alone."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from detainer.errors import UserError
from detainer.house import house, write_private
from detainer.record.notes import Signer, Verifier

if TYPE_CHECKING:
    from pathlib import Path

VERIFIERS = "verifiers.txt"
HOW = "Run `detainer keys new --name ADDRESS`, for example police.example.gov/detainers, and keep a copy of it apart."


def verifiers() -> list[Verifier]:
    """Every key that ever signed this record, oldest first; the last one signs now. Empty before there is one."""
    file = house().keys / VERIFIERS
    stamp = _stamp(file)
    return list(_named(file, *stamp)) if stamp else []


def signer() -> Signer:
    """The key that signs now; UserError where there is none or its file is missing."""
    known = verifiers()
    if not known:
        raise UserError("there is no key to sign the record with", where=str(house().keys), fix=HOW)
    return _load(_file(known[-1]))


def first() -> Signer:
    """The key for a new record: the one made for it, or, outside production, one made on the spot."""
    if not verifiers() and not house().production:
        return new(f"detainer-desk.invalid/{secrets.token_hex(8)}")
    return signer()


def new(name: str) -> Signer:
    """Make the record's first key; UserError where there is one already."""
    if verifiers():
        raise UserError("there is a key already", where=str(house().keys), fix="`detainer keys rotate` makes the next.")
    return _keep(Signer.make(name))


def successor(current: Signer) -> Signer:
    """A key of the same name, written to its file but not yet in use; `adopt` brings it into use."""
    made = Signer.make(current.name)
    put_away(made)
    return made


def put_away(made: Signer) -> None:
    """Write a key to its file."""
    write_private(_file(made.verifier), made.secret().encode())


def adopt(made: Signer) -> None:
    """From now on `made` signs; the keys before it stay named, for they signed what came before."""
    lines = [str(known) for known in [*verifiers(), made.verifier]]
    write_private(house().keys / VERIFIERS, "".join(f"{line}\n" for line in lines).encode())


def restore(named: list[Verifier]) -> None:
    """Write down which keys signed the record, where the list of them was lost, too."""
    write_private(house().keys / VERIFIERS, "".join(f"{line}\n" for line in named).encode())


def is_there(key: Verifier) -> bool:
    """Whether the secret half of this key lies where it is looked for."""
    return _file(key).exists()


def _keep(made: Signer) -> Signer:
    put_away(made)
    adopt(made)
    return made


def _file(key: Verifier) -> Path:
    return house().keys / f"{key.id.hex()}.key"


def _load(file: Path) -> Signer:
    stamp = _stamp(file)
    if stamp is None:
        raise UserError(
            "the key that signs the record is missing", where=str(file), fix="Restore it from where its copy is kept."
        )
    return _secret(file, *stamp)


def _stamp(file: Path) -> tuple[int, int] | None:
    """What changes when the file does; None where there is none."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino


# Every append asks for both files: each is read once for as long as its stamp stays.


@lru_cache(maxsize=4)
def _named(file: Path, changed: int, inode: int) -> tuple[Verifier, ...]:
    return tuple(Verifier.read(line) for line in _read(file).splitlines() if line.strip())


@lru_cache(maxsize=4)
def _secret(file: Path, changed: int, inode: int) -> Signer:
    try:
        return Signer.read(_read(file))
    except UserError as error:
        raise UserError(error.template, where="{file}", file=str(file), **error.values) from None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("cannot be read: {why}", where="{file}", file=str(file), why=str(error)) from None
