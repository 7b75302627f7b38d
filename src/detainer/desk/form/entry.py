"""What is typed on the request form, read as facts: typed values where it reads, one line of error where it does not.

The names of inputs are the paths of `law.vocabulary`. A list's rows have stable keys (`warrants.row` repeated, then
`warrants.KEY.issuer`), so that taking one away moves no other. Nothing typed is changed: the form shows it again as
it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from detainer.desk.form.typed import read_day, read_moment, show_moment
from detainer.desk.wording.words import say, tr
from detainer.errors import UserError
from detainer.law.case import Case, Spell
from detainer.law.vocabulary import FACTS, LISTS, NO_ANSWER_WORD, Fact, Unknown

# What can be asked at the desk: which agency decides is settled by who is signed in.
ASKED: Mapping[str, Fact] = {path: fact for path, fact in FACTS.items() if path != "agency"}
NONE_OF_THESE = "-"
SOME, NONE = "some", "none"
_LONGEST = 200
_MOST_ROWS = 40
_ROW_KEY = re.compile(r"[0-9]{1,4}")


class _Absent:
    """Nothing was typed: nobody has asked."""


ABSENT = _Absent()


@dataclass(frozen=True)
class Typed:
    """The form as it came: every input name with all its values, in order."""

    values: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """The last value under a name, without blanks around it; empty when there is none."""
        found = self.values.get(name) or ("",)
        return found[-1].strip()

    def all(self, name: str) -> tuple[str, ...]:
        """Every value under a name."""
        return tuple(self.values.get(name) or ())

    def rows(self, path: str) -> tuple[str, ...]:
        """The keys of a list's rows, each once, in order."""
        keys = dict.fromkeys(key for key in self.all(f"{path}.row") if _ROW_KEY.fullmatch(key))
        return tuple(keys)[:_MOST_ROWS]

    def with_row(self, path: str) -> Typed:
        """The same form with one more empty row in a list."""
        keys = self.rows(path)
        fresh = str(max((int(key) for key in keys), default=-1) + 1)
        return Typed({**self.values, f"{path}.row": (*keys, fresh), path: (SOME,)})

    def without_row(self, path: str, key: str) -> Typed:
        """The same form with a row taken away; the last row gone leaves the question open again."""
        keys = tuple(other for other in self.rows(path) if other != key)
        kept = {name: value for name, value in self.values.items() if not name.startswith(f"{path}.{key}.")}
        return Typed({**kept, f"{path}.row": keys, path: (SOME,) if keys else ("",)})


class Entry:
    """A form read in an agency's local time: `facts` by path, `lists` by path, `errors` by input name."""

    def __init__(self, typed: Typed, zone: ZoneInfo, *, now: datetime) -> None:
        self.typed, self.zone, self.now = typed, zone, now
        self.errors: dict[str, str] = {}
        self.facts: dict[str, Any] = {}
        self.lists: dict[str, list[dict[str, Any]] | str] = {}
        for path, fact in ASKED.items():
            if path in LISTS:
                self._take_list(path)
            else:
                self._take(fact, path, self.facts, path)

    def mapping(self) -> dict[str, Any]:
        """The facts as the case format nests them."""
        nested: dict[str, Any] = {}
        for path, value in (*self.facts.items(), *self.lists.items()):
            _put(nested, path, value)
        return nested

    def answered(self, path: str) -> bool:
        """Whether anything was typed for a fact or a list, readable or not."""
        if path in LISTS:
            return bool(self.typed.one(path) or self.typed.rows(path))
        return any(part.strip() for name in (path, f"{path}.at", f"{path}.mark") for part in self.typed.all(name))

    def _take(self, fact: Fact, name: str, into: dict[str, Any], key: str) -> None:
        try:
            value = self._value(fact, name)
        except UserError as error:
            self.errors[name] = error.line()
            return
        if value is not ABSENT:
            into[key] = value

    def _take_list(self, path: str) -> None:
        said, keys = self.typed.one(path), self.typed.rows(path)
        filled = any(self.row_typed(path, key) for key in keys)
        if said in (NONE, NO_ANSWER_WORD):
            self.lists[path] = [] if said == NONE else NO_ANSWER_WORD
            if filled:
                self.errors[path] = tr("Something stands below. Remove it, or choose the other answer.")
        elif said == SOME or filled:
            self.lists[path] = [self._row(path, key) for key in keys]
            if not keys:
                del self.lists[path]
                self.errors[path] = tr("Add at least one, or choose another answer.")
        elif said:
            self.errors[path] = f"{_not_offered(said)}."

    def row_typed(self, path: str, key: str) -> bool:
        """Whether anything was typed in a row."""
        start = f"{path}.{key}."
        return any(
            value.strip() for name, said in self.typed.values.items() if name.startswith(start) for value in said
        )

    def _row(self, path: str, key: str) -> dict[str, Any]:
        flat: dict[str, Any] = {}
        for inner, fact in LISTS[path].items():
            self._take(fact, f"{path}.{key}.{inner}", flat, inner)
        element: dict[str, Any] = {}
        for inner, value in flat.items():
            _put(element, inner, value)
        return element

    def _value(self, fact: Fact, name: str) -> Any:
        if fact.kind == "choices":
            return self._choices(fact, name)
        said = self.typed.one(name)
        mark = self.typed.one(f"{name}.mark")
        if mark:
            return self._marked(fact, said, mark)
        if not said:
            return ABSENT
        if said == NO_ANSWER_WORD and fact.kind != "text":
            return NO_ANSWER_WORD
        if fact.or_moment and said == "at":
            return self._at(name)
        return getattr(self, f"_{fact.kind}")(fact, said)

    def _marked(self, fact: Fact, said: str, mark: str) -> Any:
        if said:
            raise UserError(tr("Either write the answer or tick the box beside it, not both"))
        if mark == NONE and fact.nullable:
            return None
        if mark == NO_ANSWER_WORD and fact.kind != "text":
            return NO_ANSWER_WORD
        raise UserError(_not_offered(mark))

    def _at(self, name: str) -> datetime:
        text = self.typed.one(f"{name}.at")
        if not text:
            raise UserError(tr("Write the time beside it"))
        return read_moment(text, self.zone, now=self.now)

    def _choices(self, fact: Fact, name: str) -> Any:
        said = [value for value in self.typed.all(name) if value]
        if not said:
            return ABSENT
        if len(said) > 1 and {NONE_OF_THESE, NO_ANSWER_WORD} & set(said):
            raise UserError(tr("“None of these” and “no answer” cannot stand beside another answer"))
        if said == [NONE_OF_THESE]:
            return []
        if said == [NO_ANSWER_WORD]:
            return NO_ANSWER_WORD
        for value in said:
            self._choice(fact, value)
        return [value for value in fact.values if value in said]

    def _choice(self, fact: Fact, said: str) -> str:
        if said not in fact.values:
            raise UserError(_not_offered(said))
        return said

    def _flag(self, fact: Fact, said: str) -> bool:
        if said not in ("true", "false"):
            raise UserError(_not_offered(said))
        return said == "true"

    def _moment(self, fact: Fact, said: str) -> datetime:
        return read_moment(said, self.zone, now=self.now)

    def _day(self, fact: Fact, said: str) -> date:
        return read_day(said)

    def _text(self, fact: Fact, said: str) -> str:
        if len(said) > _LONGEST:
            raise UserError(say("Longer than {most} characters", most=_LONGEST))
        return said

    def _spells(self, fact: Fact, said: str) -> list[dict[str, date | None]]:
        return [_spell(line) for line in said.splitlines() if line.strip()]


def _spell(line: str) -> dict[str, date | None]:
    """One spell in prison: "11/24/2024 to 01/10/2026", or "11/24/2024 to now"; in Spanish "a" and "hoy" too."""
    parts = [part.strip() for part in re.split(r" (?:to|a) ", line)]
    if len(parts) != 2:
        fix = tr("Write it like 11/24/2024 to 01/10/2026, one a line.")
        raise UserError(say("“{said}” is not a spell", said=_short(line)), fix=fix)
    first, last = read_day(parts[0]), None if parts[1].lower() in ("now", "hoy", "ahora") else read_day(parts[1])
    if last is not None and last < first:
        raise UserError(say("“{said}” ends before it begins", said=_short(line)))
    return {"from": first, "to": last}


def _not_offered(said: str) -> str:
    return say("“{said}” is not one of the answers", said=_short(said))


def _put(into: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        into = into.setdefault(parent, {})
    into[last] = value


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def typed_from(case: Case, zone: ZoneInfo) -> Typed:
    """The form filled with what a case already says, so that it can be added to."""
    values: dict[str, Sequence[str]] = {}
    for path, fact in ASKED.items():
        if path in case.facts:
            values |= dict(_as_typed(fact, path, case.facts[path], zone))
    for path, elements in case.lists.items():
        if isinstance(elements, Unknown):
            values[path] = (NO_ANSWER_WORD,)
            continue
        values[path] = (SOME if elements else NONE,)
        values[f"{path}.row"] = tuple(str(number) for number in range(len(elements)))
        for number, element in enumerate(elements):
            for inner, value in element.items():
                values |= dict(_as_typed(LISTS[path][inner], f"{path}.{number}.{inner}", value, zone))
    return Typed(values)


def _as_typed(fact: Fact, name: str, value: Any, zone: ZoneInfo) -> Iterator[tuple[str, Sequence[str]]]:
    written = fact.kind in ("moment", "day", "text", "spells")
    if value is None or isinstance(value, Unknown):
        word = NONE if value is None else NO_ANSWER_WORD
        yield (f"{name}.mark" if written else name), (word,)
    elif fact.kind == "choices":
        yield name, tuple(one for one in fact.values if one in value) or (NONE_OF_THESE,)
    elif fact.or_moment and isinstance(value, datetime):
        yield name, ("at",)
        yield f"{name}.at", (show_moment(value, zone),)
    elif isinstance(value, bool):
        yield name, ("true" if value else "false",)
    elif isinstance(value, datetime):
        yield name, (show_moment(value, zone),)
    elif isinstance(value, date):
        yield name, (f"{value:%m/%d/%Y}",)
    elif fact.kind == "spells":
        yield name, ("\n".join(_show_spell(spell) for spell in value),)
    else:
        yield name, (str(value),)


def _show_spell(spell: Spell) -> str:
    first = f"{spell.first:%m/%d/%Y}"
    if spell.last is None:
        return say("{first} to now", first=first)
    return say("{first} to {last}", first=first, last=f"{spell.last:%m/%d/%Y}")
