"""`detainer data`: published tables themselves, judged before use and counted over time."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from detainer import clock
from detainer.commands.day import given as day_given
from detainer.errors import UserError
from detainer.replay import checking, writing
from detainer.replay import series as counting
from detainer.replay.cells import Period
from detainer.replay.judging import Claim, judge
from detainer.replay.mapping import Mapping
from detainer.site import replayed

data = typer.Typer(add_completion=False)

Tables = Annotated[list[Path], typer.Argument(metavar="TABLE…", help="CSV (also .gz), XLSX or Parquet files.")]
MappingName = Annotated[str, typer.Option("--mapping", help="How to read the columns: a name, or a .yaml file.")]
Dates = Annotated[
    Literal["", "YYYY-MM-DD", "MM/DD/YYYY", "DD/MM/YYYY", "DD.MM.YYYY", "DD-MON-YYYY"],
    typer.Option(help="How the file writes days, where not as its mapping says."),
]
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="Text for people, or one JSON object.")]
By = Annotated[str, typer.Option("--by", help="The series: criminality or method.")]
Area = Annotated[str, typer.Option(help="Only this area or state, as the table writes it.")]
Out = Annotated[Path | None, typer.Option("--out", help="A folder for a page of the series, and its tables.")]
First = Annotated[str, typer.Option("--from", help="The first day, such as 2017-01-20.")]
Last = Annotated[str, typer.Option("--to", help="The last day.")]
ClaimOf = Annotated[str, typer.Option("--claim", help="Judge a rise in percent: 'neither: 40'; needs --before.")]
Before = Annotated[str, typer.Option(help="Another period to compare with: 2016-01-20..2016-09-30.")]


@data.callback(invoke_without_command=True)
def group(context: typer.Context) -> None:
    """Published tables: judge a file before use, count it over time."""
    if context.invoked_subcommand is None:
        print(context.get_help())


@data.command("check")
def check(tables: Tables, mapping: MappingName, dates: Dates = "", form: Format = "text") -> int:
    """Judge a table before use: columns, unknown values, empty cells, days, months beside the published count.

    Exit code 1 where something stands against using it.
    """
    with Console(stderr=True).status("reading") as status:
        found = checking.check(tables, Mapping.load(mapping), _today(), dates, progress=status.update)
    _tell([f"{left.name}: {left.why}; left out" for left in found.left] + found.notes)
    print(json.dumps(found.as_json(), ensure_ascii=False, indent=2) if form == "json" else "\n".join(found.as_text()))
    return 0 if found.sound else 1


@data.command("series")
def series(  # noqa: PLR0913, PLR0917 - typer makes an option of each
    tables: Tables,
    mapping: MappingName,
    by: By,
    first: First = "",
    last: Last = "",
    before: Before = "",
    claim: ClaimOf = "",
    area: Area = "",
    dates: Dates = "",
    out: Out = None,
    form: Format = "text",
) -> int:
    """Count rows by month and group, or compare two periods; the breaks of the series are named.

    Exit code 1 where something could not be read.
    """
    rules, claimed = Mapping.load(mapping), Claim.read(claim) if claim else None
    if claimed and not before:
        raise UserError("a claim about a rise needs a period before", where="--claim", fix="Give --before.")
    period = Period(*bounds(first, last))
    earlier = None
    with Console(stderr=True).status("reading") as status:
        asked: dict[str, Any] = {"area": area, "order": dates, "progress": status.update}
        found = counting.series(tables, rules, by, period, _today(), **asked)
        if before:
            earlier = counting.series(tables, rules, by, _period(before), _today(), **asked)
    judged = judge(claimed, earlier, found) if claimed and earlier else None
    if out is not None:
        writing.write_series(found, earlier, out)
        replayed.write_series(found, earlier, list(judged.lines()) if judged else [], rules.source, out)
    _tell([f"{left.name}: {left.why}; left out" for left in found.left] + found.notes)
    if form == "json":
        told = found.as_json()
        if earlier:
            told["before"] = earlier.as_json()
            told["change"] = {group: change for group, _, _, change in counting.compared(earlier, found)}
        if judged:
            told["claim"] = judged.as_json()
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print("\n".join([*counting.as_text(found, earlier), *(judged.lines() if judged else ())]))
    return 1 if found.left else 0


def bounds(first: str, last: str) -> tuple[date | None, date | None]:
    """The days that --from and --to name, each None where it is not given."""
    return (day_given(first, "--from") if first else None, day_given(last, "--to") if last else None)


def _period(text: str) -> Period:
    first, dots, last = text.partition("..")
    if not dots:
        raise UserError(f"{text} is no period", where="--before", fix="Write it as 2016-01-20..2016-09-30.")
    return Period(day_given(first, "--before"), day_given(last, "--before"))


def _tell(lines: list[str]) -> None:
    for line in lines:
        typer.echo(" ".join(line.split()), err=True)


def _today() -> date:
    return clock.now().astimezone().date()
