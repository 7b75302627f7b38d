"""The desk's words in the reader's language: every message is written in English and looked up in the catalogue."""

from __future__ import annotations

import re

from django.utils.translation import gettext, ngettext

_SENTENCE = re.compile(r"(?<=[.?])\s+")


def tr(message: str) -> str:
    """A message that stands whole in the catalogue."""
    return gettext(message) if message else ""


def say(message: str, /, **values: object) -> str:
    """A message with places in it, such as "made {when}"."""
    return gettext(message).format(**values)


def count(one: str, many: str, n: int) -> str:
    """A message about a number `{n}` of things."""
    return ngettext(one, many, n).format(n=n)


def sentences(text: str) -> str:
    """Sentences that each stand in the catalogue; one that does not stays as it is."""
    return " ".join(tr(one) for one in _SENTENCE.split(text))
