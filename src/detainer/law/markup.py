"""HTML made from parts, every text escaped; a page's template takes it as it is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


class Markup(str):
    """HTML that is safe to put into a page: all text in it has been escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        """What template languages ask for to see that nothing is to be escaped again."""
        return self


def tag(name: str, *parts: str, **attributes: str) -> Markup:
    """An element: text among the parts is escaped, markup is not.

    An attribute's name ends in `_` where Python has the word for itself (`class_`), and `_` inside it stands for a
    hyphen; empty attributes are left out.
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items() if value
    )
    return Markup(f"<{name}{said}>{join(parts)}</{name}>")


def join(parts: Sequence[str], between: str = "") -> Markup:
    """Parts one after another, text escaped."""
    return Markup(escape(between).join(part if isinstance(part, Markup) else escape(part) for part in parts))
