"""What the pages of the law work out once and keep on disk: for every worker, and for the next start of the desk.

What is kept is named by the digest of what it was made of: the law, and the program that made it. Another law or
another program finds nothing of it and works it out anew. The folder may be emptied at any time.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import detainer
from detainer.errors import UserError
from detainer.house import house, write_private

_MOST = 2000  # files; the oldest go first
_LOG = logging.getLogger(__name__)


def kept(kind: str, of: object, make: Callable[[], Any]) -> Any:
    """What was made of these things, from disk or made now: JSON either way.

    Of several workers that want the same at the same moment one makes it; the others wait for it. A disk that cannot
    be written to costs the time again, not the page.
    """
    found = find(kind, of)
    if found is not None:
        return found
    with _alone(_file(kind, of)):
        found = find(kind, of)
        if found is None:
            found = make()
            _keep(_file(kind, of), found)
    return found


def find(kind: str, of: object) -> Any:
    """What is on disk of these things; None where nothing is, or nothing that can be read."""
    try:
        return json.loads(_file(kind, of).read_bytes())
    except (OSError, ValueError):
        return None


def _file(kind: str, of: object) -> Path:
    made_of = json.dumps([_program(), of], sort_keys=True)
    return _folder() / f"{kind}-{hashlib.sha256(made_of.encode()).hexdigest()}.json"


def _folder() -> Path:
    return house().home / "law"


@lru_cache(maxsize=1)
def _program() -> str:
    """The digest of the program's code."""
    root = Path(detainer.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*.py")):
        digest.update(b"%s\0%s\0" % (str(file.relative_to(root)).encode(), file.read_bytes()))
    return digest.hexdigest()


def _keep(file: Path, found: Any) -> None:
    try:
        write_private(file, json.dumps(found, ensure_ascii=False).encode())
        for old in sorted(_folder().glob("*.json"), key=_written)[:-_MOST]:
            old.unlink(missing_ok=True)
    except (OSError, UserError) as error:
        _LOG.warning("what the pages of the law work out cannot be kept: %s", error)


def _written(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # another worker has just removed it
        return 0.0


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """One worker at a time on what goes into this file; all at once where no lock can be made."""
    try:
        _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        kind, _, digest = file.stem.rpartition("-")
        lock = (_folder() / f".{kind}-{digest[:2]}.lock").open("a")  # few locks for many files
    except OSError:
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
