"""The tables of the watch. All but what was raised and delivered can be derived from the record again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Deadline(models.Model):
    """A moment at which somebody must be alerted; `raised_at` is empty until that has been written to the ledger."""

    request_id = models.TextField()
    agency = models.TextField()
    number = models.TextField()
    kind = models.TextField()
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField(null=True)

    class Meta:
        """Each moment of a request once; the next due first."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request_id", "kind", "due_at"], name="watch_deadline_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(raised_at=None), name="watch_deadline_next"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.agency} {self.number}"


class Delivery(models.Model):
    """An alert on its way to one address; `sent_at` is empty until it arrived."""

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.TextField()
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)

    class Meta:
        """Those that have not arrived, by when they are tried again."""

        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=models.Q(sent_at=None), name="watch_delivery_next"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} for {self.deadline_id}"


class Hook(models.Model):
    """An address of one agency that is told of every step; of steps from place `since` on, until it is ended."""

    id = models.CharField(primary_key=True, max_length=12)
    agency = models.TextField()
    address = models.TextField()
    since = models.BigIntegerField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"hook {self.id} of {self.agency}"


class Notice(models.Model):
    """A step on its way to one address; `sent_at` is empty until it arrived."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE)
    seq = models.BigIntegerField()
    made_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)

    class Meta:
        """Each step once an address; those that have not arrived, by when they are tried again."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["hook", "seq"], name="watch_notice_once")]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=models.Q(sent_at=None), name="watch_notice_next"),
        ]

    def __str__(self) -> str:
        return f"step {self.seq} to {self.hook_id}"


class Beat(models.Model):
    """When each worker of the watch last went round, and up to which event it has derived deadlines."""

    worker = models.TextField(primary_key=True)
    at = models.DateTimeField()
    seen = models.BigIntegerField(default=-1)

    def __str__(self) -> str:
        return f"{self.worker} at {self.at}"
