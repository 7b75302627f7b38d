"""The events of one transaction, with the stories of their requests beside them."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db import connection

from detainer.clock import now
from detainer.record import canonical, ledger, projection, sending, terms
from detainer.record.leaf import Leaf, envelope
from detainer.record.models import Event, Request
from detainer.record.story import Step, Story

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

FULL = 4000  # events held in memory before they are written down
LAST = "SELECT last FROM record_counter WHERE agency = %s AND year = %s"
_current: ContextVar[Batch | None] = ContextVar("detainer_record_batch", default=None)


class Batch:
    """One transaction on the record. What it appends is in the database after `flush`, and stays when it ends well."""

    def __init__(self, appending: ledger.Appending) -> None:
        self.ledger = appending
        self._stories: dict[str, Story] = {}
        self._changed: set[str] = set()
        self._new: set[str] = set()  # of those changed, the ones of which nothing is written yet
        self._numbers: dict[tuple[str, int], int] = {}
        self._sources: dict[tuple[str, str], str] = {}
        self._states: dict[str, tuple[int, projection.State]] = {}
        self._terms: dict[str, frozenset[str]] = {}  # as they stand written, of requests whose person may have changed
        self._pending = 0

    def story(self, request_id: str) -> Story:
        """The request's story, this transaction's steps included."""
        if request_id not in self._stories:
            self._stories[request_id] = projection.load(request_id)
        return self._stories[request_id]

    def add(
        self,
        story: Story | None,
        kind: str,
        happened: datetime,
        author: str,
        *,
        public: Mapping[str, Any],
        body: Mapping[str, Any] | None = None,
    ) -> Event:
        """Append a step of a request, or of the record itself where there is no story."""
        said, told = canonical.plain(public), canonical.plain(body) if body else None
        kept = envelope(canonical.text(told)) if told else None
        leaf = Leaf(
            kind=kind,
            request=story.id if story else "",
            agency=story.agency if story else "",
            happened=canonical.moment(happened),
            entered=canonical.moment(now()),
            author=author,
            public=canonical.text(said),
            personal=kept.commitment if kept else "",
        )
        event = self.ledger.append(leaf, kept)
        if story:
            if kind == "expunged" or (told and "person" in told):
                self._terms.setdefault(story.id, terms.of(story.person))
            story.add(Step(event.seq, kind, leaf.agency, leaf.happened, author, said, told))
            self._stories[story.id] = story
            self._changed.add(story.id)
            if kind == "received":
                self._new.add(story.id)
        self._pending += 1
        if self._pending >= FULL:
            self.flush()
        return event

    def row(self, story: Story) -> Request:
        """The row that stands for a story now."""
        return projection.row_of(self.state(story))

    def state(self, story: Story) -> projection.State:
        """The columns of that row."""
        made = self._states.get(story.id)
        if made is None or made[0] != story.last_seq:
            made = self._states[story.id] = story.last_seq, projection.state(story)
        return made[1]

    def number(self, agency: str, year: int) -> str:
        """The next number of an agency's year; without gaps, for whoever fails takes its number back with it."""
        if (agency, year) not in self._numbers:
            with connection.cursor() as cursor:
                cursor.execute(LAST, [agency, year])
                found = cursor.fetchone()
            self._numbers[agency, year] = found[0] if found else 0
        self._numbers[agency, year] += 1
        return f"{year}-{self._numbers[agency, year]:04}"

    def known(self, agency: str, key: str) -> str | None:
        """The id of the request that came in under this source key before."""
        if (agency, key) in self._sources:
            return self._sources[agency, key]
        return Request.objects.filter(agency=agency, source_key=key).values_list("id", flat=True).first()

    def came(self, agency: str, key: str, request_id: str) -> None:
        """Keep in mind that a request came in under this source key."""
        self._sources[agency, key] = request_id

    def flush(self) -> None:
        """Write down what has been appended, without a checkpoint yet."""
        self.hand_over()
        self.ledger.write()

    def hand_over(self) -> None:
        """Leave it to the ledger to write the requests as they now stand, together with their events."""
        for statement, ids in ((projection.INSERT, self._new), (projection.UPSERT, self._changed - self._new)):
            states = (self.state(self._stories[changed]) for changed in sorted(ids))
            self.ledger.beside(statement, projection.prepared(states))
        self.ledger.beside(projection.COUNT, projection.counted(self._numbers))
        gone, come = sending.Rows(), sending.Rows()
        for changed, before in self._terms.items():
            story = self._stories[changed]
            after = terms.of(story.person)
            gone += [(changed, term) for term in before - after]
            come += [(changed, term, story.agency) for term in sorted(after - before)]
        self.ledger.beside(projection.NO_TERM, gone)
        self.ledger.beside(projection.TERM, come)
        self._stories.clear()
        self._states.clear()
        self._terms.clear()
        self._changed.clear()
        self._new.clear()
        self._sources.clear()
        self._pending = 0


def current() -> Batch | None:
    """The batch that this thread or task is in, None outside one."""
    return _current.get()


@contextmanager
def batch() -> Iterator[Batch]:
    """Many steps in one transaction under one checkpoint; inside another batch, part of that one."""
    outer = current()
    if outer is not None:
        yield outer
        return
    with ledger.appending() as appending:
        made = Batch(appending)
        token = _current.set(made)
        try:
            yield made
            made.hand_over()
        finally:
            _current.reset(token)


def story_of(request_id: str) -> Story:
    """The request's story now, as an open batch or the database tells it."""
    inside = current()
    return inside.story(request_id) if inside else projection.load(request_id)
