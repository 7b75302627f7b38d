"""The report room as a Django application: it keeps what it has counted so far."""

from __future__ import annotations

from django.apps import AppConfig


class ReportConfig(AppConfig):
    """The report room; the names of its tables begin with `report_`."""

    name = "detainer.report"
    label = "report"
    verbose_name = "Reports"

    def ready(self) -> None:
        """Keep counts as the ledger grows."""
        from detainer.record import ledger

        ledger.grown.connect(_follow, dispatch_uid="report")


def _follow(sender: object, *, before: int, after: int, **_: object) -> None:
    from detainer.report import kept

    kept.follow(before, after)
