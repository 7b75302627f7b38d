"""The HTTP interface as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class Api(AppConfig):
    """Tokens, what was answered under which key, and how often each token was used."""

    name = "detainer.api"
    label = "api"
    verbose_name = "HTTP interface"
    default_auto_field = "django.db.models.BigAutoField"
