"""A case file, read and checked: the facts of one request at one moment.

Anything left out is unknown because nobody has asked; the word `unknown` says that somebody asked and nobody knows.
A wrong key, an impossible date or a value outside the lists is a UserError that names the place and the values allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from detainer.errors import UserError
from detainer.law.files import Block, read_documents
from detainer.law.vocabulary import DECISIONS, FACTS, LISTS, MODALITIES, NO_ANSWER_WORD, Fact, Unknown

_HEAD = ("id", "about", "agency", "at", "expect")
_YEARS = (1900, 2199)
_KNOWN_HERE = "Known here: {known}."
_WRITE_A_TIME = "Write it as 2026-11-24T10:00:00-05:00."
_EXPECT_ENDS = ("hold_until", "outer_limit", "flat_48")


@dataclass(frozen=True, slots=True)
class Spell:
    """Days spent in prison or jail, from and to; `to` is None while it lasts."""

    first: date
    last: date | None


Element = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """The facts of one request at one moment.

    `facts` maps the paths of `vocabulary.FACTS` to values; `lists` maps the path of a list to its elements, each a
    mapping of its own paths. What is in neither is unknown because nobody asked; `Unknown.NO_ANSWER` as a value
    says that somebody did.
    """

    id: str
    agency: str
    at: datetime
    about: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    lists: Mapping[str, Sequence[Element] | Unknown] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, mapping: Mapping[str, Any], where: str = "") -> Case:
        """The case that a mapping in the case format states.

        Raises UserError naming `where`, the case, the key and what is allowed.
        """
        return _Reader(mapping, where).case()

    def get(self, path: str) -> Any:
        """The value of a fact, or the Unknown that says why there is none."""
        return self.facts.get(path, Unknown.NOT_ASKED)

    def elements(self, path: str) -> Sequence[Element] | Unknown:
        """The elements of a list, or the Unknown that says why there are none."""
        return self.lists.get(path, Unknown.NOT_ASKED)


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a case file, in order; UserError names file, case, key and values allowed."""
    seen: set[str] = set()
    for block in read_documents(path):
        case = Case.read(block, str(path))
        if case.id in seen:
            raise UserError(
                f"the case {case.id} stands twice", where=f"{path}:{block.line}", fix="Give each case its own id."
            )
        seen.add(case.id)
        yield case


class _Reader:
    """Reads one mapping; keeps the place for errors."""

    def __init__(self, mapping: Mapping[str, Any], where: str) -> None:
        self.mapping, self.origin = mapping, where
        self.name = str(mapping.get("id", ""))

    def case(self) -> Case:
        for key in ("id", "agency", "at"):
            if self.mapping.get(key) is None:
                raise self.error("the key {name} is missing", self.mapping, key, name=key)
        facts: dict[str, Any] = {}
        lists: dict[str, Any] = {}
        body = {key: value for key, value in self.mapping.items() if key not in _HEAD}
        self._walk(body, "", facts, lists, self.mapping)
        facts["agency"] = self._text("agency")
        return Case(
            id=self._text("id"),
            agency=facts["agency"],
            at=self._moment(self.mapping["at"], "at", self.mapping, "at"),
            about=str(self.mapping.get("about") or ""),
            facts=facts,
            lists=lists,
            expect=self._expect(self.mapping.get("expect") or {}),
        )

    def _walk(
        self, body: Mapping[str, Any], prefix: str, facts: dict[str, Any], lists: dict[str, Any], at: Any
    ) -> None:
        for key, value in body.items():
            path = f"{prefix}{key}"
            if path in LISTS:
                lists[path] = self._list(path, value, at, key)
            elif path in FACTS:
                facts[path] = self._value(FACTS[path], value, path, at, key)
            elif any(known.startswith(path + ".") for known in (*FACTS, *LISTS)):
                if value is None:
                    continue
                if not isinstance(value, Mapping):
                    raise self.error("{path} must hold keys of its own", at, key, path=path)
                self._walk(value, path + ".", facts, lists, value)
            else:
                raise self.error("unknown key {path}", at, key, _KNOWN_HERE, path=path, known=_known(prefix))

    def _list(self, path: str, value: Any, at: Any, key: str) -> Sequence[Element] | Unknown:
        if value == NO_ANSWER_WORD:
            return Unknown.NO_ANSWER
        if not isinstance(value, list):
            raise self.error("{path} must be a list ([] says: looked, none)", at, key, path=path)
        return tuple(self._element(item, f"{path}[{number}]", LISTS[path]) for number, item in enumerate(value, 1))

    def _element(self, item: Any, path: str, known: Mapping[str, Fact]) -> Element:
        if not isinstance(item, Mapping):
            raise self.error("{path} must be a mapping", self.mapping, path.split("[", maxsplit=1)[0], path=path)
        element: dict[str, Any] = {}
        for key, value in item.items():
            if key in known:
                element[key] = self._value(known[key], value, f"{path}.{key}", item, key)
            elif isinstance(value, Mapping) and any(name.startswith(f"{key}.") for name in known):
                for inner, inner_value in value.items():
                    name = f"{key}.{inner}"
                    if name not in known:
                        raise self.error("unknown key {path}", value, inner, path=f"{path}.{name}")
                    element[name] = self._value(known[name], inner_value, f"{path}.{name}", value, inner)
            else:
                whole = f"{path}.{key}"
                raise self.error("unknown key {path}", item, key, _KNOWN_HERE, path=whole, known=", ".join(known))
        return element

    def _value(self, fact: Fact, value: Any, path: str, at: Any, key: str) -> Any:
        if value == NO_ANSWER_WORD and fact.kind != "text":
            return Unknown.NO_ANSWER
        if value is None:
            if fact.nullable:
                return None
            raise self.error("{path} has no value", at, key, "Leave the key out if it is not known.", path=path)
        if fact.or_moment and isinstance(_from_text(value), datetime):
            return self._moment(value, path, at, key)
        return getattr(self, f"_as_{fact.kind}")(fact, value, path, at, key)

    def _as_flag(self, fact: Fact, value: Any, path: str, at: Any, key: str) -> bool:
        if not isinstance(value, bool):
            allowed = "Allowed: true, false or a time with its offset." if fact.or_moment else "Allowed: true or false."
            raise self.error("{path} is {value}", at, key, allowed, path=path, value=repr(value))
        return value

    def _as_choice(self, fact: Fact, value: Any, path: str, at: Any, key: str) -> str:
        if value not in fact.values or not isinstance(value, str):
            allowed = "Allowed: {values}, or a time with its offset." if fact.or_moment else "Allowed: {values}."
            values = ", ".join(fact.values)
            raise self.error("{path} is {value}", at, key, allowed, path=path, value=repr(value), values=values)
        return value

    def _as_choices(self, fact: Fact, value: Any, path: str, at: Any, key: str) -> frozenset[str]:
        if not isinstance(value, list):
            values = ", ".join(fact.values)
            raise self.error("{path} must be a list", at, key, "Allowed in it: {values}.", path=path, values=values)
        return frozenset(self._as_choice(fact, item, path, at, key) for item in value)

    def _as_moment(self, fact: Fact, value: Any, path: str, at: Any, key: str) -> datetime:
        return self._moment(value, path, at, key)

    def _as_day(self, fact: Fact, value: Any, path: str, at: Any, key: str) -> date:
        value = _from_text(value)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.error(
                "{path} is {value}, no date", at, key, "Write it as 2026-11-24.", path=path, value=repr(value)
            )
        self._within_reach(value, path, at, key)
        return value

    def _as_text(self, fact: Fact, value: Any, path: str, at: Any, key: str) -> str:
        if not isinstance(value, str):
            fix = 'Put it in quotation marks: "{value}".'
            raise self.error("{path} must be text, not {kind}", at, key, fix, path=path, kind=_kind(value), value=value)
        return value

    def _as_spells(self, fact: Fact, value: Any, path: str, at: Any, key: str) -> tuple[Spell, ...]:
        if not isinstance(value, list):
            fix = "Write each as {{from: 2024-11-24, to: 2026-01-10}}."
            raise self.error("{path} must be a list of spells", at, key, fix, path=path)
        return tuple(self._spell(item, f"{path}[{number}]", at, key) for number, item in enumerate(value, 1))

    def _spell(self, item: Any, path: str, at: Any, key: str) -> Spell:
        if not isinstance(item, Mapping) or set(item) - {"from", "to"} or "from" not in item:
            fix = "Write it as {{from: 2024-11-24, to: 2026-01-10}}."
            raise self.error("{path} needs from and to", at, key, fix, path=path)
        first = self._as_day(_DAY, item["from"], f"{path}.from", at, key)
        last = None if item.get("to") is None else self._as_day(_DAY, item["to"], f"{path}.to", at, key)
        if last is not None and last < first:
            raise self.error("{path} ends before it begins", at, key, path=path)
        return Spell(first, last)

    def _moment(self, value: Any, path: str, at: Any, key: str) -> datetime:
        value = _from_text(value)
        if not isinstance(value, datetime):
            raise self.error("{path} is {value}, no time", at, key, _WRITE_A_TIME, path=path, value=repr(value))
        if value.tzinfo is None:
            raise self.error("{path} has no offset from UTC", at, key, _WRITE_A_TIME, path=path)
        self._within_reach(value, path, at, key)
        return value

    def _within_reach(self, value: date, path: str, at: Any, key: str) -> None:
        """Refuse a day of which nothing could be counted forward or back."""
        first, last = _YEARS
        if not first <= value.year <= last:
            what = "{path} is {value}, which lies outside {first} to {last}"
            raise self.error(what, at, key, path=path, value=value.isoformat(), first=first, last=last)

    def _text(self, key: str) -> str:
        value = self.mapping[key]
        if not isinstance(value, str) or not value:
            raise self.error("{path} must be text", self.mapping, key, path=key)
        return value

    def _expect(self, expect: Any) -> Mapping[str, Any]:
        if not isinstance(expect, Mapping):
            raise self.error("expect must be a mapping", self.mapping, "expect")
        found: dict[str, Any] = {}
        for key, value in expect.items():
            if key in DECISIONS or key in _EXPECT_ENDS:
                found[key] = self._expected(key, key, value, expect)
            elif key == "laws":
                found[key] = self._expect_laws(value, expect)
            elif key in ("counsel", "decided_by"):
                found[key] = value
            else:
                raise self.error("unknown key {path}", expect, key, path=f"expect.{key}")
        return found

    def _expect_laws(self, laws: Any, expect: Any) -> Mapping[str, Mapping[str, Any]]:
        if not isinstance(laws, Mapping) or not all(isinstance(said, Mapping) for said in laws.values()):
            raise self.error("expect.laws maps each law to what it says", expect, "laws")
        for law, said in laws.items():
            for key in said:
                if key not in DECISIONS and key not in _EXPECT_ENDS:
                    raise self.error("unknown key {path}", said, key, path=f"expect.laws.{law}.{key}")
        return {
            law: {key: self._expected(key, f"laws.{law}.{key}", value, said) for key, value in said.items()}
            for law, said in laws.items()
        }

    def _expected(self, key: str, path: str, value: Any, at: Any) -> Any:
        """A modality, or a moment, which JSON writes as text."""
        if key in _EXPECT_ENDS:
            return self._moment(value, f"expect.{path}", at, key)
        self._modality(path, value, at)
        return value

    def _modality(self, key: str, value: Any, at: Any) -> None:
        if value not in MODALITIES:
            said = {"path": f"expect.{key}", "value": repr(value), "values": ", ".join(MODALITIES)}
            raise self.error("{path} is {value}", at, key.rsplit(".", 1)[-1], "Allowed: {values}.", **said)

    def error(self, what: str, at: Any, key: str, fix: str = "", **values: object) -> UserError:
        line = at.line_of(key) if isinstance(at, Block) else 0
        place = f"{self.origin}:{line}" if line else self.origin
        where = ": ".join(["{place}"] * bool(place) + ["case {case}"] * bool(self.name))
        return UserError(what, where=where, fix=fix, place=place, case=self.name, **values)


_DAY = Fact("day", "day", "")


def _from_text(value: Any) -> Any:
    """The day or moment that JSON, which has neither, writes as text; anything else as it came."""
    if not isinstance(value, str):
        return value
    for kind in (date, datetime):
        try:
            return kind.fromisoformat(value)
        except ValueError:
            continue
    return value


def _known(prefix: str) -> str:
    """The keys that may stand under a prefix, for an error."""
    names = {path[len(prefix) :].split(".")[0] for path in (*FACTS, *LISTS) if path.startswith(prefix)}
    return ", ".join(sorted(names | (set(_HEAD) if not prefix else set())))


def _kind(value: Any) -> str:
    return "a number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__
