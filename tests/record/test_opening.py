"""How a record begins, what it stays, and the keys that sign it."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_law import NOON, RUIZ, later

from detainer import record as room
from detainer.errors import UserError
from detainer.house import house
from detainer.record import audit, journal, keys, ledger, opening, sending, verify
from detainer.record.models import Checkpoint, Event, Request

pytestmark = pytest.mark.django_db

Take = Callable[..., Request]


class TestADemonstration:
    def test_is_one_by_its_first_event_for_ever(self, request_in: Take) -> None:
        assert room.is_demo() is False
        journal.open_record(demonstration=True)
        assert room.is_demo() is True
        journal.open_record(demonstration=True)
        request = request_in()
        journal.act(request, "viewed", happened=later(1), author=RUIZ)
        assert room.is_demo() is True
        assert Event.objects.filter(kind="opened").count() == 1
        with pytest.raises(UserError, match="is a demonstration and stays one"):
            journal.open_record(demonstration=False)

    def test_cannot_be_loaded_into_a_record_with_a_real_request(self, request_in: Take) -> None:
        request_in()
        assert room.is_demo() is False
        before = Event.objects.count()
        with pytest.raises(UserError, match="holds real requests"):
            journal.open_record(demonstration=True)
        assert Event.objects.count() == before

    def test_cannot_be_loaded_into_a_record_opened_as_a_real_one(self) -> None:
        journal.open_record(demonstration=False)
        with pytest.raises(UserError, match="holds real requests"):
            journal.open_record(demonstration=True)

    def test_does_not_become_one_by_a_load_that_failed(self, request_in: Take) -> None:
        def load_and_fail() -> None:
            with journal.batch():
                journal.open_record(demonstration=True)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            load_and_fail()
        request_in()
        assert room.is_demo() is False


def test_the_first_event_names_the_record_and_its_key(request_in: Take) -> None:
    request_in()
    signer = keys.signer()
    first = Event.objects.get(seq=0)
    assert first.published() == {"demonstration": False, "origin": signer.name, "key": str(signer.verifier)}
    assert ledger.latest().note.startswith(f"{signer.name}\n2\n")


class TestAKey:
    def test_is_made_at_first_use_and_read_by_its_owner_alone(self, request_in: Take, home: Path) -> None:
        assert keys.verifiers() == []
        request_in()
        [file] = (home / "keys").glob("*.key")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        assert [str(keys.signer().verifier)] == (home / "keys" / "verifiers.txt").read_text().split()

    def test_is_never_made_silently_in_production(self, request_in: Take, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DETAINER_PRODUCTION", "true")
        monkeypatch.setenv("DETAINER_HOSTS", "desk.example.gov")
        monkeypatch.setenv("DETAINER_SECRET_KEY", "x" * 50)
        house.cache_clear()
        with pytest.raises(UserError, match="detainer keys new"):
            request_in()
        assert Event.objects.count() == 0
        made = keys.new("police.example.gov/detainers")
        request_in()
        assert ledger.latest().note.startswith("police.example.gov/detainers\n")
        assert made.name == "police.example.gov/detainers"

    def test_that_is_missing_is_not_replaced_by_another(self, request_in: Take, home: Path) -> None:
        """A record signed on by a key made on the spot would look sound to whoever trusts the folder."""
        request = request_in()
        [file] = (home / "keys").glob("*.key")
        file.rename(home / "elsewhere")
        with pytest.raises(UserError, match="missing"):
            journal.act(request, "viewed", happened=NOON, author=RUIZ)
        (home / "keys" / "verifiers.txt").unlink()
        with pytest.raises(UserError, match="no key"):
            journal.act(request, "viewed", happened=NOON, author=RUIZ)
        assert Event.objects.count() == 2

    def test_of_another_record_does_not_sign_this_one(self, request_in: Take, home: Path) -> None:
        request = request_in()
        (home / "keys").rename(home / "put-away")
        keys.new("elsewhere.example/log")
        with pytest.raises(UserError, match="another record"):
            journal.act(request, "viewed", happened=NOON, author=RUIZ)
        assert Event.objects.count() == 2

    def test_that_is_damaged_is_told_in_one_line(self, request_in: Take, home: Path) -> None:
        request = request_in()
        [file] = (home / "keys").glob("*.key")
        file.write_text("PRIVATE+KEY+nonsense")
        with pytest.raises(UserError, match="is no signing key"):
            journal.act(request, "viewed", happened=NOON, author=RUIZ)

    def test_is_made_once(self) -> None:
        keys.new("police.example.gov/detainers")
        with pytest.raises(UserError, match="a key already"):
            keys.new("police.example.gov/detainers")


class TestALostKey:
    def test_is_replaced_by_one_that_signs_alone_and_every_check_says_so(self, request_in: Take, home: Path) -> None:
        request = request_in()
        before = opening.rotate()[1]
        for file in (home / "keys").iterdir():  # the list of keys as well
            file.unlink()
        with pytest.raises(UserError):
            journal.act(request, "viewed", happened=NOON, author=RUIZ)
        named = opening.lost("The disk failed, and its copy too.")
        assert named[0] == before
        event = Event.objects.get(kind="key_lost")
        assert event.published() == {"from": before, "to": named[1]}
        assert event.body() == {"because": "The disk failed, and its copy too."}
        journal.act(request, "viewed", happened=NOON, author=RUIZ)
        assert [str(key) for key in keys.verifiers()][1:] == list(named)
        report = audit.run()
        assert report.findings == []
        assert f"at event {event.seq} a lost signing key was replaced" in report.summary()
        new = verify.Key.read(named[1]).id
        last = [verify.Note.read(note) for note in Checkpoint.objects.order_by("-place").values_list("note", flat=True)]
        assert [[line[1] for line in note.lines] for note in last[:2] if note] == [[new], [new]]

    def test_that_is_said_to_be_lost_by_somebody_else_needs_a_key_that_nobody_was_given(
        self, request_in: Take, home: Path
    ) -> None:
        request_in()
        given = [verify.Key.read(str(key)) for key in keys.verifiers()]
        next((home / "keys").glob("*.key")).unlink()
        opening.lost("So they say.")
        with audit._source() as source:
            found = [str(finding) for finding in verify.check_database(source, given).findings]
        assert any("not among the given keys" in line for line in found)
        assert any("signed by none of the given keys" in line for line in found)

    def test_that_is_there_is_not_lost(self, request_in: Take) -> None:
        request_in()
        with pytest.raises(UserError, match="the key is there"):
            opening.lost("I cannot find it.")
        next(house().keys.glob("*.key")).unlink()
        with pytest.raises(UserError, match="how the key was lost"):
            opening.lost(" ")
        assert not Event.objects.filter(kind="key_lost").exists()

    def test_that_fails_to_be_replaced_leaves_nothing_half_done(
        self, request_in: Take, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        request_in()
        next(house().keys.glob("*.key")).unlink()
        with monkeypatch.context() as broken:
            broken.setattr(keys, "put_away", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
            with pytest.raises(OSError, match="No space"):
                opening.lost("The disk failed.")
        assert not Event.objects.filter(kind="key_lost").exists()
        opening.lost("The disk failed.")
        assert ledger.verify() == []


class TestAChangeOfKeys:
    def test_is_signed_by_both_and_names_both(self, request_in: Take) -> None:
        request = request_in()
        before, after = opening.rotate()
        journal.act(request, "viewed", happened=NOON, author=RUIZ)
        event = Event.objects.get(kind="key_rotated")
        assert event.published() == {"from": before, "to": after}
        signed = [
            [line[1].hex() for line in note.lines]
            for note in map(verify.Note.read, Checkpoint.objects.order_by("place").values_list("note", flat=True))
            if note
        ]
        old, new = (verify.Key.read(one).id.hex() for one in (before, after))
        assert signed == [[old], [old, new], [new]]
        assert [str(key) for key in keys.verifiers()] == [before, after]
        assert ledger.verify() == []

    def test_takes_the_old_key_out_of_force(self, request_in: Take) -> None:
        request = request_in()
        old = keys.signer()
        opening.rotate()
        with journal.batch() as writing:
            writing.ledger.signers = [old]
            journal.act(request, "viewed", happened=NOON, author=RUIZ)
        assert [finding.what for finding in ledger.verify() if finding.where.startswith("checkpoint")] == [
            "changed: it does not carry exactly the signatures of the keys in force"
        ]

    def test_that_fails_leaves_the_old_key_in_force(self, request_in: Take, monkeypatch: pytest.MonkeyPatch) -> None:
        request = request_in()
        old = keys.signer()

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as broken:
            broken.setattr(sending, "send", full)
            with pytest.raises(OSError, match="No space"):
                opening.rotate()
        assert keys.signer().verifier == old.verifier
        journal.act(request, "viewed", happened=NOON, author=RUIZ)
        assert ledger.verify() == []

    def test_of_an_empty_record_is_refused(self) -> None:
        with pytest.raises(UserError, match="empty"):
            opening.rotate()
