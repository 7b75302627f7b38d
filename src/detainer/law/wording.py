"""A condition in plain words, as a lawyer would read it aloud.

`worded` gives the words as a small tree, so that a page can link the defined terms and set out what belongs together;
`sentence` is the same on one line. Defined terms stand in curly quotes, by their name in the law file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from detainer.law import conditions as c
from detainer.law.words import MOMENTS, PHRASES, VALUES, WHOLE

HEADS = {"and": "all of these:", "or": "any of these:"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words; `term` names the definition that they call by its name, if they do."""

    text: str
    term: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A statement, or the beginning of one that its parts complete ("any of these is so")."""

    pieces: tuple[Piece, ...]
    parts: tuple[Clause, ...] = ()
    joint: str = ""

    @property
    def text(self) -> str:
        """The words of the statement itself, without its parts."""
        return "".join(piece.text for piece in self.pieces)


def worded(node: c.Node, terms: Mapping[str, str], element: str = "") -> Clause:
    """The words of a condition as it stands in a law file.

    `terms` are the definitions of that law, each with the element it is of ("" for the case as a whole); `element` is
    what the condition itself is of.
    """
    return _Wording(terms).clause(node, element, True)


def sentence(clause: Clause) -> str:
    """The words on one line; brackets hold together what belongs together."""
    if not clause.parts:
        return clause.text
    inner = f" {clause.joint} ".join(_bracketed(part) for part in clause.parts)
    if clause.pieces:
        return f"{clause.text} {inner}" if clause.text.endswith(":") else f"{clause.text} ({inner})"
    return inner


def _bracketed(part: Clause) -> str:
    text = sentence(part)
    return f"({text})" if part.parts else text


def named(name: str) -> str:
    """A name from a law file as people read it."""
    return name.replace("_", " ")


def listed(values: list[str], joint: str = "or") -> str:
    """Values as a list in words: "a, b or c"."""
    return f" {joint} ".join(filter(None, [", ".join(values[:-1]), values[-1]])) if values else "nothing"


class _Wording:
    """The words of the conditions of one law. `yes` is False where the condition is denied."""

    def __init__(self, terms: Mapping[str, str]) -> None:
        self.terms = terms

    def clause(self, node: c.Node, element: str, yes: bool) -> Clause:
        if isinstance(node, c.Not):
            return self.clause(node.when, element, not yes)
        if isinstance(node, (c.And, c.Or)):
            return self._several(node, element, yes)
        if isinstance(node, c.Exists):
            return self._exists(node, yes)
        if isinstance(node, c.Shown):
            return self._shown(node, element, yes)
        if isinstance(node, c.Named) and node.name in self.terms:
            return self._term(node.name, element, yes)
        return _said(_leaf(node, element, yes))

    def _several(self, node: c.And | c.Or, element: str, yes: bool) -> Clause:
        parts = node.all if isinstance(node, c.And) else node.any
        joint = "and" if isinstance(node, c.And) is yes else "or"
        return Clause((), tuple(self.clause(part, element, yes) for part in parts), joint)

    def _exists(self, node: c.Exists, yes: bool) -> Clause:
        inner = self.clause(node.when, node.element, True)
        if node.least == 1:
            head = f"there is {'a' if yes else 'no'} {node.element} of which it is so:"
        else:
            head = f"there are {'' if yes else 'not '}at least {node.least} {node.element}s of which it is so:"
        return _under(head, inner)

    def _shown(self, node: c.Shown, element: str, yes: bool) -> Clause:
        inner = self.clause(node.when, element, True)
        head = "it is shown that" if yes else "it is not shown that"
        if not inner.parts:
            return Clause((Piece(head + " "), *inner.pieces))
        return _under(head, inner)

    def _term(self, name: str, element: str, yes: bool) -> Clause:
        quoted = Piece(f"“{named(name)}”", name)
        if self.terms[name]:
            return Clause((Piece("it counts as " if yes else "it does not count as "), quoted))
        return Clause((quoted,) if yes else (Piece("not "), quoted))


def _leaf(node: c.Node, element: str, yes: bool) -> str:
    """The words of a condition with no other inside."""
    if isinstance(node, c.Always):
        return "always" if node.value is yes else "never"
    if isinstance(node, c.Named):
        return _stem(node.name, element, yes)
    if isinstance(node, c.Stated):
        return _stem(node.path, element, yes)
    if isinstance(node, (c.Is, c.Includes, c.Under)):
        return _valued(node, element, yes)
    if isinstance(node, c.Earlier):
        return f"{MOMENTS[node.first]} {'comes' if yes else 'does not come'} before {MOMENTS[node.second]}"
    return _of_the_law(node, element, yes)


def _of_the_law(node: c.Node, element: str, yes: bool) -> str:
    """The words of a condition that refers to a list, a look-back, a clock or another law."""
    if isinstance(node, c.Within):
        return f"it {'lies' if yes else 'does not lie'} within the look-back “{named(node.lookback)}”"
    if isinstance(node, c.OnList):
        return _on_list(node, yes)
    if isinstance(node, c.Over):
        return f"the time “{named(node.clock)}” {'has run out' if yes else 'has not run out'}"
    if isinstance(node, c.During):
        stem = _stem(node.path, element, yes)
        return f"{stem} during a running hold, before the time “{named(node.clock)}” ran out"
    if isinstance(node, c.PermittedBy):
        return f"{node.law} {'permits or commands' if yes else 'neither permits nor commands'} the same act"
    raise TypeError(f"no words for {type(node).__name__}")  # a form of condition that this module has not learned


def _said(text: str) -> Clause:
    return Clause((Piece(text),))


def _under(head: str, inner: Clause) -> Clause:
    """A head that the inner statement completes, or its parts where it has no words of its own."""
    if inner.pieces:
        return Clause((Piece(head),), (inner,))
    return Clause((Piece(head),), inner.parts, inner.joint)


def _stem(path: str, element: str, yes: bool) -> str:
    """The words of a fact: those of the element, or else those of the case."""
    stems = PHRASES[element].get(path) or PHRASES[""][path]
    return stems[0 if yes else 1]


def _valued(node: c.Is | c.Includes | c.Under, element: str, yes: bool) -> str:
    values = node.values if isinstance(node, c.Is) else (node.value,)
    if values == (True,):
        return _stem(node.path, element, yes)
    if len(values) == 1 and (node.path, values[0]) in WHOLE:
        return WHOLE[node.path, values[0]][0 if yes else 1]
    said = [VALUES.get(str(value), named(str(value))) for value in values]
    tail = " or a part of it" if isinstance(node, c.Under) else ""
    return f"{_stem(node.path, element, yes)} {listed(said)}{tail}"


def _on_list(node: c.OnList, yes: bool) -> str:
    subject = "its equivalent" if node.equivalent else "it"
    marks = [f"marked “{named(node.only)}”"] if node.only else []
    marks += [f"not marked “{named(node.besides)}”"] if node.besides else []
    rows = f", in a row {listed(marks, 'and')}" if marks else ""
    day = f", on the day of {MOMENTS[node.as_of]}" if node.as_of else ""
    return f"{subject} {'stands' if yes else 'does not stand'} on the list “{named(node.list)}”{rows}{day}"


def outline(clause: Clause, depth: int = 0) -> Iterator[tuple[int, tuple[Piece, ...]]]:
    """The words set out line by line, each with its depth: a head, and below it what completes it."""
    if not clause.parts:
        yield depth, clause.pieces
        return
    if clause.pieces and len(clause.parts) == 1:
        yield depth, clause.pieces
    else:
        yield depth, (*clause.pieces, Piece((" " if clause.pieces else "") + HEADS[clause.joint]))
    for part in clause.parts:
        yield from outline(part, depth + 1)
