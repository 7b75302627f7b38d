"""A watched folder: what lies in it is taken in once and moved; what cannot be is moved too, and told."""

from __future__ import annotations

from pathlib import Path

import paper_forms as forms
import pytest

from detainer.errors import UserError
from detainer.intake import background, folder, uploads
from detainer.intake.models import Paper

pytestmark = pytest.mark.django_db
POLICE = "us-ny-nyc-police"
PAPER = forms.draw(forms.person(1), forms.Look())


def turn(place: Path, *, still: float = 0) -> list[str]:
    told: list[str] = []
    folder.turn(place, POLICE, author="system:intake", told=told.append, still=still)
    background.drain(lambda paper, found: told.append(uploads.read(paper.name, found)))
    return told


def test_papers_are_taken_in_once_and_moved_rubbish_too(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PAPER)
    (tmp_path / "b.pdf").write_bytes(b"rubbish")
    told = turn(tmp_path)
    assert told[:2] == [f"{name}.pdf: is kept and being read." for name in "ab"]
    assert told[2] == "a.pdf: I-247A"
    assert told[3] == "b.pdf: is no PDF and no picture. It keeps its place in the queue."
    assert sorted(path.name for path in (tmp_path / "taken").iterdir()) == ["a.pdf", "b.pdf"]
    assert Paper.objects.count() == 2
    (tmp_path / "a.pdf").write_bytes(PAPER)
    assert "came before" in turn(tmp_path)[0]
    assert Paper.objects.count() == 2
    assert sorted(path.name for path in (tmp_path / "taken").iterdir()) == ["a-1.pdf", "a.pdf", "b.pdf"]


def test_what_is_still_being_written_hidden_or_a_link_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "in"
    place.mkdir()
    for name in ("a.pdf.part", ".hidden.pdf"):
        (place / name).write_bytes(PAPER)
    (tmp_path / "secret").write_bytes(PAPER)
    (place / "link.pdf").symlink_to(tmp_path / "secret")
    (place / "folder").mkdir()
    assert turn(place) == []
    (place / "fresh.pdf").write_bytes(PAPER)
    assert turn(place, still=60) == []
    assert not Paper.objects.exists()


def test_a_table_without_a_mapping_goes_aside_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    assert turn(tmp_path) == ["t.csv: is a table; choose the mapping that says how to read it"]
    assert (tmp_path / "not taken" / "t.csv").exists()


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be watched: no such file"):
        turn(tmp_path / "nowhere")
