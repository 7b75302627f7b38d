"""A paper as a PDF/UA-1 and PDF/A-3a file: the same words give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from detainer.answer import language
from detainer.errors import UserError

TEMPLATE = Path(__file__).parent / "templates" / "paper.typ"
_AFTER_LATIN = 0x250


def pdf(data: Mapping[str, Any], unprintable: str) -> bytes:
    """The paper as a file. All words reach the typesetter as data, so that none is read as markup.

    Text in letters that no typeface here has is not spelt out: the standards allow no gap in its place. An agency that
    needs them puts a typeface into `papers/fonts`.
    """
    try:
        return _set(data)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise UserError("the paper could not be set", fix="Check its words and typefaces.") from error
    return _set({**data, "blocks": _legible(data["blocks"], unprintable)})


def _set(data: Mapping[str, Any]) -> bytes:
    own = language.folder() / "fonts"
    fonts, families = _fonts(str(own) if own.is_dir() else "")
    return typst.compile(
        TEMPLATE,
        format="pdf",
        font_paths=fonts,
        pdf_standards=["ua-1", "a-3a"],
        sys_inputs={"paper": json.dumps({**data, "fonts": families}, ensure_ascii=False)},
    )


@lru_cache(maxsize=4)
def _fonts(folder: str) -> tuple[typst.Fonts, list[str]]:
    """The typesetter's own typefaces with an agency's, and the families of the latter; none of the system's."""
    paths = [folder] if folder else []
    own = typst.Fonts(False, False, paths).families() if folder else []
    return typst.Fonts(False, True, paths), sorted(set(own))


def _legible(value: Any, instead: str) -> Any:
    if isinstance(value, str):
        return value if all(ord(sign) < _AFTER_LATIN or sign in "–—’“”…·§☐" for sign in value) else instead
    if isinstance(value, dict):
        return {name: _legible(inner, instead) for name, inner in value.items()}
    return [_legible(inner, instead) for inner in value] if isinstance(value, list) else value
