"""Mistakes a user can make, each told in one line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


class UserError(Exception):
    """Something a user can mend: what is wrong, where it is, and what to do about it.

    With `values`, the three have places in braces. Both are kept, so that a page can say the same in another language.
    """

    def __init__(self, what: str, /, *, where: str = "", fix: str = "", **values: object) -> None:
        self.template, self.where_template, self.fix_template = what, where, fix
        self.values: dict[str, Any] = values
        if values:
            plain = {name: _plain(one) for name, one in values.items()}
            what, where, fix = (words.format(**plain) for words in (what, where, fix))
        self.what, self.where, self.fix = what, where, fix
        super().__init__(self.line())

    def line(self) -> str:
        """The mistake as one line for a terminal or a page."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        head = " ".join(head.split())
        if not self.fix:
            return head
        return f"{head}{'' if head.endswith(('.', '?', '!')) else '.'} {' '.join(self.fix.split())}"

    def lines(self) -> list[str]:
        """Every mistake that this error carries, one line each."""
        return [self.line()]


class UserErrors(UserError):
    """Several mistakes found at once; at least one."""

    def __init__(self, errors: list[UserError]) -> None:
        self.errors = errors
        super().__init__("; ".join(error.line() for error in errors))

    def lines(self) -> list[str]:
        """Every mistake, one line each."""
        return [line for error in self.errors for line in error.lines()]


def _plain(value: object) -> object:
    if isinstance(value, datetime) and value.tzinfo:
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return value
