"""One spelling for every value that is hashed: canonical JSON (RFC 8785) and moments as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from detainer.errors import UserError

EXACT = 2**53 - 1  # RFC 8785 writes numbers as doubles: a larger integer would not come back the same


def encode(value: Any) -> str:
    """The RFC 8785 text of a JSON value made of objects, arrays, text, integers, true, false and null.

    Fractions are refused: nothing in the record is one, and their spelling is where encoders differ.
    """
    text = json.dumps(_plain(value, "$"), ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UserError("a text holds half of a character (a lone surrogate)") from None
    return text


def decode(text: str) -> dict[str, Any]:
    """The object that `encode` wrote."""
    value: dict[str, Any] = json.loads(text)
    return value


def plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """The same mapping as JSON values: moments and days become ISO 8601 text, as given; keys sorted."""
    made: dict[str, Any] = _plain(value, "$")
    return made


def _plain(value: Any, where: str) -> Any:
    """`value` as JSON values with sorted keys; UserError where it cannot be one."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > EXACT:
            raise UserError(f"the number {value} is too large to be kept exactly", where=where)
        return value
    if isinstance(value, date):  # a datetime is one too
        return _iso(value, where)
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise UserError("a key is not text", where=where)
        return {key: _plain(value[key], f"{where}.{key}") for key in sorted(value, key=_utf16)}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}[{place}]") for place, item in enumerate(value)]
    raise UserError(f"a {type(value).__name__} cannot be kept in the record", where=where)


def _utf16(key: str) -> bytes:
    """RFC 8785 sorts keys by UTF-16 code units, which is not the order of code points."""
    return key.encode("utf-16-be", "surrogatepass")


def _iso(value: date, where: str) -> str:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise UserError("a time without an offset from UTC", where=where)
    return value.isoformat()


def moment(when: datetime) -> str:
    """A moment as the ledger writes it: UTC, six decimals, so that text order is the order of time."""
    if when.tzinfo is None:
        raise UserError(f"the time {when.isoformat()} has no offset from UTC")
    return when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_moment(text: str) -> datetime:
    """The moment that `moment` wrote, or any ISO 8601 time with an offset."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise UserError(f"the time {text} has no offset from UTC")
    return when.astimezone(UTC)
