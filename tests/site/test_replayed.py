"""The page of a replay and of a series: whole without a script, at any width, and nothing in it without its table."""

from __future__ import annotations

import json
import re
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from page_faults import faults
from published import I_247N, RIKERS, row, write

from detainer.errors import UserError
from detainer.law import LawBook
from detainer.replay import writing
from detainer.replay.cells import Period
from detainer.replay.deciding import LIVE
from detainer.replay.mapping import Mapping
from detainer.replay.run import Question, Run
from detainer.replay.series import series
from detainer.site import replayed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A replay of made-up rows with every part that a page can have."""
    home = tmp_path_factory.mktemp("replayed")
    rows = [row(f"201{4 + month // 12}-{month % 12 + 1:02}-01", facility=RIKERS) for month in range(9, 14)]
    rows += [row("2014-11-02", facility=RIKERS), row(form=I_247N), row("no day"), row(facility='THE "X" <JAIL>')]
    file = write(home / "rows.csv", *rows)
    given = {**LIVE, "warrants": [], "local_policy_forbids": []}
    question = Question(given=given, other_day=date(2016, 1, 1))
    with Run(LawBook.load(), Mapping.load("ice-foia-2015"), question, TODAY) as run:
        found = run.replay([file])
        writing.write(run, found, home / "out", rows=False, parquet=False)
    replayed.write(found, home / "out")
    return home / "out"


def test_a_chart_stands_with_its_table_and_its_file(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf-8")
    figures = re.findall(r"<figure>.*?</figure>", page, re.DOTALL)
    assert len(figures) >= 5
    for one in figures:
        assert "<svg" in one
        assert "<table>" in one
        (file,) = set(re.findall(r'href="([^"]+\.csv)"', one))
        assert (folder / file).is_file()
    assert "<script" not in page
    assert "The same rows under the law as it was on 2016-01-01" in page


def test_the_page_names_the_mapping_the_laws_and_the_digest_of_the_input(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf-8")
    digest = sha256((folder.parent / "rows.csv").read_bytes()).hexdigest()
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    told = json.loads((folder / "replay.json").read_text(encoding="utf-8"))
    assert package["inputs"] == [{"file": "rows.csv", "sha256": digest}]
    assert package["mapping"] == "ice-foia-2015"
    assert package["laws"] == told["laws"] != []
    for words in (digest, "ice-foia-2015", *package["laws"], "'no day' is no day written YYYY-MM-DD"):
        assert words in page.replace("&#x27;", "'")
    assert str(folder.parent) not in page  # where the input lay is nobody's business


def test_the_package_describes_every_table_as_it_is(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {one["path"] for one in package["resources"]} == {file.name for file in folder.glob("*.csv")}
    for one in package["resources"]:
        content = (folder / one["path"]).read_bytes()
        assert one["bytes"] == len(content)
        assert one["hash"] == f"sha256:{sha256(content).hexdigest()}"
        head = content.decode().splitlines()[0]
        assert head == ",".join(field["name"] for field in one["schema"]["fields"])


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(UserError, match="holds something else"):
        writing.made(tmp_path, "replay.json", {})
    assert [file.name for file in tmp_path.iterdir()] == ["index.html"]


def _series(home: Path) -> Path:
    header = ("apprehension_date", "apprehension_criminality", "apprehension_method", "apprehension_aor", "drop_row")
    days = ("2016-05-01", "2017-05-01", "2017-06-01")
    file = write(home / "a.csv", *[(day, "1 Convicted Criminal", "Located", "", "") for day in days], header=header)
    rules = Mapping.load("ddp-arrests")
    now, then = (
        series([file], rules, "criminality", Period(date(year, 1, 1), date(year, 12, 31)), TODAY)
        for year in (2017, 2016)
    )
    writing.write_series(now, then, home / "out")
    replayed.write_series(now, then, [], rules.source, home / "out")
    return home / "out"


def test_a_series_has_a_page_with_both_periods(tmp_path: Path) -> None:
    page = (_series(tmp_path) / "index.html").read_text(encoding="utf-8")
    assert "+100.0%" in page
    assert (tmp_path / "out/series.csv").read_text(encoding="utf-8").splitlines() == [
        "month,group,rows",
        "2017-05,all,1",
        "2017-05,convicted,1",
        "2017-06,all,1",
        "2017-06,convicted,1",
    ]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_neither_page_has_a_fault_of_access_or_runs_over_its_edge(
    chromium: Browser, folder: Path, tmp_path: Path, width: int, scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    for one in (folder, _series(tmp_path)):
        page.goto(f"file://{one}/index.html")
        assert faults(page) == []
    context.close()
