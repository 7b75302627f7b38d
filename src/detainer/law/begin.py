"""A new place: a folder with a law, an agency, an offense list and worked cases to begin from."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from string import Template

from detainer.errors import UserError
from detainer.law.book import LawBook

_PLACE = re.compile(r"[a-z]{2}(/[a-z0-9]+(-[a-z0-9]+)*)*")
_LAST = "us-local-policy"  # binds every agency, below all else
_FILES = {
    "law.yaml": "law.yaml",
    "agencies.yaml": "agencies.yaml",
    "offenses.csv": "offenses.csv",
    "cases.yaml": "cases/first.yaml",
}


def begin(book: LawBook, place: str) -> tuple[Path, ...]:
    """Write the files of a new place below the laws of a book; the files written, in the order to read them.

    Raises UserError for a place that is no path of small letters, or that is already there: nothing is overwritten.
    """
    if not _PLACE.fullmatch(place):
        raise UserError(f"{place!r} is no place", fix="Write it as us/or or us/or/multnomah, the wider place first.")
    folder = book.root / place
    law = place.replace("/", "-")
    if folder.exists() and any(folder.glob("*.yaml")):
        raise UserError("this place has laws already; nothing was written", where=str(folder))
    if law in book.laws:
        raise UserError(f"the law {law} is there already; nothing was written", where=str(book.laws[law].path))
    values = {"PLACE": place, "LAW": law, "AGENCY": f"{law}-sheriff", "LAWS": ", ".join(_stack(book, law))}
    texts = {folder / target: Template(_beginning(name)).substitute(values) for name, target in _FILES.items()}
    for path in texts:
        if path.exists():
            raise UserError("this file is there already; nothing was written", where=str(path))
    for path, text in texts.items():
        _write(path, text)
    return tuple(texts)


def _stack(book: LawBook, law: str) -> list[str]:
    """The laws of the wider places, this one, and the local policy."""
    parts = law.split("-")
    wider = ["-".join(parts[:size]) for size in range(1, len(parts))]
    return [*(name for name in wider if name in book.laws), law, *([_LAST] if _LAST in book.laws else [])]


def _beginning(name: str) -> str:
    return files("detainer.law").joinpath("beginning", name).read_text("utf-8")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        raise UserError(f"cannot be written: {error.strerror}", where=str(path)) from None
