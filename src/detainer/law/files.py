"""Reading YAML so that every mistake can be told with its file and line.

Stricter than YAML itself: a key given twice, an anchor or a tag is an error, and only what the house needs is
understood (text, numbers, true and false, null, dates and moments with an offset).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from detainer.errors import UserError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{1,2}:\d{2}")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_TOO_LARGE = 64 * 1024 * 1024
_DEEPEST = 100
_MANY = 5_000  # so many brackets could be nested deeper than the reader in C survives
_FAR_IN = re.compile(r"^[ ?:-]{1000}", re.MULTILINE)
_TAG_OF: Any = yaml.resolver.Resolver().resolve


class Block(dict[str, Any]):
    """A mapping of a YAML file that knows the line of each of its keys."""

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """The line on which the key stands, or that of the block."""
        return self.lines.get(key, self.line)


def read_documents(path: Path) -> Iterator[Block]:
    """The documents of a YAML file, in order, each a mapping; UserError names file and line of what is wrong."""
    yield from parse_documents(_text(path), str(path))


def parse_documents(text: str, where: str) -> Iterator[Block]:
    """The documents of YAML text; `where` names its origin in errors."""
    loader = _Loader(text)
    try:
        if text.count("[") + text.count("{") > _MANY or _FAR_IN.search(text):
            _refuse_depth(text, where)
        while loader.check_node():
            node = loader.get_node()
            if isinstance(node, yaml.ScalarNode) and node.value in _WORDS:
                continue
            found = _value(node, where, set())
            if not isinstance(found, Block):
                raise UserError("a mapping of keys is expected here", where=f"{where}:{node.start_mark.line + 1}")
            yield found
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{where}:{mark.line + 1}" if mark else where
        raise UserError(f"not readable as YAML: {getattr(error, 'problem', None) or error}", where=place) from None
    except RecursionError:
        raise UserError("nested too deeply", where=where) from None
    finally:
        loader.dispose()


def _refuse_depth(text: str, where: str) -> None:
    """Raise UserError where blocks are nested so deeply that composing them would exhaust the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise UserError("nested too deeply", where=where)


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise UserError("this is a folder", where=str(path), fix="Name a file.")
        if path.stat().st_size > _TOO_LARGE:
            raise UserError("larger than 64 MB", where=str(path), fix="Split the file.")
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UserError("there is no such file", where=str(path)) from None
    except UnicodeDecodeError as error:
        raise UserError(f"not UTF-8 text (byte {error.start})", where=str(path), fix="Save it as UTF-8.") from None
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror}", where=str(path)) from None
    if "\0" in text:
        raise UserError("not a text file", where=str(path))
    return text


def _value(node: Any, where: str, seen: set[int]) -> Any:
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise UserError("aliases are not read here", where=f"{where}:{line}", fix="Write the value out.")
    seen.add(id(node))
    quoted = bool(isinstance(node, yaml.ScalarNode) and node.style)
    if node.tag != _TAG_OF(type(node), node.value, (not quoted, quoted)):
        raise UserError(f"the tag {node.tag} is not read here", where=f"{where}:{line}", fix="Leave it out.")
    if isinstance(node, yaml.MappingNode):
        return _block(node, where, line, seen)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, where, seen) for item in node.value]
    return node.value if quoted else _plain(node.value, f"{where}:{line}")


def _block(node: Any, where: str, line: int, seen: set[int]) -> Block:
    block = Block(line)
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1
        key = key_node.value
        if not isinstance(key, str):
            raise UserError("a key must be a word", where=f"{where}:{key_line}")
        if key in block:
            raise UserError(f"the key {key} stands twice", where=f"{where}:{key_line}", fix="Keep one of the two.")
        block[key] = _value(value_node, where, seen)
        block.lines[key] = key_line
    return block


def _plain(text: str, where: str) -> Any:
    """What unquoted text means."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _DAY.fullmatch(text):
        return _date(text, where)
    if _MOMENT.match(text):
        return _moment(text, where)
    if _NUMBER.fullmatch(text):
        return _number(text, where)
    return text


def _number(text: str, where: str) -> int | float:
    try:
        number = float(text) if any(mark in text for mark in ".eE") else int(text)
    except ValueError:
        number = math.inf
    if math.isinf(number):
        raise UserError("the number is too large", where=where, fix="Put it in quotation marks if it is text.")
    return number


def _date(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"{text} is no date: {error}", where=where) from None


def _moment(text: str, where: str) -> datetime:
    try:
        return datetime.fromisoformat(text.replace("t", "T"))
    except ValueError as error:
        raise UserError(
            f"{text} is no moment: {error}", where=where, fix="Write it as 2026-11-24T10:00:00-05:00."
        ) from None
