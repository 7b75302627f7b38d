"""The same report as a page, a workbook and a print: all figures, no formula, no markup from outside."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from detainer.report import definitions
from detainer.report.figures import Agency, Basis, Report
from detainer.report.lives import Life, Talk
from detainer.report.tally import tally

DEFINITION = definitions.load(Path(__file__).parents[2] / "laws")["us-ny-nyc-police/annual"]
DAY = date(2018, 8, 1)


@pytest.fixture(scope="module")
def report() -> Report:
    talk = Talk(DAY, ("release",), ("release",), "listed", "ice")
    lives = [
        Life("I-247A", "", {"received": DAY, "declined": DAY}, count=2916),
        Life("I-247A", "", {"received": DAY}, talks=[talk]),
    ]
    basis = Basis(datetime(2026, 11, 24, 12, tzinfo=UTC), 1000, "cm9vdA==")
    police = Agency("us-ny-nyc-police", "=HYPERLINK(1) <b> #police", "America/New_York")
    return tally(DEFINITION, police, lives, (date(2018, 7, 1), date(2019, 6, 30)), basis)


def _cells(report: Report) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(report.as_xlsx())).get_sheet_by_name("Figures").to_python()


def test_the_workbook_has_numbers_as_numbers_and_gaps_as_gaps(report: Report) -> None:
    head, *rows = _cells(report)
    value, id_ = head.index("value"), head.index("id")
    figures = {row[id_]: row[value] for row in rows if not row[head.index("part")]}
    assert figures["received"] == 2917
    assert figures["held"] == 0
    assert figures["permitted"] == ""  # never decided: unknown is an empty cell


def test_no_cell_of_the_workbook_is_a_formula(report: Report) -> None:
    named = report.items[0].item.model_copy(update={"label": "=1+1", "says": "@SUM(A1)"})
    trapped = replace(report, items=(replace(report.items[0], item=named), *report.items[1:]))
    head, first, *_ = _cells(trapped)
    assert first[head.index("label")] == "=1+1"
    assert first[head.index("definition")] == "@SUM(A1)"


def test_the_print_is_tagged_and_holds_every_figure(report: Report) -> None:
    read = pypdf.PdfReader(io.BytesIO(report.as_pdf()))
    text = " ".join(" ".join(page.extract_text().split()) for page in read.pages)
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712  # an object of the file
    for figure in report.items:
        assert figure.item.label in text
    assert "2,917" in text
    assert "=HYPERLINK(1) <b> #police" in text  # told as it stands, not set as markup


def test_the_page_needs_nothing_beside_it_and_escapes_what_it_tells(report: Report) -> None:
    page = report.as_html()
    assert "=HYPERLINK(1) &lt;b&gt; #police" in page
    assert "2,917" in page
    for fetched in ("<script", "src=", "href=", "@import", "url("):
        assert fetched not in page


def test_every_format_says_definition_and_checkpoint(report: Report) -> None:
    pages = (report.as_html(), report.as_text(), report.as_csv(), str(_cells(report)))
    for page in pages:
        assert "cm9vdA==" in page
    printed = " ".join(
        page.extract_text().replace("\n", " ") for page in pypdf.PdfReader(io.BytesIO(report.as_pdf())).pages
    )
    assert "cm9vdA==" in printed
