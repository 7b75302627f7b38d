"""Mistakes a user can make, each told in one line."""

from __future__ import annotations


class UserError(Exception):
    """Something a user can mend: what is wrong, where it is, and what to do about it."""

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
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
