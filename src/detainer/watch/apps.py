"""The watch as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class WatchConfig(AppConfig):
    """Deadlines, deliveries and the heartbeat."""

    name = "detainer.watch"
    default_auto_field = "django.db.models.BigAutoField"
