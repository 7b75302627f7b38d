"""`detainer law offense`: on which lists a section stands, and what a conviction of it counts as."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import typer

from detainer.commands.day import day_of
from detainer.commands.laws import Laws
from detainer.law import LawBook, offense
from detainer.law.offense import Found, Outcome, Standing, Use
from detainer.law.offenses import Offense
from detainer.law.paper import wrapped
from detainer.law.reading import span
from detainer.law.wording import listed, named


def run(
    section: Annotated[str, typer.Argument(help='The section, as "PL 120.05" or "PL 135.65(2)(b)".')],
    on: Annotated[str, typer.Option(help="The day, as 2017-06-01; left out: today.")] = "",
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="Text for people, or one JSON object.")
    ] = "text",
    laws: Laws = None,
) -> None:
    """Tell on which list of which law an offense stands, since when, and whether an attempt of it counts.

    The exit code is 1 if no list names it.
    """
    found = offense.look_up(LawBook.load(laws), section, day_of(on))
    if form == "json":
        print(json.dumps(_json(found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(found)))
    if not found.standings:
        raise typer.Exit(1)


def _lines(found: Found) -> Iterator[str]:
    if not found.standings:
        yield f"{found.sought.text} is not listed anywhere; nearest: {', '.join(found.nearest)}."
        return
    first = found.standings[0].rows[0]
    titles = dict.fromkeys(row.title for standing in found.standings for row in standing.rows)
    yield f"{first.law} {first.section}{found.sought.subdivision}: {' / '.join(titles)}"
    alike: dict[tuple[str, tuple[Offense, ...]], list[Standing]] = {}
    for standing in found.standings:
        alike.setdefault((standing.list, standing.rows), []).append(standing)
    for standings in alike.values():
        yield ""
        yield from _group(standings, found)


def _group(standings: list[Standing], found: Found) -> Iterator[str]:
    """The rows that several laws share, and what each of these laws makes of them."""
    one = standings[0]
    laws = listed([standing.law for standing in standings], "and")
    yield from wrapped(f"On the list “{named(one.list)}” of {laws}", "  ", "")
    for row, covered in zip(one.rows, one.covered, strict=True):
        yield from _row(row, covered, found)
    for standing in standings:
        if not standing.uses:
            yield f"  {standing.law}: the list plays no part on {found.on}."
        for use in standing.uses:
            yield from _use(standing.law, use, found)


def _row(row: Offense, covered: bool | None, found: Found) -> Iterator[str]:
    state = "" if row.listed_on(found.on) else f", not on {found.on}"
    limits = list(row.limits)
    said = [f"Listed {span(row.first, row.last)}{state}"]
    said.append(f"only subdivision {listed(limits)}" if limits else "every subdivision")
    said += [f"class {row.offense_class}"] if row.offense_class else []
    said += [f"marked {listed(sorted(row.marks), 'and')}"] if row.marks else []
    said += [f"grade {row.grade}"] if row.grade else []
    yield from wrapped(f"{', '.join(said)}. Source: {row.source}.", "    ", "  ")
    if covered is False:
        yield f"    Subdivision {found.sought.subdivision} is not among them."
    if row.note:
        yield from wrapped(f"Note: {row.note}", "    ")


def _use(law: str, use: Use, found: Found) -> Iterator[str]:
    yield from wrapped(f"{law}, “{named(use.id)}” ({use.cite}), on {found.on}:", "    ", "  ")
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for outcome in use.outcomes:
        key = (outcome.says, tuple(question.asks for question in outcome.open))
        alike.setdefault(key, []).append(outcome.form or "a pending charge")
    for (said, questions), forms in alike.items():
        yield from wrapped(f"{listed(forms, 'and')}: {said}", "      ", "    ")
        for asks in questions:
            yield from wrapped(f"Open: {asks}", "        ", "      ")


def _json(found: Found) -> dict[str, Any]:
    return {
        "law": found.sought.law or None,
        "section": found.sought.section,
        "subdivision": found.sought.subdivision or None,
        "on": found.on.isoformat(),
        "listed": bool(found.standings),
        "nearest": list(found.nearest),
        "lists": [_standing(standing, found) for standing in found.standings],
    }


def _standing(standing: Standing, found: Found) -> dict[str, Any]:
    return {
        "law": standing.law,
        "cite": standing.cite,
        "list": standing.list,
        "rows": [
            {
                "jurisdiction": row.jurisdiction,
                "law": row.law,
                "section": row.section,
                "subdivisions": list(row.limits),
                "covers": covered,
                "title": row.title,
                "class": row.offense_class,
                "marks": sorted(row.marks),
                "from": row.first.isoformat() if row.first else None,
                "to": row.last.isoformat() if row.last else None,
                "listed": row.listed_on(found.on),
                "grade": row.grade,
                "source": row.source,
                "note": row.note,
            }
            for row, covered in zip(standing.rows, standing.covered, strict=True)
        ],
        "counts_as": [
            {"id": use.id, "cite": use.cite, "says": use.says, "of": use.of, "forms": [_form(o) for o in use.outcomes]}
            for use in standing.uses
        ],
    }


def _form(outcome: Outcome) -> dict[str, Any]:
    return {
        "form": outcome.form or None,
        "counts_as": list(outcome.counts),
        "depends_on": list(outcome.depends),
        "open": [question.id for question in outcome.open],
    }
