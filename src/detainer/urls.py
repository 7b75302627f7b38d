"""The addresses of the house."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from detainer.watch.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", include("detainer.desk.urls")),
]
