"""How many small changes to the law room its tests notice: a random sample, with its score.

    ./test --version                                                   # makes the environment once
    PYTHONPATH=src .detainer/env-test/bin/python bench/mutation.py [SIZE [SEED [MODULE …]]]
    PYTHONPATH=src .detainer/env-test/bin/python bench/mutation.py --reach [TESTS …]

Each change (mutants.py) is put into a fork of one process that has the tests collected and the laws compiled, and the
tests that reach the changed line run there, the quickest first, until one fails. A change to a line that reading or
compiling the laws reaches has them read and compiled again. mutmut, which starts the tests anew for each change,
would take days here.

The sample is drawn in proportion to the changes of each module. What survives is listed, equal changes and all. A test
that takes longer than LONGEST is not asked, and no change is asked of more than BUDGET seconds of tests: what only
those would notice counts as not noticed. Which lines a test reaches is measured on the first run and kept; after tests
were added, `--reach` with their files measures those alone.
"""

from __future__ import annotations

import gc
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path

import pytest

from mutants import Mutant, made_functions, mutants

ROOT = Path(__file__).resolve().parent.parent
LAW = ROOT / "src" / "detainer" / "law"
WORK = ROOT / ".detainer" / "mutation"
REACHED = WORK / "reached.json"  # for each test how long it takes and which lines it reaches
STARTED = WORK / "started.json"  # which lines are reached by reading and compiling the laws
ENDS = WORK / "ends.txt"  # each change with its end, as they come
LONGEST, BUDGET, LIMIT = 6.0, 20.0, 60  # seconds of a test, of all tests for one change, of a fork's processor time
MEMORY = 6 << 30
NOBODY = "no such function"  # made by no module that the tests read: not tried


class Reach:
    """A pytest plugin that notes which lines of the law room each test reaches.

    What was read, compiled or set up once for several tests counts for each of them that asked for it.
    """

    def __init__(self) -> None:
        import coverage

        self.measured = coverage.Coverage(data_file=None, config_file=False, include=[str(LAW / "*.py")])
        self.context = "collection"
        self.engines: dict[str, set[str]] = defaultdict(set)
        self.times: dict[str, float] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Begin when the tests are collected."""
        self.measured.start()
        self._watch()

    def _watch(self) -> None:
        from detainer.law import book, decide, stack

        load, engine, made = book.LawBook.load.__func__, book.LawBook.engine, decide.Engine.__init__  # type: ignore[attr-defined]
        compiled = stack.Stack.__init__

        def loaded(kind: type[book.LawBook], *given: object) -> book.LawBook:
            return self._within("loading", load, kind, *given)  # type: ignore[return-value]

        def asked(laws: book.LawBook, *given: object) -> decide.Engine:
            found = engine(laws, *given)  # type: ignore[arg-type]
            self.engines[self.context] |= {f"engine {id(found.stack)}", "loading"}
            return found

        def begun(one: decide.Engine, of: object, *rest: object) -> None:
            made(one, of, *rest)  # type: ignore[arg-type]

        def compiling(one: stack.Stack, *given: object) -> None:
            self._within(f"engine {id(one)}", compiled, one, *given)

        book.LawBook.load = classmethod(loaded)  # type: ignore[assignment,arg-type]
        book.LawBook.engine = asked  # type: ignore[method-assign,assignment]
        decide.Engine.__init__, stack.Stack.__init__ = begun, compiling  # type: ignore[method-assign,assignment]

    def _within(self, name: str, function: object, *given: object) -> object:
        before = self.context
        self._to(name)
        try:
            return function(*given)  # type: ignore[operator]
        finally:
            self._to(before)
            self.engines[before].add(name)

    def _to(self, name: str) -> None:
        self.context = name
        self.measured.switch_context(name)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: object) -> object:
        """Note the lines of a fixture under its own name: not the first test that asks alone reaches them."""
        before = self.context
        self._to(f"fixture {id(fixturedef)}")
        try:
            return (yield)
        finally:
            self._to(before)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> object:
        """Note a test's time and lines under its name."""
        fixtures = item._fixtureinfo.name2fixturedefs.values()  # type: ignore[attr-defined] # noqa: SLF001
        self.engines[item.nodeid] |= {f"fixture {id(one)}" for found in fixtures for one in found}
        self._to(item.nodeid)
        start = time.perf_counter()
        done = yield
        self.times[item.nodeid] = time.perf_counter() - start
        self._to("between")
        return done

    def pytest_sessionfinish(self) -> None:
        """Write down what was found, beside what is known of other tests."""
        self.measured.stop()
        data = self.measured.get_data()
        lines: dict[str, dict[str, list[int]]] = defaultdict(dict)
        for file in data.measured_files():
            for line, contexts in data.contexts_by_lineno(file).items():
                for context in contexts:
                    lines[context].setdefault(Path(file).stem, []).append(line)
        found = json.loads(REACHED.read_text(encoding="utf-8")) if REACHED.exists() else {}
        for test, took in self.times.items():
            reached: dict[str, set[int]] = defaultdict(set)
            for context in self._contexts(test):
                for module, numbers in lines[context].items():
                    reached[module] |= set(numbers)
            found[test] = {"took": took, "lines": {module: sorted(numbers) for module, numbers in reached.items()}}
        REACHED.write_text(json.dumps(found), encoding="utf-8")

    def _contexts(self, name: str) -> set[str]:
        """A test and all that was read, compiled or set up for it, or for what was set up for it."""
        found, open_names = {name}, [name]
        while open_names:
            more = self.engines[open_names.pop()] - found
            found |= more
            open_names += more
        return found


class Trial:
    """A pytest plugin that tries each change of a sample in place of running the tests; None is no change."""

    def __init__(self, sample: Sequence[Mutant | None]) -> None:
        self.sample = sample
        self.reached = json.loads(REACHED.read_text(encoding="utf-8"))
        self.ends: list[str] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try them all, one after another."""
        self._ready()
        items = {item.nodeid: item for item in session.items}
        for mutant in self.sample:
            start = time.perf_counter()
            child = os.fork()
            if child == 0:
                self._child(mutant, items)
            _, status = os.waitpid(child, 0)
            self.ends.append(_end(os.waitstatus_to_exitcode(status)))
            with ENDS.open("a", encoding="utf-8") as out:
                print(f"{self.ends[-1]:12} {time.perf_counter() - start:6.1f}", mutant and mutant.name, file=out)
        return True

    def _ready(self) -> None:
        """Read and compile every law once, for the changes to lines that neither reaches; note the lines that do."""
        import coverage
        import shipped

        from detainer.law import LawBook

        measured = coverage.Coverage(data_file=None, config_file=False, include=[str(LAW / "*.py")])
        measured.start()
        book = LawBook.load()
        for agency in book.agencies.values():
            for day in sorted({day for law in agency.laws for day in book.edges[law]}):
                book.engine(agency, day)
        measured.stop()
        data = measured.get_data()
        self.at_start = {(Path(file).stem, line) for file in data.measured_files() for line in data.lines(file) or ()}
        self.load = LawBook.__dict__["load"]
        shipped.book.cache_clear()
        read = self.load.__func__

        def load(kind: type[LawBook], path: Path | None = None) -> LawBook:
            return book if path is None else read(kind, path)  # type: ignore[no-any-return]

        LawBook.load = classmethod(load)  # type: ignore[assignment]
        self.made = made_functions()
        gc.collect()
        gc.freeze()

    def _child(self, mutant: Mutant | None, items: dict[str, pytest.Item]) -> None:
        from detainer.law import LawBook

        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            if mutant is not None and not mutant.put_in(self.made):
                os._exit(3)
            if mutant is not None and (mutant.path.stem, mutant.line) in self.at_start:
                LawBook.load = self.load  # type: ignore[method-assign]
            chosen = [items[name] for name in self._chosen(mutant) if name in items]
            for one, after in zip(chosen, [*chosen[1:], None], strict=True):
                one.config.hook.pytest_runtest_protocol(item=one, nextitem=after)
        except BaseException:  # noqa: BLE001 - whatever the change breaks is noticed
            os._exit(1)
        os._exit(0)

    def _chosen(self, mutant: Mutant | None) -> list[str]:
        """The tests that reach the line, the quickest first."""
        hits = [
            (found["took"], test)
            for test, found in self.reached.items()
            if found["took"] <= LONGEST and (mutant is None or mutant.line in found["lines"].get(mutant.path.stem, ()))
        ]
        tests, spent = [], 0.0
        for took, test in sorted(hits):
            spent += took
            if spent <= BUDGET:
                tests.append(test)
        return tests

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The first failure ends a fork."""
        if report.failed:
            os._exit(1)


def _end(code: int) -> str:
    if code < 0:
        return "noticed (time or memory ran out)"
    return {0: "survived", 1: "noticed", 3: NOBODY}.get(code, f"broke {code}")


def run(plugin: object, tests: Sequence[str] = ("tests/law",)) -> None:
    """Collect tests, those of the law room unless others are named, with a plugin that does the rest."""
    from hypothesis import HealthCheck, settings

    settings.register_profile("mutation", deadline=None, database=None, suppress_health_check=list(HealthCheck))
    settings.load_profile("mutation")
    quiet = ["-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    code = pytest.main([*quiet, *tests], plugins=[plugin])
    if code not in (0, 5):
        raise SystemExit(f"pytest ended with {code}")


def drawn(size: int, seed: int, modules: Sequence[str]) -> tuple[list[Mutant], int]:
    """A sample in proportion to the changes of each module, at least one of each; and how many there are."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    every = {path.stem: mutants(path) for path in sorted(LAW.glob("*.py")) if not modules or path.stem in modules}
    every = {name: found for name, found in every.items() if found}
    whole = sum(map(len, every.values()))
    picked: list[Mutant] = []
    for found in every.values():
        picked += chance.sample(found, min(len(found), max(1, round(size * len(found) / whole))))
    chance.shuffle(picked)
    return picked, whole


def interval(noticed: int, every: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, in per cent."""
    z, share = 1.96, noticed / every
    middle = (share + z * z / (2 * every)) / (1 + z * z / every)
    half = z * sqrt(share * (1 - share) / every + z * z / (4 * every * every)) / (1 + z * z / every)
    return 100 * (middle - half), 100 * (middle + half)


def main() -> None:
    """Measure, and print the score of each module, of all, and what survived."""
    os.chdir(ROOT)
    WORK.mkdir(parents=True, exist_ok=True)
    if sys.argv[1:2] == ["--reach"]:
        run(Reach(), sys.argv[2:] or ["tests/law"])
        return
    size, seed = (int(sys.argv[place]) if len(sys.argv) > place else default for place, default in ((1, 1000), (2, 1)))
    if not REACHED.exists():
        subprocess.run([sys.executable, __file__, "--reach"], check=True)
    sample, whole = drawn(size, seed, sys.argv[3:])
    ENDS.write_text("", encoding="utf-8")
    trial = Trial([None, *sample])
    run(trial)
    if trial.ends[0] != "survived":
        raise SystemExit("the tests fail without any change")
    told(list(zip(sample, trial.ends[1:], strict=True)))
    print(f"{datetime.now(UTC):%Y-%m-%d}; seed {seed}; {whole} changes in all")


def told(ends: Sequence[tuple[Mutant, str]]) -> None:
    """Print what became of the changes that could be tried."""
    tried = [(mutant, end) for mutant, end in ends if end != NOBODY]
    for mutant, end in sorted(tried, key=lambda one: one[0].name):
        if not end.startswith("noticed"):
            print(f"  {end}: {mutant.name}")
    every = Counter(mutant.path.stem for mutant, _ in tried)
    noticed = Counter(mutant.path.stem for mutant, end in tried if end.startswith("noticed"))
    for module, count in sorted(every.items()):
        print(f"{module:12} {noticed[module]:4} of {count:4}")
    low, high = interval(noticed.total(), len(tried))
    print(f"{noticed.total()} of {len(tried)} noticed, {100 * noticed.total() / len(tried):.1f} %")
    print(f"95 % interval {low:.1f} to {high:.1f} %")


if __name__ == "__main__":
    main()
