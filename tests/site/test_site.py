"""The site as files: relative links, no script, nothing fetched, light pages, every column and figure explained."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from detainer.errors import UserError
from detainer.site import export, package

LIGHT = 100_000


class Reader(HTMLParser):
    """What a page links, loads and names."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.ids: set[str] = set()
        self.attributes: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for key, value in attrs:
            self.attributes.append(key)
            if key in ("href", "src"):
                self.links.append(value or "")
            if key == "id":
                assert value not in self.ids, f"{value} twice"
                self.ids.add(value or "")


@pytest.fixture(scope="module")
def pages(published: Path) -> dict[Path, Reader]:
    return {page: Reader(page) for page in published.rglob("*.html")}


def test_every_link_leads_to_a_file_or_an_anchor_of_the_folder(pages: dict[Path, Reader]) -> None:
    for page, reader in pages.items():
        for href in reader.links:
            assert not re.match(r"[a-z]+:|/", href), (page.name, href)
            path, _, anchor = href.partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.is_file(), (page.name, href)
            if anchor and target.suffix == ".html":
                assert anchor in pages[target].ids, (page.name, href)


def test_no_page_has_a_script_a_style_or_anything_that_fetches(pages: dict[Path, Reader]) -> None:
    for reader in pages.values():
        assert not {"script", "iframe", "img", "object", "embed", "form", "style"} & set(reader.tags)
        assert not [name for name in reader.attributes if name.startswith("on") or name == "style"]


def test_the_stylesheet_fetches_nothing(published: Path) -> None:
    style = (published / "site.css").read_text()
    assert "url(" not in style
    assert "@import" not in style


def test_no_page_is_heavy_without_its_charts(published: Path) -> None:
    for page in published.rglob("*.html"):
        bare = re.sub(r"<svg.*?</svg>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert len(bare.encode()) < LIGHT, page.name


def test_every_chart_has_its_sentence_its_name_its_table_and_its_csv(published: Path) -> None:
    charts = 0
    for page in published.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        figures = re.findall(r"<figure>.*?</figure>", text, flags=re.DOTALL)
        assert sum("<svg" in figure for figure in figures) == text.count("<svg")
        for figure in figures:
            charts += 1
            assert re.search(r"<figcaption>.+?</figcaption>", figure)
            assert re.search(r'<svg class="chart" role="img" aria-labelledby="(\S+) (\S+)"', figure)
            assert re.search(r"<title id=.+?>.+?</title><desc id=.+?>.+?</desc>", figure)
            assert "<table>" in figure
            assert re.search(r'href="[./]*data/[a-z-]+\.csv"', figure)
    assert charts > 10


def test_a_year_without_an_event_is_drawn_as_a_gap_and_not_as_zero(published: Path) -> None:
    rows = list(csv.DictReader((published / "data" / "record-years.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["kind"] for row in rows} == {"calendar year", "year to June", "year to September"}
    assert all(row["value"] for row in rows if row["kind"] == "calendar year" and row["item"] == "received")
    page = (published / "published.html").read_text(encoding="utf-8")
    assert '<rect class="gap"' in page
    assert "not known" in page


def test_every_column_of_every_table_is_described_in_the_package(published: Path) -> None:
    said = json.loads((published / "data" / "datapackage.json").read_bytes())
    assert {one["path"] for one in said["resources"]} == {path.name for path in (published / "data").glob("*.csv")}
    words = (published / "data.html").read_text(encoding="utf-8")
    for resource in said["resources"]:
        with (published / "data" / resource["path"]).open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            assert next(reader) == [field["name"] for field in resource["schema"]["fields"]]
            for row in reader:
                for cell, field in zip(row, resource["schema"]["fields"], strict=True):
                    if field["type"] in ("integer", "number") and cell:
                        float(cell)
        for field in resource["schema"]["fields"]:
            assert field["description"]
            assert f">{field['name']}<" in words


def test_the_catalog_names_every_table(published: Path) -> None:
    said = json.loads((published / "data.json").read_bytes())
    urls = {one["distribution"][0]["downloadURL"] for one in said["dataset"]}
    assert urls == {f"data/{file}" for file in package.TABLES}
    for one in said["dataset"]:
        assert {"title", "description", "keyword", "modified", "publisher", "identifier", "accessLevel"} <= set(one)


def test_no_name_of_a_person_is_in_any_file(published: Path) -> None:
    from detainer.demo.story import past

    names = {part for tale in past() for part in tale.person.name.split()}
    for path in published.rglob("*"):
        if path.suffix in (".html", ".csv", ".json", ".jsonl", ".txt"):
            words = set(re.findall(r"[A-Za-z]+", path.read_text(encoding="utf-8")))
            assert not words & names, path.name


@pytest.mark.django_db
def test_an_empty_record_publishes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the record is empty"):
        export.publish(tmp_path / "site")
    assert not list(tmp_path.iterdir())


@pytest.mark.django_db
def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UserError, match="holds something that is no site of ours"):
        export.publish(tmp_path)
    file = tmp_path / "thesis.txt"
    with pytest.raises(UserError, match="is a file"):
        export.publish(file)
    assert file.read_text() == "mine"


@pytest.mark.django_db
def test_an_earlier_site_is_replaced_whole(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from detainer.record import journal

    facts = {"request": {"form": "I-247A", "asks": ["hold"], "from": "ice", "purpose": "civil"}}
    journal.receive("us-ny-nyc-police", facts, happened=datetime(2020, 1, 2, tzinfo=UTC), author="officer:ruiz")
    export.publish(tmp_path / "site")
    (tmp_path / "site" / "old.html").write_text("old")
    assert export.publish(tmp_path / "site").size == 2
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert not (tmp_path / "site" / "old.html").exists()
