"""What the pages of the law work out is kept on disk: made once, for all workers, never taken for another law's."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from detainer.house import house
from detainer.record.agencies import book
from detainer.site import law_changes, law_kept, law_shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to keep things in, and nothing remembered by this process."""
    monkeypatch.setattr(law_kept, "_folder", lambda: tmp_path / "law")
    caches = (law_changes._begun, law_shown._shown)
    for cache in caches:
        cache.cache_clear()
    yield tmp_path / "law"
    for cache in caches:
        cache.cache_clear()


def _kept(folder: Path, kind: str) -> list[Path]:
    return sorted(folder.glob(f"{kind}-*.json"))


def test_what_is_kept_is_made_once_and_found_again(folder: Path) -> None:
    made: list[int] = []

    def make() -> list[int]:
        made.append(1)
        return [1, 2]

    assert law_kept.find("one", {"law": "a"}) is None
    assert [law_kept.kept("one", {"law": "a"}, make) for _ in range(2)] == [[1, 2], [1, 2]]
    assert len(made) == 1
    assert law_kept.find("one", {"law": "a"}) == [1, 2]
    assert law_kept.find("one", {"law": "b"}) is None
    assert law_kept.find("two", {"law": "a"}) is None
    (file,) = _kept(folder, "one")
    assert file.stat().st_mode & 0o777 == 0o600


def test_another_program_finds_nothing_of_what_this_one_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    law_kept.kept("one", "a", lambda: 1)
    monkeypatch.setattr(law_kept, "_program", lambda: "another")
    assert law_kept.kept("one", "a", lambda: 2) == 2


def test_several_that_want_the_same_at_once_have_it_made_once(folder: Path) -> None:
    made: list[int] = []
    start = threading.Barrier(4)

    def make() -> int:
        made.append(1)
        return 7

    def want(_: int) -> object:
        start.wait(10)
        return law_kept.kept("one", "a", make)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(want, range(4))) == [7, 7, 7, 7]
    assert len(made) == 1


@pytest.mark.parametrize("damage", [b"", b'{"rows": [', b"\xff\xfe"])
def test_a_damaged_file_is_made_anew(folder: Path, damage: bytes) -> None:
    law_kept.kept("one", "a", lambda: 1)
    (file,) = _kept(folder, "one")
    file.write_bytes(damage)
    assert law_kept.kept("one", "a", lambda: 2) == 2
    assert json.loads(file.read_bytes()) == 2


def test_where_nothing_can_be_written_the_answer_is_the_same(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    assert law_kept.kept("one", "a", lambda: 3) == 3


def test_the_oldest_go_where_there_are_too_many(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setattr(law_kept, "_MOST", 2)
    for number in range(4):
        law_kept.kept("one", number, lambda number=number: number)  # type: ignore[misc]
        for age, file in enumerate(sorted(_kept(folder, "one"), key=lambda one: -json.loads(one.read_bytes()))):
            os.utime(file, (1000 - age, 1000 - age))
    assert sorted(json.loads(file.read_bytes()) for file in _kept(folder, "one")) == [2, 3]


def test_a_comparison_is_read_from_disk_by_a_worker_that_did_not_make_it(
    folder: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/law/us-ca/diff?from=2017-12-31&to=2018-01-01"
    monkeypatch.setattr(law_changes, "_WAIT", 60.0)
    first = client.get(address)
    law_changes._begun.cache_clear()
    monkeypatch.setattr(law_changes, "_made", lambda *_: pytest.fail("worked out again"))
    second = client.get(address)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert len(_kept(folder, "changes")) == 1


def test_the_cases_of_a_provision_are_read_from_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    law = book().laws["us-tx"]
    version = law.version_on(date(2026, 11, 24))
    first = law_shown.shown(book(), law, version)
    law_shown._shown.cache_clear()
    monkeypatch.setattr(law_shown, "_found", lambda *_: pytest.fail("worked out again"))
    assert law_shown.shown(book(), law, version) == first
    assert first
    for cases in first.values():
        assert 1 <= len(cases.first) <= cases.count


def test_each_law_and_each_pair_of_days_has_its_own_comparison() -> None:
    days = date(2017, 12, 31), date(2018, 1, 1)
    made_of = [
        law_changes._made_of(book(), "us-ca", days),
        law_changes._made_of(book(), "us-ca", (days[0], date(2019, 1, 1))),
        law_changes._made_of(book(), "us-tx", days),
    ]
    assert len({str(law_kept._file("changes", one)) for one in made_of}) == 3
    assert made_of[0]["digests"]["us-ca"] == book().laws["us-ca"].digest
    assert law_kept._folder() == house().home / "law"


def test_preparing_has_the_newest_change_and_the_cases_of_every_version_on_disk(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from detainer.commands import law_prepare

    one = book().laws["us-tx"]
    monkeypatch.setattr(law_prepare.setup, "django", lambda: None)
    monkeypatch.setattr(law_prepare, "_laws", lambda: [one])
    law_prepare.run(idle=False)
    assert len(_kept(folder, "shown")) == len(one.versions)
    assert len(_kept(folder, "changes")) == 1
    assert capsys.readouterr().out == "1 law is ready for its pages.\n"
