"""The desk as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class Desk(AppConfig):
    """Pages for the people who work on requests."""

    name = "detainer.desk"
    label = "desk"
    verbose_name = "Desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of second factors, and of whoever signed in."""
        from allauth.account.signals import user_logged_in
        from allauth.mfa import signals

        from detainer.desk.signing_in import factors, signing

        user_logged_in.connect(signing.signed_in)

        signals.authenticator_added.connect(factors.added)
        signals.authenticator_removed.connect(factors.removed)
        signals.authenticator_reset.connect(factors.renewed)
