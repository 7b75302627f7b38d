"""Conditions: what a provision or a definition says must be so, as a small tree.

Each node prints itself as it is written in a law file, so that the text of a condition identifies it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

_PARTS: dict[str, tuple[str, ...]] = {}  # the names of the parts of each kind of condition


def _names(node: Node) -> tuple[str, ...]:
    kind = type(node).__name__
    if kind not in _PARTS:
        _PARTS[kind] = tuple(part.name for part in fields(node))
    return _PARTS[kind]


@dataclass(frozen=True, slots=True)
class Node:
    """Any condition."""

    def children(self) -> Iterator[Node]:
        """The conditions directly inside this one."""
        for name in _names(self):
            value = getattr(self, name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, tuple):
                yield from (item for item in value if isinstance(item, Node))


@dataclass(frozen=True, slots=True)
class Always(Node):
    """`always` or `never`."""

    value: bool

    def __str__(self) -> str:
        return "always" if self.value else "never"


@dataclass(frozen=True, slots=True)
class Named(Node):
    """A definition, by its name."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Is(Node):
    """A fact has one of these values: `search.run is at_release`, `issuer in [a, b]`; a bare flag is true."""

    path: str
    values: tuple[Any, ...]

    def __str__(self) -> str:
        if self.values == (True,):
            return self.path
        if len(self.values) == 1:
            return f"{self.path} is {self.values[0]}"
        return f"{self.path} in [{', '.join(map(str, self.values))}]"


@dataclass(frozen=True, slots=True)
class Includes(Node):
    """A fact that holds several values holds this one: `request.asks includes hold`."""

    path: str
    value: str

    def __str__(self) -> str:
        return f"{self.path} includes {self.value}"


@dataclass(frozen=True, slots=True)
class Under(Node):
    """A text begins with this name or a part of it: `jurisdiction within us` (us, us-ny, us-tx)."""

    path: str
    value: str

    def __str__(self) -> str:
        return f"{self.path} within {self.value}"


@dataclass(frozen=True, slots=True)
class Stated(Node):
    """A fact that may be null is not null: `judgment_date is known`."""

    path: str

    def __str__(self) -> str:
        return f"{self.path} is known"


@dataclass(frozen=True, slots=True)
class Earlier(Node):
    """One day or moment lies before another: `judgment_date before arrest.date`; `at` is the moment of the act."""

    first: str
    second: str

    def __str__(self) -> str:
        return f"{self.first} before {self.second}"


@dataclass(frozen=True, slots=True)
class Within(Node):
    """A conviction lies within a look-back that the law declares: `within five_years`.

    `extended_by` is put in when the condition is expanded: the convictions whose time served extends the look-back.
    """

    lookback: str
    extended_by: Node | None = None

    def __str__(self) -> str:
        return f"within {self.lookback}" + (f" extended by ({self.extended_by})" if self.extended_by else "")


@dataclass(frozen=True, slots=True)
class OnList(Node):
    """The offense stands on an offense list: `on list violent_or_serious`, `equivalent on list …`.

    `only` keeps to the rows that bear a mark, `besides` leaves out those that bear it; `as_of` asks whether it
    stood there on the day of that fact, not on the day of the act.
    """

    list: str
    equivalent: bool = False
    only: str = ""
    besides: str = ""
    as_of: str = ""

    def __str__(self) -> str:
        tail = "".join(f" {word} {value}" for word, value in self._limits() if value)
        return f"{'equivalent ' if self.equivalent else ''}on list {self.list}{tail}"

    def _limits(self) -> tuple[tuple[str, str], ...]:
        return (("only", self.only), ("except", self.besides), ("as of", self.as_of))


@dataclass(frozen=True, slots=True)
class Over(Node):
    """A clock of the law has run out at the moment of the act: `forty_eight_hours is over`."""

    clock: str

    def __str__(self) -> str:
        return f"{self.clock} is over"


@dataclass(frozen=True, slots=True)
class During(Node):
    """A moment lies after the start of a running hold and not after a clock's end: `presented during …`."""

    path: str
    clock: str

    def __str__(self) -> str:
        return f"{self.path} during {self.clock}"


@dataclass(frozen=True, slots=True)
class Exists(Node):
    """At least so many elements of a list meet a condition: `any warrant where (…)`."""

    element: str
    when: Node
    least: int = 1

    def __str__(self) -> str:
        head = f"any {self.element}" if self.least == 1 else f"at least {self.least} {self.element}"
        return f"{head} where ({self.when})"


@dataclass(frozen=True, slots=True)
class PermittedBy(Node):
    """Another law that binds the same agency permits or commands the same decision."""

    law: str

    def __str__(self) -> str:
        return f"permitted by {self.law}"


@dataclass(frozen=True, slots=True)
class Shown(Node):
    """The condition is known to be met; what is not known is not shown."""

    when: Node

    def __str__(self) -> str:
        return f"shown({self.when})"


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The condition is not met."""

    when: Node

    def __str__(self) -> str:
        return f"not {_inner(self.when)}"


@dataclass(frozen=True, slots=True)
class And(Node):
    """All are met."""

    all: tuple[Node, ...]

    def __str__(self) -> str:
        return " and ".join(map(_inner, self.all))


@dataclass(frozen=True, slots=True)
class Or(Node):
    """At least one is met."""

    any: tuple[Node, ...]

    def __str__(self) -> str:
        return " or ".join(map(_inner, self.any))


@dataclass(frozen=True, slots=True)
class Doubtful(Node):
    """A condition with an open question: read cautiously it is `when`; the other reading adds or demands `other`."""

    question: str
    when: Node
    other: Node
    adds: bool

    def __str__(self) -> str:
        return f"{_inner(self.when)} [{self.question}]"


def _inner(node: Node) -> str:
    return f"({node})" if isinstance(node, (And, Or)) else str(node)


def both(*nodes: Node) -> Node:
    """All of these, flat."""
    parts = tuple(part for node in nodes for part in (node.all if isinstance(node, And) else (node,)))
    return parts[0] if len(parts) == 1 else And(parts)


def either(*nodes: Node) -> Node:
    """At least one of these, flat."""
    parts = tuple(part for node in nodes for part in (node.any if isinstance(node, Or) else (node,)))
    return parts[0] if len(parts) == 1 else Or(parts)


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The same condition with `change` applied to each condition directly inside it."""
    changes: dict[str, Any] = {}
    for name in _names(node):
        value = getattr(node, name)
        if isinstance(value, Node):
            changes[name] = change(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], Node):
            changes[name] = tuple(change(item) for item in value)
    return replace(node, **changes) if changes else node
