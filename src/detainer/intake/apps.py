"""The intake as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Keeps the papers that came in until a person has confirmed what they say, and with the request after that."""

    name = "detainer.intake"

    def ready(self) -> None:
        """Papers go when their request's personal data goes."""
        from detainer.intake import papers
        from detainer.record import personal

        if papers.forget not in personal.ALSO:
            personal.ALSO.append(papers.forget)
