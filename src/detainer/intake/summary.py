"""What an import did: read, added, already there, left aside and why, and which rows could not be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

SHOWN = 20  # problems and facilities listed in text; JSON has them all
KEPT = 10_000  # problems kept with their line; beyond that only their number


@dataclass(frozen=True, order=True)
class Skip:
    """Why rows were left aside, for one facility."""

    reason: str
    facility: str
    agency: str = ""


@dataclass
class Summary:
    """The result of reading one file for one agency; with `dry_run`, what it would have been."""

    file: str
    mapping: str
    agency: str
    dry_run: bool = False
    read: int = 0
    added: int = 0
    already: int = 0
    skips: Counter[Skip] = field(default_factory=Counter)
    bad: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)
    by_month: Counter[str] = field(default_factory=Counter)
    unread: tuple[str, ...] = ()
    note: str = ""

    @property
    def listed(self) -> list[tuple[Skip, int]]:
        """Why rows were left aside, and how many, the most rows first."""
        return sorted(self.skips.items(), key=lambda entry: (entry[0].reason, -entry[1], entry[0]))

    @property
    def skipped(self) -> int:
        """Rows left aside: they are whole, but not this agency's."""
        return self.skips.total()

    def problem(self, line: int, why: str) -> None:
        """A row that could not be read, with the line it starts on."""
        self.bad += 1
        if len(self.problems) < KEPT:
            self.problems.append((line, why))

    def as_json(self) -> dict[str, Any]:
        """The summary as an object of plain values."""
        return {
            "file": self.file,
            "mapping": self.mapping,
            "agency": self.agency,
            "dry_run": self.dry_run,
            "read": self.read,
            "added": self.added,
            "already": self.already,
            "skipped": self.skipped,
            "bad": self.bad,
            "by_month": dict(sorted(self.by_month.items())),
            "skips": [
                {"reason": skip.reason, "facility": skip.facility, "agency": skip.agency, "rows": rows}
                for skip, rows in sorted(self.skips.items())
            ],
            "problems": [{"line": line, "why": why} for line, why in self.problems],
            "columns_not_read": list(self.unread),
            "note": self.note,
        }

    def as_text(self) -> str:
        """The summary for the person who ran the import."""
        would = "would be added" if self.dry_run else "added"
        lines = [
            f"{self.file}: {self.read:,} rows read for {self.agency} by the mapping {self.mapping}",
            f"  {self.added:>7,}  {would}",
            f"  {self.already:>7,}  already in the record",
            f"  {self.skipped:>7,}  skipped: not this agency's",
            f"  {self.bad:>7,}  could not be read",
        ]
        if self.unread:
            lines.append(f"Columns that nothing is read from: {', '.join(self.unread)}")
        if self.by_month:
            lines += ["", "By month", self.note]
            lines += [f"  {month}  {count:>7,}" for month, count in sorted(self.by_month.items())]
        lines += self._skip_lines() + self._problem_lines()
        return "\n".join(lines)

    def _skip_lines(self) -> list[str]:
        lines = ["", "Skipped"] if self.skips else []
        for skip, rows in self.listed[:SHOWN]:
            of = f" ({skip.agency})" if skip.agency else ""
            lines.append(f"  {rows:>7,}  {skip.reason}: {skip.facility or 'no name'}{of}")
        return lines + _more(len(self.skips), "facilities")

    def _problem_lines(self) -> list[str]:
        lines = ["", "Could not be read"] if self.problems else []
        lines += [f"  line {line}: {why}" for line, why in self.problems[:SHOWN]]
        return lines + _more(self.bad, "rows")


def _more(count: int, what: str) -> list[str]:
    return [f"  … and {count - SHOWN:,} more {what}; `--format json` lists them"] if count > SHOWN else []
