"""`detainer law new`: a place to begin from, which passes every test and check as it stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from detainer import cli
from detainer.errors import UserError
from detainer.law import LawBook
from detainer.law.book import shipped


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    """A folder of laws in which a test may write: the federal law and the local policy, binding no agency yet."""
    copy = tmp_path / "laws"
    (copy / "us").mkdir(parents=True)
    for name in ("us/law.yaml", "us/local-policy.yaml", "us/holidays.csv"):
        shutil.copy(shipped() / name, copy / name)
    (copy / "agencies.yaml").write_text("# none yet\n")
    return copy


def _run(laws: Path, *arguments: str) -> int:
    return cli._run(["law", *arguments, "--laws", str(laws)])


def test_a_new_place_passes_its_tests_as_it_stands(laws: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(laws, "new", "us/or") == 0
    written = capsys.readouterr().out.splitlines()[:-1]
    assert [Path(name).relative_to(laws / "us/or").as_posix() for name in written] == [
        "law.yaml",
        "agencies.yaml",
        "offenses.csv",
        "cases/first.yaml",
    ]
    assert _run(laws, "test", str(laws / "us/or")) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 0 failed"


def test_a_new_place_has_no_finding_of_the_check(laws: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run(laws, "new", "us/or")
    capsys.readouterr()
    cli._run(["law", "check", str(laws)])
    said = capsys.readouterr().out
    assert "proved" in said
    assert [line for line in said.splitlines() if line.startswith("us/or/")] == []


def test_its_agency_is_bound_by_the_wider_laws_first(laws: Path) -> None:
    _run(laws, "new", "us/or")
    _run(laws, "new", "us/or/multnomah")
    book = LawBook.load(laws)
    assert book.agencies["us-or-multnomah-sheriff"].laws == ("us", "us-or", "us-or-multnomah", "us-local-policy")
    assert _run(laws, "test", str(laws / "us/or")) == 0


def test_nothing_is_overwritten(laws: Path) -> None:
    _run(laws, "new", "us/or")
    (laws / "us/or/law.yaml").write_text((laws / "us/or/law.yaml").read_text() + "# mine\n")
    with pytest.raises(UserError, match=r"us/or: this place has laws already; nothing was written$"):
        _run(laws, "new", "us/or")
    assert (laws / "us/or/law.yaml").read_text().endswith("# mine\n")
    with pytest.raises(UserError, match="nothing was written"):
        _run(laws, "new", "us")


def test_one_file_that_stands_in_the_way_is_kept(laws: Path) -> None:
    (laws / "us/or").mkdir()
    (laws / "us/or/offenses.csv").write_text("mine")
    with pytest.raises(UserError, match=r"offenses\.csv: this file is there already; nothing was written"):
        _run(laws, "new", "us/or")
    assert sorted(path.name for path in (laws / "us/or").iterdir()) == ["offenses.csv"]
    assert (laws / "us/or/offenses.csv").read_text() == "mine"


@pytest.mark.parametrize("place", ["", "US/OR", "us//or", "../us/or", "us/or/", "/us/or", "us/or county", "us/../x"])
def test_what_is_no_place_is_one_line(laws: Path, place: str) -> None:
    with pytest.raises(UserError, match=r"is no place\. Write it as us/or"):
        _run(laws, "new", place)


def test_a_folder_that_cannot_be_written_is_one_line(laws: Path) -> None:
    (laws / "us/or").write_text("a file where the folder would be")
    with pytest.raises(UserError, match="cannot be written"):
        _run(laws, "new", "us/or")


def test_an_agency_named_in_two_files_is_one_line(laws: Path) -> None:
    _run(laws, "new", "us/or")
    text = (laws / "us/or/agencies.yaml").read_text()
    with (laws / "agencies.yaml").open("a") as out:
        out.write(text)
    with pytest.raises(UserError, match=r"us/or/agencies\.yaml: the agency us-or-sheriff stands twice"):
        LawBook.load(laws)
