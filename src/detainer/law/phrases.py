"""Conditions in plain words, where no definition of the law puts them better, and the facts they speak of."""

from __future__ import annotations

from collections.abc import Iterator

from detainer.law import conditions as c
from detainer.law.vocabulary import ELEMENTS, FACTS, LISTS


def facts_of(node: c.Node) -> Iterator[str]:
    """The paths of the facts of which a condition speaks; those of an element begin with its list."""
    if isinstance(node, c.Exists):
        yield ELEMENTS[node.element]
        return
    if isinstance(node, (c.Over, c.During)):
        yield "custody.releasable_at"
    for name in ("path", "first", "second"):
        path = getattr(node, name, None)
        if isinstance(path, str) and (path in FACTS or path in LISTS):
            yield path
    for child in node.children():
        yield from facts_of(child)


def plain(node: c.Node, value: bool | None) -> str:
    """A test of one fact in words, for conditions that no definition puts better."""
    if isinstance(node, c.Is) and node.path in FACTS:
        said = {True: "yes", False: "no"} if node.values == (True,) else None
        asked = FACTS[node.path].asks
        if said:
            return f"{asked} {said[value] if value is not None else 'Not known'}."
        values = " or ".join(str(item).replace("_", " ") for item in node.values)
        return f"{asked} {'Not known' if value is None else values if value else f'Not {values}'}."
    if isinstance(node, c.Includes) and node.path in FACTS:
        named = node.value.replace("_", " ")
        return f"{FACTS[node.path].asks} {'Not known' if value is None else named if value else f'Not {named}'}."
    if value is None:
        return f"Not known: {node}"
    return str(node) if value else f"Not so: {node}"
