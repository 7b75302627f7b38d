"""One row of a mapped table, read: what it says, and no more."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from detainer.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf
    from collections.abc import Sequence

    from detainer.intake.mapping import Mapping
    from detainer.intake.rows import Row

FORMATS = {
    "YYYY-MM-DD": r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})",
    "MM/DD/YYYY": r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})",
    "DD/MM/YYYY": r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})",
    "DD.MM.YYYY": r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})",
}
_ISO = "YYYY-MM-DD"
SHOWN = 12  # columns of a header that an error lists
MIDNIGHT = r"(?:[ T]00:00(?::00)?)?"  # spreadsheets write a day as its midnight


class BadRow(Exception):
    """A row that the mapping cannot read; the message is the reason."""


@dataclass(frozen=True)
class Draft:
    """What one row says, before it is a request: the day, the facts, the facility, and what is kept of the source."""

    day: date
    facility: str
    state: str
    facts: dict[str, Any]
    kept: dict[str, str]
    content: str  # digest of the row under this mapping; rows that say the same have the same content


@dataclass(frozen=True)
class Reader:
    """A mapping laid over one file's header; `unread` are the file's columns that nothing is read from."""

    mapping: Mapping
    at: MappingOf[str, int]
    unread: tuple[str, ...]
    blank: frozenset[str]

    @classmethod
    def place(cls, mapping: Mapping, header: Sequence[str], where: str) -> Reader:
        """The mapping over a file with that header; UserError if a column is missing or there twice."""
        names = [_plain(cell) for cell in header]
        found: dict[str, int] = {}
        for column, called in mapping.columns.items():
            at = [n for n, name in enumerate(names) if name in {_plain(one) for one in called}]
            if len(at) > 1:
                raise UserError(f"the header names the column {column!r} {len(at)} times", where=where)
            if at:
                found[column] = at[0]
        if missing := [column for column in mapping.required if column not in found]:
            wanted = ", ".join(" / ".join(mapping.columns[column]) for column in missing)
            more = len(header) - SHOWN
            has = ", ".join(header[:SHOWN]) + (f", … (+{more})" if more > 0 else "")
            raise UserError(f"the header has no column {wanted}; it has {has}", where=where)
        unread = tuple(cell for n, cell in enumerate(header) if n not in found.values())
        return cls(mapping, found, unread, frozenset(text.casefold() for text in mapping.blank))

    def draft(self, given: Row, today: date) -> Draft:
        """What the row says; BadRow with the reason if it, or a cell of it, cannot be read."""
        if given.why:
            raise BadRow(given.why)
        rules = self.mapping
        row = {column: self._cell(given.cells, column) for column in rules.columns}
        said = row[rules.received.column]
        form = _ISO if given.typed and re.match(FORMATS[_ISO], said) else rules.received.format
        day = _day(said, form, rules.received.column)
        if not rules.received.earliest <= day <= today:
            raise BadRow(f"{rules.received.column} {day} is not between {rules.received.earliest} and {today}")
        facts: dict[str, Any] = {}
        _merge(facts, rules.facts.always)
        for column, meanings in rules.facts.columns.items():
            if row[column] and row[column] not in meanings:
                raise BadRow(f"{column} {row[column][:60]!r} is not one that the mapping knows")
            _merge(facts, meanings.get(row[column], {}))
        content = row | {rules.received.column: day.isoformat()}
        return Draft(
            day=day,
            facility=row[rules.place.column],
            state=row[rules.place.state],
            facts=facts,
            kept={column: row[column] for column in rules.keep if row[column]},
            content=_digest([rules.id, sorted(content.items())]),
        )

    def _cell(self, cells: Sequence[str], column: str) -> str:
        if column not in self.at:
            return ""
        text = " ".join(cells[self.at[column]].split())
        return "" if text.casefold() in self.blank else text


def _day(text: str, form: str, column: str) -> date:
    if not text:
        raise BadRow(f"{column} is empty")
    found = re.fullmatch(FORMATS[form] + MIDNIGHT, text, re.ASCII)
    if not found:
        raise BadRow(f"{column} {text[:40]!r} is not a day written {form}")
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        raise BadRow(f"{column} {text[:40]!r} is not a day that exists") from None


def _merge(into: dict[str, Any], more: MappingOf[str, Any]) -> None:
    """Lay the facts of `more` over `into`, mapping by mapping."""
    for key, value in more.items():
        if isinstance(value, dict):
            _merge(into.setdefault(key, {}), value)
        else:
            into[key] = value


def _plain(name: str) -> str:
    """A column's name as it is compared."""
    return re.sub(r"[\s_\-]+", "", name).casefold()


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
