"""Tables that are no CSV: the rows of a spreadsheet and of a JSON file, each a row as `rows` has them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from detainer.errors import UserError
from detainer.intake.paper.reading import apart
from detainer.intake.rows import Row

LARGEST = 100 * 1024 * 1024
_SECONDS = 120


def spreadsheet(path: Path) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The header's cells and the rows after it, of the first sheet; UserError where it is none that can be read.

    A row with a formula is one that cannot be read: what stands in its cell was worked out by another program.
    """
    data = _bytes(path)
    try:
        done = apart(data, json.dumps({"sheet": True}), seconds=_SECONDS)
        said = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise UserError("takes too long to read, or is damaged; save it as CSV (UTF-8)", where=str(path)) from None
    if "why" in said:
        raise UserError(said["why"], where=str(path))
    lines = [(n, [str(cell).strip() for cell in row]) for n, row in enumerate(said["rows"], 1)]
    lines = [(n, row) for n, row in lines if any(row)]
    if not lines:
        raise UserError("is empty", where=str(path))
    (first, header), rest = lines[0], lines[1:]
    formulas: Mapping[str, str] = said["formulas"]
    if str(first) in formulas:
        raise UserError("the header holds a formula", where=f"{path}:{first}", fix="Paste it as values.")
    width = max((n + 1 for n, cell in enumerate(header) if cell), default=0)
    return tuple(header[:width]), (_sheet_row(n, row, width, formulas) for n, row in rest)


def _sheet_row(number: int, row: list[str], width: int, formulas: Mapping[str, str]) -> Row:
    if column := formulas.get(str(number)):
        return Row(number, why=f"cell {column}{number} is a formula; paste the column as values")
    if any(row[width:]):
        return Row(number, why=f"has a cell beyond the header's {width}")
    return Row(number, tuple((row + [""] * width)[:width]), typed=True)


def objects(path: Path) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The keys and the rows of a JSON array of objects, or of one object a line; UserError where it is neither.

    The row's line is its place in the array, from 1. A value that is itself a list or an object costs its row alone.
    """
    data = _bytes(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"{path}, byte {error.start}"
        raise UserError("is not UTF-8 text", where=where, fix="Save it as JSON in UTF-8.") from None
    found = _parsed(text, path)
    if not found or not all(isinstance(one, Mapping) for one in found):
        raise UserError("is no list of objects, each a row", where=str(path))
    keys = tuple(dict.fromkeys(str(key) for one in found for key in one))
    return keys, (_object_row(n, one, keys) for n, one in enumerate(found, 1))


def _parsed(text: str, path: Path) -> list[Any]:
    try:
        value = json.loads(text)
    except RecursionError:
        raise UserError("is nested too deep for a table", where=str(path)) from None
    except ValueError as first:
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            line = getattr(first, "lineno", 1)
            raise UserError("is no JSON", where=f"{path}:{line}") from None
    return value if isinstance(value, list) else [value]


def _object_row(number: int, one: Mapping[str, Any], keys: tuple[str, ...]) -> Row:
    cells = []
    for key in keys:
        value = one.get(key)
        if isinstance(value, list | dict):
            return Row(number, why=f"{key} is a list or an object, not a value")
        if isinstance(value, str) and "\0" in value:
            return Row(number, why=f"{key} has a NUL character")
        cells.append("" if value is None else str(value).upper() if isinstance(value, bool) else str(value).strip())
    return Row(number, tuple(cells), typed=True)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise UserError(f"is larger than {LARGEST // 1024**2} MB; save it as CSV (UTF-8)", where=str(path))
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"cannot be read: {(error.strerror or str(error)).lower()}", where=str(path)) from error
