"""One file read whole: told what it is by its first bytes, then page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

from detainer.intake.paper import pdf, pdf_page
from detainer.intake.paper.forms import Form, forms_of
from detainer.intake.paper.pdf import Unreadable
from detainer.intake.paper.shapes import Box, Page

__all__ = ["Unreadable", "read"]
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
MOST_SCANS = 24  # pages of one file that are read as pictures
NO_EXTRA = "is a scan, and reading scans is not installed (the extra `ocr`); type what it says at the desk"
TOO_MANY = f"is a scan, of which {MOST_SCANS} pages a file are read; type what it says at the desk"


def is_pdf(data: bytes) -> bool:
    """Whether the bytes are a PDF's; some programs put a few bytes before its mark."""
    return b"%PDF-" in data[:1024]


def is_picture(data: bytes) -> bool:
    """Whether the bytes are a PNG, JPEG or TIFF picture."""
    return data.startswith(_PICTURES)


def read(
    data: bytes, *, before_scans: Callable[[], None] = lambda: None, told: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """The forms of a file, as JSON has them; Unreadable with the reason where it is none.

    Pages that only a person can read are a form without a name that says why. `before_scans` is called before the
    first page is read as a picture; `told` is given each page's number and how many there are before it is read.
    """
    told = told or (lambda _page, _pages: None)
    notes: list[str] = []
    if is_pdf(data):
        document = pdf.Document(data)
        notes, pages = document.notes, _pages(document, before_scans, told)
    elif is_picture(data):
        pages = _pictures(data, before_scans, told)
    else:
        raise Unreadable("is no PDF and no picture")
    forms = forms_of(pages)
    for form in forms:
        form.problems += [f"the file {note}" for note in notes]
    return {
        "forms": [_plain(form) for form in forms],
        "said": [f"the file {note}" for note in notes if not forms],
    }


def _pages(
    document: pdf.Document, before_scans: Callable[[], None], told: Callable[[int, int], None]
) -> Iterator[Page]:
    scans = 0
    for number in range(len(document)):
        told(number + 1, len(document))
        page = pdf_page.page(document, number)
        if page.scanned or (not page.prints and page.ink(_paper(page)) > 0.002):
            scans += 1
            if not has_extra() or scans > MOST_SCANS:
                page = _to_type(number + 1, page.size)
            else:
                if scans == 1:
                    before_scans()
                from detainer.intake.paper.scans.page import page as read_page

                page = read_page(pdf.picture(document, number), number + 1)
        yield page


def _pictures(data: bytes, before_scans: Callable[[], None], told: Callable[[int, int], None]) -> Iterator[Page]:
    if not has_extra():
        yield _to_type(1, (612, 792))
        return
    before_scans()
    from detainer.intake.paper.scans import pictures
    from detainer.intake.paper.scans.page import page as read_page

    for number, picture in enumerate(pictures.pages_of(data), 1):
        told(number, picture.of)
        yield read_page(picture, number) if number <= MOST_SCANS else _to_type(number, picture.points)


def _to_type(number: int, size: tuple[float, float]) -> Page:
    """A page that only a person can read."""
    return Page(number, *size, scanned=True, unread=TOO_MANY if has_extra() else NO_EXTRA)


def has_extra() -> bool:
    """Whether what reads scans is installed."""
    return all(find_spec(name) for name in ("rapidocr", "onnxruntime", "cv2"))


def _paper(page: Page) -> Box:
    return Box(0, 0, page.width, page.height)


def _plain(form: Form) -> dict[str, Any]:
    return form.as_json("") | {"hidden": form.hidden, "sizes": form.sizes, "turns": form.turns}
