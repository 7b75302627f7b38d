"""`detainer claims`: what was said in public, computed again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detainer.report import claims as room
from detainer.report import published

if TYPE_CHECKING:
    from collections.abc import Iterator

File = Annotated[Path | None, typer.Option("--file", help="Judge the claims of a file of your own instead.")]


def claims(file: File = None) -> None:
    """Judge each claim from the figures it rests on, with the arithmetic shown."""
    if file is None:
        judged = room.shipped_claims()
    else:
        judged = room.judge(room.load(file), {**published.shipped(), **room.offense_sections()})
    for one in judged:
        print("\n".join(_lines(one)))
        print()
    counts = {verdict: sum(one.verdict is verdict for one in judged) for verdict in room.Verdict}
    print("; ".join(f"{count} {verdict}" for verdict, count in counts.items()))


def _lines(judged: room.Judged) -> Iterator[str]:
    claim = judged.claim
    yield f"{claim.id}: {str(judged.verdict).upper()}"
    yield f"  {claim.who}, {claim.when}: {claim.says}"
    for outcome in judged.outcomes:
        yield f"  claimed: {room.claimed(outcome.check)}"
        for computed in (*outcome.own, *outcome.instead):
            other = "another series: " if computed in outcome.instead else ""
            shown = f" = {computed.sum.shown()}" if computed.sum.computes else ""
            yield f"    {other}{computed.sum.text}{shown} = {room.result(computed, outcome.check)}"
        if outcome.why:
            yield f"  {outcome.why}"
    if claim.note:
        yield f"  {claim.note}"
