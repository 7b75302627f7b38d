"""What the desk keeps beside the record: who may do what where, and failed sign-ins."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from detainer.desk.duties.roles import Role


class Membership(models.Model):
    """A person's duty at an agency."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    agency = models.CharField(max_length=64)

    class Meta:
        """Each duty once."""

        constraints = (models.UniqueConstraint(fields=("account", "role", "agency"), name="desk_membership_once"),)
        ordering = ("agency", "role")

    def __str__(self) -> str:
        """The duty in words, without the person."""
        return f"{Role(self.role).label}, {self.agency}"


class Expected(models.Model):
    """The name under which the agency's provider is to send somebody for the first time, as an administrator said."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="expected")
    name = models.CharField(max_length=191, unique=True)

    def __str__(self) -> str:
        return f"account {self.account_id} is expected"


class Assertion(models.Model):
    """An identity provider's assertion that was proven: kept until it expires, so that it serves once.

    `named` and `uid` stand there for the moment until the browser that asked comes back, then no more.
    """

    digest = models.CharField(max_length=64, unique=True)
    asked = models.CharField(max_length=191, db_index=True)
    uid = models.CharField(max_length=64)
    named = models.CharField(max_length=191, null=True)  # noqa: DJ001  # "" is a name that the provider left out
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"an assertion until {self.expires_at:%Y-%m-%d %H:%M}"


class FirstPassword(models.Model):
    """That an account's password is one which an administrator handed over, and since when."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="first_password")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"account {self.account_id} since {self.made_at:%Y-%m-%d}"


class Proposal(models.Model):
    """What one person proposed for an account and another must agree to; it stays as it was settled.

    `by` and `settled_by` are authors, as the record knows them. `told_at` is when the account's owner was told.
    """

    class What(models.TextChoices):
        """A duty, a new second factor in the place of the one there is, or a closed account opened again."""

        DUTY = "duty", "a duty"
        FACTOR = "factor", "a new second factor"
        OPENED = "opened", "to be opened again"

    class State(models.TextChoices):
        """How it stands."""

        WAITING = "waiting", "waits"
        AGREED = "agreed", "agreed"
        REFUSED = "refused", "refused"
        WITHDRAWN = "withdrawn", "withdrawn"

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="proposals")
    what = models.CharField(max_length=8, choices=What.choices)
    role = models.CharField(max_length=16, choices=Role.choices, blank=True)
    agency = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    settled_by = models.CharField(max_length=64, blank=True)
    settled_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        """One of a kind waits at a time; found by agency."""

        constraints = (
            models.UniqueConstraint(
                fields=("account", "what", "role", "agency"),
                condition=models.Q(state="waiting"),
                name="desk_proposal_waits_once",
            ),
        )
        indexes = (models.Index(fields=("agency", "state"), name="desk_proposal_agency"),)

    def __str__(self) -> str:
        """What it is, without the person."""
        return f"{self.what} {self.role} at {self.agency}: {self.state}"


class Opening(models.Model):
    """That an account's first second factor is set up with a code, which the one who agreed handed over."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="opening")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"account {self.account_id} since {self.made_at:%Y-%m-%d}"


class Tally(models.Model):
    """How often something was done within a span of time; of what it was only a digest is kept."""

    key = models.CharField(max_length=64)
    until = models.BigIntegerField()  # the span's end, in seconds of the epoch
    count = models.IntegerField()

    class Meta:
        """One row a key and span; forgotten when the span is over."""

        constraints = (models.UniqueConstraint(fields=("key", "until"), name="desk_tally_once"),)
        indexes = (models.Index(fields=("until",), name="desk_tally_age"),)

    def __str__(self) -> str:
        return f"{self.count} until {self.until}"


class Asked(models.Model):
    """That a sign-in with the identity provider was begun, and from where: an answer to it is somebody's of ours."""

    digest = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"asked {self.at:%Y-%m-%d %H:%M}"


class FailedSignIn(models.Model):
    """A sign-in that failed: enough to count it, not what was typed."""

    name_digest = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """Counted by name and by address over the last minutes."""

        indexes = (
            models.Index(fields=("name_digest", "at"), name="desk_failed_name"),
            models.Index(fields=("address", "at"), name="desk_failed_address"),
        )

    def __str__(self) -> str:
        """When and from where."""
        return f"{self.address} {self.at:%Y-%m-%d %H:%M}"
