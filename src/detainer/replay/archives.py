"""Tables packed in a zip archive: each file in it is a table of its own."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from detainer.errors import UserError
from detainer.replay import table
from detainer.replay.mapping import Mapping

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TIMES = 200  # what a table packs to at most; more is no table, or made to fill the disk
_LARGE = 1 << 28  # bytes, from which on that is asked
_SPARED = 1 << 30  # bytes of the disk that stay free
_BOOK = "[Content_Types].xml"  # what every spreadsheet in this form has in it


def sources(db: DuckDBPyConnection, path: Path, mapping: Mapping, spill: Path) -> Iterator[table.Source | table.Left]:
    """The tables of the files in an archive; UserError where it is none, is locked or holds nothing."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [one.filename for one in archive.infolist() if not one.is_dir() and not _hidden(one.filename)]
            if _BOOK in names:
                raise UserError("is a spreadsheet under another name", where=str(path), fix="Name it .xlsx.")
            if not names:
                raise UserError("is an empty zip archive", where=str(path))
            for name in names:
                yield from _unpacked(db, archive, name, path, mapping, spill)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise UserError("is no whole zip archive", where=str(path)) from None
    except (RuntimeError, NotImplementedError):  # a password, or a way of packing that Python does not know
        raise UserError("is a zip archive that cannot be unpacked here", where=str(path), fix="Unpack it.") from None


def _hidden(name: str) -> bool:
    """Whether a file is what some systems add to an archive."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _unpacked(
    db: DuckDBPyConnection, archive: zipfile.ZipFile, name: str, path: Path, mapping: Mapping, spill: Path
) -> Iterator[table.Source | table.Left]:
    """The tables of one file of an archive, told by the archive's name and its own."""
    called = f"{path}[{name}]"
    if why := _too_much(archive.getinfo(name), path, spill):
        yield table.Left(called, why)
        return
    into = spill / f"{len(list(spill.iterdir()))}{Path(name).suffix.lower()}"  # never where the archive would have it
    with archive.open(name) as packed, into.open("wb") as file:
        shutil.copyfileobj(packed, file)
    for found in table.sources(db, into, mapping, spill):
        if isinstance(found, table.Left):
            yield replace(found, name=found.name.replace(str(into), called))
        else:
            notes = tuple(note.replace(str(into), called) for note in found.notes)
            yield replace(found, name=found.name.replace(str(into), called), notes=notes)


def _too_much(packed: zipfile.ZipInfo, path: Path, spill: Path) -> str:
    """Why a file of an archive is not unpacked; nothing where it is. No more than its stated size ever is."""
    size = packed.file_size
    if size > _LARGE and size > _TIMES * packed.compress_size:
        return f"would unpack to {size / max(packed.compress_size, 1):,.0f} times its size, as no table does"
    if size + _SPARED > (free := shutil.disk_usage(spill).free):
        return f"would unpack to {size / 1e9:,.1f} GB, and {free / 1e9:,.1f} GB of disk are free"
    if path.parent == spill and packed.filename.lower().endswith(".zip"):
        return "is an archive in an archive in an archive"
    return ""
