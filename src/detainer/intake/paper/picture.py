"""The picture of one page, as a person is shown it: without what nobody may read there."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from detainer.intake.paper import turned
from detainer.intake.paper.pdf import Unreadable

MOST_PIXELS = 60_000_000  # a letter page at 600 dots an inch has 34 million
_WIDE, _HIGH = 1200, 1700  # of the picture, in pixels
_DOTS = 110 / 72
_COPIED = 2  # a copy has so many times the dots of a page on a screen
_COVER = 190
_LEAST, _MOST = 3, 24  # inches of a side
_FAX = 1728  # pixels
_TURNED = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


def draw(
    data: bytes,
    *,
    number: int,
    hidden: Sequence[Sequence[float]] = (),
    size: Sequence[float] | None = None,
    turn: int = 0,
) -> dict[str, Any]:
    """Page `number` from 1: `{"png": base64, "pages", "width", "height"}`, width and height in points.

    `hidden` are places that are covered: left, top, right, bottom in points from the upper left of a page that is
    `size` points wide and high, as whoever read it took it to be. With these covered the page is turned clockwise by
    `turn` degrees, a multiple of 90. Unreadable where the bytes have no such page.
    """
    shown, pages, width, height = _shown(data, number)
    if size:
        width, height = size
    pen = ImageDraw.Draw(shown)
    across, down = shown.width / width, shown.height / height
    for x0, y0, x1, y1 in hidden:
        pen.rectangle((x0 * across, y0 * down, x1 * across, y1 * down), fill=_COVER)
    if turn:
        shown = shown.transpose(_TURNED[turn])
        width, height = turned.size(width, height, turn)
    out = io.BytesIO()
    shown.save(out, "PNG")
    return {"png": base64.b64encode(out.getvalue()).decode(), "pages": pages, "width": width, "height": height}


def copy(data: bytes, *, pages: Sequence[int]) -> dict[str, Any]:
    """These pages, numbered from 1, as a photocopy of them: `{"pdf": base64}`, a picture a page and nothing covered.

    Unreadable where the bytes have no such page.
    """
    sheets = []
    for number in pages:
        shown, _, width, _ = _shown(data, number, _COPIED)
        sheets.append((shown, shown.width * 72 / width))
    if not sheets:
        raise Unreadable("has no such page")
    out = io.BytesIO()
    for shown, dots_an_inch in sheets:
        shown.save(out, "PDF", resolution=dots_an_inch, append=out.tell() > 0)
    return {"pdf": base64.b64encode(out.getvalue()).decode()}


def _shown(data: bytes, number: int, finer: int = 1) -> tuple[Image.Image, int, float, float]:
    return _pdf(data, number, finer) if b"%PDF-" in data[:1024] else _picture(data, number, finer)


def _pdf(data: bytes, number: int, finer: int) -> tuple[Image.Image, int, float, float]:
    try:
        document = pdfium.PdfDocument(data)
        document.init_forms()
        if not 1 <= number <= len(document):
            raise Unreadable("has no such page")
        page = document[number - 1]
        width, height = page.get_size()
        scale = finer * min(_DOTS, _WIDE / max(1.0, width), _HIGH / max(1.0, height))
        bitmap = page.render(scale=scale, grayscale=True)
    except pdfium.PdfiumError:
        raise Unreadable("cannot be shown") from None
    return bitmap.to_pil().convert("L"), len(document), width, height


def dots(opened: Image.Image) -> tuple[float, float]:
    """Pixels an inch across and down: as the file says, or as a fax or a letter page would have them."""
    said: Any = opened.info.get("dpi")
    try:
        across, down = float(said[0]), float(said[1])
    except (TypeError, ValueError, IndexError):
        across = down = 0.0
    if across > 1 and down > 1 and all(_LEAST < side < _MOST for side in (opened.width / across, opened.height / down)):
        return across, down
    if opened.width == _FAX:  # a fax machine's line of 8.5 inches, of fine or standard height
        return _FAX / 8.5, 196.0 if opened.height > 1600 else 98.0
    short, long = sorted((opened.width, opened.height))
    each = max(short / 8.5, long / 11)
    return each, each


def _picture(data: bytes, number: int, finer: int) -> tuple[Image.Image, int, float, float]:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        opened = Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "TIFF"])
        pages = getattr(opened, "n_frames", 1)
        if not 1 <= number <= pages:
            raise Unreadable("has no such page")
        opened.seek(number - 1)
        if opened.width * opened.height > MOST_PIXELS:
            raise Unreadable("is a picture larger than any scanned page")
        across, down = dots(opened)
        width, height = opened.width * 72 / across, opened.height * 72 / down
        shown = opened.convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Unreadable("cannot be shown") from None
    wide = min(_WIDE * finer, shown.width)
    shown = shown.resize((wide, max(1, min(_HIGH * 2 * finer, round(wide * height / width)))))
    return shown, pages, width, height
