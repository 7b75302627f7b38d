"""The record as a Django application."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordConfig(AppConfig):
    """The record room; the names of its tables begin with `record_`."""

    name = "detainer.record"
    label = "record"
    verbose_name = "Record"

    def ready(self) -> None:
        """Have what is derived filled anew where a new version of the program derives more."""
        post_migrate.connect(_fill, sender=self)


def _fill(plan: Any = (), **_: object) -> None:
    from detainer.record import ledger, projection

    if any(step.app_label == "record" and not backwards for step, backwards in plan) and ledger.head().size:
        projection.rebuild()
