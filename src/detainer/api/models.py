"""What the interface keeps beside the record: no secret, no person, no answer that says anything of one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Token(models.Model):
    """One program's leave to act for one agency. Of its secret only the SHA-256 is kept."""

    id = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=60)
    agency = models.CharField(max_length=64)
    actions = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    # The secret before the last rotation, good for a while so that the program can be told the new one.
    old_digest = models.CharField(max_length=64, blank=True)
    old_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"token {self.id} of {self.agency}"


class Kept(models.Model):
    """What was answered to a write under an idempotency key: the receipt, which names nobody.

    Key and request are kept as HMACs under the house's secret key, so that neither can be guessed from here.
    """

    token = models.ForeignKey(Token, on_delete=models.CASCADE)
    key = models.CharField(max_length=64)
    asked = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    receipt = models.TextField()  # as it was sent: a database would put the keys of JSON in an order of its own
    at = models.DateTimeField()

    class Meta:
        """A key serves a token once; found by age to be forgotten."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["token", "key"], name="api_kept_once")]
        indexes: ClassVar = [models.Index(fields=["at"], name="api_kept_age")]

    def __str__(self) -> str:
        return f"answer {self.pk} to token {self.token_id}"


class Use(models.Model):
    """How often a token asked within one minute, counted from the epoch."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE)
    minute = models.BigIntegerField()
    count = models.IntegerField()

    class Meta:
        """One row a token and minute."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["token", "minute"], name="api_use_once")]

    def __str__(self) -> str:
        return f"token {self.token_id}: {self.count}"


class Refusal(models.Model):
    """When an attempt outside a token's leave last became an event, so that a storm of them is one a while."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE)
    why = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        """One row a token and reason."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["token", "why"], name="api_refusal_once")]

    def __str__(self) -> str:
        return f"token {self.token_id}: {self.why}"
