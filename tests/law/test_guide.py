"""docs/law-guide.md from its first line to its last: every file is written, every command run, every condition read.

A fence with a file name after its language is appended to that file, below a folder of laws that holds the federal
law and the local policy; a fence of commands is run there, and each line below a command must stand in what it prints.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from command import ROOT

from detainer import cli
from detainer.errors import UserError
from detainer.law import LawBook, catalog, worked
from detainer.law import conditions as c
from detainer.law.book import shipped
from detainer.law.language import condition
from detainer.law.lawreader import _LawReader
from detainer.law.wording import sentence, worded

GUIDE = (ROOT / "docs" / "law-guide.md").read_text("utf-8")
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
MISTAKE = "id: zz-9\nagency: us-zz-sheriff\ncustdy: {held: true}\nat: 2026-06-02T10:00:00-04:00\n"


@dataclass(frozen=True)
class Ran:
    """A command of the guide, the lines that the guide shows of it, and what it printed."""

    command: str
    shown: list[str]
    printed: str
    code: int


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("laws")
    (home / "us").mkdir()
    for name in ("us/law.yaml", "us/local-policy.yaml", "us/holidays.csv"):
        shutil.copy(shipped() / name, home / name)
    (home / "agencies.yaml").write_text("# none but those of the places\n")
    return home


@pytest.fixture(scope="module")
def ran(folder: Path) -> list[Ran]:
    """The whole guide, carried out in order."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return list(_carried_out(folder))


def _carried_out(folder: Path) -> Iterator[Ran]:
    for language, name, text in FENCE.findall(GUIDE):
        if name:
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a", encoding="utf-8") as out:
                out.write(("\n" if language == "yaml" and file.stat().st_size else "") + text)
        elif language == "console":
            for block in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, *shown = block.splitlines()
                if "mistake.yaml" in command:
                    (folder / "us/zz/cases/mistake.yaml").write_text(MISTAKE)
                yield _run(folder, command, shown)


def _run(folder: Path, command: str, shown: list[str]) -> Ran:
    program, *arguments = shlex.split(command)
    assert program == "detainer"
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            code = cli._run([*arguments, "--laws", str(folder)])
        except UserError as error:
            return Ran(command, shown, f"error: {error.line()}", 2)
    return Ran(command, shown, out.getvalue(), code)


def test_every_command_prints_what_the_guide_shows(ran: list[Ran], folder: Path) -> None:
    assert len(ran) > 8
    for done in ran:
        printed = done.printed.replace(f"{folder}/", "").splitlines()
        for line in done.shown:
            assert line in printed, f"$ {done.command}\n{line}\n--\n{done.printed}"


def test_the_lines_that_the_guide_shows_stand_in_that_order(ran: list[Ran], folder: Path) -> None:
    for done in ran:
        printed = done.printed.replace(f"{folder}/", "").splitlines()
        places = [printed.index(line) for line in done.shown]
        assert places == sorted(places), done.command


def test_mistakes_alone_end_with_code_2_and_what_was_found_with_1(ran: list[Ran]) -> None:
    for done in ran:
        assert (done.code == 2) == done.printed.startswith("error: "), done.command
        found = done.command.startswith(("detainer law check", "detainer law diff"))
        assert done.code == 2 or (done.code == 1) == found, done.command


def test_once_every_case_of_the_guide_is_there_nothing_is_missing_of_those_it_added(
    ran: list[Ran], folder: Path
) -> None:
    (folder / "us/zz/cases/mistake.yaml").unlink()
    before = next(done for done in ran if done.command == "detainer law check")
    now = _run(folder, "detainer law check", []).printed.splitlines()
    assert before.shown
    assert not set(before.shown) & set(now)
    assert "proved for 2 editions: No hold without a federal judge's warrant. [us-zz, Example Code § 5(d)]" in now


def _tables(title: str) -> Iterator[tuple[str, str]]:
    """The rows of the table under a line that begins so."""
    part = GUIDE.split(f"\n{title}", 1)[1].split("\n\n", 2)[1]
    for row in part.splitlines()[2:]:
        written, said = (cell.strip() for cell in row.strip("|").split(" | "))
        yield written.strip("`"), said


TABLES = [("On the whole case:", ""), ("On one warrant:", "warrant"), ("On one conviction;", "conviction")]


@pytest.mark.parametrize(("title", "element"), TABLES)
def test_every_condition_of_the_guide_reads_as_it_says(ran: list[Ran], folder: Path, title: str, element: str) -> None:
    law = LawBook.load(folder).laws["us-zz"]
    terms = {term.id: term.of for term in law.definitions}
    rows = list(_tables(title))
    assert rows
    for written, said in rows:
        assert sentence(worded(condition(written), terms, element)) == said, written


def test_every_condition_of_the_guide_can_stand_in_its_law(ran: list[Ran], folder: Path, tmp_path: Path) -> None:
    """Each as a term of its own: the law is read, compiled, and answers the guide's cases as before."""
    rows = [(element, written) for title, element in TABLES for written, _ in _tables(title)]
    terms = [
        f'  - {{id: tried_{number}, cite: x, says: x, when: "{written}"{f", of: {element}" if element else ""}}}\n'
        for number, (element, written) in enumerate(rows)
    ]
    copy = tmp_path / "laws"
    shutil.copytree(folder, copy)
    law = copy / "us/zz/law.yaml"
    law.write_text(law.read_text().replace("definitions:\n", "definitions:\n" + "".join(terms), 1))
    (copy / "us/zz/cases/mistake.yaml").unlink(missing_ok=True)
    book = LawBook.load(copy)
    assert len([term for term in book.laws["us-zz"].definitions if term.id.startswith("tried_")]) == len(rows)
    done = list(worked.run(book, worked.case_files(copy / "us/zz")))
    assert len(done) > 5
    assert all(case.passed for case in done)


def test_the_guide_shows_every_form_of_condition() -> None:
    shown: set[str] = set()

    def walk(node: c.Node) -> None:
        shown.add(type(node).__name__)
        for child in node.children():
            walk(child)

    for title, _ in TABLES:
        for written, _ in _tables(title):
            walk(condition(written))
    forms = {kind.__name__ for kind in c.Node.__subclasses__()}
    assert forms - shown == {"Doubtful"}  # what a doubt makes of a condition; nobody writes it


def test_the_guide_speaks_of_every_part_of_a_law_file() -> None:
    assert [key for key in _LawReader.KEYS if not re.search(rf"\b{key}\b", GUIDE)] == []


def test_the_guide_says_what_the_grades_mean() -> None:
    for grade, says in catalog.GRADE_SAYS.items():
        assert f"| {grade} | {says} |" in GUIDE
