"""The record as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """The record room; the names of its tables begin with `record_`."""

    name = "detainer.record"
    label = "record"
    verbose_name = "Record"
