"""Each row with its answer, and the command as a person calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from published import FEDERAL, I_247D, I_247N, QUEENS, RIKERS, row, write

from detainer import cli
from detainer.law import Case, LawBook
from detainer.replay import writing
from detainer.replay.deciding import LIVE, outcome
from detainer.replay.mapping import Mapping
from detainer.replay.run import Question, Run

ROWS = [
    row("2014-12-13", facility=RIKERS),
    row("2014-12-14", facility=RIKERS),
    row(facility=FEDERAL),
    row(form=I_247N),
    row("not a day"),
    row("2015-07-02", form="NA"),
]
FORMS = {I_247D: {"form": "I-247D"}, I_247N: {"form": "I-247N", "asks": ["notify"]}, "NA": {}}
GIVEN = {**LIVE, "warrants": [], "local_policy_forbids": []}


def _as_parquet(file: Path) -> Path:
    into = file.with_suffix(".parquet")
    copy = f"COPY (SELECT * FROM read_csv('{file}', all_varchar = true)) TO '{into}' (FORMAT parquet)"  # noqa: S608
    with duckdb.connect() as db:
        db.execute(copy)
    return into


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_every_row_written_is_what_the_desk_answers_on_its_own_day(tmp_path: Path, book: LawBook, kind: str) -> None:
    """Row by row beside the engine asked singly, without grouping: day, agency, outcome, citation, missing facts."""
    file = write(tmp_path / "a.csv", *ROWS)
    file = _as_parquet(file) if kind == "parquet" else file
    with Run(book, Mapping.load("ice-foia-2015"), Question(given=GIVEN), date(2026, 11, 24)) as run:
        writing.write(run, run.replay([file]), tmp_path / "out", rows=True, parquet=False)
    with duckdb.connect() as db:
        found = db.execute(f"FROM '{tmp_path}/out/rows.parquet' ORDER BY row")
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, line, strict=True)) for line in found.fetchall()]
    first = 1 if kind == "parquet" else 2
    assert [one["row"] - first for one in rows] == [0, 1, 3, 5]
    for one in rows:
        day, form, facility, _ = ROWS[one["row"] - first]
        agency = {QUEENS: "us-ny-nyc-police", RIKERS: "us-ny-nyc-correction"}[facility]
        at = f"{day}T12:00:00-0{4 if '-07-' in day else 5}:00"
        facts: dict[str, Any] = {**GIVEN, "request": {"withdrawn": False, "from": "ice", **FORMS[form]}}
        facts["custody"] = {"held": True, "releasable_at": at}
        answer = book.decide(Case.read({"id": "one", "agency": agency, "at": at, **facts}))
        assert (str(one["day"]), one["agency"]) == (day, agency)
        for name in ("hold", "notify"):
            decision = answer.decisions[name]
            assert (one[name], one[f"{name}_answer"]) == (outcome(decision), decision.modality)
            assert one[f"{name}_cites"] == "; ".join(dict.fromkeys(reason.cite for reason in decision.reasons))
            assert one[f"{name}_missing"] == ", ".join(n.fact for n in answer.facts_needed if name in n.decisions)


def _command(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `detainer` as a person does."""
    found = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src"), "DETAINER_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "detainer", *arguments]
    return subprocess.run(command, env=found, capture_output=True, text=True, check=False)


def test_the_command_tells_as_json_and_ends_with_1_where_rows_were_left_out(tmp_path: Path) -> None:
    file = str(write(tmp_path / "a.csv", *ROWS))
    done = _command(
        tmp_path,
        "replay",
        file,
        "--by-facility",
        "--mapping",
        "ice-foia-2015",
        "--live",
        "--format",
        "json",
        "--given",
        "warrants: []",
        "--as-of",
        "2020-01-01",
    )
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert told["rows"] == {
        "read": 6, "counted": 4, "left_out": {"day not readable": 1, "federal facility": 1}
    }  # fmt: skip
    assert len(told["files"][0]["sha256"]) == 64
    assert told["what_if"]["as_of"] == "2020-01-01"
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--mapping", "ice-foia-2015"], "say either --agency or --by-facility"),
        (["--by-facility", "--mapping", "nonesuch"], "there is no mapping 'nonesuch'"),
        (["--by-facility", "--mapping", "ddp-arrests"], "are no requests"),
        (["--agency", "us-xx", "--mapping", "ice-foia-2015"], "there is no agency us-xx"),
        (["--by-facility", "--mapping", "ice-foia-2015", "--given", "custody.hold: true"], "unknown key custody.hold"),
        (["--by-facility", "--mapping", "ice-foia-2015", "--law", "us-ny"], "us-ny alone binds no agency here"),
        (["--by-facility", "--mapping", "ice-foia-2015", "--rows"], "need a folder"),
        (["--by-facility", "--mapping", "ice-foia-2015", "--memory", "lots"], "lots is no amount of memory"),
    ],
)
def test_a_mistake_is_one_line_and_ends_with_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    monkeypatch.setattr(sys, "argv", ["detainer", "replay", str(write(tmp_path / "a.csv", row())), *arguments])
    with pytest.raises(SystemExit) as done:
        cli.main()
    said = capsys.readouterr().err
    assert done.value.code == 2
    assert told in said
    assert said.startswith("error: ")
    assert said.count("\n") == 1


def test_without_duckdb_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from detainer.errors import UserError
    from detainer.replay import duck

    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UserError, match=r"detainer-desk\[analytics\]"):
        duck.connect(tmp_path)


def test_a_law_that_binds_several_agencies_is_decided_as_the_first_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(write(tmp_path / "a.csv", row()))
    asked = ["detainer", "replay", file, "--mapping", "ice-foia-2015", "--agency", "us-ny-nyc-police", "--law", "us-ca"]
    monkeypatch.setattr(sys, "argv", asked)
    with pytest.raises(SystemExit) as done:
        cli.main()
    said = capsys.readouterr()
    assert not done.value.code
    assert "--law us-ca: decided as us-ca-sheriff; --as-agency chooses another: us-ca-cdcr\n" in said.err
    assert "The same rows under the law of us-ca-sheriff:" in said.out
