"""One file read whole: told what it is by its first bytes, then page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detainer.intake.paper import pdf
from detainer.intake.paper.forms import Form, forms_of
from detainer.intake.paper.pdf import Unreadable
from detainer.intake.paper.shapes import Box, Page

__all__ = ["Unreadable", "read"]
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_NO_SCANS = "is a scan or a picture, which cannot be read yet; type what it says at the desk"


def is_pdf(data: bytes) -> bool:
    """Whether the bytes are a PDF's; some programs put a few bytes before its mark."""
    return b"%PDF-" in data[:1024]


def is_picture(data: bytes) -> bool:
    """Whether the bytes are a PNG, JPEG or TIFF picture."""
    return data.startswith(_PICTURES)


def read(data: bytes) -> dict[str, Any]:
    """The forms of a file, as JSON has them; Unreadable with the reason where it is none."""
    notes: list[str] = []
    if is_pdf(data):
        document = pdf.Document(data)
        notes, pages = document.notes, _pages(document)
    elif is_picture(data):
        raise Unreadable(_NO_SCANS)
    else:
        raise Unreadable("is no PDF and no picture")
    forms = forms_of(pages)
    for form in forms:
        form.problems += [f"the file {note}" for note in notes]
    return {
        "forms": [_plain(form) for form in forms],
        "said": [f"the file {note}" for note in notes if not forms],
    }


def _pages(document: pdf.Document) -> Iterator[Page]:
    for number in range(len(document)):
        page = pdf.page(document, number)
        if page.scanned or (not page.prints and page.ink(_paper(page)) > 0.002):
            raise Unreadable(_NO_SCANS)
        yield page


def _paper(page: Page) -> Box:
    return Box(0, 0, page.width, page.height)


def _plain(form: Form) -> dict[str, Any]:
    return form.as_json("") | {"hidden": form.hidden, "sizes": form.sizes}
