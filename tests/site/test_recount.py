"""Whoever has the published folder counts every number again; a changed number, event or checkpoint is named."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

RECEIVED_2017 = "us-ny-nyc-police/received/2017-01-01/2017-12-31"


def verify(folder: Path, *more: str) -> tuple[int, str]:
    """The shipped file alone, in an interpreter that knows nothing of the house."""
    command = [sys.executable, "-I", str(folder / "record" / "verify.py"), str(folder), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def rule(folder: Path, edit: Any) -> None:
    """Edit the published statement of the figures."""
    file = folder / "record" / "figures.json"
    said = json.loads(file.read_bytes())
    edit(said)
    file.write_text(json.dumps(said))


def test_the_published_folder_is_sound_with_the_keys_in_it(published: Path) -> None:
    code, said = verify(published)
    assert code == 0, said
    found = re.search(r"(\d+) numbers counted again, found as they are in (\d+) places", said)
    assert found
    assert int(found[1]) > 100
    assert int(found[2]) > int(found[1])


def test_the_articles_table_is_on_the_first_page_and_in_the_rules(published: Path) -> None:
    said = json.loads((published / "record" / "figures.json").read_bytes())
    values = {one["figure"]: one["value"] for one in said["figures"]}
    page = (published / "index.html").read_text(encoding="utf-8")
    years = {"2016": (80, 2, 2, 0, 78), "2017": (1526, 0, 0, 0, 1526)}
    for year, expected in years.items():
        items = ("received", "held", "transferred", "told", "not_honored")
        names = [f"us-ny-nyc-police/{item}/{year}-01-01/{year}-12-31" for item in items]
        assert tuple(values[name] for name in names) == expected
        for name, value in zip(names, expected, strict=True):
            assert f'<data value="{value}" data-figure="{name}">{value:,}</data>' in page


SHOWN = f'data-figure="{RECEIVED_2017}">1,526<'
CSV = "reports/us-ny-nyc-police-annual-2016-10-01-to-2017-09-30.csv"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("index.html", SHOWN, SHOWN.replace("1,526", "1,525")),
        ("index.html", f'value="1526" {SHOWN}', f'value="1525" {SHOWN}'),
        ("figures/us-ny-nyc-police-2016.html", ">6</data>", ">7</data>"),
        ("figures/us-ny-nyc-police-2017.html", ">174</text>", ">175</text>"),
        (CSV.replace(".csv", ".html"), ">1,030</data>", ">1,031</data>"),
        (
            CSV.replace(".csv", ".html"),
            'value="47" data-figure="us-ny-nyc-police/received/2017-03',
            'value="48" data-figure="us-ny-nyc-police/received/2017-03',
        ),
        ("data/record-months.csv", ",2017-12,174", ",2017-12,175"),
        ("data/record-years.csv", "yes,1526,", "yes,1527,"),
        (CSV, "Detainers received,,", "Detainers received,,9"),
    ],
)
def test_a_number_changed_on_a_page_or_in_a_table_is_named(copy: Path, file: str, old: str, new: str) -> None:
    change(copy / file, old, new)
    code, said = verify(copy)
    assert code == 1
    assert re.search(rf"{file}: shows \S+ as .+; the events give", said), said


def test_a_number_changed_everywhere_with_its_rule_is_still_caught(copy: Path) -> None:
    def edit(said: dict[str, Any]) -> None:
        next(one for one in said["figures"] if one["figure"] == RECEIVED_2017)["value"] = 1525

    rule(copy, edit)
    code, said = verify(copy)
    assert code == 1
    assert f"figure {RECEIVED_2017}: is published as 1525; the events give 1526" in said


def test_a_number_without_a_rule_is_named(copy: Path) -> None:
    def edit(said: dict[str, Any]) -> None:
        said["figures"] = [one for one in said["figures"] if one["figure"] != RECEIVED_2017]

    rule(copy, edit)
    code, said = verify(copy)
    assert code == 1
    assert f"index.html: shows a number {RECEIVED_2017} for which there is no rule" in said


def test_a_changed_event_is_named_and_the_numbers_it_moves(copy: Path) -> None:
    file = copy / "record" / "leaves.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(
        number for number, line in enumerate(lines) if '"kind":"received"' in line and '"happened":"2017-12' in line
    )
    lines[at] = lines[at].replace('"happened":"2017-12', '"happened":"2016-12')
    file.write_text("".join(lines), encoding="utf-8")
    code, said = verify(copy)
    assert code == 1
    assert "has another root: an event before it was changed" in said
    assert f"figure {RECEIVED_2017}: is published as 1526; the events give 1525" in said


def test_a_dropped_event_is_named(copy: Path) -> None:
    file = copy / "record" / "leaves.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:-1]), encoding="utf-8")
    code, said = verify(copy)
    assert code == 1
    assert "the end was cut off" in said


def test_a_dropped_event_is_named_once_however_many_follow(copy: Path) -> None:
    file = copy / "record" / "leaves.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:400] + lines[401:]), encoding="utf-8")
    code, said = verify(copy)
    assert code == 1
    assert [line for line in said.splitlines() if line.endswith("dropped, added or moved")] == [
        "event 400: says that it is 401: dropped, added or moved"
    ]


def test_a_page_that_was_added_is_named(copy: Path) -> None:
    (copy / "reports" / "more.html").write_text("1,600 requests", encoding="utf-8")
    assert verify(copy) == (1, "reports/more.html: was not published with the others\n")


def test_a_changed_checkpoint_is_named(copy: Path) -> None:
    file = copy / "record" / "checkpoints.txt"
    lines = file.read_text(encoding="utf-8").split("\n")
    lines[2] = ("A" if lines[2][0] != "A" else "B") + lines[2][1:]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert verify(copy)[0] in (1, 2)


def test_a_file_that_is_not_the_published_one_is_named(copy: Path) -> None:
    change(copy / "claims.html", "Holds with a note", "Does not follow")
    code, said = verify(copy)
    assert (code, said.strip()) == (1, "claims.html: is not the file that was published")


def test_a_site_of_an_earlier_export_is_compared_by_the_kept_checkpoint(published: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_bytes((published / "record" / "checkpoints.txt").read_bytes())
    code, said = verify(published, "--checkpoint", str(kept))
    assert code == 0
    assert "agrees with" in said
