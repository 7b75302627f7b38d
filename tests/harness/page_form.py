"""A page's form as a browser would send it back."""

from __future__ import annotations

import re
from html import unescape


def form_of(page: str) -> dict[str, list[str]]:
    """What a browser would send back from a page that nobody touched."""
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        kind, name, value = ((re.search(rf'{key}="([^"]*)"', tag) or ["", ""])[1] for key in ("type", "name", "value"))
        if name and (kind in ("text", "hidden") or " checked" in tag):
            sent.setdefault(name, []).append(unescape(value))
    for name, inside in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        sent[name] = [unescape(value) for value in re.findall(r'value="([^"]*)" selected', inside)]
    for name, inside in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        sent[name] = [unescape(inside)]
    return sent
