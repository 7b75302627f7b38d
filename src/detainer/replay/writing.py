"""A replay's results as files: the counts as JSON and tables, and each row with its answer."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from detainer.errors import UserError
from detainer.replay import duck, reducing, telling
from detainer.replay.cells import PLACED
from detainer.replay.deciding import JUDGED, Decided
from detainer.replay.dialect import DUCK
from detainer.replay.run import Replay, Run
from detainer.replay.series import Series

_DECISION = ("decision", "string", "hold: keep past release; notify: tell of the release")
_OUTCOME = (
    "outcome",
    "string",
    "forbidden or permitted: surely; no_law; nothing_to_decide; cannot_be_told: a missing fact could change it",
)
_ROWS = ("rows", "integer", "rows of the table")
# What each table of counts holds, and its columns; every one of them ends in rows.
DESCRIBED: Final[dict[str, tuple[str, tuple[tuple[str, str, str], ...]]]] = {
    "outcomes.csv": ("Rows by what the law says of them.", (_DECISION, _OUTCOME, _ROWS)),
    "months.csv": (
        "The same by month.",
        (("month", "string", "the month of the row's day, as 2016-01"), _DECISION, _OUTCOME, _ROWS),
    ),
    "agencies.csv": (
        "The same by agency.",
        (("agency", "string", "the agency whose law decided"), _DECISION, _OUTCOME, _ROWS),
    ),
    "facilities.csv": (
        "The same by facility.",
        (
            ("facility", "string", "the facility as the table writes it; empty where it names none"),
            ("state", "string", "its state as the table writes it"),
            _DECISION,
            _OUTCOME,
            _ROWS,
        ),
    ),
    "provisions.csv": (
        "Rows by the provision that answers on the facts of the table.",
        (
            _DECISION,
            _OUTCOME,
            ("law", "string", "the law's id"),
            ("cite", "string", "the provision's citation"),
            _ROWS,
        ),
    ),
    "missing.csv": (
        "Facts that the table does not say and that could change an answer.",
        (
            _DECISION,
            ("fact", "string", "the fact, as a case file names it"),
            ("most_decisive_in", "integer", "rows in which it is the first to ask"),
            ("rows", "integer", "rows whose answer it could change"),
        ),
    ),
    "changes.csv": (
        "What another law or another day of the law would change; empty where none was asked about.",
        (
            _DECISION,
            ("then", "string", "the outcome here, with the answer on the facts of the table"),
            ("now", "string", "the outcome there, likewise"),
            _ROWS,
        ),
    ),
}
SERIES: Final[dict[str, tuple[str, tuple[tuple[str, str, str], ...]]]] = {
    "series.csv": (
        "Rows by month and group.",
        (
            ("month", "string", "the month, as 2016-01"),
            ("group", "string", "the group, `all` for every row, `not said` where the cell is empty or redacted"),
            _ROWS,
        ),
    )
}


def write(
    run: Run, replay: Replay, folder: Path, *, rows: bool, parquet: bool, tell: duck.Tell = lambda _: None
) -> None:
    """Write the counts to a folder as replay.json and CSV, as Parquet too if wanted, and the rows as rows.parquet.

    The folder is new, empty or an earlier one of ours; UserError for any other.
    """
    made(folder, "replay.json", telling.as_json(replay))
    for file, (_, columns) in DESCRIBED.items():
        name = file.removesuffix(".csv")
        lines = _lines(replay, name)
        for kind in ("csv", "parquet") if parquet else ("csv",):
            _table(run, folder / f"{name}.{kind}", columns, lines)
    if rows:
        _rows(run, replay, folder / "rows.parquet", tell)


def write_series(found: Series, earlier: Series | None, folder: Path) -> None:
    """Write a series to a folder, as `write` does: series.json and series.csv."""
    said = found.as_json() | ({"before": earlier.as_json()} if earlier else {})
    made(folder, "series.json", said)
    lines = sorted((month, group, n) for (month, group), n in found.months.items())
    with (folder / "series.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[name for name, _, _ in SERIES["series.csv"][1]], *lines])


def made(folder: Path, ours: str, said: dict[str, Any]) -> None:
    """Make the folder and write the JSON that tells it from any other; UserError where it is one."""
    try:
        if folder.is_dir() and any(folder.iterdir()) and not (folder / ours).is_file():
            raise UserError("holds something else", where=str(folder), fix="Name a new folder.")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ours).write_text(json.dumps(said, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"cannot be written: {(error.strerror or str(error)).lower()}", where=str(folder)) from error


def _lines(replay: Replay, name: str) -> list[tuple[Any, ...]]:
    """The lines of one table of counts."""
    counts = replay.counts
    if name == "missing":
        return [
            (one, fact, counts.tells_most[one, fact], n) for one in JUDGED for fact, n in telling.missing(counts, one)
        ]
    if name == "facilities":
        return sorted((*place, one, kind, n) for (place, one, kind), n in counts.facilities.items())
    if name == "changes":
        return list(counts.differences())
    counter: Any = getattr(counts, name)
    return sorted((*key, n) for key, n in counter.items())


def _table(run: Run, file: Path, columns: Sequence[tuple[str, str, str]], lines: Sequence[tuple[Any, ...]]) -> None:
    """Write lines as a table."""
    types = {name: "BIGINT" if kind == "integer" else "VARCHAR" for name, kind, _ in columns}
    duck.table(run.db, "lines", types, lines)
    as_ = "FORMAT parquet" if file.suffix == ".parquet" else "FORMAT csv, HEADER"
    run.db.execute(f"COPY lines TO {DUCK.text(str(file))} ({as_})")


def _rows(run: Run, replay: Replay, file: Path, tell: duck.Tell) -> None:
    """Write every decided row with its answer, joined back by the columns that the answers hang on; streamed."""
    by = _answers(run, replay)
    plan, sql = run.tables.plan, run.tables.engine.sql
    joins = " AND ".join(["true", *(f"{key} IS NOT DISTINCT FROM a.by_{key}" for key in by)])
    kept = f"r.day IS NOT NULL AND {plan.wanted}{'' if run.question.repeats else ' AND NOT r.repeats'}"
    agency, place = sql.one_of(run.question.agency, [run.question.agency]), ""
    tables = [source.name for source in run.tables.sources]
    if run.looks_up:
        agency, place = "p.agency", f" JOIN places p ON {PLACED}"
    told = ", ".join(f"a.{column}" for column in _ANSWER)
    chosen = ", ".join(["number", "facility", "state", "repeats", *plan.values])
    queries = []
    for source in run.tables.sources:
        rows = plan.select(source, sql, numbered=True)
        if days := run.tables.days_written(source):
            rows = f"SELECT {chosen}, d.day FROM ({rows}) w LEFT JOIN {days} d ON w.written = d.text"  # noqa: S608
        queries.append(
            f"SELECT {sql.one_of(source.name, tables)} AS {sql.column('table')}, number AS {sql.column('row')}, day, "  # noqa: S608
            f"facility, state, agency, {told} FROM (SELECT r.*, {agency} AS agency, {plan.act} AS act FROM "
            f"({rows}) r{place} WHERE {kept}) k JOIN answers a ON {joins}"
        )
    run.tables.engine.write(queries, file, tell)


_ANSWER = [f"{one}{part}" for one in JUDGED for part in ("", "_answer", "_cites", "_because", "_missing")]


def _answers(run: Run, replay: Replay) -> list[str]:
    """Make the table of what the law says, by the columns on which it hangs; those columns."""
    told = {tuple(run.patterns[pattern]): _line(decided) for pattern, decided in replay.counts.patterns.items()}
    chosen = reducing.needed(told)
    by = [run.keys[at] for at in chosen]
    types = {f"by_{key}": "DATE" if key == "act" else "VARCHAR" for key in by} | dict.fromkeys(_ANSWER, "VARCHAR")
    lines = [(*key, *line) for key, line in reducing.reduced(told, chosen).items()]
    duck.table(run.db, "answers", types, lines)
    run.tables.engine.share("answers", _ANSWER)
    return by


def _line(decided: Decided) -> tuple[str, ...]:
    """What the law says of a pattern, as it stands in a row."""
    line: list[str] = []
    for name in JUDGED:
        said = decided.said[name]
        line += [said.outcome, said.answer, "; ".join(cite for _, cite in said.cites)]
        line += [" ".join(said.because), ", ".join(said.missing)]
    return tuple(line)
