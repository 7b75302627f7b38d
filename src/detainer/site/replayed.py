"""The page of a replay or a series: charts with their tables and files, and what all of it rests on. No script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from detainer.errors import UserError
from detainer.law.markup import Markup, join, tag
from detainer.replay import telling, writing
from detainer.replay.counts import Counts
from detainer.replay.deciding import JUDGED, OUTCOMES
from detainer.replay.run import Replay
from detainer.replay.series import TOTAL, Series, compared, span
from detainer.replay.table import Left
from detainer.report import charts
from detainer.site import package
from detainer.site.shell import figure, link, table

_STYLE = Path(__file__).parent / "static/site/site.css"
MOST = 12  # bars of a chart of facilities or facts
SHORT = 18  # characters of a label in a chart
_MANY = 36  # months from which on a chart shows years


def write(replay: Replay, folder: Path) -> None:
    """Write index.html, its style and datapackage.json beside the tables that `writing` wrote."""
    title = "The law over published rows"
    body = join([*_head(replay), *_decisions(replay.counts), *_splits(replay), *_what_if(replay), *_basis(replay)])
    about = {
        "mapping": replay.mapping.id,
        "laws": sorted(replay.counts.laws),
        "agency": replay.question.agency or "by facility",
        "given": dict(replay.question.given),
        "rows": {"read": replay.reading.rows, "counted": replay.counts.rows, "left_out": replay.reading.left_out},
    }
    _folder(folder, title, body, replay.files, writing.DESCRIBED, about, replay.mapping.source)


def write_series(found: Series, earlier: Series | None, judged: Sequence[str], source: str, folder: Path) -> None:
    """Write the page of a series beside the table that `writing` wrote; `judged` is what a claim came to."""
    title = f"{found.title}, by {found.by}"
    body = join(
        [
            *_series(found, earlier),
            *(tag("p", line) for line in judged),
            *_files_of(found.files, found.left, found.notes),
        ]
    )
    about = {"mapping": found.mapping, "series": found.by, "rows": dict(found.rows), "left_out": dict(found.left_out)}
    _folder(folder, title, body, found.files, writing.SERIES, about, source)


def _folder(
    folder: Path,
    title: str,
    body: Markup,
    files: Mapping[str, str],
    described: Mapping[str, package.Described],
    about: Mapping[str, Any],
    source: str,
) -> None:
    """Write the page, its style, and the description of the tables that are there."""
    resources = []
    for file, (says, columns) in described.items():
        if (folder / file).is_file():
            content = (folder / file).read_bytes()
            made = package.resource(file, says, columns)
            resources.append({**made, "bytes": len(content), "hash": f"sha256:{sha256(content).hexdigest()}"})
    said = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "published-rows",
        "title": title,
        "sources": [{"title": source}],
        "inputs": [{"file": Path(path).name, "sha256": digest} for path, digest in files.items()],
        **about,
        "resources": resources,
    }
    try:
        (folder / "datapackage.json").write_bytes(package.as_text(said))
        (folder / "site.css").write_bytes(_STYLE.read_bytes())
        (folder / "index.html").write_text(_document(title, body), encoding="utf-8")
    except OSError as error:
        raise UserError(f"cannot be written: {(error.strerror or str(error)).lower()}", where=str(folder)) from error


def _document(title: str, body: Markup) -> str:
    head = join(
        [
            Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
            Markup('<meta name="color-scheme" content="light dark">'),
            tag("title", title),
            Markup('<link rel="stylesheet" href="site.css">'),
        ]
    )
    foot = tag("footer", tag("p", "No script, no tracker, nothing fetched from elsewhere."), class_="foot")
    page = join([tag("main", tag("h1", title), body), foot])
    return f'<!doctype html>\n<html lang="en">\n<head>{head}</head>\n<body>\n{page}\n</body>\n</html>\n'


def _head(replay: Replay) -> Iterator[Markup]:
    read, asked, counts = replay.reading, replay.question, replay.counts
    whose = f"of {asked.agency}" if asked.agency else "of the agency of each row's facility"
    yield tag("p", f"{replay.mapping.title}.", class_="lead")
    yield tag("p", f"{read.rows:,} rows read, {counts.rows:,} decided under the law {whose} on the day of each row.")
    yield tag("p", replay.mapping.day.says)
    yield tag(
        "p",
        "What the table does not say stays unknown, so each count is a bound: surely forbidden or surely permitted, "
        "whatever the missing facts are, or not to be told from the table.",
    )
    if asked.given:
        yield tag("p", "Given for every row: ", tag("code", telling.plain(asked.given)), ".")
    if read.left_out:
        lines = sorted(read.left_out.items(), key=lambda item: -item[1])
        yield table("Rows left out", ["Why", "Rows"], [[why, f"{n:,}"] for why, n in lines], (1,))


def _decisions(counts: Counts) -> Iterator[Markup]:
    """For each decision: its outcomes with their bounds, and the facts that are missing."""
    for name in JUDGED:
        found = {kind: counts.outcomes[name, kind] for kind in OUTCOMES if counts.outcomes[name, kind]}
        bounds = counts.bounds(name)
        told = [f"{telling.SAYS[kind]} in {n:,}" for kind, n in found.items()]
        sentence = f"{telling.NAMES[name]}: {', '.join(told) or 'no rows'} of {counts.rows:,} rows."
        rows = [
            [telling.SAYS[kind], f"{n:,}", *(f"{bound:,}" for bound in bounds.get(kind, (0, n)))]
            for kind, n in found.items()
        ]
        yield tag("h2", telling.NAMES[name])
        yield figure(
            sentence,
            _bars(f"{name}-outcomes", telling.NAMES[name], sentence, [(telling.SAYS[k], n) for k, n in found.items()]),
            table(f"{telling.NAMES[name]}: outcomes", ["Outcome", "Rows", "At least", "At most"], rows, (1, 2, 3)),
            [("outcomes.csv", "outcomes.csv")],
        )
        yield from _missing(counts, name)
        yield from _provisions(counts, name)


def _missing(counts: Counts, name: str) -> Iterator[Markup]:
    facts = telling.missing(counts, name)
    if facts:
        first = facts[0][0]
        most = counts.tells_most[name, first]
        sentence = f"What the table does not say and would tell most: {first}, first to ask in {most:,} rows."
        rows = [[tag("code", fact), f"{counts.tells_most[name, fact]:,}", f"{n:,}"] for fact, n in facts]
        bars = [(fact, n) for fact, n in facts[:MOST]]
        yield figure(
            sentence,
            _bars(f"{name}-missing", "Rows that a missing fact could change", sentence, bars),
            table(f"{telling.NAMES[name]}: missing facts", ["Fact", "First to ask in", "Could change"], rows, (1, 2)),
            [("missing.csv", "missing.csv")],
            "The bars show in how many rows a fact could still change the answer.",
        )


def _provisions(counts: Counts, name: str) -> Iterator[Markup]:
    lines = [(key, n) for key, n in counts.provisions.most_common() if key[0] == name]
    if lines:
        rows = [[cite, law, telling.SAYS[kind], f"{n:,}"] for (_, kind, law, cite), n in lines]
        yield table(
            f"{telling.NAMES[name]}: provisions that answer on the facts of the table",
            ["Provision", "Law", "Outcome", "Rows"],
            rows,
            (3,),
        )
        yield tag("p", "Download: ", link("provisions.csv", "provisions.csv"), class_="quiet")


def _splits(replay: Replay) -> Iterator[Markup]:
    """By month, by agency where rows have several, by facility."""
    counts = replay.counts
    months = sorted(counts.month_rows.items())
    yield tag("h2", "By month")
    yield _split("months", "Rows decided, by month", months, counts, lambda one: (counts.months, (one,)), _of_time)
    if not replay.question.agency:
        yield tag("h2", "By agency")
        agencies = counts.agency_rows.most_common()
        yield _split(
            "agencies", "Rows decided, by agency", agencies, counts, lambda one: (counts.agencies, (one,)), _most
        )
    places = sorted(counts.facility_rows.items(), key=lambda item: (-item[1], item[0]))
    yield tag("h2", "By facility")
    yield _split(
        "facilities", "Rows decided, by facility", places, counts, lambda one: (counts.facilities, (one,)), _most
    )


def _split(
    name: str,
    title: str,
    items: Sequence[tuple[Any, int]],
    counts: Counts,
    at: Callable[[Any], tuple[Any, tuple[Any, ...]]],
    chart: Callable[[str, str, str, Sequence[tuple[str, int]]], Markup],
) -> Markup:
    columns = [(one, kind) for one in JUDGED for kind in OUTCOMES if counts.outcomes[one, kind]]
    heads = [telling.HEADS[one] + telling.SAYS[kind] for one, kind in columns]
    shown = items if chart is _of_time else items[:MOST]
    rows = []
    for item, n in shown:
        counter, key = at(item)
        rows.append([_called(item), f"{n:,}", *(f"{counter[*key, one, kind]:,}" for one, kind in columns)])
    whole = f"{title}: {counts.rows:,} rows."
    if len(shown) < len(items):
        whole = f"{title}: the {len(shown)} with the most of {len(items):,}; all are in the file."
    data = table(title, ["", "Rows", *heads], rows, range(1, len(columns) + 2))
    return figure(
        whole,
        chart(name, title, whole, [(_called(item), n) for item, n in items]),
        data,
        [(f"{name}.csv", f"{name}.csv")],
    )


def _called(item: Any) -> str:
    return ", ".join(filter(None, item)) or "none named" if isinstance(item, tuple) else str(item)


def _of_time(name: str, title: str, says: str, items: Sequence[tuple[str, int]]) -> Markup:
    """Bars of months, standing while they are few; of years where there are very many."""
    if len(items) > _MANY:
        years: dict[str, int] = {}
        for month, n in items:
            years[month[:4]] = years.get(month[:4], 0) + n
        return _bars(name, title, says, list(years.items()))
    if len(items) > MOST:
        return _bars(name, title, says, items)
    return charts.columns(name, title, says, [charts.Bar(month, n) for month, n in items])


def _most(name: str, title: str, says: str, items: Sequence[tuple[str, int]]) -> Markup:
    return _bars(name, title, says, items[:MOST])


def _bars(name: str, title: str, says: str, items: Sequence[tuple[str, int]]) -> Markup:
    bars = [charts.Bar(word if len(word) <= SHORT else f"{word[: SHORT - 1]}…", n) for word, n in items]
    return charts.rows(name, title, says, bars)


def _what_if(replay: Replay) -> Iterator[Markup]:
    asked, counts = replay.question, replay.counts
    if not asked.compares:
        return
    found = list(counts.differences())
    yield tag("h2", f"The same rows {telling.under(asked)}")
    if not found:
        yield tag("p", "No answer changes.")
        return
    rows = [[telling.NAMES[name], telling.kind(then), telling.kind(now), f"{n:,}"] for name, then, now, n in found]
    yield table("Answers that change", ["Decision", "Here", "There", "Rows"], rows, (3,))
    yield tag("p", "Download: ", link("changes.csv", "changes.csv"), class_="quiet")
    for name, then, now, _ in found:
        example = counts.examples[name, then, now][0]
        facts = {key: value for key, value in example.then.case.items() if key not in ("id", "agency", "at")}
        yield tag(
            "details",
            tag("summary", f"{telling.NAMES[name]}: {telling.kind(then)} → {telling.kind(now)}, an example"),
            tag("p", f"{example.rows:,} rows with ", tag("code", telling.plain(facts))),
            tag("p", f"Here: {telling.because(example.then, name)}."),
            tag("p", f"There: {telling.because(example.now, name)}."),
        )


def _basis(replay: Replay) -> Iterator[Markup]:
    laws = [tag("li", tag("code", digest)) for digest in sorted(replay.counts.laws)]
    yield tag("h2", "What it rests on")
    yield tag("p", f"Mapping {replay.mapping.id}. Source: {replay.mapping.source}.")
    yield tag("p", "Digests of the law files that decided:")
    yield tag("ul", *laws)
    yield from _files_of(replay.files, replay.reading.left, replay.reading.notes)
    yield tag(
        "p", link("replay.json", "replay.json"), " has every count, ", link("datapackage.json", "datapackage.json"),
        " describes the tables.",
    )  # fmt: skip


def _files_of(files: Mapping[str, str], left: Sequence[Left], notes: Sequence[str]) -> Iterator[Markup]:
    """The input by name and digest, and what was noted of it, without where it lay."""
    names = {path: Path(path).name for path in files}
    rows = [[names[path], tag("code", digest)] for path, digest in files.items()]
    yield table("Tables read", ["File", "SHA-256"], rows)
    said = [*(f"{one.name}: {one.why}; left out" for one in left), *notes]
    for path, name in names.items():
        said = [line.replace(path, name) for line in said]
    if said:
        yield tag("h3", "Noted while reading")
        yield tag("ul", *(tag("li", line) for line in said))


def _series(found: Series, earlier: Series | None) -> Iterator[Markup]:
    groups = [group for group in found.rows if group != TOTAL]
    told = [f"{group} {found.rows[group]:,}" for group in groups]
    yield tag("p", f"{span(found)}{f', {found.area}' if found.area else ''}.", class_="lead")
    sentence = f"{found.rows[TOTAL]:,} rows: {', '.join(told)}."
    months = sorted({month for month, _ in found.months})
    rows = [[month, *(f"{found.months[month, group]:,}" for group in (*groups, TOTAL))] for month in months]
    data = table("By month", ["Month", *groups, TOTAL], rows, range(1, len(groups) + 2))
    chart = _bars("groups", f"By {found.by}", sentence, [(group, found.rows[group]) for group in groups])
    yield figure(sentence, chart, data, [("series.csv", "series.csv")])
    if earlier:
        yield tag("h2", "Two periods")
        lines = [
            [group, f"{then:,}", f"{now:,}", "none before" if change is None else f"{change:+.1%}"]
            for group, then, now, change in compared(earlier, found)
        ]
        yield table("Change", ["", span(earlier), span(found), "Change"], lines, (1, 2, 3))
    yield from (tag("p", f"The series breaks on {day}: {says}", class_="open") for day, says in found.breaks.items())
    yield from (tag("p", f"{n:,} rows left out: {why}.", class_="quiet") for why, n in found.left_out.items())
