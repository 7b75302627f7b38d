"""One question of the form, ready to be shown: its words, its choices, what was typed, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from detainer.desk.form.entry import ASKED, NONE, NONE_OF_THESE, SOME, Entry
from detainer.desk.wording.values import NO_ANSWER, NOT_ASKED, options
from detainer.desk.wording.words import say
from detainer.law.vocabulary import LISTS, NO_ANSWER_WORD, Fact

_HINTS = {
    "moment": "Like 11/24/2026 14:30. A time alone is today.",
    "day": "Like 11/24/2026.",
    "spells": "One a line, like 11/24/2024 to 01/10/2026, or 11/24/2024 to now.",
}
NONE_WORDS = {
    "custody.releasable_at": "no release in sight",
    "custody.hold_started": "no hold is running",
    "judgment_date": "plea or verdict, no sentence yet",
    "equivalent.section": "there is none",
}
# Always known from the form itself, so that "nobody knows" is no answer.
_NEVER_UNKNOWN = ("request.asks", "request.form", "request.from", "request.received")


@dataclass(frozen=True)
class Choice:
    """One radio button or box."""

    id: str
    name: str
    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """One input or group of inputs. `shape` is `radios`, `boxes`, `list`, `line` or `lines`."""

    id: str
    name: str
    label: str
    shape: str
    value: str = ""
    choices: tuple[Choice, ...] = ()
    time: str | None = None
    why: str = ""
    cite: str = ""
    hint: str = ""
    error: str = ""

    @property
    def described_by(self) -> str:
        """The ids of the texts that explain this field to a screen reader."""
        parts = [f"{self.id}-why"] if self.why or self.cite else []
        return " ".join([*parts, *([f"{self.id}-hint"] if self.hint else []), f"{self.id}-wrong"])


@dataclass(frozen=True)
class Row:
    """One element of a list: a warrant, a conviction, a charge."""

    path: str
    key: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Group:
    """A list: the question whether there are any, and its rows."""

    field: Field
    rows: tuple[Row, ...]
    noun: str
    is_group: bool = True

    @property
    def add(self) -> str:
        """What the button says that adds a row."""
        return f"Add a {self.noun}"


_NOUNS = {"warrants": "paper", "record.convictions": "conviction", "record.charges": "charge"}
_LIST_WORDS = {
    "warrants": ("None came", "These papers came"),
    "record.convictions": ("Searched: none", "These convictions"),
    "record.charges": ("None", "These charges"),
}


def field(entry: Entry, fact: Fact, name: str, *, within: str = "", why: str = "", cite: str = "") -> Field:
    """The field for one fact under an input name."""
    typed, id_ = entry.typed, _id(name)
    error = entry.errors.get(name, "")
    why = why or fact.why
    if fact.kind in ("moment", "day", "text", "spells"):
        shape = "lines" if fact.kind == "spells" else "line"
        marks = _boxes(id_, f"{name}.mark", _marks(fact, name), {typed.one(f"{name}.mark")})
        hint = _HINTS.get(fact.kind, "")
        return Field(id_, name, fact.asks, shape, typed.one(name), marks, None, why, cite, hint, error)
    if fact.kind == "choices":
        extra = (
            () if name in _NEVER_UNKNOWN else ((NONE_OF_THESE, "None of these"), (NO_ANSWER_WORD, _capital(NO_ANSWER)))
        )
        boxes = _boxes(id_, name, (*options(fact, within), *extra), set(typed.all(name)))
        return Field(id_, name, fact.asks, "boxes", "", boxes, None, why, cite, "", error)
    offered = [*options(fact, within), *([("at", "At this time")] if fact.or_moment else [])]
    if name not in _NEVER_UNKNOWN:
        offered += [(NO_ANSWER_WORD, _capital(NO_ANSWER)), ("", _capital(NOT_ASKED))]
    radios = _boxes(id_, name, offered, {typed.one(name)})
    time = typed.one(f"{name}.at") if fact.or_moment else None
    # A row has many questions: a list to choose from keeps it short.
    shape = "list" if within and fact.kind == "choice" and not fact.or_moment else "radios"
    return Field(id_, name, fact.asks, shape, "", radios, time, why, cite, "", error)


def group(entry: Entry, path: str, *, shown: Iterable[str], why: str = "", cite: str = "") -> Group:
    """The fields of a list; `shown` are the inner facts worth asking for in each row."""
    fact, id_ = ASKED[path], _id(path)
    none, some = _LIST_WORDS[path]
    offered = (
        (NONE, none),
        (SOME, some),
        (NO_ANSWER_WORD, _capital(NO_ANSWER)),
        ("", _capital(NOT_ASKED)),
    )
    rows_typed = entry.typed.rows(path)
    filled = any(entry.row_typed(path, key) for key in rows_typed)
    chosen = entry.typed.one(path) or (SOME if filled else "")
    top = Field(
        id_,
        path,
        fact.asks,
        "radios",
        "",
        _boxes(id_, path, offered, {chosen}),
        None,
        why or fact.why,
        cite,
        "",
        entry.errors.get(path, ""),
    )
    inner = [LISTS[path][name] for name in LISTS[path] if name in set(shown)]
    rows = tuple(
        Row(
            path,
            key,
            say(f"{_capital(_NOUNS[path])} {{n}}", n=number),
            tuple(field(entry, one, f"{path}.{key}.{one.path}", within=path) for one in inner),
        )
        for number, key in enumerate(rows_typed, 1)
    )
    return Group(top, rows if chosen == SOME or filled else (), _NOUNS[path])


def _marks(fact: Fact, name: str) -> list[tuple[str, str]]:
    marks = [(NONE, _capital(NONE_WORDS.get(fact.path, "none")))] if fact.nullable else []
    if fact.kind != "text" and name not in _NEVER_UNKNOWN:
        marks.append((NO_ANSWER_WORD, _capital(NO_ANSWER)))
    return marks


def _boxes(id_: str, name: str, offered: Iterable[tuple[str, str]], chosen: set[str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(f"{id_}-{number}", name, value, words, value in chosen) for number, (value, words) in enumerate(offered)
    )


def _id(name: str) -> str:
    return "f-" + name.replace(".", "-").replace("_", "-")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
