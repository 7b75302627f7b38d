"""The words and numbers by which a request is looked for. Derived from its personal data, and gone with it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

NAME = "name"
LONGEST, MOST = 40, 40  # characters of a term, terms of a request
DIGITS = 3  # as many stand for a number of their own
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def of(person: Mapping[str, Any] | None) -> frozenset[str]:
    """What a person's request is found by: each word of the names, each number however it is grouped."""
    found: set[str] = set()
    for name, said in (person or {}).items():
        for one in said if isinstance(said, list) else [said]:
            text = str(one)
            found.update(words(text) if NAME in name else numbers(text))
    return frozenset(sorted(found)[:MOST])


def words(text: str) -> list[str]:
    """The words of a text as they are compared: in small, without accents, cut at all that is no letter or digit."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(one for one in plain if not unicodedata.combining(one))
    return [word[:LONGEST] for word in re.split(r"[\W_]+", kept) if word]


def numbers(text: str) -> Iterator[str]:
    """A number as it is compared, without what groups it, and its digits alone; a day as eight digits, year first."""
    if day := _AMERICAN.fullmatch(text.strip()):
        month, date, year = day.groups()
        text = f"{year}{month:0>2}{date:0>2}"
    whole = "".join(words(text))[:LONGEST]
    if whole:
        yield whole
    digits = re.sub(r"\D", "", whole)
    if digits != whole and len(digits) >= DIGITS:
        yield digits
