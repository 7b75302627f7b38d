"""Whether a paper is signed: print, ink or a signature field over the caption, or right of it."""

from __future__ import annotations

from collections.abc import Sequence

from detainer.intake.paper.form import Form, Read
from detainer.intake.paper.shapes import Box, Page


def signature(form: Form, reads: Sequence[Read]) -> None:
    """Signed where print, ink or a signature field stands over the caption or right of it."""
    for one in reads:
        for label in one.labels:
            if label.field != "officer_signed":
                continue
            box = label.box
            over = Box(box.x0 - 4, box.y0 - 30, max(box.x1, box.x0 + 130), box.y0 - 3)
            beside = Box(box.x1 + 3, box.y0 - 10, min(box.x1 + 200, one.page.width - 20), box.y1 - 1)
            by = [mark for mark in one.page.signed if over.over(mark) > 0 and -45 < mark.middle - box.middle < 45]
            printed = [found for found in one.found if found.field == "officer_signed" and found.value]
            places = [over]
            if not any(other.box.x0 > box.x1 and other.box.beside(box) > 0.3 for other in one.labels):
                places.append(beside)
            if by:
                form.put("officer_signed", True, one.page.number, by[0], 1.0, "field")
            elif printed:
                form.put("officer_signed", True, one.page.number, printed[0].box, printed[0].score, printed[0].source)
            else:
                dark = [(_scribble(one.page, area), area) for area in places]
                most, area = max(dark, key=lambda pair: pair[0])
                certain = 0.9 if most > 0.012 or most < 0.002 else 0.6
                source = "scan" if one.page.scanned else "ink"
                form.put("officer_signed", most > 0.005, one.page.number, area, certain, source)


def _scribble(page: Page, area: Box) -> float:
    """How much of a place is inked, leaving out ruled lines and print."""
    height = 1.5
    total, rows = 0.0, 0
    y = area.y0
    while y + height <= area.y1:
        strip = Box(area.x0, y, area.x1, y + height)
        y += height
        if any(line.box.over(strip) > 0 and line.box.y0 < strip.y1 and strip.y0 < line.box.y1 for line in page.prints):
            continue
        dark = page.ink(strip)
        rows += 1
        total += dark if dark < 0.45 else 0.0
    return total / rows if rows else 0.0
