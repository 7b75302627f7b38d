"""The tables of the record.

Events, checkpoints and subtrees only ever grow; personal data can be removed; the rest is derived from the events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from django.db import models

from detainer.record import canonical

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.backends.base.base import BaseDatabaseWrapper

    from detainer.law import Case
    from detainer.record.story import Determination, Story


# Rare events that a page looks for among many of their kind. Each has an index of its own, which neither database uses
# but where a query says these very words, so they go into it as they stand: `Event.rare`.
ERASURES = """kind = 'asked' AND public LIKE '%%"expunged"%%'"""
EXPORTS = """kind = 'listed' AND public LIKE '%%"what":"export"%%'"""

# The steps that are a look at a person's record.
LOOKS = ("viewed", "listed", "replied", "exported", "paper_shown")


class PlaceField(models.BigIntegerField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A place in the ledger as primary key; on SQLite the row's own id, so that it needs no second index."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """`integer` on SQLite, `bigint` elsewhere."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class TermField(models.TextField):  # type: ignore[type-arg]  # likewise
    """Text in the order of its bytes on every database, so that all that begins alike stands together."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """`text`, whose order on PostgreSQL would be a language's."""
        plain = super().db_type(connection)
        return f'{plain} COLLATE "C"' if connection.vendor == "postgresql" else plain


class Event(models.Model):
    """One step in the life of a request: a leaf of the ledger. Never changed, never deleted."""

    seq = PlaceField(primary_key=True)
    kind = models.TextField()
    request_id = models.TextField(blank=True)
    agency = models.TextField(blank=True)
    happened = models.TextField()
    entered = models.TextField()
    author = models.TextField()
    public = models.TextField()
    personal = models.TextField(blank=True)
    leaf_hash = models.TextField()

    class Meta:
        """Read by request, by kind over time, and looks by who looked."""

        indexes: ClassVar = [
            models.Index(fields=["request_id", "seq"], name="record_event_request"),
            models.Index(fields=["kind", "happened"], name="record_event_kind"),
            # Who has looked, the last first.
            models.Index(fields=["author", "seq"], condition=models.Q(kind__in=LOOKS), name="record_event_looks"),
        ]

    def __str__(self) -> str:
        return f"event {self.seq}: {self.kind}"

    @classmethod
    def rare(cls, which: Literal["erasures", "exports"]) -> models.QuerySet[Event]:
        """The askings to expunge, or the exported lists."""
        words = ERASURES if which == "erasures" else EXPORTS
        return cls.objects.extra(where=[words])  # noqa: S610  # nosec B610  # words of our own

    @property
    def happened_at(self) -> datetime:
        """When it happened."""
        return canonical.read_moment(self.happened)

    @property
    def entered_at(self) -> datetime:
        """When it was entered."""
        return canonical.read_moment(self.entered)

    def published(self) -> dict[str, Any]:
        """What the leaf itself says: never personal, never removed."""
        return canonical.decode(self.public)

    def body(self) -> dict[str, Any] | None:
        """The personal data of this event; None where there is none or it was removed."""
        found = Personal.objects.filter(event_id=self.seq).values_list("body", flat=True).first()
        return None if found is None else canonical.decode(found)


class Personal(models.Model):
    """The personal data of one event, behind the salted commitment in its leaf. Removed when a request is expunged."""

    event = models.OneToOneField(
        Event, primary_key=True, on_delete=models.DO_NOTHING, related_name="envelope", db_column="event"
    )
    salt = models.TextField()
    body = models.TextField()

    def __str__(self) -> str:
        return f"personal data of event {self.event_id}"


class Subtree(models.Model):
    """The root of a complete subtree at height 8, 16, 24 …, kept so that proofs read little."""

    height = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.TextField()
    pk = models.CompositePrimaryKey("height", "index")

    def __str__(self) -> str:
        return f"subtree {self.index} at height {self.height}"


class Checkpoint(models.Model):
    """A signed note over the tree as it stood after one transaction."""

    place = PlaceField(primary_key=True)
    size = models.BigIntegerField(unique=True)
    note = models.TextField()

    def __str__(self) -> str:
        return f"checkpoint at {self.size}"


class Head(models.Model):
    """The one row that every writer locks: the record's name, how much there is of it, and the edge of its tree."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    peaks = models.TextField(blank=True)
    checkpoints = models.BigIntegerField(default=0)
    origin = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"head at {self.size}"


class Counter(models.Model):
    """The last number given to a request of an agency in a year. Derived from the events."""

    agency = models.TextField()
    year = models.SmallIntegerField()
    last = models.IntegerField()
    pk = models.CompositePrimaryKey("agency", "year")

    def __str__(self) -> str:
        return f"{self.agency} {self.year}: {self.last}"


class Request(models.Model):
    """A detainer request as it now stands. Derived from the events; names and papers are not here."""

    id = models.TextField(primary_key=True)
    number = models.TextField()
    agency = models.TextField()
    source = models.TextField(blank=True)
    source_key = models.TextField(blank=True)
    received_at = models.DateTimeField()
    form = models.TextField(blank=True)
    asks = models.JSONField(default=list)
    sender = models.TextField(blank=True)
    purpose = models.TextField(blank=True)
    state = models.TextField(default="open")
    last_seq = models.BigIntegerField()
    # The last of the steps that settled it, which no look at it moves; null while it is open.
    settled_seq = models.BigIntegerField(null=True)

    # From personal data; empty once the request is expunged.
    releasable_at = models.DateTimeField(null=True)
    hold_started = models.DateTimeField(null=True)
    hold_ends = models.DateTimeField(null=True)
    alarm_at = models.DateTimeField(null=True)

    decided_at = models.DateTimeField(null=True)
    modality_hold = models.TextField(blank=True)
    modality_notify = models.TextField(blank=True)
    modality_transfer = models.TextField(blank=True)

    held_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    transferred_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # Hidden: sealed and not opened again, or expunged.
    sealed_at = models.DateTimeField(null=True)
    expunged_at = models.DateTimeField(null=True)
    past_release = models.IntegerField(null=True)
    custody_with = models.TextField(blank=True)

    # The end of a running hold, else the moment of release; null where neither is known or the law sets no end.
    deadline = models.DateTimeField(null=True)
    # The steps that wait for a second person, in the order of their names.
    waiting = models.TextField(blank=True)

    class Meta:
        """Numbers and sources are an agency's own; read by receipt, and by urgency."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "number"], name="record_request_number"),
            models.UniqueConstraint(
                fields=["agency", "source_key"], condition=~models.Q(source_key=""), name="record_request_source"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "received_at"], name="record_request_received"),
            models.Index(fields=["agency", "state", "deadline"], name="record_request_urgent"),
            models.Index(fields=["agency", "state", "settled_seq"], name="record_request_settled"),
            # Declined, and nobody has said what became of the person.
            models.Index(
                fields=["agency", "declined_at"],
                condition=models.Q(
                    releasable_at__isnull=False,
                    released_at__isnull=True,
                    transferred_at__isnull=True,
                    withdrawn_at__isnull=True,
                ),
                name="record_request_declined",
            ),
            models.Index(fields=["agency"], condition=~models.Q(waiting=""), name="record_request_waiting"),
            models.Index(fields=["agency"], condition=models.Q(sealed_at__isnull=False), name="record_request_sealed"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.number}"

    @property
    def from_(self) -> str:
        """Who asked, the case file's `from`; in a query it is `sender`, as no column can be named so."""
        return self.sender

    def events(self) -> models.QuerySet[Event]:
        """Every step of this request, in the order in which it was entered."""
        return Event.objects.filter(request_id=self.id).order_by("seq")

    def story(self) -> Story:
        """Everything the events add up to, read once; each method below reads it anew."""
        from detainer.record.batch import story_of

        return story_of(self.id)

    def facts(self) -> dict[str, Any]:
        """What is known of the case now, in the form of a case file; later events win."""
        return self.story().facts

    def person(self) -> dict[str, Any] | None:
        """Who is meant: names, numbers; None once expunged or where nobody said."""
        return self.story().person

    def case(self, at: datetime) -> Case:
        """The case file of this request for a decision at `at`."""
        from detainer.record.cases import case_of

        return case_of(self.story(), at)

    def determination(self) -> Determination | None:
        """The last answer that the law gave on this request; None before there was one."""
        return self.story().determination


class Term(models.Model):
    """A word or number by which a request is found. Derived from personal data, and removed with it."""

    request_id = models.TextField()
    term = TermField()
    agency = models.TextField()
    pk = models.CompositePrimaryKey("request_id", "term")

    class Meta:
        """Read by how a term begins."""

        indexes: ClassVar = [models.Index(fields=["agency", "term", "request_id"], name="record_term_found")]

    def __str__(self) -> str:
        return f"a term of request {self.request_id}"
