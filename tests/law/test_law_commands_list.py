"""`detainer law list`: every place, law, version and agency, and how well each provision is confirmed."""

from __future__ import annotations

import json

import pytest

from detainer import cli
from detainer.law import LawBook, catalog


def test_the_city_is_a_place_below_state_and_country(book: LawBook) -> None:
    paths = [place.path for place in catalog.places(book)]
    assert [path for path in paths if "us/ny/nyc".startswith(path)] == ["us", "us/ny", "us/ny/nyc"]
    assert sum(len(place.laws) for place in catalog.places(book)) == len(book.laws)
    assert sum(len(place.agencies) for place in catalog.places(book)) == len(book.agencies)


def test_an_agency_stands_at_the_place_of_its_narrowest_law(book: LawBook) -> None:
    (city,) = (place for place in catalog.places(book) if place.path == "us/ny/nyc")
    assert "us-ny-nyc-police" in [agency.id for agency in city.agencies]


def test_every_provision_is_counted_under_its_grade(book: LawBook) -> None:
    law = book.laws["us-ny"]
    # Wells was read in the court's own words (A); of the act of 2026 only summaries were found (B).
    assert catalog.grades(law) == {"A": 1, "B": 1, "C": 0, "": 0}
    for law in book.laws.values():
        assert sum(catalog.grades(law).values()) == len(law.provisions)


def test_the_list_names_versions_agencies_and_what_is_not_fully_confirmed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._run(["law", "list"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "2014-12-14 to 2018-01-29: Local Law 59 of 2014" in said
    assert "us → us-ny → us-ny-nyc → us-ny-nyc-police" in said
    assert "2 provisions: 1 of grade A and 1 of grade B (local-cops)" in said
    assert "C: inferred or from memory: to be confirmed" in said


def test_as_json_it_holds_the_same(book: LawBook, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._run(["law", "list", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    laws = {law["law"]: law for place in said["places"] for law in place["laws"]}
    assert set(laws) == set(book.laws)
    assert {version["first"] for version in laws["us-ny-nyc-police"]["versions"]} >= {"2014-12-14", "2026-01-29"}
    assert {rule["id"]: rule["grade"] for rule in laws["us-ny"]["provisions"]} == {"wells": "A", "local-cops": "B"}
    assert {agency["id"]: agency["laws"] for agency in said["agencies"]} == {
        agency.id: list(agency.laws) for agency in book.agencies.values()
    }
