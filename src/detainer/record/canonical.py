"""One spelling for every value that is hashed: canonical JSON (RFC 8785) and moments as text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from detainer.errors import UserError

_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
EXACT = 2**53 - 1  # RFC 8785 writes numbers as doubles: a larger integer would not come back the same


def encode(value: Any) -> str:
    """The RFC 8785 text of a JSON value made of objects, arrays, text, integers, true, false and null.

    Fractions are refused: nothing in the record is one, and their spelling is where encoders differ.
    """
    return text(plain(value))


def text(made: Any) -> str:
    """The same of what `plain` gave."""
    said = _written(made)
    if not said.isascii():
        try:
            said.encode()
        except UnicodeEncodeError:
            raise UserError("a text holds half of a character (a lone surrogate)") from None
    return said


def decode(text: str) -> dict[str, Any]:
    """The object that `encode` wrote."""
    value: dict[str, Any] = json.loads(text)
    return value


def plain(value: Any) -> Any:
    """The same as JSON values: moments and days become ISO 8601 text, as given; the keys of mappings are sorted.

    UserError, naming the place, where something cannot be one.
    """
    try:
        return _plain(value)
    except _Unfit as unfit:
        place = "$" + "".join(reversed(unfit.path))
        raise UserError(unfit.what, where="{place}", place=place, **unfit.values) from None


class _Unfit(Exception):
    """Something that the record cannot keep, and the way to it, from the inside out."""

    def __init__(self, what: str, **values: object) -> None:
        self.what, self.path = what, list[str]()
        self.values: dict[str, Any] = values


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is int:
        if abs(value) > EXACT:
            raise _Unfit("the number {value} is too large to be kept exactly", value=value)
        return value
    if kind is dict or isinstance(value, Mapping):
        return _mapping(value)
    if kind is list or isinstance(value, list | tuple):
        return _list(value)
    if isinstance(value, date):  # a datetime is one too
        return _iso(value)
    raise _Unfit("a {kind} cannot be kept in the record", kind=kind.__name__)


def _mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    try:
        for key in _sorted(value):
            made[key] = None  # so that the last key is the one that was unfit
            made[key] = _plain(value[key])
    except _Unfit as unfit:
        if made:
            unfit.path.append(f".{next(reversed(made))}")
        raise
    return made


def _list(value: Sequence[Any]) -> list[Any]:
    made: list[Any] = []
    try:
        for item in value:
            made.append(_plain(item))  # noqa: PERF401  # its length tells the place
    except _Unfit as unfit:
        unfit.path.append(f"[{len(made)}]")
        raise
    return made


def _sorted(keys: Iterable[Any]) -> list[str]:
    """RFC 8785 sorts keys by UTF-16 code units, which beyond ASCII is not the order of code points."""
    found = list(keys)
    try:
        plain_keys = "".join(found).isascii()
    except TypeError:
        raise _Unfit("a key is not text") from None
    if plain_keys:
        return sorted(found)
    return sorted(found, key=lambda key: key.encode("utf-16-be", "surrogatepass"))


def _iso(value: date) -> str:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise _Unfit("a time without an offset from UTC")
    return value.isoformat()


def moment(when: datetime) -> str:
    """A moment as the ledger writes it: UTC, six decimals, so that text order is the order of time."""
    if when.tzinfo is None:
        raise UserError("the time {when} has no offset from UTC", when=when.isoformat())
    return when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_moment(text: str) -> datetime:
    """The moment that `moment` wrote, or any ISO 8601 time with an offset."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise UserError("the time {when} has no offset from UTC", when=text)
    return when.astimezone(UTC)
