"""`detainer law diff`: under which facts a law's answer changed between two days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import typer

from detainer.commands.day import day_of
from detainer.commands.laws import Laws
from detainer.law import LawBook, compare, writing
from detainer.law.compare import Comparison, Turned
from detainer.law.explain import NAMES, SAYS
from detainer.law.lawfile import Version
from detainer.law.paper import wrapped


def run(
    law: Annotated[str, typer.Argument(help="The law; `detainer law list` names them.")],
    then: Annotated[str, typer.Argument(help="The earlier day, as 2017-06-01.")],
    now: Annotated[str, typer.Argument(help="The later day.")],
    most: Annotated[int, typer.Option(min=1, help="How many patterns of facts to show at most.")] = 20,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="Text for people, or one JSON object.")
    ] = "text",
    laws: Laws = None,
) -> None:
    """Compare what a law answers on two days: the patterns of facts whose answer changes, the fewest facts first.

    Each comes with a made-up case for each day that `detainer decide` answers so. The exit code is 1 if anything
    changes.
    """
    found = compare.compare(LawBook.load(laws), law, (day_of(then), day_of(now)), most)
    if form == "json":
        print(json.dumps(_json(found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(found)))
    if found.turned:
        raise typer.Exit(1)


def _lines(found: Comparison) -> Iterator[str]:
    then, now = found.days
    yield f"{found.law}, {then} and {now}: what this law alone says, for {found.agency}"
    yield from (f"  {day}: {_version(version)}" for day, version in zip(found.days, found.versions, strict=True))
    for number, turned in enumerate(found.turned, 1):
        yield ""
        yield from _turned(number, turned)
    yield ""
    count = len(found.turned)
    if not count:
        yield "No answer changes, whatever the facts."
    elif found.complete:
        yield f"{count} {'pattern' if count == 1 else 'patterns'} of facts: every change is among them."
    else:
        yield f"{count} patterns of facts, and there are more: --most {count * 5} shows more of them."


def _version(version: Version | None) -> str:
    return f"the version of {version.name}, by {version.by}" if version else "not in force"


def _turned(number: int, turned: Turned) -> Iterator[str]:
    yield f"{number}. Where {'this is' if len(turned.says) == 1 else 'all of this is'} so:"
    for says in turned.says:
        yield from wrapped(says, "     ", "   - ")
    for decision, (then, now) in turned.decisions.items():
        yield f"   {NAMES[decision]}: {SAYS[then]} → {SAYS[now]}"
    if turned.example is None:
        yield "   No example could be made up; these facts may exclude one another."
        return
    yield "   Example, for `detainer decide`:"
    for case in turned.example:
        yield from writing.written(case).splitlines()


def _json(found: Comparison) -> dict[str, Any]:
    return {
        "law": found.law,
        "agency": found.agency,
        "days": [day.isoformat() for day in found.days],
        "versions": [version.name if version else None for version in found.versions],
        "complete": found.complete,
        "patterns": [
            {
                "facts": list(turned.says),
                "changes": {name: {"then": then, "now": now} for name, (then, now) in turned.decisions.items()},
                "example": [writing.mapping(case) for case in turned.example] if turned.example else None,
            }
            for turned in found.turned
        ],
    }
