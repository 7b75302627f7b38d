"""One page of a PDF: print and boxes by pdfium, and its fields laid over them, whose values are no page text."""

from __future__ import annotations

import math
import re
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from pypdf.generic import ArrayObject, DictionaryObject

from detainer.intake.paper.pdf import Document, Unreadable, dictionary, text_of
from detainer.intake.paper.shapes import Box, Glyph, Page, Print, Tick, lines_of

MOST_GLYPHS = 40_000  # on one page; a form has some six thousand
DPI = 150
EMPTY_BOXES = "☐□❏❑▢⬜◻○"
TICKED_BOXES = "☒☑⊠⊗■●◉✓✔✗✘✕✖🗹🗵"
_TICK_SIZE = 5.0, 22.0
_INKED = 0.045  # of the inside of a box


def page(document: Document, number: int) -> Page:
    """Page `number`, from 0."""
    shown = document.pdf[number]
    width, height = shown.get_size()
    if not 0 < width < 5000 or not 0 < height < 5000:
        raise Unreadable(f"page {number + 1} is larger than any paper")
    place = _Place(shown, width, height)
    glyphs = place.glyphs()
    found = Page(number + 1, width, height)
    found.ink = _Ink(shown, width, height)
    drawn = place.squares()
    found.ticks = [Tick(box, None, 0.0, "drawn") for box in drawn]
    rest = _glyph_boxes(glyphs, found)
    found.ticks = [tick if tick.source != "drawn" else _inked(tick.box, found) for tick in _apart(found.ticks)]
    found.prints = lines_of([one for one in rest if not any(tick.box.holds(one.box) for tick in found.ticks)])
    found.prints = [_bracketed(one, found) for one in found.prints]
    _filled_in(document, number, place, found)
    found.prints = [one for one in found.prints if one.text.strip()]
    found.scanned = place.mostly_picture() and (not found.prints or place.unseen)
    return found


class _Place:
    """A page of pdfium with its own space turned into points from the upper left."""

    def __init__(self, shown: pdfium.PdfPage, width: float, height: float) -> None:
        self.shown, self.width, self.height = shown, width, height
        self.turn = shown.get_rotation()
        left, bottom, right, top = shown.get_cropbox()
        self.left, self.bottom, self.right, self.top = left, bottom, right, top
        self.unseen = False

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A rectangle of the page's own space as it is shown."""
        left, right = sorted((left, right))
        bottom, top = sorted((bottom, top))
        if self.turn == 90:
            return Box(bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
        if self.turn == 180:
            return Box(self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
        if self.turn == 270:
            return Box(self.top - top, self.right - right, self.top - bottom, self.right - left)
        return Box(left - self.left, self.top - top, right - self.left, self.top - bottom)

    def glyphs(self) -> list[Glyph]:
        """Every visible character."""
        text = self.shown.get_textpage()
        count = pdfium_c.FPDFText_CountChars(text)
        if count > MOST_GLYPHS:
            raise Unreadable("has more print on one page than any form")
        rectangle = pdfium_c.FS_RECTF()
        found: list[Glyph] = []
        seen: dict[tuple[str, int, int], int] = {}
        hidden = 0
        for at in range(count):
            code = pdfium_c.FPDFText_GetUnicode(text, at)
            if code < 32 or code == 0xFFFE or not pdfium_c.FPDFText_GetLooseCharBox(text, at, rectangle):
                continue
            item = pdfium_c.FPDFText_GetTextObject(text, at)
            if item and pdfium_c.FPDFTextObj_GetTextRenderMode(item) == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE:
                hidden += 1
            box = self.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            if not (math.isfinite(box.x0) and box.height > 0 and chr(code).strip()):
                continue
            # Printed twice for a bold look; the letters of a ligature, which follow at once, share a place too.
            spot = chr(code), round(box.x0), round(box.y0)
            if at - seen.setdefault(spot, at) < 3:
                seen[spot] = at
                found.append(Glyph(chr(code), box))
        self.unseen = bool(hidden) and hidden > 0.5 * max(1, len(found))
        return found

    def squares(self) -> list[Box]:
        """Small drawn squares: boxes to tick."""
        least, most = _TICK_SIZE
        found = []
        for item in self.shown.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=4):
            segments = pdfium_c.FPDFPath_CountSegments(item)
            if not 4 <= segments <= 24:
                continue
            box = self.box(*item.get_bounds())
            square = least <= box.width <= most and least <= box.height <= most
            if square and 0.75 <= box.width / box.height <= 1.33 and _closed(item, segments):
                found.append(box)
        return found

    def mostly_picture(self) -> bool:
        """Whether one picture covers most of the page."""
        for item in self.shown.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=4):
            box = self.box(*item.get_bounds())
            if box.width * box.height > 0.5 * self.width * self.height:
                return True
        return False


def _closed(item: Any, segments: int) -> bool:
    """Whether a path runs along a square's sides rather than across it."""
    for at in range(segments):
        if (
            pdfium_c.FPDFPathSegment_GetType(pdfium_c.FPDFPath_GetPathSegment(item, at))
            == pdfium_c.FPDF_SEGMENT_BEZIERTO
        ):
            return True
    return (
        bool(pdfium_c.FPDFPathSegment_GetClose(pdfium_c.FPDFPath_GetPathSegment(item, segments - 1))) or segments >= 5
    )


class _Ink:
    """How much of a place is dark, measured on a picture of the page that is made when first asked for."""

    def __init__(self, shown: pdfium.PdfPage, width: float, height: float) -> None:
        self.shown, self.scale = shown, min(DPI / 72, 3000 / max(width, height))
        self.made: tuple[Any, int, int, int] | None = None

    def __call__(self, box: Box) -> float:
        if self.made is None:
            picture = self.shown.render(scale=self.scale, grayscale=True, may_draw_forms=False)
            self.made = bytes(picture.buffer), picture.stride, picture.width, picture.height
        pixels, stride, width, height = self.made
        x0, x1 = max(0, int(box.x0 * self.scale)), min(width, math.ceil(box.x1 * self.scale))
        y0, y1 = max(0, int(box.y0 * self.scale)), min(height, math.ceil(box.y1 * self.scale))
        if x1 <= x0 or y1 <= y0:
            return 0.0
        dark = sum(sum(1 for pixel in pixels[y * stride + x0 : y * stride + x1] if pixel < 128) for y in range(y0, y1))
        return dark / ((x1 - x0) * (y1 - y0))


def _inked(box: Box, found: Page) -> Tick:
    """A drawn box with what stands in it: nothing, or a mark of any kind."""
    inset = 0.22 * box.width
    dark = found.ink(Box(box.x0 + inset, box.y0 + inset, box.x1 - inset, box.y1 - inset))
    return Tick(box, dark > _INKED, 1.0 if dark < 0.02 or dark > 0.09 else 0.8, "drawn box")


def _apart(ticks: list[Tick]) -> list[Tick]:
    """Each box once, though its border and its ground are drawn apart."""
    kept: list[Tick] = []
    for one in ticks:
        if not any(other.box.holds(one.box) or one.box.holds(other.box) for other in kept):
            kept.append(one)
    return kept


def _glyph_boxes(glyphs: list[Glyph], found: Page) -> list[Glyph]:
    """Turn box characters into boxes to tick; the other characters."""
    rest = []
    for one in glyphs:
        if one.text in EMPTY_BOXES and not any(tick.box.holds(one.box) for tick in found.ticks):
            crossed = any(
                other is not one and other.text in "XxＸ×✓✔✗✘✕✖" and one.box.holds(other.box) for other in glyphs
            )
            found.ticks.append(Tick(one.box, crossed, 1.0, "box character"))
        elif one.text in TICKED_BOXES and not any(tick.box.holds(one.box) for tick in found.ticks):
            found.ticks.append(Tick(one.box, True, 1.0, "box character"))
        else:
            rest.append(one)
    return rest


def _bracketed(line: Print, found: Page) -> Print:
    """Take `[X]`, `[ ]`, `(x)`, `_X_` out of a line and leave them as boxes to tick."""
    text = line.text
    kept = list(line.glyphs)
    for hit in reversed(
        list(re.finditer(r"\[\s*([xX✓✔✗✘*]?)\s*\]|\(\s*([xX✓✔]?)\s*\)|(?<![\w_])_+([xX✓✔])_+(?![\w_])", text))
    ):
        box = Print(tuple(line.glyphs[hit.start() : hit.end()])).box
        found.ticks.append(Tick(box, any(hit.groups()), 1.0, "box character"))
        del kept[hit.start() : hit.end()]
    return Print(tuple(kept), line.source) if kept else Print((Glyph(" ", line.box),), line.source)


def _filled_in(document: Document, number: int, place: _Place, found: Page) -> None:
    """Lay the fields of the page over its print: values, boxes, signatures, and blanks that stayed empty."""
    for widget, whole in document.widgets(number):
        try:
            box = place.box(*_sides(widget))
        except (KeyError, ValueError, TypeError, AttributeError):
            continue
        kind, value = whole.get("/FT"), whole.get("/V")
        if widget.get("/Subtype") == "/FreeText":
            _value(found, box, text_of(widget.get("/Contents")))
        elif widget.get("/Subtype") in ("/Ink", "/Stamp"):
            found.signed.append(box)
        elif kind == "/Sig":
            (found.signed if value is not None else found.blanks).append(box)
        elif kind == "/Btn":
            if not int(whole.get("/Ff", 0) or 0) & 1 << 16:  # a push button says nothing
                found.ticks = [tick for tick in found.ticks if not (box.holds(tick.box) or tick.box.holds(box))]
                found.ticks.append(_button(widget, whole, box, place, found))
        elif kind in ("/Tx", "/Ch"):
            _value(found, box, text_of(value))


def _sides(widget: DictionaryObject) -> tuple[float, float, float, float]:
    """Where a field lies on its page; ValueError or TypeError where it does not say."""
    given = widget["/Rect"].get_object()
    if not isinstance(given, ArrayObject):
        raise TypeError("no rectangle")
    left, bottom, right, top = (float(side) for side in given)
    return left, bottom, right, top


def _value(found: Page, box: Box, text: str) -> None:
    text = " ".join(text.split())
    if not text:
        found.blanks.append(box)
        return
    step = box.width / len(text)
    places = (Box(box.x0 + n * step, box.y0, box.x0 + (n + 1) * step, box.y1) for n in range(len(text)))
    found.prints.append(
        Print(tuple(Glyph(one, at) for one, at in zip(text, places, strict=True)), "field", filled=True)
    )


def _button(widget: DictionaryObject, whole: DictionaryObject, box: Box, place: _Place, found: Page) -> Tick:
    """A box that is a field: its state as shown (`/AS`) and as kept (`/V`) must agree."""
    shown, kept = widget.get("/AS"), whole.get("/V")
    ons = [str(name) for name in dictionary(dictionary(widget.get("/AP")).get("/N")) if name != "/Off"]
    shown_on = None if shown is None else str(shown) not in ("/Off", "")
    kept_on = None if kept is None else (str(kept) in ons if ons else str(kept) not in ("/Off", "Off", ""))
    if shown_on is None and kept_on is None:
        return Tick(box, False, 1.0, "field")
    if shown_on is not None and kept_on is not None and shown_on != kept_on:
        if "/Parent" in widget and "/V" not in widget and kept_on is False:
            return Tick(box, shown_on, 0.9, "field")
        return Tick(box, None, 0.0, "field")
    return Tick(box, shown_on if shown_on is not None else kept_on, 1.0, "field")
