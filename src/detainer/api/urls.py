"""The addresses of the interface, all below /api/. None carries a name or anything typed."""

from __future__ import annotations

from django.urls import path, re_path

from detainer.api.document import document, nowhere, page
from detainer.api.operations import api

urlpatterns = [
    path("", page, name="api-page"),
    path("openapi.json", document, name="api-document"),
    path("v1/", api.urls),
    re_path("", nowhere),
]
