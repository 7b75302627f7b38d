"""What axe finds on a page, and whether it runs over its edge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")  # levels A and AA of WCAG 2.2
COLOUR = ("cat.color",)  # what the dark can differ in


def faults(page: Page, rules: Sequence[str] = WCAG) -> list[str]:
    """The faults of access on a page with everything opened, one a line; nothing where there is none.

    `rules` are axe's tags; without any, every rule that it has is tried.
    """
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    # What passed is told by its first element alone: on long pages the whole of it takes longer than the looking.
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "tag", "values": list(rules)}
    found = Axe().run(page, options=options).response["violations"]
    told = [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return told + (["runs over the edge"] if wide else [])
