"""A folder that papers are put into: what lies in it is taken in once, then moved into its folder `taken`.

A file is left until nobody has written to it for two seconds. What cannot be taken in goes to `not taken`, with the
reason told; nothing is ever deleted.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from detainer.errors import UserError
from detainer.intake import uploads
from detainer.intake.paper.reading import LARGEST

TAKEN, NOT_TAKEN = "taken", "not taken"
_STILL = 2.0  # seconds
_UNFINISHED = (".part", ".tmp", ".crdownload", ".swp")


def turn(
    folder: Path, agency: str, *, mapping: str = "", author: str, still: float = _STILL, told: Callable[[str], None]
) -> int:
    """Take in what lies in the folder; how many files. UserError where the folder cannot be used."""
    done = 0
    for path in _ready(folder, still):
        try:
            data = _read(path)
            said = uploads.take(
                [(path.name, data)], agency, mapping=mapping, only_look=False, author=author, way="folder"
            )
            lines, to = said.as_lines(), NOT_TAKEN if said.problems else TAKEN
        except UserError as error:
            lines, to = [f"{uploads.shown(path.name)}: {line}" for line in error.lines()], NOT_TAKEN
        _move(path, folder / to)
        for line in lines:
            told(line)
        done += 1
    return done


def _ready(folder: Path, still: float) -> Iterator[Path]:
    try:
        there = sorted(folder.iterdir())
    except OSError as error:
        raise UserError(f"cannot be watched: {(error.strerror or str(error)).lower()}", where=str(folder)) from None
    for path in there:
        if path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED):
            continue
        try:
            found = path.lstat()
        except OSError:
            continue  # gone meanwhile
        if stat.S_ISREG(found.st_mode) and time.time() - found.st_mtime >= still:
            yield path


def _read(path: Path) -> bytes:
    """The bytes of a file, through no link."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UserError(f"cannot be read: {(error.strerror or str(error)).lower()}") from None
    if len(data) > LARGEST:
        raise UserError(f"is larger than {LARGEST // 1024**2} MB; put in the form alone")
    return data


def _move(path: Path, to: Path) -> None:
    try:
        to.mkdir(mode=0o700, exist_ok=True)
        goal, n = to / path.name, 1
        while goal.exists():
            goal, n = to / f"{path.stem}-{n}{path.suffix}", n + 1
        path.rename(goal)
    except OSError as error:
        raise UserError(
            f"cannot be moved to {to.name!r}: {(error.strerror or str(error)).lower()}",
            where=str(path),
            fix="Let this program write into the folder.",
        ) from None
