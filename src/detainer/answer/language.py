"""The words of the papers in each language: those of the house, with an agency's own laid over them, both checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from detainer.errors import UserError
from detainer.house import house

SHIPPED = Path(__file__).parent / "languages"
COMPLETE = ("en", "es")
PLACES = ("number", "agency")  # what an agency's own sentences may name beside the parts
_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LARGEST = 200_000

# Each kind of paper with the parts that no template may drop, for a law prescribes them or a proof rests on them.
PARTS: Mapping[str, tuple[str, ...]] = {
    "reply": ("about", "answers", "law", "silence", "proof"),
    "notice": ("about", "asked", "copy", "comply", "law", "proof"),
    "told": ("about", "told", "reason", "law", "proof"),
    "hold": ("about", "hold", "ends", "law", "proof"),
    "hold-end": ("about", "ended", "law", "proof"),
    "release-order": ("about", "order", "law", "proof"),
    "interview": ("about", "advice", "consent", "proof"),
    "rights": ("about", "rights", "proof"),
    "judge": ("about", "judge", "law", "proof"),
    "file": ("request", "answer", "laws", "facts", "duties", "papers", "events", "proof"),
}


@dataclass(frozen=True)
class Language:
    """A language, complete and checked: its words and the template of each paper, line by line."""

    code: str
    name: str
    direction: str
    words: Mapping[str, str]
    papers: Mapping[str, tuple[str, ...]]
    days: tuple[str, ...]
    months: tuple[str, ...]

    def __getitem__(self, word: str) -> str:
        return self.words[word]

    def day(self, when: date) -> str:
        """A day: Tue 24 Nov 2026."""
        return f"{self.days[when.weekday()]} {when.day} {self.months[when.month - 1]} {when.year}"

    def moment(self, when: datetime, zone: ZoneInfo) -> str:
        """A moment in local time, with the zone's own letters: Tue 24 Nov 2026, 02:10 EST."""
        local = when.astimezone(zone)
        return f"{self.day(local.date())}, {local:%H:%M %Z}"


def folder() -> Path:
    """Where an agency keeps its own words and typefaces: `papers` under the house's home."""
    return house().home / "papers"


def codes() -> list[str]:
    """The languages that there are words for, shipped or the agency's own."""
    return sorted({file.stem for place in (SHIPPED, folder()) for file in place.glob("*.yaml")})


def names() -> list[tuple[str, str]]:
    """The languages with their own names; one that cannot be used is left out, `detainer paper check` says why."""
    found = []
    for code in codes():
        try:
            found.append((code, language(code).name))
        except UserError:
            continue
    return found


def language(code: str) -> Language:
    """The words of a language; UserError where there are none, or where they lack or drop what they must have."""
    if not _CODE.fullmatch(code) or code not in codes():
        raise UserError(
            "there are no papers in {code}", fix="Languages: {codes}.", code=repr(code[:20]), codes=", ".join(codes())
        )
    own, shipped = folder() / f"{code}.yaml", SHIPPED / f"{code}.yaml"
    base = _read(shipped) if shipped.exists() else {}
    laid = _read(own) if own.exists() else {}
    where = str(own if own.exists() else shipped)
    english = _read(SHIPPED / "en.yaml")
    words = {**_texts(base, "words", where), **_texts(laid, "words", where)}
    papers = {**_texts(base, "papers", where), **_texts(laid, "papers", where)}
    _complete("words", words, english["words"], where)
    _complete("papers", papers, english["papers"], where)
    for name, said in words.items():
        if set(_named(said)) != set(_named(english["words"][name])):
            needed = ", ".join(f"{{{place}}}" for place in _named(english["words"][name])) or "nothing"
            raise UserError("words: {name} must name {needed}", where="{file}", file=where, name=name, needed=needed)
    head = base | laid
    days, months = tuple(map(str, head.get("days", ()))), tuple(map(str, head.get("months", ())))
    if len(days) != 7 or len(months) != 12 or head.get("direction") not in ("ltr", "rtl") or not head.get("name"):
        raise UserError("needs a name, a direction (ltr or rtl), seven days and twelve months", where=where)
    lines = {kind: _template(kind, said, where) for kind, said in papers.items()}
    return Language(code, str(head["name"]), str(head["direction"]), words, lines, days, months)


def _template(kind: str, said: str, where: str) -> tuple[str, ...]:
    """A template's lines; UserError where it drops a part that it must have or asks for one that it cannot."""
    lines = tuple(line.strip() for line in said.splitlines() if line.strip())
    parts = [line[1:-1] for line in lines if line.startswith("[") and line.endswith("]")]
    for part in PARTS[kind]:
        if part not in parts:
            what = "papers: {kind} drops [{part}], which it must have"
            raise UserError(what, where="{file}", fix="Put it back.", file=where, kind=kind, part=part)
    for part in parts:
        if part not in PARTS[kind] or parts.count(part) > 1:
            raise UserError(
                "papers: {kind}: [{part}] stands twice"
                if part in PARTS[kind]
                else "papers: {kind}: [{part}] is no part of it",
                where="{file}",
                fix="Parts: {parts}.",
                file=where,
                kind=kind,
                part=part[:40],
                parts=", ".join(PARTS[kind]),
            )
    if [line.startswith("# ") for line in lines].count(True) != 1 or not lines[0].startswith("# "):
        raise UserError(
            "papers: {kind} needs one heading with '# ', and that first", where="{file}", file=where, kind=kind
        )
    for name in _named(said):
        if name not in PLACES:
            raise UserError(
                "papers: {kind} names {{{name}}}",
                where="{file}",
                fix="It may name: {places}.",
                file=where,
                kind=kind,
                name=name,
                places=", ".join(PLACES),
            )
    return lines


def _complete(key: str, found: Mapping[str, str], needed: Mapping[str, str], where: str) -> None:
    for name in needed:
        if not found.get(name, "").strip():
            what = "{key}: {name} is missing or empty"
            raise UserError(what, where="{file}", fix="See languages/en.yaml.", file=where, key=key, name=name)
    for name in found:
        if name not in needed:
            what = "{key}: {name} is not known"
            raise UserError(what, where="{file}", fix="Check the spelling.", file=where, key=key, name=name[:40])


def _named(said: str) -> list[str]:
    return sorted(set(re.findall(r"\{(\w*)\}", said)))


def _texts(found: Mapping[str, Any], key: str, where: str) -> dict[str, str]:
    said = found.get(key, {})
    if not isinstance(said, dict) or not all(isinstance(part, str) for pair in said.items() for part in pair):
        raise UserError("{key} must map names to text", where="{file}", file=where, key=key)
    return dict(said)


def _read(file: Path) -> dict[str, Any]:
    """What the file says; every page of a request asks for it."""
    try:
        now = file.stat()
    except OSError as error:
        raise UserError("cannot be read as text", where=str(file)) from error
    return _said(file, now.st_mtime_ns, now.st_size, now.st_ino)


@lru_cache(maxsize=64)
def _said(file: Path, changed: int, size: int, inode: int) -> dict[str, Any]:
    """The same, read once for as long as the file stays as it is."""
    try:
        if size > _LARGEST:
            raise UserError("is too large for a file of words", where=str(file))
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("cannot be read as text", where=str(file)) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise UserError("is no YAML", where=f"{file}{line}") from error
    if not isinstance(found, dict):
        raise UserError("must map names to words", where=str(file))
    return found
