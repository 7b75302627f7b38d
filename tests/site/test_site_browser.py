"""The exported site in a real browser, opened as files without a script: no fault of access, nothing over the edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_faults import faults

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

REPORT = "reports/us-ny-nyc-police-annual-2016-10-01-to-2017-09-30.html"
# One of each kind; the pages of a kind are made by one piece of code.
PAGES = (
    "index.html",
    "figures.html",
    "figures/us-ny-nyc-police-2017.html",
    "published.html",
    "published-rows.html",
    "claims.html",
    "reports.html",
    REPORT,
    "law.html",
    "law/us-ny-nyc-police-2018-01-30.html",
    "law/offenses.html",
    "methods.html",
    "data.html",
    "check.html",
)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_no_page_has_a_fault_of_access_or_runs_over_its_edge(
    chromium: Browser, published: Path, width: int, scheme: str
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(60_000)
    found: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto((published / path).as_uri())
        found[path] = faults(page, rules=())
    context.close()
    assert found == {path: [] for path in PAGES}


def test_a_stranger_reads_from_the_first_page_what_happened_in_a_year_and_where_it_comes_from(
    chromium: Browser, published: Path
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((published / "index.html").as_uri())
    table = page.get_by_role("table", name="2016 against 2017")
    expected = {
        "Detainers received": ["80", "80", "1,526", "1,526"],
        "People held past release on a detainer": ["2", "2“honored”", "0", "0“honored”"],
        "People transferred on a detainer": ["2", "–", "0", "–"],
        "People of whose release federal authorities were told": ["0", "–", "0", "–"],
    }
    for fact, numbers in expected.items():
        row = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=fact, exact=True))
        assert [cell.replace("\n", "") for cell in row.get_by_role("cell").all_inner_texts()] == numbers
        assert page.get_by_role("term").filter(has_text=fact).count() == 1, "what it counts is told"
    said = page.get_by_role("main").inner_text()
    assert "Testimony to the City Council, 7 February 2018" in said
    assert "both people had federal arrest warrants" in said
    table.get_by_role("link", name="1,526").first.click()
    assert "published.html#police_received_2017" in page.url
    context.close()
