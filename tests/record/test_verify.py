"""Whoever changes the record behind its back is found, and what they changed is named."""

# ruff: noqa: S608  # the SQL is the test's own

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from hashlib import sha256

import pytest
from django.db import connection, transaction
from erasing import expunge
from fake_law import CHEN, RUIZ, book, later
from tamper import put, rows, run

from detainer.house import house
from detainer.record import audit, journal, keys, ledger, notes, opening, projection, verify
from detainer.record.models import Checkpoint, Event, Request

pytestmark = pytest.mark.django_db

Take = Callable[..., Request]


@pytest.fixture
def record(request_in: Take) -> list[Request]:
    """Three requests, one held and released, one declined, one expunged: events 0 to 13, ten checkpoints."""
    one, two, three = request_in(), request_in(), request_in()
    journal.record_facts(one, {"custody": {"held": True, "releasable_at": later(1)}}, happened=later(0.1), author=RUIZ)
    with journal.batch():
        journal.decide(one, book(hold="may", until=later(48)), at=later(0.2), author=RUIZ)
        journal.act(one, "approved", happened=later(0.3), author=CHEN, detail={"for": "held"})
        journal.act(one, "held", happened=later(1), author=RUIZ, approved_by=CHEN)
    journal.act(two, "declined", happened=later(1), author=RUIZ, note="No warrant.")
    expunge(three, later(2))
    journal.act(one, "released", happened=later(3), author=RUIZ)
    journal.act(two, "contact", happened=later(4), author=RUIZ, note="They called.", detail={"by": "ice"})
    journal.act(two, "viewed", happened=later(5), author=RUIZ)
    assert ledger.verify() == []
    return [one, two, three]


def found() -> list[str]:
    """What the check finds beside the remark that it compared no further."""
    return [str(finding) for finding in ledger.verify() if finding.where != "present state"]


@contextmanager
def undone() -> Iterator[None]:
    """What happens in here has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_an_untouched_record_is_sound_and_says_over_what(record: list[Request]) -> None:
    report = audit.run()
    assert report.findings == []
    assert report.events == Event.objects.count() == 14
    assert report.root == verify.Note.read(ledger.latest().note).root  # type: ignore[union-attr]
    assert report.summary().startswith("sound: 14 events, checkpoint ")
    assert "not compared" in report.summary()


def test_an_empty_record_is_sound() -> None:
    assert audit.run().findings == []


@pytest.mark.parametrize("column", [name for name in verify.COLUMNS if name not in ("seq", "leaf_hash")])
def test_a_change_in_any_column_of_an_event_is_named(record: list[Request], column: str) -> None:
    [[old]] = rows(f"SELECT {column} FROM record_event WHERE seq = 5")
    put("record_event", column, "seq", 5, f"{old[:-1]}!" if old else "f" * 64)
    assert any(line.startswith("event 5: ") for line in found())
    assert all(line.startswith(("event 5: ", "personal data of event 5")) for line in found())


def test_a_changed_event_is_told_from_a_changed_hash(record: list[Request]) -> None:
    with undone():
        put("record_event", "author", "seq", 5, "officer:other")
        assert found() == ["event 5: changed: what it says is not what was signed"]
    put("record_event", "leaf_hash", "seq", 5, "0" * 64)
    assert found() == ["event 5: its leaf hash was changed; what it says is what was signed"]


def test_a_hash_in_other_letters_is_a_change_although_it_means_the_same(record: list[Request]) -> None:
    """Hexadecimal has two spellings of most digits; only one is the record's."""
    for table, column, key, at in [
        ("record_event", "leaf_hash", "seq", 5),
        ("record_event", "personal", "seq", 5),
        ("record_personal", "salt", "event", 5),
        ("record_head", "peaks", "id", 1),
    ]:
        with undone():
            [[old]] = rows(f"SELECT {column} FROM {table} WHERE {key} = %s", at)
            put(table, column, key, at, old.upper())
            assert found(), (table, column)


def test_an_event_changed_with_its_hash_is_caught_by_the_next_checkpoint(record: list[Request]) -> None:
    """The checkpoints tell between which two of them it stands."""
    event = Event.objects.get(seq=8)
    row = [8, event.kind, event.request_id, event.agency, event.happened, event.entered, "officer:other", event.public]
    put("record_event", "author", "seq", 8, "officer:other")
    put("record_event", "leaf_hash", "seq", 8, verify.leaf((*row, event.personal)).hex())
    assert found()[0] == (
        "checkpoint 5 (at 9 events): its root is not that of the events: event 8 was changed, and its hash with it"
    )


def test_many_signatures_are_looked_at_on_other_cores_and_a_wrong_one_is_named(
    record: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "ALONE", 4)
    monkeypatch.setattr(verify, "BLOCK", 3)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    looked_at_here = []

    def here(*given: bytes) -> bool:
        looked_at_here.append(given)
        return True

    with monkeypatch.context() as patch:
        patch.setattr(verify, "ed25519", here)
        assert audit.run().findings == []
        assert looked_at_here == []
        patch.setattr(verify.ProcessPoolExecutor, "submit", lambda *_: broken())
        assert audit.run().findings == []
        assert len(looked_at_here) == Checkpoint.objects.count(), "each that no other core could look at"
    note = Checkpoint.objects.get(place=5).note
    other = note[:-9] + ("B" if note[-9] == "A" else "A") + note[-8:]
    put("record_checkpoint", "note", "place", 5, other)
    name, number = keys.verifiers()[0].name, keys.verifiers()[0].id.hex()
    assert found() == [f"checkpoint 5 (at 9 events): changed: the signature by {name} ({number}) is wrong"]


def broken() -> Future[object]:
    """What comes back from a core that is gone."""
    gone: Future[object] = Future()
    gone.set_exception(BrokenProcessPool())
    return gone


def test_a_dropped_event_is_named(record: list[Request]) -> None:
    with undone():
        run("DELETE FROM record_personal WHERE event = 8")
        run("DELETE FROM record_event WHERE seq = 8")
        assert found() == ["event 8: missing: dropped from the record"]
    with undone():
        run("DELETE FROM record_event WHERE seq IN (6, 7)")
        assert "events 6-7: missing: dropped from the record" in found()


def test_the_last_event_dropped_is_missed_by_its_checkpoint(record: list[Request]) -> None:
    run("DELETE FROM record_event WHERE seq = 13")
    lines = found()
    assert "checkpoint 10 (at 14 events): is over more than there is: event 13 missing" in lines
    assert "head: says 14 events; there are 13" in lines


def test_an_event_added_at_the_end_is_covered_by_no_checkpoint(record: list[Request]) -> None:
    last = Event.objects.get(seq=13)
    row = (14, last.kind, last.request_id, last.agency, last.happened, last.entered, last.author, last.public, "")
    run(
        f"INSERT INTO record_event ({verify.EVENT}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        *row,
        verify.leaf(row).hex(),
    )
    assert "event 14: no checkpoint covers this: added without a signature, or its checkpoint was dropped" in found()


def test_an_event_added_with_a_checkpoint_of_another_key_is_not_believed(record: list[Request]) -> None:
    own, thief = keys.signer(), notes.Signer.make(keys.signer().name)
    with journal.batch() as writing:
        writing.ledger.signers = [thief]
        journal.act(record[1], "viewed", happened=later(6), author=RUIZ)
    assert own.name == thief.name
    assert found() == [
        "checkpoint 11 (at 15 events): changed: it does not carry exactly the signatures of the keys in force"
    ]


def swap(one: int, other: int, *, with_hash: bool) -> None:
    """Two events change places, their personal data with them."""
    columns = [name for name in verify.COLUMNS if name != "seq" and (with_hash or name != "leaf_hash")]
    said = {seq: rows(f"SELECT {', '.join(columns)} FROM record_event WHERE seq = %s", seq)[0] for seq in (one, other)}
    for here, there in ((one, other), (other, one)):
        for name, value in zip(columns, said[there], strict=True):
            put("record_event", name, "seq", here, value)
    for here, there in ((one, -1), (other, one), (-1, other)):
        put("record_personal", "event", "event", here, there)


@pytest.mark.parametrize("with_hash", [False, True])
def test_two_events_that_changed_places_are_named_as_moved(record: list[Request], with_hash: bool) -> None:
    swap(5, 8, with_hash=with_hash)
    lines = found()
    assert "event 5: moved: recorded as event 8" in lines
    assert "event 8: moved: recorded as event 5" in lines


def test_events_that_say_the_same_but_for_their_place_cannot_change_places_unnoticed(record: list[Request]) -> None:
    """Their commitments differ by their salts, as any two commitments do."""
    twins = [journal.act(record[1], "viewed", happened=later(6), author=RUIZ, note="Same.").seq for _ in range(2)]
    for seq in twins:
        put("record_event", "entered", "seq", seq, "2026-11-24T23:00:00.000000Z")
    swap(*twins, with_hash=True)
    lines = found()
    assert {line.partition(":")[0] for line in lines} >= {f"event {seq}" for seq in twins}


def test_an_event_slipped_in_moves_the_others_on(record: list[Request]) -> None:
    for seq in range(13, 8, -1):
        put("record_personal", "event", "event", seq, seq + 1)
        put("record_event", "seq", "seq", seq, seq + 1)
    last = Event.objects.get(seq=8)
    row = (9, last.kind, last.request_id, last.agency, last.happened, last.entered, last.author, last.public, "")
    run(
        f"INSERT INTO record_event ({verify.EVENT}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        *row,
        verify.leaf(row).hex(),
    )
    lines = found()
    assert "events 10-14: moved: recorded as events 9-13" in lines
    assert any("checkpoint 6 (at 10 events)" in line for line in lines)


def test_text_stored_as_bytes_is_named_although_it_reads_the_same(record: list[Request]) -> None:
    """SQLite keeps what it is given: the desk would read bytes where it expects a word."""
    if connection.vendor == "sqlite":
        run("UPDATE record_event SET author = CAST(author AS BLOB) WHERE seq = 5")
        assert found() == ["event 5: author is stored as bytes, not as text"]


def test_a_record_changed_all_over_is_still_told_event_by_event(
    record: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "MANY", 3)
    run("UPDATE record_event SET agency = 'us-ca-sheriff' WHERE seq > 1")
    assert {line.partition(":")[0] for line in found()} >= {f"event {seq}" for seq in range(2, 14)}


def test_events_closed_up_over_a_dropped_one_are_named_as_moved(record: list[Request]) -> None:
    run("DELETE FROM record_personal WHERE event = 8")
    run("DELETE FROM record_event WHERE seq = 8")
    for seq in range(9, 14):
        put("record_personal", "event", "event", seq, seq - 1)
        put("record_event", "seq", "seq", seq, seq - 1)
    assert "events 8-12: moved: recorded as events 9-13" in found()


class TestPersonalData:
    def test_changed_is_named(self, record: list[Request]) -> None:
        [[body]] = rows("SELECT body FROM record_personal WHERE event = 8")
        put("record_personal", "body", "event", 8, body.replace("warrant", "Warrant"))
        assert found() == ["event 8: its personal data is changed: salt and body do not give the commitment"]

    def test_and_a_changed_commitment_are_told_apart(self, record: list[Request]) -> None:
        put("record_event", "personal", "seq", 8, "0" * 64)
        lines = found()
        assert "event 8: the commitment to its personal data is changed" in lines

    def test_bytes_cannot_move_from_the_salt_into_the_body(self, record: list[Request]) -> None:
        """The commitment is over both in a row; a salt of another length would give the same digest."""
        [[salt, body]] = rows("SELECT salt, body FROM record_personal WHERE event = 8")
        put("record_personal", "salt", "event", 8, salt + body[:1].encode().hex())
        put("record_personal", "body", "event", 8, body[1:])
        assert found() == ["event 8: its personal data is changed: salt or body are not stored as they must be"]

    def test_gone_without_a_seal_is_named(self, record: list[Request]) -> None:
        run("DELETE FROM record_personal WHERE event = 8")
        assert found() == ["event 8: its personal data is gone, although its request was not expunged"]

    def test_back_after_a_seal_is_named(self, record: list[Request]) -> None:
        sealed = record[2].events().first()
        assert sealed is not None
        run("INSERT INTO record_personal (event, salt, body) VALUES (%s, %s, %s)", sealed.seq, "0" * 64, "{}")
        assert f"event {sealed.seq}: its personal data is still there, although its request was expunged" in found()

    def test_of_an_event_that_committed_to_none_is_named(self, record: list[Request]) -> None:
        run("INSERT INTO record_personal (event, salt, body) VALUES (0, %s, %s)", "0" * 64, "{}")
        assert found() == ["event 0: has personal data that it never committed to"]

    def test_of_no_event_is_named(self, record: list[Request]) -> None:
        with connection.constraint_checks_disabled():
            run("INSERT INTO record_personal (event, salt, body) VALUES (99, %s, %s)", "0" * 64, "{}")
            assert found() == ["personal data of event 99: belongs to no event that is there"]
            run("DELETE FROM record_personal WHERE event = 99")

    def test_a_seal_forged_to_hide_a_removal_is_itself_a_change(self, record: list[Request]) -> None:
        run("DELETE FROM record_personal WHERE event = 8")
        put("record_event", "kind", "seq", 13, "expunged")
        assert found() == [
            "event 8: its personal data is gone, although its request was not expunged",
            "event 13: changed: what it says is not what was signed",
        ]


class TestCheckpoints:
    def test_a_dropped_one_is_named(self, record: list[Request]) -> None:
        run("DELETE FROM record_checkpoint WHERE place = 4")
        assert "checkpoint 4: missing" in found()

    def test_the_last_one_dropped_leaves_events_uncovered(self, record: list[Request]) -> None:
        run("DELETE FROM record_checkpoint WHERE place = 10")
        assert (
            "event 13: no checkpoint covers this: added without a signature, or its checkpoint was dropped" in found()
        )

    def test_a_changed_signature_root_or_size_is_named(self, record: list[Request]) -> None:
        [[note]] = rows("SELECT note FROM record_checkpoint WHERE place = 4")
        head, root, rest = note.split("\n")[1], note.split("\n")[2], note.split("\n\n")[1]
        other = "A" if root[5] != "A" else "B"
        changes = {
            "the signature by": note.replace(root, root[:5] + other + root[6:]),
            "the note is over 1 events": note.replace(f"\n{head}\n", "\n1\n"),
            "not a signed checkpoint": note.replace(rest, ""),
            "exactly the signatures": note.replace(rest, rest + rest),
        }
        for told, changed in changes.items():
            with undone():
                put("record_checkpoint", "note", "place", 4, changed)
                lines = found()
                assert any(told in line for line in lines), (told, lines)
                assert all(line.startswith("checkpoint 4 ") for line in lines)

    def test_a_changed_column_beside_the_note_is_named(self, record: list[Request]) -> None:
        put("record_checkpoint", "size", "place", 4, 1000)
        assert found() == ["checkpoint 4 (at 8 events): changed: the note is over 8 events, its column says 1000"]

    def test_one_of_another_record_is_not_believed(self, record: list[Request]) -> None:
        signer = keys.signer()
        text = notes.checkpoint("elsewhere.example/log", 8, ledger.Prover(8).root())
        put("record_checkpoint", "note", "place", 4, notes.sign(text, signer))
        assert any("is of the record 'elsewhere.example/log'" in line for line in found())


class TestKeys:
    """A key that was replaced is still known, for what it signed before; it signs nothing after."""

    def test_a_replaced_key_cannot_bring_itself_back_by_a_change_of_keys(self, record: list[Request]) -> None:
        old = keys.signer()
        opening.rotate()
        with journal.batch() as writing:
            writing.ledger.signers = [old, old]
            named = {"from": str(old.verifier), "to": str(old.verifier)}
            writing.add(None, "key_rotated", later(6), "system:detainer", public=named)
        assert "event 15: names a key out of turn" in found()

    def test_a_replaced_key_cannot_open_the_record_again(self, record: list[Request]) -> None:
        old = keys.signer()
        opening.rotate()
        with journal.batch() as writing:
            writing.ledger.signers = [old]
            said = {"demonstration": False, "origin": old.name, "key": str(old.verifier)}
            writing.add(None, "opened", later(6), "system:detainer", public=said)
        lines = found()
        assert "event 15: names a key out of turn" in lines
        assert any("signatures of the keys in force" in line for line in lines)

    def test_a_key_named_by_the_record_but_not_given_is_not_believed(self, record: list[Request]) -> None:
        opening.rotate()
        (house().keys / "verifiers.txt").write_text(f"{keys.verifiers()[0]}\n")
        assert any("event 14: names the key" in line for line in found())

    def test_an_event_that_names_no_key_where_it_must_is_named(self, record: list[Request]) -> None:
        with journal.batch() as writing:
            writing.add(None, "key_rotated", later(6), "system:detainer", public={"from": "nonsense"})
        assert "event 14: does not name the signing key as it must" in found()

    def test_a_changed_first_event_does_not_drown_the_rest(self, record: list[Request]) -> None:
        put("record_event", "public", "seq", 0, "{}")
        assert found() == ["event 0: changed: what it says is not what was signed"]


class TestTheRest:
    def test_a_changed_head_is_named(self, record: list[Request]) -> None:
        for column, value, told in [
            ("size", 13, "says 13 events; there are 14"),
            ("peaks", "0" * 192, "its right edge"),
            ("checkpoints", 3, "says 3 checkpoints; there are 11"),
            ("id", 2, "one"),
        ]:
            with undone():
                put("record_head", column, "id", 1, value)
                assert [line for line in found() if line.startswith("head: ") and told in line]

    def test_a_missing_head_is_named(self, record: list[Request]) -> None:
        run("DELETE FROM record_head")
        assert found() == ["head: there are 0 rows where there must be one"]

    def test_a_changed_missing_or_extra_subtree_is_named(
        self, request_in: Take, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with journal.batch():
            for _ in range(600):
                request_in()
        assert ledger.verify() == []
        with undone():
            put("record_subtree", "hash", "index", 1, "0" * 64)
            assert found() == ["subtree 1 at height 8 (events 256-511): is not the hash of its events"]
        with undone():
            run('DELETE FROM record_subtree WHERE "index" = 0')
            assert found() == ["subtree 0 at height 8 (events 0-255): is missing"]
        run("INSERT INTO record_subtree VALUES (8, 2, %s)", "0" * 64)
        assert found() == ["subtree 2 at height 8: is over events that are not there"]

    @pytest.mark.parametrize(
        ("column", "value"),
        [("state", "open"), ("agency", "us-ca-sheriff"), ("past_release", 0), ("told_at", later(1))],
    )
    def test_a_projection_other_than_its_events_is_named(
        self, record: list[Request], column: str, value: object
    ) -> None:
        put("record_request", column, "id", record[0].id, value)
        assert found() == [f"request {record[0].id}: its row differs from its events in {column}"]
        assert projection.rebuild().mended == 1
        assert found() == []

    def test_a_missing_or_extra_projection_is_named(self, record: list[Request]) -> None:
        run("DELETE FROM record_request WHERE id = %s", record[0].id)
        put("record_request", "id", "id", record[1].id, "0" * 24)
        assert sorted(found()) == sorted(
            [
                f"request {record[0].id}: its row is missing",
                f"request {record[1].id}: its row is missing",
                f"request {'0' * 24}: a row that no event gives",
            ]
        )

    def test_a_rule_taken_away_or_changed_is_named(self, record: list[Request]) -> None:
        sqlite = connection.vendor == "sqlite"
        with undone():
            rows_off = "DROP TRIGGER record_event_keep" + ("" if sqlite else " ON record_event")
            with connection.cursor() as cursor:
                cursor.execute(rows_off)
            assert found() == [
                "database: the rule record_event_keep is not in place: the ledger is not guarded against edits"
            ]
        with undone(), connection.cursor() as cursor:
            if sqlite:
                cursor.execute("DROP TRIGGER record_event_keep")
                cursor.execute("CREATE TRIGGER record_event_keep BEFORE UPDATE ON record_event BEGIN SELECT 1; END")
            else:
                cursor.execute("ALTER TABLE record_event DISABLE TRIGGER record_event_keep")
            assert len(found()) == 1

    def test_a_counter_that_would_leave_a_gap_is_named(self, record: list[Request]) -> None:
        run("UPDATE record_counter SET last = 7")
        assert found() == ["numbers of us-ny-nyc-police in 2026: the last given is 3, the counter says 7"]


class TestPublishedCheckpoints:
    def test_agree_with_a_record_that_only_grew(self, record: list[Request]) -> None:
        published = [note for note in map(verify.Note.read, rows_of_notes()) if note]
        report = audit.run(published)
        assert report.findings == []
        assert report.summary().endswith("(agrees with 11 published)")

    def test_show_a_record_that_was_cut_at_its_end_together_with_its_checkpoints(self, record: list[Request]) -> None:
        """All else agrees, as it does in an old copy restored: only what left the house can tell."""
        published = verify.Note.read(ledger.latest().note)
        assert published is not None
        run("DELETE FROM record_event WHERE seq = 13")
        run("DELETE FROM record_checkpoint WHERE place = 10")
        edge = b"".join(tree_over(13).peaks).hex()
        run("UPDATE record_head SET size = 13, checkpoints = 10, peaks = %s", edge)
        projection.rebuild()
        assert audit.run().findings == []
        assert str(audit.run([published]).findings[0]) == (
            "published checkpoint at 14 events: the record is behind: it holds 13; its end was cut off or an old copy"
            " restored"
        )

    def test_show_a_record_rewritten_by_whoever_holds_the_key(self, record: list[Request]) -> None:
        """The tail is cut and written anew with the house's own key; the record alone is sound."""
        published = verify.Note.read(ledger.latest().note)
        assert published is not None
        run("DELETE FROM record_event WHERE seq = 13")
        run("DELETE FROM record_checkpoint WHERE place = 10")
        run("UPDATE record_head SET size = 13, checkpoints = 10, peaks = %s", b"".join(tree_over(13).peaks).hex())
        projection.rebuild()
        journal.act(record[0], "viewed", happened=later(5), author="officer:other")
        assert audit.run().findings == []
        assert "has another root: the record was rewritten (forked)" in str(audit.run([published]).findings[0])

    def test_of_another_key_are_not_believed(self, record: list[Request]) -> None:
        thief = notes.Signer.make("elsewhere.example/log")
        note = verify.Note.read(notes.sign(notes.checkpoint(thief.name, 14, bytes(32)), thief))
        assert note is not None
        assert (
            str(audit.run([note]).findings[0])
            == "published checkpoint at 14 events: is signed by none of the given keys"
        )

    def test_signed_wrongly_are_not_believed(self, record: list[Request]) -> None:
        note = verify.Note.read(ledger.latest().note.replace("\n14\n", "\n15\n"))
        assert note is not None
        assert "the signature by" in str(audit.run([note]).findings[0])


def rows_of_notes() -> list[str]:
    return [note for (note,) in rows("SELECT note FROM record_checkpoint ORDER BY place")]


def tree_over(size: int) -> verify.Tree:
    tree = verify.Tree()
    for (digest,) in rows("SELECT leaf_hash FROM record_event WHERE seq < %s ORDER BY seq", size):
        tree.append(bytes.fromhex(digest))
    return tree


def test_what_the_ledger_commits_to_is_what_the_columns_say(record: list[Request]) -> None:
    """The stored hash, the leaf rebuilt from the stored columns and the stated form of a leaf are one."""
    for event in Event.objects.order_by("seq"):
        said = {
            "v": 1,
            "seq": event.seq,
            "kind": event.kind,
            "request": event.request_id,
            "agency": event.agency,
            "happened": event.happened,
            "entered": event.entered,
            "author": event.author,
            "public": json.loads(event.public),
            "personal": event.personal or None,
        }
        text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert sha256(b"\0" + text.encode()).hexdigest() == event.leaf_hash
