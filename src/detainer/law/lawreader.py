"""Reading a law file, so that every mistake is told with file, line and mend."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, TypeVar

from detainer.errors import UserError
from detainer.law import conditions as c
from detainer.law.clocks import Clock
from detainer.law.files import Block, read_documents
from detainer.law.language import condition
from detainer.law.lawfile import (
    Definition,
    Doubt,
    DutyRule,
    Guarantee,
    Implication,
    LawFile,
    Limit,
    OpenQuestion,
    Provision,
    Span,
    Version,
)
from detainer.law.lookback import Lookback
from detainer.law.offenses import read_offenses
from detainer.law.vocabulary import DECISIONS, ELEMENTS, MODALITIES, PAPERS, STEPS

EFFECTS = ("must", "may", "must_not")
GRADES = ("A", "B", "C")

_HOURS = ("hours", "reminder_hours")
_AFTER = ("after", *_HOURS)
_MOST_YEARS = 100
_MOST_HOURS = 24 * 366
_KINDS = {"openquestion": "question", "dutyrule": "duty", "lookback": "look-back"}

T = TypeVar("T")


def read_law(path: Path) -> LawFile:
    """Read a law file and the offense lists it names; UserError tells file, line and mend."""
    blocks = list(read_documents(path))
    if len(blocks) != 1:
        raise UserError(f"a law file holds one law, this one {len(blocks)}", where=str(path))
    return _LawReader(blocks[0], path).law()


class _LawReader:
    """Reads the one block of a law file."""

    KEYS = [
        "law",
        "name",
        "cite",
        "about",
        "borrows",
        "sources",
        "versions",
        "lists",
        "lookbacks",
        "clocks",
        "definitions",
        "limits",
        "provisions",
        "questions",
        "duties",
        "implies",
        "guarantees",
    ]

    def __init__(self, block: Block, path: Path) -> None:
        self.block, self.path = block, path

    def law(self) -> LawFile:
        self.keys(self.block, self.KEYS, ("law", "name", "cite", "versions"))
        tables = {name: self.path.parent / file for name, file in self.named("lists").items()}
        lists = {name: read_offenses(file, name) for name, file in tables.items()}
        return LawFile(
            id=self.text(self.block, "law"),
            name=self.text(self.block, "name"),
            cite=self.text(self.block, "cite"),
            about=self.text(self.block, "about", ""),
            borrows=self.text(self.block, "borrows", ""),
            path=self.path,
            digest=hashlib.sha256(b"\0".join(file.read_bytes() for file in (self.path, *tables.values()))).hexdigest(),
            versions=self._versions(),
            definitions=self.items("definitions", self._definition),
            provisions=self.items("provisions", self._provision),
            limits=self.items("limits", self._limit),
            questions=self.items("questions", self._question),
            duties=self.items("duties", self._duty),
            implications=self.items("implies", self._implication),
            guarantees=self.items("guarantees", self._guarantee),
            clocks={clock.id: clock for clock in self.items("clocks", self._clock)},
            lookbacks={lookback.id: lookback for lookback in self.items("lookbacks", self._lookback)},
            lists=lists,
            sources=self.named("sources"),
        )

    def named(self, key: str) -> dict[str, str]:
        """A mapping of names to text."""
        found = self.block.get(key) or {}
        if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
            raise self.error(f"{key} must map names to text", self.block, key)
        return dict(found)

    def items(self, key: str, read: Callable[[Block], T]) -> tuple[T, ...]:
        found = self.block.get(key) or []
        if not isinstance(found, list) or not all(isinstance(item, Block) for item in found):
            raise self.error(f"{key} must be a list of items", self.block, key)
        items = tuple(read(item) for item in found)
        for (one, item), (two, _) in combinations(zip(found, items, strict=True), 2):
            self._once(one, two, item)
        return items

    def _once(self, one: Block, two: Block, read: object) -> None:
        """Refuse two items of one name that are in force on one day."""
        if "id" not in one or one["id"] != two.get("id"):
            return
        if self.span(one).meets(self.span(two)):
            kind = type(read).__name__.lower()
            raise self.error(
                f"the {_KINDS.get(kind, kind)} {one['id']} stands twice (also line {one.line})",
                two,
                "id",
                "Keep one, or give them days that do not overlap.",
            )

    def _versions(self) -> tuple[Version, ...]:
        versions = self.items("versions", self._version)
        if not versions:
            raise self.error("a law needs at least one version", self.block, "versions")
        for one, two in pairwise(versions):
            if two.span.first is None or one.span.last is None or one.span.last >= two.span.first:
                raise UserError(
                    f"the versions of {one.name} and {two.name} are both in force on {two.name}",
                    where=f"{self.path}:{two.line}",
                    fix="End the earlier one the day before.",
                )
        return versions

    def _version(self, item: Block) -> Version:
        self.keys(item, ("first", "last", "by", "says", "grade"), ("first", "by", "says", "grade"))
        return Version(self.span(item), self.text(item, "by"), self.text(item, "says"), self.grade(item), item.line)

    def _definition(self, item: Block) -> Definition:
        self.keys(
            item,
            ["id", "of", "cite", "says", "lacking", "when", "doubts", "first", "last", "grade"],
            ("id", "cite", "says", "when"),
        )
        of = self.text(item, "of", "")
        if of and of not in ELEMENTS:
            raise self.error(f"of is {of!r}", item, "of", f"Allowed: {', '.join(ELEMENTS)}.")
        says = self.text(item, "says")
        return Definition(
            self.text(item, "id"),
            of,
            self.text(item, "cite"),
            says,
            self.text(item, "lacking", f"Not so: {says}"),
            self.when(item),
            self.doubts(item),
            self.span(item),
            self.grade(item),
            item.line,
        )

    def _provision(self, item: Block) -> Provision:
        allowed = [
            "id",
            "cite",
            "says",
            "effect",
            "on",
            "when",
            "unless",
            "until",
            "doubts",
            "prevails",
            "first",
            "last",
            "grade",
        ]
        self.keys(item, allowed, ("id", "cite", "says", "effect", "on"))
        effect = self.text(item, "effect")
        if effect not in EFFECTS:
            raise self.error(f"effect is {effect!r}", item, "effect", f"Allowed: {', '.join(EFFECTS)}.")
        if item.get("prevails") and effect != "must":
            raise self.error("only a command (must) can prevail over narrower laws", item, "prevails")
        return Provision(
            self.text(item, "id"),
            self.text(item, "cite"),
            self.text(item, "says"),
            effect,
            self.decisions(item),
            self.when(item, c.Always(True)),
            tuple(self.words(item, "unless")),
            self.text(item, "until", ""),
            self.doubts(item),
            self.truth(item, "prevails"),
            self.span(item),
            self.grade(item),
            item.line,
        )

    def _limit(self, item: Block) -> Limit:
        self.keys(item, ["id", "cite", "says", "on", "when", "first", "last"], ("id", "says", "on", "when"))
        return Limit(
            self.text(item, "id"),
            self.text(item, "cite", self.text(self.block, "cite")),
            self.text(item, "says"),
            self.decisions(item),
            self.when(item),
            self.span(item),
            item.line,
        )

    def _question(self, item: Block) -> OpenQuestion:
        self.keys(item, ["id", "cite", "asks", "cautious", "when", "first", "last"], ("id", "cite", "asks", "cautious"))
        return OpenQuestion(
            self.text(item, "id"),
            self.text(item, "cite"),
            self.text(item, "asks"),
            self.text(item, "cautious"),
            self.when(item) if "when" in item else None,
            self.span(item),
            item.line,
        )

    def _duty(self, item: Block) -> DutyRule:
        allowed = ["id", "cite", "says", "when", "due", "clock", "paper", *_AFTER, "first", "last"]
        self.keys(item, allowed, ("id", "cite", "says"))
        paper, after = self.text(item, "paper", ""), self.text(item, "after", "")
        for key, value, known in (("paper", paper, PAPERS), ("after", after, STEPS)):
            if value and value not in known:
                raise self.error(f"{key} is {value!r}", item, key, f"Allowed: {', '.join(known)}.")
        given = [key for key in _HOURS if key in item]
        if bool(after) != (len(given) == 1) or (after and "clock" in item):
            fix = "Say after, and hours or reminder_hours; or a clock."
            raise self.error("a duty counts hours from one step, or names a clock", item, "after", fix)
        return DutyRule(
            self.text(item, "id"),
            self.text(item, "cite"),
            self.text(item, "says"),
            self.when(item, c.Always(True)),
            self.text(item, "due", ""),
            self.text(item, "clock", ""),
            self.span(item),
            item.line,
            paper,
            after,
            self._whole(item, given[0], least=0, most=_MOST_HOURS) if given else None,
            "reminder_hours" in item,
        )

    def _whole(self, item: Block, key: str, least: int, most: int) -> int:
        found = item[key]
        if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
            raise self.error(f"{key} must be a whole number", item, key, f"Between {least} and {most}.")
        return found

    def _implication(self, item: Block) -> Implication:
        self.keys(item, ["if", "then", "says", "first", "last"], ("if", "then", "says"))
        return Implication(
            self.when(item, key="if"), self.when(item, key="then"), self.text(item, "says"), self.span(item), item.line
        )

    def _guarantee(self, item: Block) -> Guarantee:
        self.keys(item, ["says", "cite", "decision", "never", "when", "first", "last"], ("says", "decision", "never"))
        decision = self.text(item, "decision")
        if decision not in DECISIONS:
            raise self.error(f"decision is {decision!r}", item, "decision", f"Allowed: {', '.join(DECISIONS)}.")
        never = tuple(self.words(item, "never"))
        for word in never:
            if word not in MODALITIES:
                raise self.error(f"{word!r} is no answer", item, "never", f"Allowed: {', '.join(MODALITIES)}.")
        if not never:
            raise self.error("never names no answer", item, "never", f"Allowed: {', '.join(MODALITIES)}.")
        return Guarantee(
            self.text(item, "says"),
            self.text(item, "cite", self.text(self.block, "cite")),
            decision,
            never,
            self.when(item, c.Always(True)),
            self.span(item),
            item.line,
        )

    def _clock(self, item: Block) -> Clock:
        allowed = ["id", "cite", "says", "starts", "hours", "leaves_out", "holidays", "end_of_day"]
        self.keys(item, allowed, ("id", "cite", "says", "starts"))
        hours = item.get("hours", 0)
        if isinstance(hours, bool) or not isinstance(hours, (int, float)) or not 0 <= hours <= _MOST_HOURS:
            raise self.error("hours must be a number", item, "hours", f"Between 0 and {_MOST_HOURS}.")
        if bool(hours) is self.truth(item, "end_of_day"):
            raise self.error("a clock runs for hours or to the end of the day", item, "id", "Say one of the two.")
        leaves_out = self.words(item, "leaves_out")
        if set(leaves_out) - {"weekends", "holidays"}:
            raise self.error("leaves_out allows weekends and holidays", item, "leaves_out")
        if ("holidays" in leaves_out) is not bool(self.words(item, "holidays")):
            raise self.error(
                "a clock that leaves out holidays names their lists, and no other does", item, "leaves_out"
            )
        return Clock(
            self.text(item, "id"),
            self.text(item, "cite"),
            self.text(item, "says"),
            tuple(self.words(item, "starts")),
            float(hours),
            "weekends" in leaves_out,
            tuple(self.words(item, "holidays")) if "holidays" in leaves_out else (),
            self.truth(item, "end_of_day"),
            item.line,
        )

    def _lookback(self, item: Block) -> Lookback:
        allowed = [
            "id",
            "cite",
            "says",
            "years",
            "starts",
            "measured",
            "extended_by",
            "counted_from",
            "includes_last_day",
        ]
        self.keys(item, allowed, ("id", "cite", "says", "years", "starts", "measured"))
        if (
            isinstance(item["years"], bool)
            or not isinstance(item["years"], int)
            or not 0 < item["years"] <= _MOST_YEARS
        ):
            raise self.error("years must be a whole number", item, "years", f"From 1 to {_MOST_YEARS}.")
        return Lookback(
            self.text(item, "id"),
            self.text(item, "cite"),
            self.text(item, "says"),
            item["years"],
            self.text(item, "starts"),
            self.text(item, "measured"),
            self.when(item, key="extended_by") if "extended_by" in item else None,
            self.text(item, "counted_from", self.text(item, "starts")),
            self.truth(item, "includes_last_day"),
            item.line,
        )

    def doubts(self, item: Block) -> tuple[Doubt, ...]:
        found = []
        doubts = item.get("doubts") or []
        if not isinstance(doubts, list) or not all(isinstance(doubt, Block) for doubt in doubts):
            raise self.error("doubts must be a list of items", item, "doubts")
        for doubt in doubts:
            self.keys(doubt, ("question", "also_if", "only_if"), ("question",))
            if ("also_if" in doubt) == ("only_if" in doubt):
                raise self.error("a doubt says either also_if or only_if", doubt, "question")
            adds = "also_if" in doubt
            found.append(
                Doubt(self.text(doubt, "question"), self.when(doubt, key="also_if" if adds else "only_if"), adds)
            )
        return tuple(found)

    def when(self, item: Block, default: c.Node | None = None, key: str = "when") -> c.Node:
        if key not in item and default is not None:
            return default
        value = item.get(key)
        if not isinstance(value, str):
            raise self.error(f"{key} must be a condition in words", item, key)
        return condition(value, f"{self.path}:{item.line_of(key)}")

    def span(self, item: Block) -> Span:
        first, last = item.get("first"), item.get("last")
        for key, value in (("first", first), ("last", last)):
            if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
                raise self.error(f"{key} is no date", item, key, "Write it as 2014-12-14.")
        if first and last and last < first:
            raise self.error("the last day lies before the first", item, "last")
        return Span(first, last)

    def grade(self, item: Block) -> str:
        grade = self.text(item, "grade", "")
        if grade and grade not in GRADES:
            raise self.error(f"grade is {grade!r}", item, "grade", f"Allowed: {', '.join(GRADES)}.")
        return grade

    def decisions(self, item: Block) -> tuple[str, ...]:
        words = self.words(item, "on")
        if words == ["all"]:
            return DECISIONS
        for word in words:
            if word not in DECISIONS:
                raise self.error(f"{word!r} is no decision", item, "on", f"Allowed: all, {', '.join(DECISIONS)}.")
        if not words:
            raise self.error("on names no decision", item, "on", f"Allowed: all, {', '.join(DECISIONS)}.")
        return tuple(words)

    def truth(self, item: Block, key: str) -> bool:
        value = item.get(key, False)
        if not isinstance(value, bool):
            raise self.error(f"{key} is {value!r}", item, key, "Allowed: true or false.")
        return value

    def words(self, item: Block, key: str) -> list[str]:
        value = item.get(key) or []
        if isinstance(value, str):
            return [value]
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.error(f"{key} must be a list of words", item, key)
        return value

    def text(self, item: Block, key: str, default: str | None = None) -> str:
        value = item.get(key, default)
        if not isinstance(value, str) or (not value and default is None):
            raise self.error(f"{key} must be text", item, key, f'Write {key}: "…".')
        return " ".join(value.split())

    def keys(self, item: Any, allowed: Iterable[str], needed: Sequence[str]) -> None:
        if not isinstance(item, Block):
            raise self.error("a mapping of keys is expected", self.block, "law")
        for key in item:
            if key not in allowed:
                raise self.error(f"unknown key {key}", item, key, f"Known here: {', '.join(allowed)}.")
        for key in needed:
            if key not in item:
                raise self.error(f"the key {key} is missing", item, key)

    def error(self, what: str, item: Block, key: str, fix: str = "") -> UserError:
        return UserError(what, where=f"{self.path}:{item.line_of(key)}", fix=fix)
