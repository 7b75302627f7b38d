"""Files as a user at a terminal sees them."""

from __future__ import annotations

from pathlib import Path


def near(file: Path) -> str:
    """A file as seen from the working folder, if it lies in it."""
    here, whole = Path.cwd(), file.absolute()
    return str(whole.relative_to(here) if whole.is_relative_to(here) else whole)
