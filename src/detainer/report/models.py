"""What counting keeps between reports. All of it is derived from the ledger's events and can be thrown away."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Told(models.Model):
    """One request as counting sees it: the shape of its life. Requests that are alike have the same shape.

    Exchanges with federal authorities stand apart: few requests have any, and there is no end to how many.
    """

    request = models.TextField(primary_key=True)
    agency = models.TextField()
    shape = models.TextField()
    talks = models.TextField(blank=True)
    # The first and the last day of which it tells anything.
    first = models.DateField(null=True)
    last = models.DateField(null=True)

    class Meta:
        """Read by request, and those with exchanges by agency and period."""

        indexes: ClassVar = [
            models.Index(fields=["agency", "last"], name="report_told_last", condition=~models.Q(talks="")),
            models.Index(fields=["agency", "first"], name="report_told_first", condition=~models.Q(talks="")),
        ]

    def __str__(self) -> str:
        return f"request {self.request}"


class Alike(models.Model):
    """How many requests of an agency have lives of one shape and no exchanges: what a report adds up."""

    agency = models.TextField()
    shape = models.TextField()
    requests = models.BigIntegerField()
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    pk = models.CompositePrimaryKey("agency", "shape")

    class Meta:
        """Read by agency and period."""

        indexes: ClassVar = [
            models.Index(fields=["agency", "last"], name="report_alike_last"),
            models.Index(fields=["agency", "first"], name="report_alike_first"),
        ]

    def __str__(self) -> str:
        return f"{self.requests} requests of {self.agency}"


class Touched(models.Model):
    """A month of an agency, with a mark that is another one whenever a life that tells of it has changed."""

    agency = models.TextField()
    month = models.TextField()
    mark = models.TextField()
    pk = models.CompositePrimaryKey("agency", "month")

    def __str__(self) -> str:
        return f"{self.month} of {self.agency}"


class Reached(models.Model):
    """Up to where the ledger has been read: the one row that every reader locks."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    root = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"read up to {self.size}"
