"""A replay's results as files: the counts as JSON and tables, and each row with its answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from detainer.errors import UserError
from detainer.replay import duck, telling
from detainer.replay.deciding import JUDGED
from detainer.replay.run import Replay, Run

# What each table of counts is called and its columns; every one of them ends in rows.
_TABLES = {
    "outcomes": ("decision", "outcome", "rows"),
    "months": ("month", "decision", "outcome", "rows"),
    "agencies": ("agency", "decision", "outcome", "rows"),
    "facilities": ("facility", "state", "decision", "outcome", "rows"),
    "provisions": ("decision", "outcome", "law", "cite", "rows"),
    "missing": ("decision", "fact", "most_decisive_in", "rows"),
    "changes": ("decision", "then", "now", "rows"),
}


def write(run: Run, replay: Replay, folder: Path, *, rows: bool, parquet: bool) -> None:
    """Write the counts to a folder, as CSV or Parquet beside replay.json, and the rows as rows.parquet if wanted."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "replay.json").write_text(
            json.dumps(telling.as_json(replay), ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8"
        )
    except OSError as error:
        raise UserError(f"cannot be written: {(error.strerror or str(error)).lower()}", where=str(folder)) from error
    for name, columns in _TABLES.items():
        _table(run, folder / f"{name}.{'parquet' if parquet else 'csv'}", columns, _lines(replay, name))
    if rows:
        _rows(run, replay, folder / "rows.parquet")


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


def _table(run: Run, file: Path, columns: Sequence[str], lines: Sequence[tuple[Any, ...]]) -> None:
    """Write lines as a table."""
    numbers = {"rows", "most_decisive_in"}
    chosen = ", ".join(
        f"unnest(?::{'BIGINT' if column in numbers else 'VARCHAR'}[]) AS {duck.name(column)}" for column in columns
    )
    values = [[line[number] for line in lines] for number in range(len(columns))]
    as_ = "FORMAT parquet" if file.suffix == ".parquet" else "FORMAT csv, HEADER"
    run.db.execute(f"COPY (SELECT {chosen}) TO {duck.text(str(file))} ({as_})", values)


def _rows(run: Run, replay: Replay, file: Path) -> None:
    """Write every decided row with its answer: joined back from the patterns, one table after the other, streamed."""
    _answers(run, replay)
    plan = run.tables.plan
    joins = " AND ".join(f"r.{key} IS NOT DISTINCT FROM p.{key}" for key in ("act", *plan.values))
    repeats = "true" if run.question.repeats else "NOT r.repeats"
    parts = [
        f'SELECT {duck.text(source.name)} AS "table", r.row, r.day, r.facility, r.state, p.agency, a.* FROM '  # noqa: S608
        f"(SELECT *, {plan.act} AS act FROM ({plan.select(source, numbered=True)})) r "
        "JOIN places w ON r.facility IS NOT DISTINCT FROM w.facility AND r.state IS NOT DISTINCT FROM w.state "
        f"JOIN patterns p ON p.agency = w.agency AND {joins} JOIN answers a ON a.pattern = p.pattern "
        f"WHERE r.day IS NOT NULL AND {plan.wanted} AND {repeats}"
        for source in run.tables.sources
    ]
    # A CSV has no row numbers of its own: they are counted, which is right only in the order of the file.
    ordered = any(not source.own_numbers for source in run.tables.sources)
    run.db.execute(f"SET preserve_insertion_order = {str(ordered).lower()}")
    run.db.execute(f"COPY ({' UNION ALL '.join(parts)}) TO {duck.text(str(file))} (FORMAT parquet)")


def _answers(run: Run, replay: Replay) -> None:
    """Make the table of what the law says of each pattern."""
    columns = [
        "pattern",
        *(f"{one}{part}" for one in JUDGED for part in ("", "_answer", "_cites", "_because", "_missing")),
    ]
    lines: list[list[Any]] = []
    for pattern, decided in replay.counts.patterns.items():
        line: list[Any] = [pattern]
        for name in JUDGED:
            said = decided.said[name]
            line += [said.outcome, said.answer, "; ".join(cite for _, cite in said.cites)]
            line += [" ".join(said.because), ", ".join(said.missing)]
        lines.append(line)
    chosen = ", ".join(f"unnest(?::{'BIGINT' if one == 'pattern' else 'VARCHAR'}[]) AS {one}" for one in columns)
    values = [[line[number] for line in lines] for number in range(len(columns))]
    run.db.execute(f"CREATE OR REPLACE TABLE answers AS SELECT {chosen}", values)
