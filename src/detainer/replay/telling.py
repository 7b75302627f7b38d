"""A replay told: as text for people, as JSON for programs, with the mapping, the laws and the digests of the input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from detainer.replay.counts import Counts, Example, Facility
from detainer.replay.deciding import JUDGED, OUTCOMES, Decided
from detainer.replay.run import Question, Replay

SAYS = {
    "forbidden": "surely forbidden",
    "permitted": "surely permitted",
    "no_law": "no law speaks",
    "nothing_to_decide": "nothing to decide",
    "cannot_be_told": "cannot be told",
}
NAMES = {"hold": "Hold past release", "notify": "Tell ICE of the release"}
HEADS = {"hold": "Hold: ", "notify": "Tell: "}  # the head of a column of outcomes
MOST = 12  # facilities, provisions, facts and differences that the text lists


def as_json(replay: Replay) -> dict[str, Any]:
    """The whole result as one JSON object."""
    counts, asked = replay.counts, replay.question
    found: dict[str, Any] = {
        "mapping": replay.mapping.id,
        "title": replay.mapping.title,
        "source": replay.mapping.source,
        "day": replay.mapping.day.says,
        "files": [{"path": path, "sha256": digest} for path, digest in replay.files.items()],
        "laws": sorted(counts.laws),
        "agency": asked.agency or "by facility",
        "given": dict(asked.given),
        "rows": {"read": replay.reading.rows, "counted": counts.rows, "left_out": dict(replay.reading.left_out)},
        "not_read": [{"table": left.name, "why": left.why} for left in replay.reading.left],
        "notes": replay.reading.notes,
        "patterns": len(counts.patterns),
        "decisions": {name: _decision(counts, name) for name in JUDGED},
        "months": [
            {"month": month, "rows": n, **{name: _split(counts.months, (month, name)) for name in JUDGED}}
            for month, n in sorted(counts.month_rows.items())
        ],
        "agencies": [
            {"agency": agency, "rows": n, **{name: _split(counts.agencies, (agency, name)) for name in JUDGED}}
            for agency, n in counts.agency_rows.most_common()
        ],
        "facilities": [
            {
                "facility": facility[0],
                "state": facility[1],
                "rows": n,
                **{name: _split(counts.facilities, (facility, name)) for name in JUDGED},
            }
            for facility, n in _facilities(counts)
        ],
    }
    if asked.compares:
        found["what_if"] = {
            "agency": asked.other_agency or asked.agency or "by facility",
            "as_of": asked.other_day.isoformat() if asked.other_day else None,
            "changed": [
                {
                    "decision": name,
                    "then": then,
                    "now": now,
                    "rows": n,
                    "examples": [_example(name, example) for example in counts.examples[name, then, now]],
                }
                for name, then, now, n in counts.differences()
            ],
            "unchanged": {
                name: sum(n for (one, then, now), n in counts.changed.items() if one == name and then == now)
                for name in JUDGED
            },
        }
    return found


def _decision(counts: Counts, name: str) -> dict[str, Any]:
    return {
        "outcomes": _split(counts.outcomes, (name,)),
        "bounds": {kind: {"least": low, "most": high} for kind, (low, high) in counts.bounds(name).items()},
        "answer_on_these_facts": {answer: n for (one, answer), n in counts.answers.most_common() if one == name},
        "provisions": [
            {"outcome": kind, "law": law, "cite": cite, "rows": n}
            for (one, kind, law, cite), n in counts.provisions.most_common()
            if one == name
        ],
        "missing": [
            {"fact": fact, "rows": n, "most_decisive_in": counts.tells_most[name, fact]}
            for fact, n in missing(counts, name)
        ],
    }


def missing(counts: Counts, name: str) -> list[tuple[str, int]]:
    """The facts that could still change a decision, the one that is the most decisive in the most rows first."""
    facts = [(fact, n) for (one, fact), n in counts.missing.items() if one == name]
    return sorted(facts, key=lambda item: (-counts.tells_most[name, item[0]], -item[1], item[0]))


def _facilities(counts: Counts) -> list[tuple[Facility, int]]:
    return sorted(counts.facility_rows.items(), key=lambda item: (-item[1], item[0]))


def _split(counter: Any, key: tuple[Any, ...]) -> dict[str, int]:
    """The outcomes under a key, each with its rows; those without rows left out."""
    return {kind: counter[*key, kind] for kind in OUTCOMES if counter[*key, kind]}


def _example(name: str, example: Example) -> dict[str, Any]:
    return {
        "rows": example.rows,
        "then": {"case": dict(example.then.case), **_why(example.then, name)},
        "now": {"case": dict(example.now.case), **_why(example.now, name)},
    }


def _why(decided: Decided, name: str) -> dict[str, Any]:
    said = decided.said[name]
    return {"answer": said.answer, "cites": [cite for _, cite in said.cites], "missing": list(said.missing)}


def as_text(replay: Replay) -> Iterator[str]:
    """The result in lines for people."""
    counts, asked, read = replay.counts, replay.question, replay.reading
    yield replay.mapping.title
    yield from (f"  {path}  sha256 {digest[:16]}…" for path, digest in replay.files.items())
    yield f"  mapping {replay.mapping.id}; {replay.mapping.day.says}"
    yield f"  laws {', '.join(sorted(counts.laws))}"
    whose = f"of {asked.agency}" if asked.agency else "of the agency of each row's facility"
    yield f"{read.rows:,} rows read, {counts.rows:,} decided under the law {whose} on the day of each row."
    if read.left_out:
        yield "Left out: " + ", ".join(f"{n:,} {why}" for why, n in sorted(read.left_out.items(), key=lambda i: -i[1]))
    if asked.given:
        yield f"Given for every row: {asked.given}"
    for name in JUDGED:
        yield from _told(counts, name)
    yield ""
    yield from _grid("month", sorted(counts.month_rows.items()), counts, lambda month: (counts.months, (month,)))
    if not asked.agency:
        yield ""
        yield from _grid("agency", counts.agency_rows.most_common(), counts, lambda one: (counts.agencies, (one,)))
    yield ""
    yield from _grid("facility", _facilities(counts)[:MOST], counts, lambda one: (counts.facilities, (one,)))
    if asked.compares:
        yield from _differences(replay)


def _told(counts: Counts, name: str) -> Iterator[str]:
    yield ""
    yield f"{NAMES[name]}: of {counts.rows:,} rows"
    for kind in OUTCOMES:
        if n := counts.outcomes[name, kind]:
            yield f"  {SAYS[kind]:18} {n:>12,}  {_share(n, counts.rows)}"
    for kind in ("forbidden", "permitted"):
        low, high = counts.bounds(name)[kind]
        if low != high:
            yield f"  {kind} in {low:,} rows at least and {high:,} at most"
    cites = [(key, n) for key, n in counts.provisions.most_common() if key[0] == name and key[1] != "cannot_be_told"]
    for (_, kind, law, cite), n in cites[:MOST]:
        yield f"  {SAYS[kind]} by {law}: {cite}: {n:,}"
    lacking = missing(counts, name)
    if lacking:
        yield "  what the table does not say, and would tell most:"
        for fact, n in lacking[:MOST]:
            yield f"    {fact}: could change {n:,} rows, first to ask in {counts.tells_most[name, fact]:,}"


def _grid(head: str, items: Iterable[tuple[Any, int]], counts: Counts, at: Any) -> Iterator[str]:
    """A table: one line an item, the outcomes of each decision as columns."""
    columns = [(name, kind) for name in JUDGED for kind in OUTCOMES if counts.outcomes[name, kind]]
    lines = [[head, "rows", *(f"{name} {SAYS[kind].removeprefix('surely ')}" for name, kind in columns)]]
    for item, n in items:
        counter, key = at(item)
        called = ", ".join(filter(None, item)) or "(none named)" if isinstance(item, tuple) else item
        lines.append([called, f"{n:,}", *(f"{counter[*key, name, kind]:,}" for name, kind in columns)])
    widths = [max(len(line[number]) for line in lines) for number in range(len(lines[0]))]
    for line in lines:
        first, *others = (cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        yield "  ".join([line[0].ljust(widths[0]), *others]) if first else ""


def _differences(replay: Replay) -> Iterator[str]:
    counts = replay.counts
    yield ""
    yield f"The same rows {under(replay.question)}:"
    found = list(counts.differences())
    if not found:
        yield "  no answer changes."
    for name, then, now, n in found:
        yield f"  {NAMES[name]}: {kind(then)} → {kind(now)}: {n:,} rows"
        for example in counts.examples[name, then, now][:1]:
            said = {key: value for key, value in example.then.case.items() if key not in ("id", "agency", "at")}
            yield f"    for example {example.rows:,} rows with {said}"
            yield f"      before: {because(example.then, name)}"
            yield f"      after:  {because(example.now, name)}"


def under(asked: Question) -> str:
    """The law that is asked about in the second place, in words."""
    agency = f"under the law of {asked.other_agency}" if asked.other_agency else ""
    day = f"as it was on {asked.other_day}" if asked.other_day else ""
    return " ".join(filter(None, [agency or ("under the law" if day else ""), day]))


def plain(facts: Mapping[str, Any]) -> str:
    """Facts on one line, as a case file writes them."""
    return yaml.safe_dump(
        dict(facts), default_flow_style=True, width=10_000, sort_keys=False, allow_unicode=True
    ).strip()


def kind(full: str) -> str:
    """An outcome with the answer on the facts of the table alone, in words."""
    kind, _, answer = full.partition(" ")
    return f"{SAYS[kind]} {answer}"


def because(decided: Decided, name: str) -> str:
    """Whose law answers what, on which day, by which provisions."""
    said = decided.said[name]
    cites = "; ".join(cite for _, cite in said.cites) or "no provision decides"
    return f"{decided.case['agency']} on {str(decided.case['at'])[:10]}: {said.answer.replace('_', ' ')}, {cites}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""
