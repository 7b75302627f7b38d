"""The commands of the record: what they print and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from erasing import expunge
from fake_law import NOON, POLICE, RUIZ, SHERIFF
from tamper import put, run

from detainer import cli, setup
from detainer.errors import UserError
from detainer.record import journal, keys, ledger, verify
from detainer.record.models import Event, Request

pytestmark = pytest.mark.django_db

Take = Callable[..., Request]
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def detainer(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the database of the test; its exit code and what it printed."""
    monkeypatch.setattr(setup, "django", lambda: None)

    def call(*arguments: object) -> tuple[int, str]:
        code = cli._run([str(argument) for argument in arguments])
        return code, capsys.readouterr().out

    return call


def test_verify_says_sound_in_one_line_and_ends_with_0(request_in: Take, detainer: Run) -> None:
    request_in()
    code, said = detainer("verify")
    assert code == 0
    assert said.startswith("sound: 2 events, checkpoint ")
    assert said.count("\n") == 1


def test_verify_prints_a_line_for_each_finding_and_ends_with_1(request_in: Take, detainer: Run) -> None:
    request_in()
    put("record_event", "author", "seq", 1, "officer:other")
    code, said = detainer("verify")
    assert code == 1
    assert said.splitlines()[0] == "event 1: changed: what it says is not what was signed"


def test_verify_holds_the_record_against_published_checkpoints(request_in: Take, detainer: Run, tmp_path: Path) -> None:
    request_in()
    _, note = detainer("checkpoint")
    (tmp_path / "published.txt").write_text(note)
    request_in()
    code, said = detainer("verify", "--checkpoint", tmp_path / "published.txt")
    assert (code, "agrees with 1 published" in said) == (0, True)
    for wrong in (tmp_path / "nowhere.txt", Path(__file__)):
        with pytest.raises(UserError, match="file"):
            detainer("verify", "--checkpoint", wrong)


def test_checkpoint_prints_the_last_one_or_all(request_in: Take, detainer: Run) -> None:
    request_in()
    request_in()
    _, last = detainer("checkpoint")
    assert last == ledger.latest().note
    _, every = detainer("checkpoint", "--all")
    assert [note.split("\n")[1] for note in verify.NOTE.findall(every)] == ["2", "3"]


def test_checkpoint_of_an_empty_record_is_a_users_mistake(detainer: Run) -> None:
    with pytest.raises(UserError, match="empty"):
        detainer("checkpoint")


def test_checkpoint_exports_what_others_can_check(request_in: Take, detainer: Run, tmp_path: Path) -> None:
    request_in()
    code, said = detainer("checkpoint", "--export", tmp_path / "out")
    assert code == 0
    assert "2 events" in said
    report = verify.check_export(tmp_path / "out", verify.read_keys([str(tmp_path / "out" / "verifiers.txt")]))
    assert report.findings == []
    assert report.events == 2


def test_proof_is_of_one_request_by_number_or_id(request_in: Take, detainer: Run, tmp_path: Path) -> None:
    request = request_in()
    request_in()
    _, by_number = detainer("proof", request.number)
    _, by_id = detainer("proof", request.id)
    assert by_number == by_id
    detainer("proof", request.number, "--out", tmp_path / "proof.json")
    assert (tmp_path / "proof.json").read_text(encoding="utf-8") == by_number
    report = verify.check_proof(json.loads(by_number), [verify.Key.read(str(keys.signer().verifier))])
    assert (report.findings, report.events) == ([], 1)


def test_proof_with_personal_data_is_a_look_and_recorded_as_one(request_in: Take, detainer: Run) -> None:
    request = request_in()
    with pytest.raises(UserError, match="--author"):
        detainer("proof", request.number, "--personal")
    _, said = detainer("proof", request.number, "--personal", "--author", RUIZ)
    assert "Ana Example" in said
    look = Event.objects.get(kind="viewed")
    assert (look.author, look.published()) == (RUIZ, {"what": "proof"})
    assert len(json.loads(said)["events"]) == 2, "the look is among what is proved"


def test_proof_of_a_number_that_two_agencies_gave_asks_which(request_in: Take, detainer: Run) -> None:
    request_in(POLICE)
    sheriffs = request_in(SHERIFF)
    with pytest.raises(UserError, match="--agency"):
        detainer("proof", "2026-0001")
    _, said = detainer("proof", "2026-0001", "--agency", SHERIFF)
    assert json.loads(said)["request"] == sheriffs.id
    with pytest.raises(UserError, match="no such request"):
        detainer("proof", "2026-0099")


def test_rebuild_puts_right_what_is_not_as_the_events_say(request_in: Take, detainer: Run) -> None:
    request = request_in()
    run("DELETE FROM record_request")
    assert detainer("rebuild") == (0, "1 requests rebuilt from their events; 1 rows were not as they should be.\n")
    assert Request.objects.get().number == request.number
    assert detainer("rebuild") == (0, "1 requests rebuilt from their events; 0 rows were not as they should be.\n")


def test_keys_are_made_listed_and_changed(request_in: Take, detainer: Run) -> None:
    _, made = detainer("keys", "new", "--name", "police.example.gov/detainers")
    request_in()
    _, changed = detainer("keys", "rotate")
    _, listed = detainer("keys", "list")
    assert listed.splitlines()[0] == made.strip()
    assert listed.splitlines()[1] in changed
    assert len(listed.splitlines()) == 2
    with pytest.raises(UserError, match="signed already"):
        detainer("keys", "new", "--name", "police.example.gov/other")


def test_a_record_of_some_life_is_rebuilt_to_the_byte(request_in: Take, detainer: Run) -> None:
    from tamper import rows

    requests = [request_in(source={"mapping": "made-up", "key": str(number)}) for number in range(5)]
    journal.act(requests[0], "declined", happened=NOON, author=RUIZ)
    expunge(requests[1], NOON)
    tables = ("record_request", "record_counter")
    before = [rows(f"SELECT * FROM {table} ORDER BY 1") for table in tables]  # noqa: S608  # names of our own
    for table in tables:
        run(f"DELETE FROM {table}")  # noqa: S608  # likewise
    detainer("rebuild")
    assert [rows(f"SELECT * FROM {table} ORDER BY 1") for table in tables] == before  # noqa: S608  # likewise
