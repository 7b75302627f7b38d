"""How many small changes to the law room and the hold room the tests notice, module by module.

    ./test --version                                # makes the environment once
    .detainer/env-test/bin/python bench/mutation.py [MODULE …]

mutmut changes one thing at a time in a copy of the source (an operator, a number, a word) and runs the tests that
touch the place. Each module is run with the tests that are about it, so that a run takes minutes and not a day. What
survives is listed by name; `mutmut show NAME` in the folder of the module prints the change.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".detainer" / "mutation"
LAW = [f"tests/law/test_{name}.py" for name in ("effects", "needs", "case_law", "answers")]
EXACT = [
    f"tests/law/test_exact.py::{test}[{edition}]"
    for test in (
        "test_every_completion_has_the_outcome_that_a_plain_reading_gives",
        "test_every_partial_state_is_answered_as_its_completions_are",
    )
    for edition in ("us-ny-nyc-police-2014-12-14", "us-tx-sheriff-2026-01-01")
]
TESTS = {
    "hold/calendar": ["tests/hold"],
    "hold/window": ["tests/hold"],
    "law/diagram": ["tests/law/test_diagrams.py"],
    "law/language": ["tests/law/test_language.py"],
    "law/conditions": ["tests/law/test_language.py", *LAW],
    "law/lookback": ["tests/law/test_look_back.py"],
    "law/files": ["tests/law/test_case_files.py", "tests/law/test_law_files.py"],
    "law/case": ["tests/law/test_case_files.py", *LAW],
    "law/offenses": ["tests/law/test_offenses.py", "tests/law/test_law_files.py"],
    "law/names": ["tests/law/test_law_files.py"],
    "law/lawreader": ["tests/law/test_law_files.py", *LAW],
    "law/lawfile": ["tests/law/test_law_files.py", *LAW],
    "law/book": ["tests/law/test_law_files.py", *LAW],
    "law/clocks": LAW,
    "law/findings": LAW,
    "law/state": LAW,
    "law/nature": [*LAW, *EXACT],
    "law/expand": ["tests/law/test_law_files.py", *LAW, *EXACT],
    "law/compiler": ["tests/law/test_law_files.py", *LAW, *EXACT],
    "law/stack": [*LAW, *EXACT],
    "law/needs": [*LAW, "tests/law/test_filling_in.py::test_one_fact_behind_several_conditions_is_asked_for"],
    "law/decide": LAW,
    "law/reasoning": LAW,
    "law/answer": LAW,
    "law/explain": LAW,
}
SETTINGS = """\
[mutmut]
source_paths=src
only_mutate=src/detainer/{module}.py
pytest_add_cli_args_test_selection={tests}
pytest_add_cli_args=
    -x
    -q
    -p
    no:cacheprovider
    --deselect=tests/law/test_case_files.py::test_a_deep_file_does_not_bring_the_process_down
also_copy=
    tests
    laws
    pytest.ini
track_dependencies=false
use_git_change_detection=false
timeout_constant=20
"""
PYTEST = """\
[pytest]
pythonpath = src tests/harness
addopts = --import-mode=importlib --strict-markers
markers = soak: long measurements
filterwarnings = error
"""
NOTICED = (1, 3, 24, -24, 36, 152)  # a test failed, pytest broke, or the time ran out


def prepared(module: str) -> Path:
    """A folder with a copy of what the module and its tests need."""
    folder = WORK / module.replace("/", "-")
    shutil.rmtree(folder, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__", "conftest.py")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "laws", folder / "laws")
    for room in ("harness", "law", "hold"):
        shutil.copytree(ROOT / "tests" / room, folder / "tests" / room, ignore=ignored)
    shutil.copy(ROOT / "tests" / "law" / "conftest.py", folder / "tests" / "law" / "conftest.py")
    tests = "".join(f"\n    {test}" for test in TESTS[module])
    (folder / "setup.cfg").write_text(SETTINGS.format(module=module, tests=tests), encoding="utf-8")
    (folder / "pytest.ini").write_text(PYTEST, encoding="utf-8")
    return folder


def run(module: str) -> tuple[int, int, list[str]]:
    """How many changes were noticed, out of how many, and the names of the rest."""
    folder = prepared(module)
    mutmut = Path(sys.executable).with_name("mutmut")
    with (folder / "log.txt").open("wb") as log:
        subprocess.run([mutmut, "run", "--max-children", "2"], cwd=folder, stdout=log, stderr=log, check=False)
    codes: dict[str, int | None] = {}
    for meta in folder.glob("mutants/src/**/*.meta"):
        codes |= json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    if not codes or None in codes.values():
        raise SystemExit(f"{module}: the run did not finish; see {folder / 'log.txt'}")
    missed = [name for name, code in codes.items() if code not in NOTICED]
    return len(codes) - len(missed), len(codes), missed


def main() -> None:
    """Print a line for each module as it is done, then all of them together."""
    chosen = sys.argv[1:] or list(TESTS)
    noticed = every = 0
    survivors: list[str] = []
    for module in chosen:
        one, all_, missed = run(module)
        print(f"{module:16} {one:5} of {all_:5}  {100 * one / all_:5.1f} %", flush=True)
        noticed, every, survivors = noticed + one, every + all_, survivors + missed
    print(f"{'together':16} {noticed:5} of {every:5}  {100 * noticed / every:5.1f} %")
    (WORK / "survivors.txt").write_text("\n".join(survivors), encoding="utf-8")


if __name__ == "__main__":
    main()
