"""`detainer replay`: the law over tables of published rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
import yaml
from rich.console import Console

from detainer import clock
from detainer.commands.data import bounds
from detainer.commands.day import given as day_given
from detainer.errors import UserError
from detainer.law import LawBook
from detainer.replay import telling, writing
from detainer.replay.cells import Period
from detainer.replay.deciding import LIVE, merge
from detainer.replay.engine import Embedded
from detainer.replay.mapping import Mapping as Rules
from detainer.replay.mapping import check_facts
from detainer.replay.run import Question, Run
from detainer.replay.spark import OnSpark
from detainer.site import replayed

Tables = Annotated[list[Path], typer.Argument(metavar="TABLE…", help="CSV (also .gz), XLSX or Parquet files.")]
Agency = Annotated[str, typer.Option(help="The agency whose law decides every row, such as us-ny-nyc-police.")]
ByFacility = Annotated[bool, typer.Option("--by-facility", help="Decide each row by the agency of its facility.")]
MappingName = Annotated[str, typer.Option("--mapping", help="How to read the columns: a name, or a .yaml file.")]
First = Annotated[str, typer.Option("--from", help="The first day, such as 2014-10-01.")]
Last = Annotated[str, typer.Option("--to", help="The last day.")]
State = Annotated[str, typer.Option(help="Only facilities in this state, as the table writes it.")]
Dates = Annotated[
    Literal["", "YYYY-MM-DD", "MM/DD/YYYY", "DD/MM/YYYY", "DD.MM.YYYY", "DD-MON-YYYY"],
    typer.Option(help="How the file writes days, where not as its mapping says."),
]
Given = Annotated[list[str], typer.Option("--given", help="A fact of every row: 'warrants: []'. May be repeated.")]
Live = Annotated[
    bool, typer.Option("--live", help="Given that each request stands and the person it names is in custody.")
]
Places = Annotated[str, typer.Option("--facilities", help="A .csv of facility, state, agency, reading.")]
Repeats = Annotated[bool, typer.Option("--repeats", help="Count rows that the table marks as repeats, too.")]
AsAgency = Annotated[str, typer.Option("--as-agency", help="What if: the same rows under this agency's law.")]
Law = Annotated[str, typer.Option("--law", help="What if: the same rows under this law, such as us-ca.")]
AsOf = Annotated[str, typer.Option("--as-of", help="What if: the same rows under the law of this day.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="A folder for a page of the results, the counts as files, and the rows.")
]
Rows = Annotated[bool, typer.Option("--rows", help="Each row with its answer, citation and deciding facts, to --out.")]
Memory = Annotated[str, typer.Option(help="How much memory to read with, such as 2GB; the rest goes to disk.")]
EngineName = Annotated[
    Literal["duckdb", "spark"], typer.Option("--engine", help="Who reads, groups and joins: this process, or Spark.")
]
Format = Annotated[Literal["text", "json", "parquet"], typer.Option("--format", help="How to tell the counts.")]


def replay(  # noqa: PLR0913, PLR0917 - typer makes an option of each
    tables: Tables,
    mapping: MappingName,
    agency: Agency = "",
    by_facility: ByFacility = False,
    first: First = "",
    last: Last = "",
    state: State = "",
    dates: Dates = "",
    given: Given = [],  # noqa: B006 - typer reads the default and never changes it
    live: Live = False,
    facilities: Places = "",
    repeats: Repeats = False,
    as_agency: AsAgency = "",
    law: Law = "",
    as_of: AsOf = "",
    out: Out = None,
    rows: Rows = False,
    memory: Memory = "",
    engine: EngineName = "duckdb",
    form: Format = "text",
) -> int:
    """Decide every row of published tables under the law of its own day, and count.

    What a table does not say stays unknown: each count is a bound. Exit code 1 where something could not be read.
    """
    if bool(agency) == by_facility:
        raise UserError("say either --agency or --by-facility")
    if (rows or form == "parquet") and out is None:
        raise UserError("rows and Parquet need a folder", fix="Name it with --out.")
    book = LawBook.load()
    question = Question(
        agency=book.agency(agency, "--agency").id if agency else "",
        period=Period(*bounds(first, last)),
        state=state,
        order=dates,
        given=facts_given(given, LIVE if live else {}),
        facilities=facilities,
        repeats=repeats,
        other_agency=_other(book, as_agency, law),
        other_day=day_given(as_of, "--as-of") if as_of else None,
    )
    console = Console(stderr=True)
    with Run(book, Rules.load(mapping), question, _today(), memory=memory, engine=_ENGINES[engine]) as run:
        with console.status("reading") as status:
            found = run.replay(tables, progress=status.update)
            if out is not None:
                status.update("writing")
                writing.write(run, found, out, rows=rows, parquet=form == "parquet", tell=status.update)
                replayed.write(found, out)
        for left in found.reading.left:
            print_error(f"{left.name}: {left.why}; left out")
        for note in found.reading.notes:
            print_error(note)
        if form == "json":
            print(json.dumps(telling.as_json(found), ensure_ascii=False, indent=2, default=str))
        else:
            print("\n".join(telling.as_text(found)))
    return 1 if found.reading.left or found.reading.bad else 0


_POLICY = "us-local-policy"  # what an agency itself adds to the law
_ENGINES: dict[str, Any] = {"duckdb": Embedded, "spark": OnSpark}


def facts_given(texts: list[str], also: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that `--given` names, each written as in a case file (`custody.held: true` will do), over others."""
    found: dict[str, Any] = {}
    merge(found, also)
    for text in texts:
        try:
            said = yaml.safe_load(text)
        except yaml.YAMLError:
            said = None
        if not isinstance(said, dict):
            raise UserError(f"{text!r} is no fact", where="--given", fix="Write it as 'custody.held: true'.")
        for path, value in said.items():
            for key in reversed(str(path).split(".")[1:]):
                value = {key: value}  # noqa: PLW2901 - built up from the innermost key
            merge(found, {str(path).split(".")[0]: value})
    check_facts(found, "--given")
    return found


def _other(book: LawBook, agency: str, law: str) -> str:
    """The agency whose law is compared with."""
    if agency:
        return book.agency(agency, "--as-agency").id
    if not law:
        return ""
    bound = [one for one in book.agencies.values() if law in one.laws]
    alone = [one.id for one in bound if not set(one.laws[one.laws.index(law) + 1 :]) - {_POLICY}]
    if not alone:
        of = ", ".join(one.id for one in bound)
        fix = f"Choose with --as-agency: {of}." if bound else f"Laws: {', '.join(sorted(book.laws))}."
        raise UserError(f"{law} alone binds no agency here", where="--law", fix=fix)
    if others := alone[1:]:
        print_error(f"--law {law}: decided as {alone[0]}; --as-agency chooses another: {', '.join(others)}")
    return alone[0]


def _today() -> date:
    return clock.now().astimezone().date()


def print_error(line: str) -> None:
    """One line about what could not be read, on standard error."""
    typer.echo(" ".join(line.split()), err=True)
