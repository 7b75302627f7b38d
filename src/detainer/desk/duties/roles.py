"""The duties people have at the desk, each bound to one agency."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """What a person is there for; one person may have several, at several agencies."""

    OFFICER = "officer", "Desk officer"
    REVIEWER = "reviewer", "Legal reviewer"
    SUPERVISOR = "supervisor", "Supervisor"
    RECORDS = "records", "Records"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"
