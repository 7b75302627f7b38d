"""Papers as they came, and what was read on them. All of it is personal data and can be removed."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models


def new_id() -> str:
    """An id that says nothing."""
    return secrets.token_hex(12)


class Paper(models.Model):
    """A file as it came, byte for byte, with its digest; the bytes go when the request they belong to is sealed."""

    id = models.TextField(primary_key=True, default=new_id)
    agency = models.TextField()
    digest = models.TextField()
    name = models.TextField(blank=True)
    data = models.BinaryField()
    came = models.DateTimeField()
    way = models.TextField()  # file, desk, folder, mailbox, api
    salt = models.TextField(blank=True)  # of the commitment in the ledger
    said = models.JSONField(default=list)
    read_at = models.DateTimeField(null=True)  # none as long as it waits to be read
    reader = models.TextField(blank=True)  # the worker that reads it now
    sign_at = models.DateTimeField(null=True)  # when that worker last gave a sign of life
    tries = models.IntegerField(default=0)
    page = models.IntegerField(default=0)  # the page that is being read, and how many there are
    pages = models.IntegerField(default=0)

    class Meta:
        """The same bytes once at an agency; those that wait to be read, by when they came."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "digest"], name="intake_paper_once")]
        indexes: ClassVar = [
            models.Index(fields=["came"], condition=models.Q(read_at=None), name="intake_paper_unread"),
        ]

    def __str__(self) -> str:
        return f"paper {self.id}"


class Draft(models.Model):
    """One form on a paper, or the place of a paper on which none could be read; no fact until a person confirms it.

    As long as the paper is being read its one draft holds its place, and becomes that of its first form.
    """

    READING, WAITING, RECORDED, ASIDE = "reading", "waiting", "recorded", "aside"

    id = models.TextField(primary_key=True, default=new_id)
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="drafts")
    place = models.IntegerField(default=0)
    form = models.TextField(blank=True)
    reading = models.JSONField(default=dict)
    state = models.TextField(default=WAITING)
    request_id = models.TextField(blank=True)
    note = models.TextField(blank=True)  # why it was set aside

    class Meta:
        """Read by state and by request."""

        indexes: ClassVar = [
            models.Index(fields=["state"], name="intake_draft_state"),
            models.Index(fields=["request_id"], name="intake_draft_request"),
        ]

    def __str__(self) -> str:
        return f"draft {self.id}"
