"""Files that somebody chose: papers into the queue, tables by their mapping into the record."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from detainer.errors import UserError
from detainer.house import house
from detainer.intake import csvfile, papers
from detainer.intake.models import Draft
from detainer.intake.paper.reading import Reading
from detainer.intake.summary import Summary

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".json")
_MOST_FILES = 40


@dataclass(frozen=True)
class Told:
    """What came of an upload: lines of the papers, what went wrong, the tables, the draft to open where it is one."""

    lines: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    draft_id: str = ""
    tables: tuple[Summary, ...] = ()

    def as_lines(self) -> list[str]:
        """All of it, line by line."""
        tables = [line for one in self.tables for line in one.as_text().splitlines() if line.strip()]
        return [*self.problems, *self.lines, *tables]


def mappings() -> list[str]:
    """The mappings that are shipped."""
    folder = resources.files("detainer.intake") / "mappings"
    return sorted(one.name.removesuffix(".yaml") for one in folder.iterdir() if one.name.endswith(".yaml"))


def take(
    files: Sequence[tuple[str, bytes]], agency: str, *, mapping: str, only_look: bool, author: str, way: str = "desk"
) -> Told:
    """Take in files by name and bytes; what cannot be is told, and nothing else stops for it."""
    if len(files) > _MOST_FILES:
        return Told(problems=(f"More than {_MOST_FILES} files at once. Nothing was taken in: send fewer.",))
    lines: list[str] = []
    problems: list[str] = []
    fresh: list[str] = []
    tables: list[Summary] = []
    for n, (name, data) in enumerate(files, 1):
        called = shown(Path(name).name[:80]) or f"file {n}"
        try:
            if Path(name).suffix.lower() in TABLES:
                tables.append(_table(data, called, agency, mapping, only_look=only_look, author=author))
            else:
                _no_look(only_look=only_look)
                paper, already = papers.come(data, called, agency, way, author=author)
                lines.append(_again(called) if already else _kept(called))
                waiting = paper.drafts.filter(state__in=[Draft.READING, Draft.WAITING]).order_by("place")
                fresh += waiting.values_list("id", flat=True)
        except UserError as error:
            problems += [f"{called}: {line}" for line in error.lines()]
    one = fresh[0] if len(files) == 1 and fresh and not problems else ""
    return Told(tuple(lines), tuple(problems), one, tuple(tables))


def shown(name: str) -> str:
    """A file's name as a line can hold it: nothing that ends the line, steers a terminal or turns the writing round."""
    return "".join(letter if letter.isprintable() else "�" for letter in name)


def _no_look(*, only_look: bool) -> None:
    if only_look:
        raise UserError("is a paper; only a table can be looked at without taking it in")


def _again(called: str) -> str:
    return f"{called}: the same file came before; nothing was added."


def _kept(called: str) -> str:
    return f"{called}: is kept and being read."


def read(called: str, found: Reading) -> str:
    """What came of a paper that was read, in a line."""
    told = found.as_json(called)
    if forms := [str(one["form"]) for one in told if one["form"]]:
        return f"{called}: {', '.join(forms)}"
    return f"{called}: {'; '.join(told[0]['problems'])}. It keeps its place in the queue."


def _table(data: bytes, called: str, agency: str, mapping: str, *, only_look: bool, author: str) -> Summary:
    if not mapping:
        raise UserError("is a table; choose the mapping that says how to read it")
    if mapping not in mappings():
        raise UserError("there is no such mapping")
    home = house().home
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=home, suffix=Path(called).suffix.lower()) as kept:
        kept.write(data)
        kept.flush()
        try:
            summary = csvfile.read(Path(kept.name), agency, mapping, dry_run=only_look, author=author)
        except UserError as error:
            line = error.line().removeprefix(f"--mapping {mapping}: ").replace(f"{kept.name}: ", "")
            raise UserError(line.replace(f"{kept.name}:", "line ").replace(f"{kept.name}, ", "")) from None
    return replace(summary, file=called)
