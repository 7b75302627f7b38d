"""A CSV file into the record: each row of the agency's facilities one request, however often the file is read.

No column names a person, and rows that say the same are still several requests. So a row's key is what it says and how
many rows before it in the file said the same: the same file again, or in another order, adds nothing, and a longer one
adds only what it has more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice
from typing import TYPE_CHECKING

from detainer.clock import now
from detainer.errors import UserError
from detainer.intake import rows
from detainer.intake.facilities import Facilities
from detainer.intake.mapping import Mapping
from detainer.intake.reader import BadRow, Draft, Reader
from detainer.intake.summary import Skip, Summary
from detainer.record import journal
from detainer.record.agencies import book
from detainer.record.models import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from zoneinfo import ZoneInfo

BATCH = 500  # rows in one transaction
AUTHOR = "system:intake"


@dataclass(frozen=True)
class Keyed:
    """A draft with its key in the record."""

    draft: Draft
    key: str  # as the mapping says it
    kept: str  # as the record keeps it


def read(
    path: Path,
    agency: str,
    mapping: str,
    *,
    dry_run: bool = False,
    author: str = AUTHOR,
    progress: Callable[[int], None] = lambda _: None,
) -> Summary:
    """Read the file's rows into the record; `progress` hears the number of rows read so far.

    UserError if the file, its header, the mapping or the agency is none. A row that cannot be read is told
    in the summary with its line and reason; the rest goes in, in whole batches.
    """
    zone = book().agency(agency, "--agency").zone
    rules = Mapping.load(mapping)
    table = Facilities.load(rules.place.table)
    if all(row.agency != agency for row in table.rows.values()):
        raise UserError(f"the table of facilities {table.name!r} has none of {agency}", where=f"--mapping {mapping}")
    digest = rows.digest(path)
    header, lines = rows.read(path)
    reader = Reader.place(rules, header, str(path))
    summary = Summary(str(path), rules.id, agency, dry_run, unread=reader.unread, note=rules.received.says)
    taking = _Import(agency, reader, table, zone, digest, author, summary)
    drafts = taking.drafts(lines, progress)
    while batch := list(islice(drafts, BATCH)):
        added = taking.missing(batch) if dry_run else taking.receive(batch)
        summary.added += len(added)
        summary.already += len(batch) - len(added)
    progress(summary.read)
    return summary


@dataclass(frozen=True)
class _Import:
    """One file on its way into the record of one agency."""

    agency: str
    reader: Reader
    table: Facilities
    zone: ZoneInfo
    digest: str
    author: str
    summary: Summary

    def drafts(self, lines: Iterable[rows.Row], progress: Callable[[int], None]) -> Iterator[Keyed]:
        """The agency's rows, keyed; all others are noted in the summary."""
        today = now().astimezone(self.zone).date()
        seen: Counter[str] = Counter()
        for row in lines:
            self.summary.read += 1
            if self.summary.read % BATCH == 0:
                progress(self.summary.read)
            try:
                draft = self.reader.draft(row, today)
            except BadRow as bad:
                self.summary.problem(row.line, str(bad))
                continue
            if skip := self._skip(draft):
                self.summary.skips[skip] += 1
                continue
            seen[draft.content] += 1
            self.summary.by_month[f"{draft.day:%Y-%m}"] += 1
            key = f"{draft.content}:{seen[draft.content]}"
            yield Keyed(draft, key, journal.source_key(self.reader.mapping.id, key))

    def _skip(self, draft: Draft) -> Skip | None:
        """Why the row is not this agency's; None if it is."""
        if not draft.facility:
            return Skip("no facility named", "")
        found = self.table.find(draft.facility, draft.state)
        if found is None:
            return Skip("facility not in the table", draft.facility)
        return None if found.agency == self.agency else Skip("other agency", found.name, found.agency)

    def missing(self, batch: list[Keyed]) -> list[Keyed]:
        """Those that are not in the record yet."""
        keys = [one.kept for one in batch]
        there = Request.objects.filter(agency=self.agency, source_key__in=keys).values_list("source_key", flat=True)
        known = set(there)
        return [one for one in batch if one.kept not in known]

    def receive(self, batch: list[Keyed]) -> list[Keyed]:
        """Take in those that are missing, and say which; looked for while nobody else can write."""
        with journal.batch():
            added = self.missing(batch)
            for one in added:
                self._receive(one)
        return added

    def _receive(self, one: Keyed) -> None:
        rules = self.reader.mapping
        journal.receive(
            self.agency,
            one.draft.facts,
            happened=datetime.combine(one.draft.day, time(), self.zone),
            author=self.author,
            source={
                "mapping": rules.id,
                "file_digest": self.digest,
                "key": one.key,
                "dated_by": rules.received.column,
                "precision": rules.received.precision,
                "said": one.draft.kept,
            },
        )
