"""The addresses of the law's pages. An address keeps facts of the case format, never whose they are."""

from __future__ import annotations

from django.urls import path

from detainer.site import law_views

urlpatterns = [
    path("", law_views.places, name="laws"),
    path("offenses", law_views.offenses, name="law-offenses"),
    path("try", law_views.attempt, name="law-try"),
    path("try/case.yaml", law_views.case_file, name="law-case"),
    path("land", law_views.the_land, name="law-land"),
    path("<slug:law>", law_views.law, name="law"),
    path("<slug:law>/diff", law_views.difference, name="law-diff"),
]
