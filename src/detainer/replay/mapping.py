"""A mapping: how the columns of a published table become facts of the case format. In YAML, one file a table.

A mapping of one's own is validated when it is read, those that come with the program by the tests: what validates them
takes longer to load than a million rows take to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, is_dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from importlib import resources
from pathlib import Path
from types import UnionType
from typing import Any, ClassVar, Literal, get_args, get_origin, get_type_hints

from detainer.errors import UserError
from detainer.law.case import Case
from detainer.law.files import parse_documents
from detainer.replay.dialect import REDACTION

_REDACTION = re.compile(REDACTION)
TICKED = dict.fromkeys(("yes", "y", "true", "t", "1", "1.0"), True) | dict.fromkeys(
    ("no", "n", "false", "f", "0", "0.0"), False
)  # how a box is written
DateOrder = Literal["YYYY-MM-DD", "MM/DD/YYYY", "DD/MM/YYYY", "DD.MM.YYYY", "DD-MON-YYYY"]


class _Part:
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}


@dataclass(frozen=True, kw_only=True)
class ActDay(_Part):
    """The column that holds the day of the act, how it writes a day, and what that day is."""

    column: str
    format: DateOrder
    earliest: date
    latest: date | None = None
    says: str


@dataclass(frozen=True, kw_only=True)
class Place(_Part):
    """The columns that name the facility and its state, and the table that says which agency runs it."""

    column: str
    state: str
    table: str


@dataclass(frozen=True, kw_only=True)
class Duplicates(_Part):
    """How the table's keepers mark a row that repeats another: those rows are not counted unless asked for."""

    column: str
    values: tuple[str, ...]
    says: str


@dataclass(frozen=True, kw_only=True)
class Facts(_Part):
    """What every row says; what the values of a column say; which ticked columns make up one list of choices."""

    always: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Grouping(_Part):
    """A column put into groups for a series over time: each value's group, and where the series breaks."""

    column: str
    groups: dict[str, tuple[str, ...]]
    breaks: dict[date, str] = field(default_factory=dict)

    @cached_property
    def group_of(self) -> dict[str, str]:
        """For each value as it is compared, its group."""
        return {folded(value): group for group, values in self.groups.items() for value in values}


@dataclass(frozen=True, kw_only=True)
class Published(_Part):
    """How many rows were published for each month, and where that is said."""

    source: str
    months: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Mapping(_Part):
    """How one kind of table is read.

    `columns` gives each column its names in files, `instead` the names of what may stand for it in a file that has none
    of them. A cell that reads as one of `blank` is empty. `unread` says of the columns that become no fact why they do
    not.
    """

    id: str
    title: str
    source: str
    columns: dict[str, tuple[str, ...]]
    required: tuple[str, ...]
    blank: tuple[str, ...]
    day: ActDay
    place: Place
    facts: Facts = Facts()
    series: dict[str, Grouping] = field(default_factory=dict)
    duplicates: Duplicates | None = None
    published: Published | None = None
    unread: dict[str, str] = field(default_factory=dict)
    instead: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """ValueError where a column is used that is not listed."""
        used = {self.day.column, self.place.column, self.place.state, *self.required, *self.valued}
        if self.duplicates:
            used.add(self.duplicates.column)
        if unknown := sorted(used - set(self.columns)):
            raise ValueError(f"uses the column {unknown[0]!r}, which `columns` does not list")

    @cached_property
    def telling(self) -> tuple[str, ...]:
        """The columns whose values become facts, in order, each once."""
        ticked = [column for boxes in self.facts.choices.values() for column in boxes.values()]
        return tuple(dict.fromkeys([*self.facts.columns, *ticked]))

    @cached_property
    def valued(self) -> tuple[str, ...]:
        """The columns whose values say something of a row, as facts or in a series, in order, each once."""
        return tuple(dict.fromkeys([*self.telling, *(group.column for group in self.series.values())]))

    def names(self, column: str) -> tuple[str, ...]:
        """Every name under which a file may hold a column or what stands for it."""
        return (*self.columns[column], *self.instead.get(column, ()))

    @cached_property
    def empty(self) -> frozenset[str]:
        """The texts that are as good as an empty cell, as they are compared."""
        return frozenset(folded(text) for text in (*self.blank, ""))

    @classmethod
    def load(cls, name: str) -> Mapping:
        """The shipped mapping `name`, or the one in the file `name` (a path ending in .yaml); UserError if bad.

        Every fact it names is checked against the case format.
        """
        own = name.endswith((".yaml", ".yml"))
        file = Path(name) if own else _shipped() / f"{name}.yaml"
        if not file.is_file():
            known = ", ".join(names())
            raise UserError(f"there is no mapping {name!r}", where="--mapping", fix=f"Known: {known}.")
        try:
            read: Any = next(parse_documents(file.read_text(encoding="utf-8"), name), {})
        except UnicodeDecodeError:
            raise UserError("is not UTF-8 text", where=name) from None
        found = validated(read, name) if own else _built(cls, read)
        found.check(name)
        return found

    def check(self, where: str) -> None:
        """UserError naming the column and value whose facts are not of the case format."""
        check_facts(self.facts.always, f"{where}: facts.always")
        for column, values in self.facts.columns.items():
            for value, facts in values.items():
                check_facts(facts, f"{where}: {column} {value!r}")
        for path, boxes in self.facts.choices.items():
            check_facts(nested(path, list(boxes)), f"{where}: facts.choices")

    @cached_property
    def _meanings(self) -> dict[str, dict[str, dict[str, Any]]]:
        """For each column whose values are facts: the facts of each value as it is compared."""
        return {
            column: {folded(value): facts for value, facts in values.items()}
            for column, values in self.facts.columns.items()
        }

    def meaning(self, column: str, value: str | None) -> dict[str, Any] | None:
        """The facts that a value of a column says; None where the mapping does not list it.

        An asterisk in a listed value stands for any text, where no listed value is the same; what fits two of them that
        do not say the same is not listed.
        """
        if value is None:
            return {}
        known, given = self._meanings[column], folded(value)
        if given in known:
            return known[given]
        fit = [said for one, said in known.items() if "*" in one and _fits(one, given)]
        return fit[0] if fit and all(said == fit[0] for said in fit) else None

    def lists(self, column: str, value: str) -> bool:
        """Whether the mapping knows this value of a column."""
        if column in self.facts.columns:
            return self.meaning(column, value) is not None
        groupings = [one for one in self.series.values() if one.column == column]
        if groupings:
            return any(folded(value) in one.group_of for one in groupings)
        return folded(value) in TICKED

    def clean(self, text: str | None) -> str | None:
        """A cell as it is compared: single spaces, nothing where it is blank or redacted."""
        if text is None:
            return None
        plain = " ".join(text.split())
        small = folded(plain)
        return None if small in self.empty or _REDACTION.fullmatch(small) else plain


def _fits(pattern: str, text: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text) is not None


def validated(read: object, where: str) -> Mapping:
    """The mapping that a document holds; UserError naming what is wrong in it."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Mapping).validate_python(read)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(step) for step in first["loc"])
        raise UserError(f"{at}: {first['msg']}" if at else first["msg"], where=where) from error


def _built(kind: Any, value: Any) -> Any:
    """A part of a mapping of this type from a document that is known to be valid."""
    if isinstance(kind, type) and is_dataclass(kind):
        types = get_type_hints(kind)
        return kind(**{name: _built(types[name], part) for name, part in value.items()})
    if get_origin(kind) is UnionType:
        return _built(get_args(kind)[0], value)
    if get_origin(kind) is tuple:
        return tuple(value)
    if get_origin(kind) is dict:
        of, inner = get_args(kind)
        return {_built(of, name): _built(inner, part) for name, part in value.items()}
    return date.fromisoformat(str(value)) if kind is date else value


def _shipped() -> Path:
    return Path(str(resources.files("detainer.replay"))) / "mappings"


def names() -> list[str]:
    """The shipped mappings."""
    return sorted(file.stem for file in _shipped().glob("*.yaml"))


def folded(text: str) -> str:
    """A value as it is compared: capitals and the number of spaces make no difference."""
    return " ".join(text.split()).casefold()


def nested(path: str, value: Any) -> dict[str, Any]:
    """A fact at its path, in the form of a case file."""
    for key in reversed(path.split(".")):
        value = {key: value}
    found: dict[str, Any] = value
    return found


def check_facts(facts: dict[str, Any], where: str) -> Case:
    """These facts as a case; UserError naming `where` for a fact that does not exist or a value it cannot have."""
    head = {"id": "facts", "agency": "any", "at": datetime(2000, 1, 1, tzinfo=UTC)}
    if taken := sorted(set(head) & set(facts)):
        raise UserError(f"{taken[0]} is no fact that a row may say", where=where)
    try:
        return Case.read({**head, **facts})
    except UserError as error:
        raise UserError(error.what.removeprefix("case facts: "), where=where, fix=error.fix) from None
