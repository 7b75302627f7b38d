"""Deciding: how fast, beside four engines; and how often each decides what the law leaves open.

    python bench/decide.py [SECONDS]

needs the environment of requirements/bench.txt and PYTHONPATH=src. Every engine is first asked all 256 combinations of
known facts and must give the answer of the law; only then is it timed, each in turn and again, the median told. Seconds
are of processor time, as other work on the machine would rule those of the clock.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from detainer.law import LawBook, read_cases
from detainer.law.diagram import Diagrams
from detainer.law.state import settle
from peers import CONDITIONS, PEERS, Decide, Facts, plain

ROUNDS = 5
CASES = Path(__file__).parent.parent / "laws" / "us" / "ny" / "nyc" / "cases" / "police.yaml"


def main() -> None:
    """Print both tables."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    speed(seconds)
    openness()


def speed(seconds: float) -> None:
    """Explained decisions a second on one core."""
    book = LawBook.load()
    cases = list(read_cases(CASES))
    ready = [_ready(book, case) for case in cases]
    facts = [dict(zip(CONDITIONS, values, strict=True)) for values in product((True, False), repeat=len(CONDITIONS))]
    runs: dict[str, tuple[Callable[[Any], object], list[Any]]] = {
        "ours, from a ready set of facts": (lambda asked: asked[0].explained(asked[1]), ready),
        "ours, from case files that are read": (book.decide, cases),
    }
    for name, make in PEERS.items():
        decide = make()
        wrong = [one for one in facts if decide(one) != plain(one)]
        if wrong:
            sys.exit(f"{name} gives another answer for {wrong[0]}")
        runs[name] = decide, facts
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, (decide, asked) in runs.items():
            rates[name].append(_rate(decide, asked, seconds / ROUNDS))
    base = median(rates["zen-engine, decision table, trace"])
    print("explained decisions a second of processor time, one core, median of", ROUNDS)
    for name, measured in rates.items():
        print(f"  {name:38}{median(measured):12,.0f}{median(measured) / base:10.1f} x zen-engine")


def _ready(book: LawBook, case: Any) -> Any:
    agency = book.agency(case.agency)
    engine = book.engine(agency, case.at.astimezone(agency.zone).date())
    return engine, engine.ready(case)


def _rate(decide: Callable[[Any], object], asked: list[Any], seconds: float) -> float:
    for one in asked:
        decide(one)
    done, start = 0, process_time()
    while (spent := process_time() - start) < seconds:
        for one in asked:
            decide(one)
        done += len(asked)
    return done / spent


def openness() -> None:
    """The share of the states that the law leaves open in which each engine decides all the same.

    A state is open while some way of filling in what is not known gives another answer; that the section itself
    closes a ground on an unknown is left aside here, for every engine alike.
    """
    every = product((True, False, None), repeat=len(CONDITIONS))
    states = [dict(zip(CONDITIONS, values, strict=True)) for values in every]
    known = [{name: value for name, value in state.items() if value is not None} for state in states]
    known = [state for state in known if not (state.get("C") and state.get("E") is False)]
    exact = [_outcomes(state) for state in known]
    left_open = [state for state, outcomes in zip(known, exact, strict=True) if len(outcomes) > 1]
    print(f"\n{len(known):,} states of {len(CONDITIONS)} conditions; the law leaves {len(left_open):,} open")
    print(
        "  decides although the law leaves it open, in 100 open states; says undetermined although the law settles it"
    )
    ours = _ours()
    for name, decide in {"ours": ours, **{name: make() for name, make in PEERS.items()}}.items():
        decided = sum(decide(state) != "undetermined" for state in left_open)
        shy = sum(
            decide(state) == "undetermined" for state, outcomes in zip(known, exact, strict=True) if len(outcomes) == 1
        )
        print(f"  {name:38}{100 * decided / len(left_open):8.1f}{shy:10,}")


def _outcomes(state: Facts) -> frozenset[str]:
    """The answers over every way of filling in what is not known; a conviction lately is one at some time."""
    open_names = [name for name in CONDITIONS if name not in state]
    ways: Iterator[tuple[bool, ...]] = product((True, False), repeat=len(open_names))
    whole = ({**state, **dict(zip(open_names, way, strict=True))} for way in ways)
    return frozenset(plain(one) for one in whole if one["E"] or not one["C"])


def _ours() -> Decide:
    """Our diagrams over the same conditions, with the constraint that the law file states."""
    d = Diagrams()
    atom = {name: d.atom(number) for number, name in enumerate(CONDITIONS)}
    no = {name: d.negate(node) for name, node in atom.items()}
    route = d.all([atom["J"], atom["S"], d.any([atom["C"], atom["W"]])])
    ground = d.any([d.all([atom["E"], atom["R"]]), atom["W"]])
    hours = d.all([atom["S"], ground, no["J"], no["O"]])
    may = d.pick(d.any([route, hours]), d.outcome("may"), d.outcome("must_not"))
    answer = d.pick(atom["D"], may, d.outcome("silent"))
    answer = d.pick(d.any([atom["E"], no["C"]]), answer, d.outcome("impossible"))

    def decide(state: Facts) -> str:
        seen = d.reached(answer, {CONDITIONS.index(name): value for name, value in state.items()})
        return settle(frozenset(seen - {"impossible"}))

    return decide


if __name__ == "__main__":
    main()
