"""Reading a condition as it stands in a law file.

    condition := and-part { "or" and-part }
    and-part  := part { "and" part }
    part      := "not" part | "(" condition ")" | "shown" "(" condition ")"
               | ("any" | "no" | "at least" NUMBER) ELEMENT "where" "(" condition ")"
               | "permitted by" LAW | "within" LOOKBACK
               | ["equivalent"] "on list" LIST ["only" MARK] ["except" MARK] ["as of" FACT]
               | "always" | "never" | CLOCK "is over"
               | FACT [comparison] | DEFINITION
    comparison := "is" ["not"] (VALUE | "known") | ["not"] "in" "[" VALUE { "," VALUE } "]" | "includes" VALUE
               | "within" NAME | "before" FACT | "after" FACT | "during" CLOCK

`and` binds closer than `or`; a condition that mixes the two without brackets is an error, because people read it
both ways. The guide for lawyers (docs/law-guide.md) shows each form with an example.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from detainer.errors import UserError
from detainer.law.conditions import (
    Always,
    During,
    Earlier,
    Exists,
    Includes,
    Is,
    Named,
    Node,
    Not,
    OnList,
    Over,
    PermittedBy,
    Shown,
    Stated,
    Under,
    Within,
    both,
    either,
)
from detainer.law.vocabulary import ELEMENTS

_DEEPEST = 50
_SIGNS = ("(", ")", "[", "]", ",")
_TAKEN = frozenset(  # words that can be no name
    "and or where not shown any no permitted within on equivalent always never "
    "is known over in includes before after during".split()
)
_TOKEN = re.compile(r"\s*(?:([A-Za-z0-9][A-Za-z0-9_.\-]*)|([(),\[\]]))")


def condition(text: str, where: str = "") -> Node:
    """The condition that a text states; UserError says at which word it stops making sense."""
    return _Parser(text, where).whole()


class _Parser:
    def __init__(self, text: str, where: str) -> None:
        self.text, self.where = text.strip(), where
        self.words = self._split()
        self.next = 0
        self.depth = 0

    def _split(self) -> list[str]:
        words, place = [], 0
        while place < len(self.text):
            match = _TOKEN.match(self.text, place)
            if not match:
                sign = self.text[place:].lstrip()[0]
                raise UserError(f"{sign!r} cannot stand in a condition: {self.text!r}", where=self.where)
            words.append(match[1] or match[2])
            place = match.end()
        return words

    def whole(self) -> Node:
        if not self.words:
            raise UserError("the condition is empty", where=self.where, fix="Write always or never if that is meant.")
        node = self.alternatives()
        if self.next < len(self.words):
            raise self.error(f"{self.words[self.next]!r} is not expected")
        return node

    def alternatives(self) -> Node:
        parts = [self.conjuncts()]
        while self.take("or"):
            parts.append(self.conjuncts())
        if len(parts) > 1 and any(len(part) > 1 for part in parts):
            raise self.error("and and or stand side by side", "Put brackets round one of them.")
        return either(*(both(*part) for part in parts))

    def conjuncts(self) -> list[Node]:
        parts = [self.part()]
        while self.take("and"):
            parts.append(self.part())
        return parts

    def part(self) -> Node:
        word = self.word()
        reader = self._readers().get(word)
        if reader:
            return self.deeper(reader)
        self.next -= 1
        return self.comparison(self.name())

    def deeper(self, reader: Callable[[], Node]) -> Node:
        """What a reader finds, unless it stands deeper than anybody could follow."""
        if self.depth >= _DEEPEST:
            raise UserError(
                "the condition is nested too deeply", where=self.where, fix="Define a term for a part of it."
            )
        self.depth += 1
        found = reader()
        self.depth -= 1
        return found

    def _readers(self) -> dict[str, Callable[[], Node]]:
        return {
            "not": lambda: Not(self.part()),
            "(": self.brackets,
            "shown": lambda: Shown(self.group()),
            "any": lambda: self.exists(1),
            "no": lambda: Not(self.exists(1)),
            "at": self.at_least,
            "permitted": self.permitted,
            "within": lambda: Within(self.name()),
            "on": lambda: self.on_list(equivalent=False),
            "equivalent": self.equivalent,
            "always": lambda: Always(True),
            "never": lambda: Always(False),
        }

    def brackets(self) -> Node:
        node = self.alternatives()
        self.expect(")")
        return node

    def group(self) -> Node:
        self.expect("(")
        return self.brackets()

    def exists(self, least: int) -> Node:
        word = self.word()
        element = word if word in ELEMENTS else word.removesuffix("s")
        if element not in ELEMENTS:
            raise self.error(f"{word!r} is no list", f"Lists: {', '.join(ELEMENTS)}.", back=1)
        self.expect("where")
        return Exists(element, self.group(), least)

    def at_least(self) -> Node:
        if not (self.next < len(self.words) and self.words[self.next] == "least"):
            return self.comparison("at")
        self.expect("least")
        number = self.word()
        if not number.isdigit() or int(number) < 1:
            raise self.error(f"{number!r} is no number of one or more", back=1)
        return self.exists(int(number))

    def permitted(self) -> Node:
        self.expect("by")
        return PermittedBy(self.name())

    def equivalent(self) -> Node:
        self.expect("on")
        return self.on_list(equivalent=True)

    def on_list(self, *, equivalent: bool) -> Node:
        self.expect("list")
        name = self.name()
        only = self.name() if self.take("only") else ""
        besides = self.name() if self.take("except") else ""
        as_of = self.name() if self.take("as") and self.expect("of") else ""
        return OnList(name, equivalent, only, besides, as_of)

    def comparison(self, path: str) -> Node:
        if self.take("is"):
            return self.is_something(path)
        if self.take("not"):
            self.expect("in")
            return Not(Is(path, self.values()))
        if self.take("in"):
            return Is(path, self.values())
        if self.take("includes"):
            return Includes(path, self.name())
        if self.take("within"):
            return Under(path, self.name())
        if self.take("before"):
            return Earlier(path, self.name())
        if self.take("after"):
            return Earlier(self.name(), path)
        if self.take("during"):
            return During(path, self.name())
        return Named(path)

    def is_something(self, path: str) -> Node:
        if self.take("not"):
            node = Stated(path) if self.take("known") else Is(path, (self.name(),))
            return Not(node)
        if self.take("known"):
            return Stated(path)
        if self.take("over"):
            return Over(path)
        return Is(path, (self.name(),))

    def values(self) -> tuple[str, ...]:
        self.expect("[")
        values = [self.name()]
        while self.take(","):
            values.append(self.name())
        self.expect("]")
        return tuple(values)

    def word(self) -> str:
        if self.next >= len(self.words):
            raise self.error("the condition ends too early")
        self.next += 1
        return self.words[self.next - 1]

    def name(self) -> str:
        """A name or a value: any word but those that mean something of their own."""
        word = self.word()
        if word in _SIGNS or word in _TAKEN:
            raise self.error(f"{word!r} is not expected", back=1)
        return word

    def take(self, word: str) -> bool:
        if self.next < len(self.words) and self.words[self.next] == word:
            self.next += 1
            return True
        return False

    def expect(self, word: str) -> bool:
        if not self.take(word):
            found = repr(self.words[self.next]) if self.next < len(self.words) else "the end"
            raise self.error(f"{word!r} is expected before {found}")
        return True

    def error(self, what: str, fix: str = "", back: int = 0) -> UserError:
        said = " ".join(self.words[max(0, self.next - back - 4) : self.next + 3])
        return UserError(f"{what}, near {said!r}", where=self.where, fix=fix)
