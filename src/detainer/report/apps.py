"""The report room as a Django application: it keeps what it has counted so far."""

from __future__ import annotations

from django.apps import AppConfig


class ReportConfig(AppConfig):
    """The report room; the names of its tables begin with `report_`."""

    name = "detainer.report"
    label = "report"
    verbose_name = "Reports"
