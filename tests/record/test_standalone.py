"""The check as one file: it needs neither Django, nor the application, nor any package at all."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from erasing import expunge
from fake_law import RUIZ, book, later
from tamper import put

from detainer.house import house
from detainer.record import export, journal, keys, ledger, opening, verify
from detainer.record.models import Request

pytestmark = pytest.mark.django_db(transaction=True)

Take = Callable[..., Request]


def check(*arguments: object, packages: bool = False) -> tuple[int, str]:
    """Exit code and output of the file, copied away from the application and run by a Python that knows no package."""
    alone = Path(house().home) / "alone.py"
    alone.parent.mkdir(exist_ok=True)
    shutil.copyfile(verify.__file__, alone)
    flags = ["-I"] if packages else ["-I", "-S"]
    done = subprocess.run(
        [sys.executable, *flags, alone, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def record(request_in: Take) -> Request:
    request = request_in()
    with journal.batch():
        for _ in range(300):
            request_in()
    journal.decide(request, book(hold="must_not"), at=later(1), author=RUIZ)
    journal.act(request, "declined", happened=later(2), author=RUIZ, note="No warrant.")
    return request


@pytest.fixture
def vkeys(record: Request, tmp_path: Path) -> Path:
    file = tmp_path / "verifiers.txt"
    file.write_text("".join(f"{key}\n" for key in keys.verifiers()))
    return file


def database() -> tuple[str, bool]:
    """Where the database of this run is, and whether reading it takes a package."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(given["NAME"]), False
    return f"postgresql://{given['USER']}@/{given['NAME']}?host={given['HOST']}", True


def test_a_database_is_checked_and_a_change_named(record: Request, vkeys: Path) -> None:
    where, packages = database()
    code, said = check(where, "--key", vkeys, packages=packages)
    assert (code, said) == (0, f"{ledger_line()}\n")
    put("record_event", "author", "seq", 302, "officer:other")
    code, said = check(where, "--key", vkeys, packages=packages)
    assert (code, said) == (1, "event 302: changed: what it says is not what was signed\n")


def ledger_line() -> str:
    from detainer.record import audit

    return audit.run().summary()


def test_a_database_is_checked_against_published_checkpoints(record: Request, vkeys: Path, tmp_path: Path) -> None:
    where, packages = database()
    published = tmp_path / "published.txt"
    published.write_text("\n".join(export.notes()))
    code, said = check(where, "--key", vkeys, "--checkpoint", published, packages=packages)
    assert code == 0
    assert "(agrees with 4 published)" in said


def test_a_wrong_key_does_not_make_a_record_sound(record: Request, tmp_path: Path) -> None:
    where, packages = database()
    signer = keys.signer()
    other = type(signer).make(signer.name).verifier
    code, said = check(where, "--key", other, packages=packages)
    assert code == 1
    assert "event 0: names the key" in said


def test_a_check_leaves_the_database_as_it_is(record: Request, vkeys: Path) -> None:
    where, packages = database()
    if packages:
        return
    before = Path(where).read_bytes()
    check(where, "--key", vkeys)
    assert Path(where).read_bytes() == before


class TestAnExport:
    @pytest.fixture
    def folder(self, record: Request, tmp_path: Path) -> Path:
        opening.rotate()
        export.write(tmp_path / "out")
        return tmp_path / "out"

    def run(self, folder: Path, *more: object) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "verify.py", ".", "--key", "verifiers.txt", *map(str, more)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def test_is_sound_by_its_own_file_and_holds_no_personal_data(self, folder: Path) -> None:
        code, said = self.run(folder)
        assert code == 0, said
        assert said.startswith("sound: 305 events")
        assert not any(b"Ana Example" in file.read_bytes() for file in folder.iterdir())
        assert not any(b"No warrant" in file.read_bytes() for file in folder.iterdir())

    def test_with_a_leaf_changed_dropped_or_swapped_is_not(self, folder: Path) -> None:
        leaves = (folder / "leaves.jsonl").read_text().splitlines(keepends=True)
        for changed, told in [
            (
                [*leaves[:9], leaves[9].replace("officer:ruiz", "officer:reyz"), *leaves[10:]],
                "an event before it was changed",
            ),
            (leaves[:9] + leaves[10:], "event 9: says that it is 10"),
            ([*leaves[:9], leaves[10], leaves[9], *leaves[11:]], "event 9: says that it is 10"),
            (leaves[:-1], "the end was cut off"),
            ([*leaves, leaves[-1].replace('"seq":304', '"seq":305')], "no checkpoint covers this"),
        ]:
            (folder / "leaves.jsonl").write_text("".join(changed))
            code, said = self.run(folder)
            assert code == 1
            assert told in said

    def test_cut_with_its_checkpoints_is_caught_by_a_published_one(self, folder: Path, tmp_path: Path) -> None:
        published = tmp_path / "published.txt"
        published.write_text(ledger.latest().note)
        leaves = (folder / "leaves.jsonl").read_text().splitlines(keepends=True)
        (folder / "leaves.jsonl").write_text("".join(leaves[:304]))
        notes = (folder / "checkpoints.txt").read_text()
        (folder / "checkpoints.txt").write_text(notes.rpartition("\n\n" + keys.signer().name)[0])
        assert self.run(folder)[0] == 0
        code, said = self.run(folder, "--checkpoint", published)
        assert code == 1
        assert "there are only 304 events" in said

    def test_goes_into_a_new_folder_only(self, folder: Path) -> None:
        with pytest.raises(export.UserError, match="not empty"):
            export.write(folder)


class TestAProof:
    def proof(self, request: Request, tmp_path: Path, *, personal: bool = False) -> Path:
        file = tmp_path / "proof.json"
        file.write_text(export.as_text(export.proof(request, personal=personal)), encoding="utf-8")
        return file

    def test_shows_every_step_without_personal_data(self, record: Request, vkeys: Path, tmp_path: Path) -> None:
        file = self.proof(record, tmp_path)
        code, said = check(file, "--key", vkeys)
        assert code == 0, said
        assert said.startswith("sound: 3 events")
        assert "Ana Example" not in file.read_text()

    def test_shows_personal_data_where_that_is_asked_for(self, record: Request, vkeys: Path, tmp_path: Path) -> None:
        file = self.proof(record, tmp_path, personal=True)
        assert check(file, "--key", vkeys)[0] == 0
        assert "Ana Example" in file.read_text()
        file.write_text(file.read_text().replace("Ana Example", "Ana Exomple"))
        code, said = check(file, "--key", vkeys)
        assert code == 1
        assert "event 1: its personal data is not what was recorded" in said

    def test_still_holds_when_the_request_was_expunged(self, record: Request, vkeys: Path, tmp_path: Path) -> None:
        expunge(record, later(3))
        file = self.proof(record, tmp_path, personal=True)
        assert check(file, "--key", vkeys)[0] == 0
        steps = json.loads(file.read_text())["events"]
        assert [step["personal"] is None for step in steps] == [True] * 4 + [False]
        assert "Ana Example" not in file.read_text()

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (
                lambda it: it["events"][1].update(leaf=it["events"][1]["leaf"].replace("must_not", "may")),
                "not in the tree",
            ),
            (lambda it: it["events"][1].update(path=it["events"][0]["path"]), "not in the tree"),
            (lambda it: it["events"][1]["path"].pop(), "not in the tree"),
            (lambda it: it.update(request="0" * 24), "of another request"),
            (lambda it: it.update(checkpoint=it["checkpoint"].replace("\n304\n", "\n305\n")), "the signature by"),
            (lambda it: it.update(checkpoint="nothing"), "holds no checkpoint"),
            (lambda it: it.pop("events"), "cannot be checked"),
        ],
    )
    def test_that_was_changed_does_not(
        self, record: Request, vkeys: Path, tmp_path: Path, change: Callable[..., object], told: str
    ) -> None:
        file = self.proof(record, tmp_path)
        content = json.loads(file.read_text())
        change(content)
        file.write_text(json.dumps(content))
        code, said = check(file, "--key", vkeys)
        assert code in (1, 2)
        assert told in said

    def test_by_another_key_does_not(self, record: Request, tmp_path: Path) -> None:
        other = type(keys.signer()).make("elsewhere.example/log").verifier
        code, said = check(self.proof(record, tmp_path), "--key", other)
        assert (code, "signed by none of the given keys" in said) == (1, True)


def test_what_cannot_be_read_is_told_in_one_line(tmp_path: Path, vkeys: Path) -> None:
    for name, content in [("text", "hello"), ("empty", ""), ("json", "[]")]:
        (tmp_path / name).write_text(content)
        code, said = check(tmp_path / name, "--key", vkeys)
        assert code == 2
        assert said.count("\n") == 1
        assert "cannot be checked" in said
    (tmp_path / "cut").write_text("SQLite format 3\0and no more")
    assert check(tmp_path / "cut", "--key", vkeys)[0] == 1
    code, said = check(tmp_path / "nowhere", "--key", vkeys)
    assert (code, said.count("\n")) == (2, 1)
    code, said = check(tmp_path / "text", "--key", "nonsense")
    assert (code, "no verifier key" in said) == (2, True)
    code, said = check(tmp_path / "text", "--key", vkeys, "--checkpoint", tmp_path / "text")
    assert (code, "no file of signed checkpoints" in said) == (2, True)


def test_the_file_names_no_package_but_cryptography_and_psycopg() -> None:
    source = Path(verify.__file__).read_text()
    imported = {
        line.split()[1].partition(".")[0]
        for line in source.splitlines()
        if line.lstrip().startswith(("import ", "from "))
    }
    assert imported - set(sys.stdlib_module_names) == {"cryptography", "psycopg"}
