"""Passwords that became known: a file of their digests, as it is commonly handed out, looked through on the disk.

A line is the SHA-1 of a password in hexadecimal digits, with or without a colon and a count behind it; lines are
sorted. The file may be tens of gigabytes: it is never loaded, and a password costs some forty reads.
"""

from __future__ import annotations

import re
from hashlib import sha1
from pathlib import Path
from typing import BinaryIO

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from detainer.house import house

_LINE = re.compile(rb"([0-9A-Fa-f]{40})(:[0-9]+)?\s*")
_LONGEST = 80  # bytes of a line


class Breached:
    """A validator: no password whose digest the file holds."""

    def validate(self, password: str, user: User | None = None) -> None:
        """ValidationError where it is in the file that the settings name."""
        file = house().breached_passwords
        try:
            known = file is not None and holds(file, password)
        except (OSError, ValueError):
            words = _("The list of passwords that became known cannot be read. Tell whoever runs the desk.")
            raise ValidationError(words, code="breached_unread") from None
        if known:
            raise ValidationError(self.get_help_text(), code="breached")

    def get_help_text(self) -> str:
        """What is asked."""
        return _("Not a password that became known elsewhere.")


def holds(file: Path, password: str) -> bool:
    """Whether the sorted file has this password's digest.

    ValueError where it is no such file, OSError where it is gone.
    """
    sought = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with file.open("rb") as lines:
        low, high = 0, lines.seek(0, 2)
        # What is sought begins at low or later, and before high.
        while low < high:
            middle = (low + high) // 2
            start, found, end = _line_at(lines, middle, low)
            if found == sought:
                return True
            if found < sought:
                low = end
            else:
                high = start
    return False


def _line_at(lines: BinaryIO, place: int, low: int) -> tuple[int, bytes, int]:
    """The line that this place lies in: where it starts, its digest, where it ends. `low` is the start of some line."""
    window = max(low, place - _LONGEST)
    lines.seek(window)
    before = lines.read(place - window)
    start = window + before.rfind(b"\n") + 1 if b"\n" in before else window
    lines.seek(start)
    line = lines.readline(_LONGEST)
    read = _LINE.fullmatch(line)
    if read is None:
        raise ValueError("a line is no SHA-1 in hexadecimal digits")
    return start, read[1].upper(), start + len(line)
