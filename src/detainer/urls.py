"""The addresses of the house."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from detainer.office.tokens import listing
from detainer.site.served import public
from detainer.watch.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("public/", public, name="public"),
    path("public/<path:path>", public),
    path("programs/", listing, name="tokens"),
    path("api/", include("detainer.api.urls")),
    path("law/", include("detainer.site.law_urls")),
    path("", include("detainer.desk.urls")),
]
