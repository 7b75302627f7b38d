"""A PDF that has passed the gate: what it carries that is left alone, and its fields, read by pypdf."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject

MOST_PAGES = 60
SCAN_DPI = 300


class Unreadable(Exception):
    """Why a file cannot be read, in plain words."""


class Document:
    """A PDF that has passed the gate: how many pages, and what it carries that is left alone."""

    def __init__(self, data: bytes) -> None:
        self.notes: list[str] = []
        try:
            self.reader = PdfReader(io.BytesIO(data), strict=False)
            if self.reader.is_encrypted and not self.reader.decrypt(""):
                raise Unreadable("is locked with a password; ask for it again without one")  # noqa: TRY301  a reason like the others
            count = len(self.reader.pages)
        except Unreadable:
            raise
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError, IndexError):
            raise Unreadable("is damaged: it begins like a PDF but cannot be opened") from None
        if count == 0:
            raise Unreadable("has no pages")
        if count > MOST_PAGES:
            raise Unreadable(f"has {count:,} pages; at most {MOST_PAGES} are read. Send the form alone")
        try:
            self.pdf = pdfium.PdfDocument(data)
        except pdfium.PdfiumError:
            raise Unreadable("is damaged: it begins like a PDF but cannot be opened") from None
        self.form = self._form()
        self._look()

    def __len__(self) -> int:
        return len(self.pdf)

    def _form(self) -> DictionaryObject:
        try:
            found = self.reader.root_object.get("/AcroForm")
            found = found.get_object() if found is not None else None
        except (PyPdfError, ValueError, KeyError, AttributeError):
            found = None
        return found if isinstance(found, DictionaryObject) else DictionaryObject()

    def _look(self) -> None:
        """Note scripts, attachments and XFA; they are never run, opened or read."""
        root = self.reader.root_object
        names = dictionary(root.get("/Names"))
        if "/JavaScript" in names or "/AA" in root or _script(root.get("/OpenAction")) or self._page_scripts():
            self.notes.append("has a script in it; it was not run")
        if "/EmbeddedFiles" in names or "/AF" in root or self._attached():
            self.notes.append("has another file attached inside it; that was not opened")
        if "/XFA" in self.form:
            if not any(True for number in range(len(self.pdf)) for _ in self.widgets(number)):
                raise Unreadable(
                    "is an XFA form, which only Adobe's own program can show; ask for a printed or scanned copy"
                )
            self.notes.append("has a second layer (XFA), which was not read; its plain fields were")

    def _page_scripts(self) -> bool:
        return any("/AA" in page or self._field_scripts(page) for page in self.reader.pages)

    def _field_scripts(self, page: DictionaryObject) -> bool:
        """Whether anything on a page runs a script when it is touched."""
        fields = [inherited(dictionary(one)) for one in _annotations(page)]
        return any("/AA" in field or _script(field.get("/A")) for field in fields)

    def _attached(self) -> bool:
        return any(
            dictionary(one).get("/Subtype") in ("/FileAttachment", "/RichMedia", "/Movie", "/Sound")
            for page in self.reader.pages
            for one in _annotations(page)
        )

    def widgets(self, number: int) -> Iterator[tuple[DictionaryObject, DictionaryObject]]:
        """The annotations of a page, each with itself and its parents laid over each other."""
        for reference in _annotations(self.reader.pages[number]):
            one = dictionary(reference)
            if one.get("/Subtype") in ("/Widget", "/FreeText", "/Ink", "/Stamp"):
                yield one, inherited(one)


def picture(document: Document, number: int) -> Any:
    """Page `number`, from 0, as a `scans.pictures.Picture`, for the extra that reads those."""
    from detainer.intake.paper.scans.pictures import Picture

    shown = document.pdf[number]
    scale = min(SCAN_DPI / 72, 4000 / max(shown.get_size()))
    grey = shown.render(scale=scale, grayscale=True, may_draw_forms=True).to_numpy()
    return Picture(grey.reshape(grey.shape[:2]).copy(), scale * 72, scale * 72)


def inherited(one: DictionaryObject) -> DictionaryObject:
    """A field with what its parents say of it."""
    whole = DictionaryObject(one)
    parent, depth = one.get("/Parent"), 0
    while parent is not None and depth < 12:
        above = dictionary(parent)
        for key, value in above.items():
            whole.setdefault(key, value)
        parent, depth = above.get("/Parent"), depth + 1
    return whole


def _annotations(page: DictionaryObject) -> ArrayObject:
    """What lies over a page; nothing where that is no list."""
    try:
        found = page.get("/Annots")
        found = found.get_object() if found is not None else None
    except (PyPdfError, ValueError, AttributeError):
        found = None
    return found if isinstance(found, ArrayObject) else ArrayObject()


def dictionary(value: Any) -> DictionaryObject:
    """The dictionary that a value is or points to; an empty one where it is none."""
    try:
        found = value.get_object() if value is not None else None
    except (PyPdfError, ValueError, AttributeError):
        found = None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _script(value: Any) -> bool:
    return dictionary(value).get("/S") in ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData")


def text_of(value: Any) -> str:
    """The text that a value is or points to; nothing where it is none."""
    try:
        found = value.get_object() if value is not None else ""
    except (PyPdfError, ValueError, AttributeError):
        return ""
    if isinstance(found, bytes):
        return found.decode("utf-8", "replace")
    if isinstance(found, ArrayObject):
        return " ".join(text_of(one) for one in found)
    return str(found)
