"""`detainer backup`: a copy of the record while the desk is at work."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Annotated

import typer

from detainer import setup
from detainer.errors import UserError
from detainer.house import house


def backup(file: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")]) -> None:
    """Copy the embedded database into one file, whole, while others may write. Keep the keys apart from it.

    For PostgreSQL use its own pg_dump; docs/operations.md shows how.
    """
    if house().database:
        raise UserError("this record is on PostgreSQL", fix="Use pg_dump: docs/operations.md shows how.")
    if file.exists():
        raise UserError("is there already", where=str(file), fix="Name a new file.")
    setup.django()
    from detainer.record import ledger

    draft = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        with sqlite3.connect(f"file:{house().sqlite}?mode=ro", uri=True) as record, sqlite3.connect(draft) as copy:
            record.backup(copy)
        copy.close()
        record.close()
        draft.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise setup.told(error) or UserError(f"cannot be written: {error}", where=str(file)) from None
    finally:
        draft.unlink(missing_ok=True)
    print(f"{file}: {file.stat().st_size:,} bytes. The last checkpoint when it was made, or a little before:")
    print(ledger.latest().note, end="")
