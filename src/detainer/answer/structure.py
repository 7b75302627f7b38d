"""What a paper is before it is set: one structure of blocks, from which the PDF and its HTML twin are both made."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from detainer.record import canonical

Block = dict[str, Any]
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True)
class Paper:
    """A paper in words; every string is shown as it stands and is never read as markup."""

    kind: str
    lang: str
    direction: str
    title: str
    agency: str
    number: str
    date: date
    notice: str
    page_word: str
    blocks: tuple[Block, ...]
    attachments: tuple[dict[str, str], ...] = ()

    def as_data(self) -> dict[str, Any]:
        """The paper as plain JSON values; the date as year, month, day."""
        said = asdict(self) | {"date": [self.date.year, self.date.month, self.date.day]}
        return {name: _clean(value) for name, value in said.items()}


def digest(data: dict[str, Any]) -> str:
    """The SHA-256 of a paper's words."""
    return sha256(canonical.encode(data).encode()).hexdigest()


def heading(level: int, text: str) -> Block:
    """A heading; level 1 stands once."""
    return {"type": "heading", "level": level, "text": text}


def text(words: str, lang: str = "", *, strong: bool = False) -> Block:
    """A paragraph; `lang` where it is not the paper's own."""
    return {"type": "strong" if strong else "text", "text": words, "lang": lang}


def terms(rows: list[tuple[str, str]], *, small: bool = False) -> Block:
    """Terms with what they mean; those that say nothing are left out."""
    return {"type": "terms", "rows": [list(row) for row in rows if row[1]], "small": small}


def items(words: list[str]) -> Block:
    """A list."""
    return {"type": "list", "items": words}


def table(head: list[str], rows: list[list[str]], widths: list[int]) -> Block:
    """A table with a head for each column."""
    return {"type": "table", "head": head, "rows": rows, "widths": widths}


def _clean(value: Any) -> Any:
    """Text in composed form, without control characters and without signs that turn the direction of what follows."""
    if isinstance(value, str):
        kept = (sign for sign in unicodedata.normalize("NFC", value) if sign == "\n" or _shown(sign))
        return "".join(kept)
    if isinstance(value, dict):
        return {name: _clean(inner) for name, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _shown(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn") and sign not in _TURNING
