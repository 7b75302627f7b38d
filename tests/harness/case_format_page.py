"""docs/case-format.md, its sections and the rows of its tables."""

from __future__ import annotations

import re

from command import ROOT

PAGE = ROOT / "docs" / "case-format.md"
TEXT = PAGE.read_text("utf-8")


def section(title: str) -> str:
    """The part of the page under a heading, up to the next one of the same depth or less."""
    depth = len(title) - len(title.lstrip("#"))
    rest = TEXT.split(f"\n{title}\n", 1)[1]
    return re.split(rf"\n#{{1,{depth}}} ", rest)[0]


def rows(section: str) -> list[list[str]]:
    """The cells of every table row of a section, heads left out."""
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if row[0].startswith("`") or row[0].startswith("a ")]
