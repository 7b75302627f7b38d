"""JSON read strictly: what two readers could understand differently, or what no request needs, is refused."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from django.http import HttpRequest
from django.http.request import RawPostDataException
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from detainer.api.problems import Problem

LARGEST: Final = 256 * 1024  # bytes of a body
DEEPEST: Final = 12
LONGEST_LIST: Final = 200
LONGEST_TEXT: Final = 2000
# Control characters, the marks that turn the direction of writing, and halves of characters.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


class Strict(Parser):
    """The interface's own reader of bodies and of queries."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The object that the body holds; Problem where it is not one, or one that no reader may take."""
        media = (request.content_type or "").strip().lower()
        if media != "application/json":
            raise Problem(415, "Send the body as application/json.")
        try:
            body = request.body
        except (RawPostDataException, OSError):
            raise Problem(400, "The body could not be read to its end.") from None
        return read(body)

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The query; a name given twice is refused, as two readers would take different ones."""
        for name, values in data.lists():
            if len(values) > 1:
                raise Problem(422, "A name stands twice in the query of the address.")
            if _UNFIT.search(name) or any(_UNFIT.search(value) for value in values):
                raise Problem(422, "The query of the address holds a character that it may not.")
        return super().parse_querydict(data, list_fields, request)


def read(body: bytes) -> dict[str, Any]:
    """The object that these bytes are; Problem 400 says what is wrong with them."""
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_float=_no_number,
            parse_int=_integer,
        )
    except UnicodeDecodeError:
        raise Problem(400, "The body is not UTF-8.") from None
    except RecursionError:
        raise Problem(400, f"The body is nested more than {DEEPEST} deep.") from None
    except json.JSONDecodeError as error:
        raise Problem(400, f"The body is no JSON: {error.msg}, line {error.lineno}, column {error.colno}.") from None
    if not isinstance(value, dict):
        raise Problem(400, "The body must be a JSON object.")
    _fit(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Problem(400, "A key stands twice in one object of the body.")
    return made


def _no_number(_: str) -> Any:
    raise Problem(400, "The body holds a fraction or a number that JSON does not know; nothing here is one.")


def _integer(digits: str) -> int:
    if len(digits) > 15:
        raise Problem(400, "The body holds a number that is too large.")
    return int(digits)


def _fit(value: Any) -> None:
    """Look at everything, without recursion."""
    waiting = [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        if depth > DEEPEST:
            raise Problem(400, f"The body is nested more than {DEEPEST} deep.")
        if isinstance(one, dict):
            waiting += [(part, depth + 1) for part in (*one, *one.values())]
        elif isinstance(one, list):
            if len(one) > LONGEST_LIST:
                raise Problem(422, f"A list of the body holds more than {LONGEST_LIST} things.")
            waiting += [(part, depth + 1) for part in one]
        elif isinstance(one, str):
            _text(one)


def _text(one: str) -> None:
    if len(one) > LONGEST_TEXT:
        raise Problem(422, f"A text of the body is longer than {LONGEST_TEXT} characters.")
    if _UNFIT.search(one):
        raise Problem(400, "A text of the body holds a control character, or a mark that turns or halves characters.")
